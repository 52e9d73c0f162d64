"""PriorityClasses."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import cells, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import names, plain

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Pods of a class push out lesser ones, unless it says otherwise."""
    obj.setdefault("preemptionPolicy", "PreemptLowerPriority")


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
    validate=plain.new(names.dns_subdomain, namespaced=False),
    validate_update=plain.changed(),
)
