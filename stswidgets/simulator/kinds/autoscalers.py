"""HorizontalPodAutoscalers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import autoscaler_versions, cells, strategy
from stswidgets.simulator.kinds.kind import Column, Form, Kind
from stswidgets.simulator.kinds.rules import autoscalers as rules
from stswidgets.simulator.kinds.rules import names, plain

Json = dict[str, Any]


def default(obj: Json) -> None:
    """Defaults (autoscaling/v2): at least one replica, 80 % of the requested CPU."""
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


def _default_v1(obj: Json) -> None:
    """Defaults (autoscaling/v1): at least one replica, and 80 % of the CPU where nothing else is measured."""
    spec = obj["spec"]
    spec.setdefault("minReplicas", 1)
    autoscaler_versions.drop_empty(obj)
    if not autoscaler_versions.has_metrics(obj):
        spec.setdefault("targetCPUUtilizationPercentage", 80)


def _metric(source: Json, status: Json, *, prefix: str) -> str:
    target, current = source["target"], (status or {}).get("current", {})
    if "averageValue" in target:
        return f"{prefix}{current.get('averageValue', '<unknown>')}/{target['averageValue']}"
    percent = current.get("averageUtilization")
    wanted = target.get("averageUtilization")
    seen = "<unknown>" if percent is None else f"{percent}%"
    return f"{prefix}{seen}/{'<auto>' if wanted is None else f'{wanted}%'}"


def targets(obj: Json, _now: datetime) -> str:
    """Current and wanted values of the first two metrics (`formatHPAMetrics`)."""
    specs = obj["spec"].get("metrics") or []
    statuses = obj.get("status", {}).get("currentMetrics") or []
    texts = []
    for index, spec in enumerate(specs):
        status = statuses[index] if index < len(statuses) else {}
        kind = spec["type"]
        key = kind[0].lower() + kind[1:]
        source, seen = spec.get(key, {}), status.get(key, {})
        if kind in ("Resource", "ContainerResource"):
            texts.append(_metric(source, seen, prefix=f"{source['name']}: "))
        elif "averageValue" in source.get("target", {}) and kind != "Pods":
            texts.append(_metric(source, seen, prefix="") + " (avg)")
        else:
            value = "averageValue" if kind == "Pods" else "value"
            texts.append(f"{seen.get('current', {}).get(value, '<unknown>')}/{source.get('target', {}).get(value)}")
    if not texts:
        return "<none>"
    shown = ", ".join(texts[:2])
    return f"{shown} + {len(texts) - 2} more..." if len(texts) > 2 else shown


COLUMNS = (
    cells.NAME,
    Column(
        "Reference", lambda obj, _: f"{obj['spec']['scaleTargetRef']['kind']}/{obj['spec']['scaleTargetRef']['name']}"
    ),
    Column("Targets", targets),
    Column("MinPods", lambda obj, _: str(obj["spec"].get("minReplicas", "<unset>"))),
    Column("MaxPods", cells.at("spec", "maxReplicas", empty=0)),
    Column("Replicas", cells.at("status", "currentReplicas", empty=0)),
    cells.AGE,
)


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
    prepare_create=strategy.first_generation,
    prepare_update=strategy.counted_update,
    default=default,
    columns=COLUMNS,
    validate=plain.new(names.dns_subdomain, rules.check),
    validate_update=rules.check_update,
)

V1 = Kind(
    group="autoscaling",
    version="v1",
    kind="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    singular="horizontalpodautoscaler",
    definition="io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
    short_names=("hpa",),
    categories=("all",),
    subresources=("status",),
    default=_default_v1,
    columns=COLUMNS,
    form=Form(KIND, shown=autoscaler_versions.as_v1, stored=autoscaler_versions.from_v1),
)
