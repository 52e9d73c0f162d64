"""PriorityClasses."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Pods of a class push out lesser ones, unless it says otherwise."""
    obj.setdefault("preemptionPolicy", "PreemptLowerPriority")


POLICIES = ("PreemptLowerPriority", "Never")
HIGHEST = 10**9
SYSTEM = "system-"
OWN = {"system-node-critical": 2 * HIGHEST + 1000, "system-cluster-critical": 2 * HIGHEST}


def check(obj: Json) -> Causes:
    """`ValidatePriorityClass`."""
    name, value, policy = obj["metadata"].get("name", ""), obj.get("value", 0), obj.get("preemptionPolicy")
    found: Causes = []
    if name.startswith(SYSTEM):
        why = _unknown(name, value, is_default=bool(obj.get("globalDefault")))
        text = f"priority class names with '{SYSTEM}' prefix are reserved for system use only. error: {why}"
        found += [causes.forbidden("metadata.name", text)] if why else []
    elif value > HIGHEST:
        text = f"maximum allowed value of a user defined priority is {HIGHEST}"
        found.append(causes.forbidden("value", text))
    if policy is not None and policy not in POLICIES:
        found.append(
            causes.not_supported("preemptionPolicy", policy, POLICIES)
            if policy
            else causes.required("preemptionPolicy")
        )
    return found


def _unknown(name: str, value: int, *, is_default: bool) -> str:
    """Why a class is none of the system's own; empty if it is one."""
    if name not in OWN:
        return f"{name} is not a known system priority class"
    if value != OWN[name]:
        return f"value of {name} PriorityClass must be {OWN[name]}"
    return f"globalDefault of {name} PriorityClass must be false" if is_default else ""


def update(new: Json, old: Json, _subresource: str) -> Causes:
    """A class keeps its value and its policy."""
    found = metadata.check_update(new, old)
    if new.get("value") != old.get("value"):
        found.append(causes.forbidden("value", "may not be changed in an update."))
    return [*found, *causes.immutable("preemptionPolicy", new.get("preemptionPolicy"), old.get("preemptionPolicy"))]


COLUMNS = (
    cells.NAME,
    Column("Value", cells.at("value", empty=0), type="integer"),
    Column("Global-Default", lambda obj, _: bool(obj.get("globalDefault")), type="boolean"),
    cells.AGE,
    Column("PreemptionPolicy", cells.at("preemptionPolicy")),
)


KIND = Kind(
    group="scheduling.k8s.io",
    version="v1",
    kind="PriorityClass",
    plural="priorityclasses",
    singular="priorityclass",
    definition="io.k8s.api.scheduling.v1.PriorityClass",
    namespaced=False,
    short_names=("pc",),
    prepare_create=strategy.first_generation,
    default=default,
    columns=COLUMNS,
    validate=plain.new(names.dns_subdomain, check, namespaced=False),
    validate_update=update,
)
