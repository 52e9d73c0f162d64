"""Rules about where a pod may run."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def _selector_term(term: Json, path: str, *, lenient: bool) -> Causes:
    found: Causes = []
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        here = f"{path}.matchExpressions[{index}]"
        found += metadata.requirement(expression, here, numbers=True, values=not lenient)
    for index, expression in enumerate(term.get("matchFields") or ()):
        found += _field(expression, f"{path}.matchFields[{index}]")
    return found


def _field(expression: Json, path: str) -> Causes:
    """A requirement on a node's fields, of which there is one: its name."""
    operator, values, key = expression.get("operator", ""), expression.get("values") or [], expression.get("key", "")
    found: Causes = []
    if operator not in ("In", "NotIn"):
        found.append(causes.invalid(f"{path}.operator", operator, "not a valid selector operator", typed=True))
    elif len(values) != 1:
        text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        found.append(causes.required(f"{path}.values", text))
    if key != "metadata.name":
        return [*found, causes.invalid(f"{path}.key", key, "not a valid field selector key")]
    for index, name in enumerate(values):
        found += causes.all_of(f"{path}.values[{index}]", name, names.dns_subdomain(name))
    return found


def node_selector(selector: Json, path: str) -> Causes:
    """Terms of which a node fulfils one."""
    here = f"{path}.nodeSelectorTerms"
    terms = selector.get("nodeSelectorTerms") or []
    if not terms:
        return [causes.required(here, "must have at least one node selector term")]
    return [
        cause for index, term in enumerate(terms) for cause in _selector_term(term, f"{here}[{index}]", lenient=False)
    ]


def _node_affinity(affinity: Json, path: str) -> Causes:
    found = node_selector(affinity[REQUIRED], f"{path}.{REQUIRED}") if REQUIRED in affinity else []
    for index, term in enumerate(affinity.get(PREFERRED) or ()):
        here = f"{path}.{PREFERRED}[{index}]"
        found += _weight(term, here)
        found += _selector_term(term.get("preference") or {}, f"{here}.preference", lenient=True)
    return found


def _weight(term: Json, path: str) -> Causes:
    weight = term.get("weight", 0)
    return [] if 1 <= weight <= 100 else [causes.invalid(f"{path}.weight", weight, "must be in the range 1-100")]


def _pod_term(term: Json, path: str) -> Causes:
    found = metadata.selector(term.get("labelSelector"), f"{path}.labelSelector")
    found += metadata.selector(term.get("namespaceSelector"), f"{path}.namespaceSelector")
    for name in term.get("namespaces") or ():
        found += causes.all_of(f"{path}.namespace", name, names.dns_label(name))
    found += _label_keys(term, path)
    key = term.get("topologyKey", "")
    if not key:
        found.append(causes.required(f"{path}.topologyKey", "can not be empty"))
    return [*found, *causes.all_of(f"{path}.topologyKey", key, names.label_key(key))]


def _label_keys(term: Json, path: str) -> Causes:
    """Labels that must be, or must not be, those of the pod itself."""
    selector = term.get("labelSelector")
    same, other = term.get("matchLabelKeys") or [], term.get("mismatchLabelKeys") or []
    found: Causes = []
    for name, keys in (("matchLabelKeys", same), ("mismatchLabelKeys", other)):
        if keys and selector is None:
            text = "must not be specified when labelSelector is not set"
            found.append(causes.forbidden(f"{path}.{name}", text))
            continue
        for index, key in enumerate(keys):
            found += causes.all_of(f"{path}.{name}[{index}]", key, names.label_key(key))
    if selector is not None:
        places = {key: index for index, key in enumerate(same)}
        seen = set(selector.get("matchLabels") or ())
        for expression in selector.get("matchExpressions") or ():
            key = expression.get("key", "")
            if key in places and key in seen:
                text = "exists in both matchLabelKeys and labelSelector"
                found.append(causes.invalid(f"{path}[{places[key]}]", key, text))
            seen.add(key)
    for index, key in enumerate(same):
        if key in other:
            text = "exists in both matchLabelKeys and mismatchLabelKeys"
            found.append(causes.invalid(f"{path}.matchLabelKeys[{index}]", key, text))
    return found


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
        for policy in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            if policy in constraint and constraint[policy] not in ("Honor", "Ignore"):
                found.append(causes.not_supported(f"{here}.{policy}", constraint[policy], ("Honor", "Ignore")))
        found += _label_keys({**constraint, "mismatchLabelKeys": None}, here)
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
