"""How much a container uses: CPU and memory as functions of time, and metrics.k8s.io made of them.

A curve depends on the container's requests and limits, on how long it has run, on the hour, and on a seed; it holds no
state, so the past can be asked as well as the present.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock
from stswidgets.simulator.kinds import nodes, pods
from stswidgets.simulator.nodes import chance, fates
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

RESOLUTION = 10.0
"""Seconds between two readings, as metrics-server's --metric-resolution."""
_CORE = quantity.NANO
_MIB = 1024 * 1024
_SYSTEM_CPU = 0.18  # cores that a node uses for itself
_SYSTEM_MEMORY = 1400 * _MIB


@dataclass(frozen=True, slots=True)
class Reading:
    """One container at one moment: CPU in cores, memory in bytes."""

    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The appetite of one container. `started` is when its present run began, in seconds since 1970."""

    seed: str
    started: float
    cpu_request: float
    cpu_limit: float
    memory_request: float
    memory_limit: float
    grows_for: float = 0.0  # seconds until it is killed for its memory

    def at(self, time: float) -> Reading:
        """The reading at a moment after the start."""
        age = max(time - self.started, 0.0)
        return Reading(self._cpu(time, age), int(self._memory(time, age)))

    def _cpu(self, time: float, age: float) -> float:
        request = self.cpu_request or 0.05
        load = 0.15 + 0.45 * chance.daily(time, 11 + 6 * chance.at(self.seed, -1))
        wander = 0.6 + 0.5 * chance.smooth(f"{self.seed}/load", time, 240) + 0.3 * chance.smooth(self.seed, time, 45)
        burst = 1.1 * max(chance.smooth(f"{self.seed}/burst", time, 90) - 0.86, 0.0) / 0.14
        start = 1.6 * math.exp(-age / 25)
        used = request * (load * wander + burst + start) * (0.8 + 0.4 * chance.at(self.seed, -2))
        return min(used, self.cpu_limit * 0.99) if self.cpu_limit else used

    def _memory(self, time: float, age: float) -> float:
        whole = self.memory_limit or self.memory_request * 2 or 96 * _MIB
        if self.grows_for:
            return whole * min(0.2 + 0.8 * age / self.grows_for, 0.995)
        plateau = 0.42 + 0.3 * chance.at(self.seed, -3)
        filled = 0.18 + (plateau - 0.18) * (1 - math.exp(-age / 5400))
        sweep = 0.05 * ((age / 1800 + chance.at(self.seed, -4)) % 1.0)  # what garbage collectors take back
        wander = 0.04 * chance.smooth(f"{self.seed}/memory", time, 300)
        warm = 1 - 0.6 * math.exp(-age / 12)
        return whole * min((filled + sweep + wander) * warm, 0.97)


def curve(pod: Json, container: Json, status: Json) -> Curve | None:
    """The curve of a container that runs; None for one that does not."""
    running = (status.get("state") or {}).get("running")
    if not running:
        return None
    resources = container.get("resources") or {}
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    metadata = pod["metadata"]
    fate = fates.of(container["image"], f"{metadata['namespace']}/{metadata['name']}/{container['name']}")
    return Curve(
        seed=f"{metadata['namespace']}/{metadata['name']}/{container['name']}",
        started=clock.moment(running["startedAt"]).timestamp(),
        cpu_request=_amount(requests.get("cpu")),
        cpu_limit=_amount(limits.get("cpu")),
        memory_request=_amount(requests.get("memory")),
        memory_limit=_amount(limits.get("memory")),
        grows_for=fate.exits_after or 0.0 if fate.exit_reason == "OOMKilled" else 0.0,
    )


def _amount(text: str | None) -> float:
    return quantity.parse(text).nano / _CORE if text else 0.0


def readings(pod: Json, time: float) -> list[tuple[str, Reading]]:
    """The containers of a pod that run at a moment, with what they use."""
    statuses = {item["name"]: item for item in (pod.get("status") or {}).get("containerStatuses") or []}
    found = []
    for container in pod["spec"]["containers"]:
        line = curve(pod, container, statuses.get(container["name"]) or {})
        if line is not None and line.started <= time:
            found.append((container["name"], line.at(time)))
    return found


class Usage:
    """metrics.k8s.io: what was read at the last full interval."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api

    def pods(self, namespace: str = "", /) -> list[Json]:
        """PodMetrics of a namespace (of all if it is empty): pods of which all containers ran at the last reading."""
        at = self._last()
        found = [_pod_metrics(item.obj, at) for item in self._api.store.list(pods.KIND, namespace or None)]
        return [item for item in found if item is not None]

    def nodes(self) -> list[Json]:
        """NodeMetrics of nodes that answer."""
        at = self._last()
        used: dict[str, list[Reading]] = {}
        for item in self._api.store.list(pods.KIND):
            place = item.obj["spec"].get("nodeName", "")
            used.setdefault(place, []).extend(reading for _, reading in readings(item.obj, at.timestamp()))
        return [_node_metrics(item.obj, used.get(item.name, []), at) for item in self._api.store.list(nodes.KIND)]

    def _last(self) -> datetime:
        now = self._api.clock.now().timestamp()
        return datetime.fromtimestamp(now // RESOLUTION * RESOLUTION, tz=self._api.clock.now().tzinfo)


def _pod_metrics(pod: Json, at: datetime) -> Json | None:
    found = readings(pod, at.timestamp())
    if (pod.get("status") or {}).get("phase") != "Running" or len(found) < len(pod["spec"]["containers"]):
        return None
    metadata = pod["metadata"]
    return {
        "kind": "PodMetrics",
        "apiVersion": "metrics.k8s.io/v1beta1",
        "metadata": {
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "creationTimestamp": clock.stamp(at),
            "labels": metadata.get("labels") or {},
        },
        "timestamp": clock.stamp(at),
        "window": _window(metadata["uid"], at),
        "containers": [{"name": name, "usage": _written(reading)} for name, reading in found],
    }


def _node_metrics(node: Json, used: list[Reading], at: datetime) -> Json:
    name = node["metadata"]["name"]
    own = 0.7 + 0.6 * chance.smooth(name, at.timestamp(), 120)
    total = Reading(
        _SYSTEM_CPU * own + sum(item.cpu for item in used), int(_SYSTEM_MEMORY + sum(item.memory for item in used))
    )
    return {
        "kind": "NodeMetrics",
        "apiVersion": "metrics.k8s.io/v1beta1",
        "metadata": {
            "name": name,
            "creationTimestamp": clock.stamp(at),
            "labels": node["metadata"].get("labels") or {},
        },
        "timestamp": clock.stamp(at),
        "window": _window(name, at),
        "usage": _written(total),
    }


def _window(seed: str, at: datetime) -> str:
    return f"{RESOLUTION + 2 * chance.at(seed, int(at.timestamp())):.3f}s"


def _written(reading: Reading) -> Json:
    return {"cpu": f"{round(reading.cpu * _CORE)}n", "memory": f"{reading.memory // 1024}Ki"}
