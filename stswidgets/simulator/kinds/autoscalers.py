"""HorizontalPodAutoscalers."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Defaults (autoscaling/v2 `SetDefaults_HorizontalPodAutoscaler`): at least one replica, 80 % of the requested CPU."""
    spec = obj["spec"]
    spec.setdefault("minReplicas", 1)
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    behavior = spec.get("behavior")
    if behavior is not None:
        percent = {"type": "Percent", "value": 100, "periodSeconds": 15}
        pods = {"type": "Pods", "value": 4, "periodSeconds": 15}
        up = {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": [pods, percent]}
        down = {"selectPolicy": "Max", "policies": [percent]}
        behavior["scaleUp"] = {**up, **behavior.get("scaleUp", {})}
        behavior["scaleDown"] = {**down, **behavior.get("scaleDown", {})}


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
    default=default,
)
