"""How many replicas one metric asks for (`replica_calculator.go`, `metrics/utilization.go`).

Amounts are whole thousandths: of a core, of a byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from stswidgets.simulator import clock
from stswidgets.simulator.controllers import readiness
from stswidgets.simulator.kinds import podsums
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_MILLI = quantity.NANO // 1000
_STARTING = timedelta(minutes=5)  # how long a pod's first CPU readings are doubted
_FIRST_READY = timedelta(seconds=30)  # a pod that was never ready is expected to be by then


class MetricError(Exception):
    """A metric cannot be computed; the text is Kubernetes' own."""


class Tolerances(msgspec.Struct, frozen=True):
    """How far the ratio of use to target may be from 1 without a change."""

    down: float = 0.1
    up: float = 0.1

    def allow(self, ratio: float) -> bool:
        """Whether a ratio is near enough to 1."""
        return 1.0 - self.down <= ratio <= 1.0 + self.up


class Reading(msgspec.Struct, frozen=True):
    """What metrics.k8s.io says of one pod."""

    value: int
    at: datetime
    window: timedelta


class Proposal(msgspec.Struct, frozen=True):
    """What a metric asks for: replicas, the average use of a pod, and that in percent of the request if asked."""

    replicas: int
    average: int
    utilization: int | None = None


class Target(msgspec.Struct, frozen=True):
    """What is measured: the present count, the resource, of one container or of all, and the tolerances."""

    current: int
    resource: str
    container: str
    tolerances: Tolerances


def milli(text: str) -> int:
    """A quantity in thousandths, rounded up."""
    return -(-quantity.parse(text).nano // _MILLI)


def readings(metrics: Sequence[Json], resource: str, container: str = "") -> dict[str, Reading]:
    """The readings of pods by name, from PodMetrics; of one container if it is named."""
    if not metrics:
        raise MetricError(
            f"unable to get metrics for resource {resource}: no metrics returned from resource metrics API"
        )
    found: dict[str, Reading] = {}
    for item in metrics:
        parts = [part for part in item["containers"] if not container or part["name"] == container]
        if not parts or any(resource not in part["usage"] for part in parts):
            continue
        total = sum(milli(part["usage"][resource]) for part in parts)
        window = timedelta(seconds=float(item["window"].removesuffix("s")))
        found[item["metadata"]["name"]] = Reading(total, clock.moment(item["timestamp"]), window)
    return found


def by_utilization(
    target: Target, percent: int, metrics: Sequence[Json], pods: Sequence[Json], now: datetime
) -> Proposal:
    """Replicas that bring the use to `percent` of what the pods request (`GetResourceReplicas`)."""
    known, groups = _grouped(target, metrics, pods, now)
    requests = {pod["metadata"]["name"]: _request(pod, target.container, target.resource) for pod in pods}
    values = {name: reading.value for name, reading in known.items()}

    def ratio() -> tuple[float, int, int]:
        total = sum(requests[name] for name in values)
        if not total:
            raise MetricError("no metrics returned matched known pods")
        used = sum(values.values())
        return used * 100 // total / percent, used * 100 // total, used // len(values)

    _, utilization, average = ratio()
    share = max(100, percent)
    fallback = {name: requests[name] * share // 100 for name in groups.missing}
    replicas = _replicas(target, groups, values, fallback, lambda: ratio()[0])
    return Proposal(replicas, average, utilization)


def by_value(target: Target, wanted: int, metrics: Sequence[Json], pods: Sequence[Json], now: datetime) -> Proposal:
    """Replicas that bring the average use of a pod to `wanted` thousandths (`calcPlainMetricReplicas`)."""
    known, groups = _grouped(target, metrics, pods, now)
    values = {name: reading.value for name, reading in known.items()}

    def average() -> int:
        return sum(values.values()) // len(values)

    usage = average()
    fallback = dict.fromkeys(groups.missing, wanted)
    replicas = _replicas(target, groups, values, fallback, lambda: average() / wanted)
    return Proposal(replicas, usage)


class _Groups(msgspec.Struct):
    ready: int
    unready: set[str]
    missing: set[str]


def _grouped(
    target: Target, metrics: Sequence[Json], pods: Sequence[Json], now: datetime
) -> tuple[dict[str, Reading], _Groups]:
    """The readings that count, and the pods that have none or are not ready (`groupPods`)."""
    known = readings(metrics, target.resource, target.container)
    if not pods:
        raise MetricError("no pods returned by selector while calculating replica count")
    groups = _Groups(0, set(), set())
    ignored: set[str] = set()
    for pod in pods:
        name, state = pod["metadata"]["name"], pod.get("status") or {}
        if "deletionTimestamp" in pod["metadata"] or state.get("phase") == "Failed":
            ignored.add(name)
        elif state.get("phase") == "Pending":
            groups.unready.add(name)
        elif name not in known:
            groups.missing.add(name)
        elif target.resource == "cpu" and _is_starting(pod, known[name], now):
            groups.unready.add(name)
        else:
            groups.ready += 1
    names = {pod["metadata"]["name"] for pod in pods} - ignored - groups.unready
    known = {name: reading for name, reading in known.items() if name in names}
    if not known:
        raise MetricError("did not receive metrics for targeted pods (pods might be unready)")
    return known, groups


def _is_starting(pod: Json, reading: Reading, now: datetime) -> bool:
    """Whether a pod's CPU is that of its start, which says nothing of its load."""
    ready = readiness.condition(pod, "Ready")
    started = pod["status"].get("startTime")
    if ready is None or not started:
        return True
    began, changed = clock.moment(started), clock.moment(ready["lastTransitionTime"])
    if began + _STARTING > now:
        return ready["status"] == "False" or reading.at < changed + reading.window
    return ready["status"] == "False" and began + _FIRST_READY > changed


def _replicas(
    target: Target, groups: _Groups, values: dict[str, int], fallback: dict[str, int], ratio_now: Callable[[], float]
) -> int:
    """The count that a ratio asks for; pods without a reading are taken for what would change least."""
    ratio = ratio_now()
    doubted = bool(groups.unready) and ratio > 1.0
    if not doubted and not groups.missing:
        return target.current if target.tolerances.allow(ratio) else math.ceil(ratio * groups.ready)
    if ratio < 1.0:
        values |= fallback
    elif ratio > 1.0:
        values |= dict.fromkeys(groups.missing, 0)
    if doubted:
        values |= dict.fromkeys(groups.unready, 0)
    second = ratio_now()
    if target.tolerances.allow(second) or (ratio < 1.0 < second) or (second < 1.0 < ratio):
        return target.current
    replicas = math.ceil(second * len(values))
    if (second < 1.0 and replicas > target.current) or (second > 1.0 and replicas < target.current):
        return target.current
    return replicas


def _request(pod: Json, container: str, resource: str) -> int:
    """What a pod, or one of its containers, requests of a resource."""
    name, spec = pod["metadata"]["name"], pod["spec"]
    of_pod = (spec.get("resources") or {}).get("requests")
    if of_pod and not container:
        if resource not in of_pod:
            raise MetricError(f"missing pod-level request for {resource} in Pod {name}")
        return milli(of_pod[resource])
    total = 0
    for item in podsums.lasting(spec):
        if container and container != item["name"]:
            continue
        requests = (item.get("resources") or {}).get("requests") or {}
        if resource not in requests:
            raise MetricError(f"missing request for {resource} in container {item['name']} of Pod {name}")
        total += milli(requests[resource])
        if container:
            return total
    if container:
        raise MetricError(f"container {container} not found in Pod {name}")
    return total
