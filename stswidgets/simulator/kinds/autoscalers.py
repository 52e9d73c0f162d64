"""HorizontalPodAutoscalers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, names, plain, resources
from stswidgets.simulator.kinds.rules.causes import Causes

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


METRICS = ("ContainerResource", "External", "Object", "Pods", "Resource")


def _target(target: Json, path: str) -> Causes:
    found: Causes = []
    if target.get("type") not in ("Utilization", "Value", "AverageValue"):
        if not target.get("type"):
            found.append(causes.required(f"{path}.type", "must specify a metric target type"))
        text = "must be either Utilization, Value, or AverageValue"
        found.append(causes.invalid(f"{path}.type", target.get("type", ""), text, typed=True))
    for key in ("value", "averageValue"):
        if key in target and resources.compare(target[key], "0") <= 0:
            found.append(causes.invalid(f"{path}.{key}", target[key], "must be positive"))
    if target.get("averageUtilization", 1) < 1:
        text = "must be greater than 0"
        found.append(causes.invalid(f"{path}.averageUtilization", target["averageUtilization"], text))
    return found


def _metric_rules(spec: Json, path: str) -> Causes:
    kind = spec.get("type", "")
    if kind not in METRICS:
        return [causes.not_supported(f"{path}.type", kind, METRICS)]
    key = kind[0].lower() + kind[1:]
    source = spec.get(key)
    if source is None:
        return [causes.required(f"{path}.{key}", "must populate information for the given metric source")]
    target = source.get("target") or {}
    found = _target(target, f"{path}.{key}.target")
    if kind in ("Resource", "ContainerResource"):
        if not source.get("name"):
            found.insert(0, causes.required(f"{path}.{key}.name", "must specify a resource name"))
        both = "averageUtilization" in target, "averageValue" in target
        if not any(both):
            text = "must set either a target raw value or a target utilization"
            found.append(causes.required(f"{path}.{key}.target.averageUtilization", text))
        elif all(both):
            text = "may not set both a target raw value and a target utilization"
            found.append(causes.forbidden(f"{path}.{key}.target.averageValue", text))
    return found


def rules(obj: Json) -> Causes:
    """`validateHorizontalPodAutoscalerSpec`."""
    spec = obj["spec"]
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    found: Causes = []
    if most < least:
        found.append(causes.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    reference = spec.get("scaleTargetRef") or {}
    for key in ("kind", "name"):
        if not reference.get(key):
            found.append(causes.required(f"spec.scaleTargetRef.{key}"))
        else:
            found += causes.all_of(f"spec.scaleTargetRef.{key}", reference[key], names.path_segment(reference[key]))
    version = reference.get("apiVersion", "")
    if "/" not in version and (version != "v1" or reference.get("kind") != "ReplicationController"):
        text = "apiVersion must specify API group"
        found.append(causes.invalid("spec.scaleTargetRef.apiVersion", version, text))
    for index, metric in enumerate(spec.get("metrics") or ()):
        found += _metric_rules(metric, f"spec.metrics[{index}]")
    if most == 0:
        found.append(causes.required("spec.maxReplicas"))
    elif most < 0:
        found.append(causes.invalid("spec.maxReplicas", most, "must be greater than or equal to 1"))
    if least < 1:
        found.append(causes.invalid("spec.minReplicas", least, "must be greater than or equal to 1"))
    return found


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
    validate=plain.new(names.dns_subdomain, rules),
    validate_update=plain.changed(rules),
)
