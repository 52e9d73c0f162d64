"""PriorityClasses."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Pods of a class push out lesser ones, unless it says otherwise."""
    obj.setdefault("preemptionPolicy", "PreemptLowerPriority")


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
)
