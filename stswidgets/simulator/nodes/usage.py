"""metrics.k8s.io, and what it is made of: who uses how much now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock
from stswidgets.simulator.kinds import nodes, pods
from stswidgets.simulator.nodes import chance, curves, demand
from stswidgets.simulator.nodes.curves import Reading
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Readings = list[tuple[str, Reading]]

RESOLUTION = 10.0
"""Seconds between two readings, as metrics-server's --metric-resolution."""
_CORE = quantity.NANO
_MIB = 1024 * 1024
_SYSTEM_CPU = 0.18  # cores that a node uses for itself
_SYSTEM_MEMORY = 1400 * _MIB


class Usage:
    """metrics.k8s.io: what was read at the last full interval."""

    def __init__(self, api: apis.Api, answers: Callable[[str], bool] = lambda _node: True) -> None:
        """`answers` says of a node whether its kubelet can be asked."""
        self._api = api
        self._answers = answers
        self._demand = demand.Demand(api.store)

    def start(self) -> None:
        """Remember what each set was made for, from now on."""
        self._demand.start()

    def stop(self) -> None:
        """End."""
        self._demand.stop()

    def pods(self, namespace: str = "", /) -> list[Json]:
        """PodMetrics of a namespace (of all if it is empty): pods of which all containers ran at the last reading."""
        at = self.last()
        found = [_pod_metrics(pod, readings, at) for pod, readings in self.readings(at, namespace)]
        return [item for item in found if item is not None]

    def nodes(self) -> list[Json]:
        """NodeMetrics of nodes that answer."""
        at = self.last()
        used: dict[str, list[Reading]] = {}
        for pod, readings in self.readings(at):
            place = pod["spec"].get("nodeName", "")
            used.setdefault(place, []).extend(reading for _, reading in readings)
        answering = [item.obj for item in self._api.store.list(nodes.KIND) if self._answers(item.name)]
        return [_node_metrics(node, used.get(node["metadata"]["name"], []), at) for node in answering]

    def curves(
        self, at: datetime, namespace: str = "", node: str = ""
    ) -> Iterable[tuple[Json, list[tuple[str, curves.Curve]]]]:
        """Each pod (of a namespace or a node, if named) with the curves of its containers that run at a moment."""
        found = [item.obj for item in self._api.store.list(pods.KIND, namespace or None)]
        ready = demand.at_work(found)
        for pod in found:
            place = pod["spec"].get("nodeName", "")
            if node in ("", place) and self._answers(place):
                yield pod, curves.of_pod(pod, at.timestamp(), self._demand.share(pod, ready))

    def readings(self, at: datetime, namespace: str = "") -> Iterable[tuple[Json, Readings]]:
        """Each pod with what its containers use at a moment."""
        time = at.timestamp()
        for pod, lines in self.curves(at, namespace):
            yield pod, [(name, line.at(time)) for name, line in lines]

    def is_answering(self, node: str) -> bool:
        """Whether a node's kubelet can be asked."""
        return self._answers(node)

    def last(self) -> datetime:
        """When was read last."""
        now = self._api.clock.now().timestamp()
        return datetime.fromtimestamp(now // RESOLUTION * RESOLUTION, tz=self._api.clock.now().tzinfo)


def _pod_metrics(pod: Json, found: Readings, at: datetime) -> Json | None:
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


def of_node(name: str, used: Iterable[Reading], time: float) -> Reading:
    """What a node uses: its pods, and itself."""
    own = 0.7 + 0.6 * chance.smooth(name, time, 120)
    found = list(used)
    return Reading(
        _SYSTEM_CPU * own + sum(item.cpu for item in found),
        int(_SYSTEM_MEMORY + sum(item.memory for item in found)),
        sum(item.received for item in found),
        sum(item.sent for item in found),
    )


def _node_metrics(node: Json, used: list[Reading], at: datetime) -> Json:
    name = node["metadata"]["name"]
    total = of_node(name, used, at.timestamp())
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
