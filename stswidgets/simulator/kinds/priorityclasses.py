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


def check(obj: Json) -> Causes:
    """`ValidatePriorityClass`."""
    name, value, policy = obj["metadata"].get("name", ""), obj.get("value", 0), obj.get("preemptionPolicy")
    found: Causes = []
    if name.startswith(SYSTEM):
        text = f"priority class names with '{SYSTEM}' prefix are reserved for system use only. error: {name}"
        found.append(causes.forbidden("metadata.name", f"{text} is not a known system priority class"))
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
