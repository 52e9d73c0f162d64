"""HorizontalPodAutoscalers."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

KIND = Kind(
    group="autoscaling",
    version="v2",
    kind="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    singular="horizontalpodautoscaler",
    definition="io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    short_names=("hpa",),
    categories=("all",),
    subresources=("status",),
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
)
