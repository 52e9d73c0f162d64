"""Rules about where a pod may run."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def _selector_term(term: Json, path: str) -> Causes:
    found: Causes = []
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        found += metadata.requirement(expression, f"{path}.matchExpressions[{index}]", numbers=True)
    return found


def _node_affinity(affinity: Json, path: str) -> Causes:
    found: Causes = []
    if REQUIRED in affinity:
        here = f"{path}.{REQUIRED}.nodeSelectorTerms"
        terms = affinity[REQUIRED].get("nodeSelectorTerms") or []
        if not terms:
            found.append(causes.required(here, "must have at least one node selector term"))
        for index, term in enumerate(terms):
            found += _selector_term(term, f"{here}[{index}]")
    for index, term in enumerate(affinity.get(PREFERRED) or ()):
        here = f"{path}.{PREFERRED}[{index}]"
        found += _weight(term, here)
        found += _selector_term(term.get("preference") or {}, f"{here}.preference")
    return found


def _weight(term: Json, path: str) -> Causes:
    weight = term.get("weight", 0)
    return [] if 1 <= weight <= 100 else [causes.invalid(f"{path}.weight", weight, "must be in the range 1-100")]


def _pod_term(term: Json, path: str) -> Causes:
    found = metadata.selector(term.get("labelSelector"), f"{path}.labelSelector")
    found += metadata.selector(term.get("namespaceSelector"), f"{path}.namespaceSelector")
    for name in term.get("namespaces") or ():
        found += causes.all_of(f"{path}.namespace", name, names.dns_label(name))
    key = term.get("topologyKey", "")
    if not key:
        found.append(causes.required(f"{path}.topologyKey", "can not be empty"))
    return [*found, *causes.all_of(f"{path}.topologyKey", key, names.label_key(key))]


def _pod_affinity(affinity: Json, path: str) -> Causes:
    found: Causes = []
    for index, term in enumerate(affinity.get(REQUIRED) or ()):
        found += _pod_term(term, f"{path}.{REQUIRED}[{index}]")
    for index, weighted in enumerate(affinity.get(PREFERRED) or ()):
        here = f"{path}.{PREFERRED}[{index}]"
        found += _weight(weighted, here)
        found += _pod_term(weighted.get("podAffinityTerm") or {}, f"{here}.podAffinityTerm")
    return found


def affinity(value: Json | None, path: str) -> Causes:
    """Affinity to nodes, and to or against other pods."""
    value = value or {}
    found: Causes = []
    if "nodeAffinity" in value:
        found += _node_affinity(value["nodeAffinity"], f"{path}.nodeAffinity")
    for key in ("podAffinity", "podAntiAffinity"):
        if key in value:
            found += _pod_affinity(value[key], f"{path}.{key}")
    return found


def tolerations(values: list[Json] | None, path: str) -> Causes:
    """Taints that the pod bears."""
    found: Causes = []
    for index, toleration in enumerate(values or ()):
        here = f"{path}[{index}]"
        key, operator = toleration.get("key", ""), toleration.get("operator", "")
        value, effect = toleration.get("value", ""), toleration.get("effect", "")
        if key:
            found += causes.all_of(f"{here}.key", key, names.label_key(key))
        elif operator != "Exists":
            text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            found.append(causes.invalid(f"{here}.operator", operator, text, typed=True))
        if "tolerationSeconds" in toleration and effect != "NoExecute":
            text = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            found.append(causes.invalid(f"{here}.effect", effect, text, typed=True))
        if operator in ("", "Equal"):
            messages = names.label_value(value)
            if messages:
                found.append(causes.invalid(f"{here}.operator", value, ";".join(messages)))
        elif operator == "Exists":
            if value:
                text = "value must be empty when `operator` is 'Exists'"
                found.append(causes.invalid(f"{here}.operator", value, text))
        else:
            known = ("Equal", "Exists", "Lt", "Gt") if operator in ("Lt", "Gt") else ("Equal", "Exists")
            found.append(causes.not_supported(f"{here}.operator", operator, known))
        if effect and effect not in EFFECTS:
            found.append(causes.not_supported(f"{here}.effect", effect, EFFECTS))
    return found


def spread(values: list[Json] | None, path: str) -> Causes:
    """topologySpreadConstraints."""
    found: Causes = []
    constraints = values or []
    for index, constraint in enumerate(constraints):
        here = f"{path}[{index}]"
        skew = constraint.get("maxSkew", 0)
        if skew <= 0:
            found.append(causes.invalid(f"{here}.maxSkew", skew, causes.NOT_POSITIVE))
        key, action = constraint.get("topologyKey", ""), constraint.get("whenUnsatisfiable", "")
        if not key:
            found.append(causes.required(f"{here}.topologyKey", "can not be empty"))
        if action not in ("DoNotSchedule", "ScheduleAnyway"):
            actions = ("DoNotSchedule", "ScheduleAnyway")
            found.append(causes.not_supported(f"{here}.whenUnsatisfiable", action, actions))
        for other in constraints[index + 1 :]:
            if (other.get("topologyKey", ""), other.get("whenUnsatisfiable", "")) == (key, action):
                place = f"{here}.{{topologyKey, whenUnsatisfiable}}"
                found.append(causes.duplicate(place, f"{{{key}, {action}}}"))
                break
        found += _domains(constraint, here)
        found += metadata.selector(constraint.get("labelSelector"), f"{here}.labelSelector")
    return found


def _domains(constraint: Json, path: str) -> Causes:
    domains = constraint.get("minDomains")
    if domains is None:
        return []
    found = [causes.invalid(f"{path}.minDomains", domains, causes.NOT_POSITIVE)] if domains <= 0 else []
    if constraint.get("whenUnsatisfiable") != "DoNotSchedule":
        text = (
            f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {constraint.get('whenUnsatisfiable', '')}"
        )
        found.append(causes.invalid(f"{path}.minDomains", domains, text))
    return found
