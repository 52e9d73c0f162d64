"""HorizontalPodAutoscalers in autoscaling/v1: what that version has no field for stands in annotations.

Rules: kubernetes `pkg/apis/autoscaling/v1/conversion.go`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from stswidgets.simulator.schema import codec, types

Json = dict[str, Any]

_PREFIX = "autoscaling.alpha.kubernetes.io/"
METRICS = f"{_PREFIX}metrics"
CURRENT = f"{_PREFIX}current-metrics"
CONDITIONS = f"{_PREFIX}conditions"
BEHAVIOR = f"{_PREFIX}behavior"
_OURS = (METRICS, CURRENT, CONDITIONS, BEHAVIOR, f"{_PREFIX}scale-down-tolerance", f"{_PREFIX}scale-up-tolerance")
_ALIKE = ("observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas")


def _key(metric: Json) -> str:
    of: str = metric.get("type") or ""
    return of[:1].lower() + of[1:]


def _is_cpu(metric: Json) -> bool:
    resource = metric.get("resource") or {}
    return metric.get("type") == "Resource" and resource.get("name") == "cpu"


def _set(**fields: Any) -> Json:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def as_v1(obj: Json) -> Json:
    """A stored autoscaler (v2) as v1 shows it."""
    spec, state = obj["spec"], obj.get("status") or {}
    annotations = _without_ours(obj)
    others = []
    percent = None
    for metric in spec.get("metrics") or ():
        wanted = (metric.get("resource") or {}).get("target", {}).get("averageUtilization")
        if _is_cpu(metric) and wanted is not None:
            percent = wanted if percent is None else percent
        else:
            others.append(_metric_to_v1(metric))
    current = state.get("currentMetrics") or []
    if others:
        annotations[METRICS] = _text(others)
    if current:
        annotations[CURRENT] = _text([_status_to_v1(item) for item in current])
    if spec.get("behavior") is not None:
        annotations[BEHAVIOR] = _text(_behavior_to_v1(spec["behavior"]))
    if state.get("conditions"):
        annotations[CONDITIONS] = _text(state["conditions"])
    used = [item["resource"]["current"].get("averageUtilization") for item in current if _is_cpu(item)]
    seen = [value for value in used if value is not None]
    counts = {"currentReplicas": 0, "desiredReplicas": 0} | {key: state[key] for key in _ALIKE if key in state}
    return {
        **obj,
        "apiVersion": "autoscaling/v1",
        "metadata": _annotated(obj["metadata"], annotations),
        "spec": {key: spec[key] for key in ("scaleTargetRef", "minReplicas", "maxReplicas") if key in spec}
        | _set(targetCPUUtilizationPercentage=percent),
        "status": {key: counts[key] for key in _ALIKE if key in counts}
        | _set(currentCPUUtilizationPercentage=seen[-1] if seen else None),
    }


def from_v1(obj: Json) -> Json:
    """An autoscaler of v1 as it is stored."""
    spec, state = dict(obj["spec"]), obj.get("status") or {}
    annotations = (obj.get("metadata") or {}).get("annotations") or {}
    percent = spec.pop("targetCPUUtilizationPercentage", None)
    metrics = [_metric_from_v1(item) for item in _read(annotations, METRICS)]
    if percent is not None or not metrics:
        target = {"type": "Utilization", "averageUtilization": 80 if percent is None else percent}
        metrics.append({"type": "Resource", "resource": {"name": "cpu", "target": target}})
    spec["metrics"] = metrics
    behavior = _behavior_from_v1(_read(annotations, BEHAVIOR) or {})
    if behavior:
        spec["behavior"] = behavior
    now: Json = {key: state[key] for key in _ALIKE if key in state}
    if not now.get("currentReplicas"):
        now.pop("currentReplicas", None)
    used = state.get("currentCPUUtilizationPercentage")
    current = [_status_from_v1(item) for item in _read(annotations, CURRENT)]
    if not current and used is not None:
        current = [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": used}}}]
    now["currentMetrics"] = current or None
    if _read(annotations, CONDITIONS):
        now["conditions"] = _read(annotations, CONDITIONS)
    metadata = _annotated(obj.get("metadata") or {}, _without_ours(obj))
    return {**obj, "apiVersion": "autoscaling/v2", "metadata": metadata, "spec": spec, "status": now}


def has_metrics(obj: Json) -> bool:
    """Whether an autoscaler of v1 says in its annotation what else is measured."""
    return bool(_read((obj.get("metadata") or {}).get("annotations") or {}, METRICS))


def drop_empty(obj: Json) -> None:
    """Take away annotations of v1 that say nothing: nobody owns them."""
    metadata = obj.get("metadata") or {}
    annotations = metadata.get("annotations") or {}
    if METRICS in annotations and not has_metrics(obj):
        del annotations[METRICS]
    if BEHAVIOR in annotations and not _behavior_from_v1(_read(annotations, BEHAVIOR) or {}):
        del annotations[BEHAVIOR]
    if not annotations:
        metadata.pop("annotations", None)


def _without_ours(obj: Json) -> Json:
    annotations = (obj.get("metadata") or {}).get("annotations") or {}
    return {key: value for key, value in annotations.items() if key not in _OURS}


def _annotated(metadata: Json, annotations: Json) -> Json:
    others = {key: value for key, value in metadata.items() if key != "annotations"}
    return {**others, "annotations": annotations} if annotations else others


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _read(annotations: Json, key: str) -> Any:
    """What an annotation holds; nothing if it cannot be read, as there."""
    try:
        return msgspec.json.decode(annotations.get(key) or "[]") or []
    except msgspec.DecodeError:
        return []


def _metric_to_v1(metric: Json) -> Json:
    key = _key(metric)
    source = metric.get(key) or {}
    target, named = source.get("target") or {}, source.get("metric") or {}
    average, value = target.get("averageValue"), target.get("value")
    if key in ("resource", "containerResource"):
        made = {
            "name": source.get("name", ""),
            **_set(targetAverageUtilization=target.get("averageUtilization"), targetAverageValue=average),
            **_set(container=source.get("container")),
        }
    elif key == "pods":
        made = {"metricName": named["name"], "targetAverageValue": average, **_set(selector=named.get("selector"))}
    elif key == "object":
        made = {
            "target": source["describedObject"],
            "metricName": named["name"],
            "targetValue": value or "0",
            **_set(selector=named.get("selector"), averageValue=average),
        }
    else:
        made = {
            "metricName": named["name"],
            **_set(metricSelector=named.get("selector"), targetValue=value, targetAverageValue=average),
        }
    return {"type": metric["type"], key: made}


def _metric_from_v1(metric: Json) -> Json:
    key = _key(metric)
    source = metric.get(key) or {}
    selector = source.get("selector", source.get("metricSelector"))
    named = {"name": source.get("metricName", ""), **_set(selector=selector)}
    percent, average = source.get("targetAverageUtilization"), source.get("targetAverageValue")
    if key in ("resource", "containerResource"):
        kind = "AverageValue" if percent is None else "Utilization"
        target = {"type": kind, **_set(averageValue=average, averageUtilization=percent)}
        made = {"name": source.get("name", ""), **_set(container=source.get("container")), "target": target}
    elif key == "pods":
        made = {"metric": named, "target": {"type": "AverageValue", "averageValue": average}}
    elif key == "object":
        average, value = source.get("averageValue"), source.get("targetValue")
        kind = "Value" if average is None else "AverageValue"
        kept = value if average is None or value != "0" else None
        target = {"type": kind, **_set(value=kept, averageValue=average)}
        made = {"describedObject": source["target"], "metric": named, "target": target}
    else:
        value = source.get("targetValue")
        kind = "AverageValue" if value is None else "Value"
        made = {"metric": named, "target": {"type": kind, **_set(value=value, averageValue=average)}}
    return {"type": metric["type"], key: made}


def _status_to_v1(item: Json) -> Json:
    """An entry of currentMetrics. Only resources are ever measured here."""
    key = _key(item)
    if key not in item:
        return {"type": item.get("type", "")}
    source, seen = item[key], item[key].get("current") or {}
    made = {
        "name": source.get("name", ""),
        **_set(currentAverageUtilization=seen.get("averageUtilization")),
        "currentAverageValue": seen.get("averageValue", "0"),
        **_set(container=source.get("container")),
    }
    return {"type": item["type"], key: made}


def _status_from_v1(item: Json) -> Json:
    key = _key(item)
    if key not in item:
        return {"type": item.get("type", "")}
    source = item[key]
    seen = _set(averageUtilization=source.get("currentAverageUtilization"), averageValue=source["currentAverageValue"])
    made = {"name": source.get("name", ""), **_set(container=source.get("container")), "current": seen}
    return {"type": item["type"], key: made}


_BEHAVIOR = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior"
_RULES = ("stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance")


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _behavior_to_v1(behavior: Json) -> Json:
    """The annotation holds the server's own type: Go's names, and null for what is not set."""
    made: Json = {}
    for side in ("scaleUp", "scaleDown"):
        rules = behavior.get(side)
        made[_capital(side)] = rules and {
            **{_capital(name): rules.get(name) for name in _RULES},
            "Policies": [{_capital(key): value for key, value in item.items()} for item in rules.get("policies") or ()],
        }
    return made


_NAMES = {
    name.lower(): name for name in ("scaleUp", "scaleDown", *_RULES, "type", "value", "periodSeconds")
}  # of the annotation, which Go reads in any case


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {_NAMES.get(key.lower(), key): _named(child) for key, child in value.items()}
    return [_named(child) for child in value] if isinstance(value, list) else value


def _behavior_from_v1(behavior: Any) -> Json:
    """What the annotation says; nothing if one of its values has a wrong type, as there."""
    try:
        return codec.decode_node(_named(behavior), types.node(_BEHAVIOR)).obj
    except codec.DecodeError:
        return {}
