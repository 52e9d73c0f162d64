"""What an autoscaler's metrics say: replicas, a name, and an entry of `status.currentMetrics`.

There are no custom and no external metrics here, as in a cluster without an adapter for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from stswidgets.simulator import labelselector
from stswidgets.simulator.controllers.autoscaling import calculation
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_MILLI = quantity.NANO // 1000


class FailedError(Exception):
    """A metric that says nothing. `str()` is what is said of it among others, `why` and `reason` by itself."""

    def __init__(self, reason: str, why: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.why = why


class Found(msgspec.Struct, frozen=True):
    """What a metric asks for."""

    replicas: int
    name: str
    measured: Json


def tolerances(behavior: Json | None) -> calculation.Tolerances:
    """How far from its target a metric may be: a tenth, unless the behavior says otherwise."""
    given = {}
    for side, part in (("down", "scaleDown"), ("up", "scaleUp")):
        text = ((behavior or {}).get(part) or {}).get("tolerance")
        if text is not None:
            given[side] = quantity.parse(text).nano / quantity.NANO
    return calculation.Tolerances(**given)


def reach_outside(metrics: Sequence[Json]) -> bool:
    """Whether there is a metric that can be read while no pod runs."""
    return any(metric["type"] in ("Object", "External") for metric in metrics)


class Measure(msgspec.Struct, frozen=True):
    """What metrics are computed from: the target's count, PodMetrics and pods, at a moment."""

    namespace: str
    current: int
    tolerances: calculation.Tolerances
    readings: Sequence[Json]
    pods: Sequence[Json]
    now: datetime


def compute(metric: Json, measure: Measure) -> Found:
    """What one metric asks for. FailedError if it says nothing."""
    of = metric["type"]
    if of == "Resource":
        source, container = metric["resource"], ""
    elif of == "ContainerResource":
        source, container = metric["containerResource"], metric["containerResource"]["container"]
    else:
        raise _elsewhere(metric, measure.namespace)
    resource, wanted = source["name"], source["target"]
    target = calculation.Target(measure.current, resource, container, measure.tolerances)
    given = measure.readings, measure.pods, measure.now
    try:
        if "averageValue" in wanted:
            found = calculation.by_value(target, calculation.milli(wanted["averageValue"]), *given)
            name = f"{resource} resource"
        else:
            found = calculation.by_utilization(target, wanted["averageUtilization"], *given)
            name = f"{resource} {'container ' if container else ''}resource utilization (percentage of request)"
    except calculation.MetricError as error:
        part = "usage" if "averageValue" in wanted else "utilization"
        why = f"failed to get {resource} {part}: {error}"
        head = f"failed to get {container} container" if container else f"failed to get {resource} resource"
        raise FailedError(f"FailedGet{of}Metric", why, f"{head} metric value: {why}") from error
    seen: Json = {"averageValue": _written(resource, found.average)}
    if found.utilization is not None:
        seen = {"averageUtilization": found.utilization, **seen}
    key = of[0].lower() + of[1:]
    shown = {"name": resource, **({"container": container} if container else {}), "current": seen}
    return Found(found.replicas, name, {"type": of, key: shown})


def _written(resource: str, milli: int) -> str:
    if resource != "memory":
        return quantity.canonical(quantity.Quantity(milli * _MILLI, "decimal"))
    whole = -(-milli // 1000)  # a part of a byte is not written
    return quantity.canonical(quantity.Quantity(whole * quantity.NANO, "binary"))


def _elsewhere(metric: Json, namespace: str) -> FailedError:
    of = metric["type"]
    source = metric[of[0].lower() + of[1:]]
    name, average = source["metric"]["name"], "averageValue" in source["target"]
    custom = "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"
    if of == "External":
        selector = labelselector.printed(source["metric"].get("selector"))
        why = (
            f"unable to get external metric {namespace}/{name}/{selector}: unable to fetch metrics from external "
            f"metrics API: the server could not find the requested resource (get {name}.external.metrics.k8s.io)"
        )
        head = f"failed to get {name} external metric" if average else f"failed to get external metric {name}"
        return FailedError("FailedGetExternalMetric", why, f"failed to get {name} external metric value: {head}: {why}")
    if of == "Pods":
        why = f"unable to get metric {name}: {custom}"
        return FailedError("FailedGetPodsMetric", why, f"failed to get pods metric value: {why}")
    described = source["describedObject"]
    why = f"unable to get metric {name} on {described['kind']} {namespace}/{described['name']}: {custom}"
    head = f"failed to get {name} object metric: " if average else ""
    return FailedError("FailedGetObjectMetric", why, f"failed to get object metric value: {head}{why}")
