"""PriorityClasses."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

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
)
