"""StatefulSets."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="apps",
    version="v1",
    kind="StatefulSet",
    plural="statefulsets",
    singular="statefulset",
    definition="io.k8s.api.apps.v1.StatefulSet",
    short_names=("sts",),
    categories=("all",),
    subresources=("scale", "status"),
    prepare_create=strategy.first_generation,
    prepare_update=strategy.counted_update,
)
