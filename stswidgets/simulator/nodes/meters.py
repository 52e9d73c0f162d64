"""Counters, as a kubelet keeps them: they grow by what the curves say, from one reading to the next.

A counter begins to be kept when it is first asked for, with what its container will have used since it began. From then
on its growth between two readings is the later reading times the time between them, so that a rate over them is what
metrics.k8s.io shows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock
from stswidgets.simulator.kinds import nodes
from stswidgets.simulator.nodes import fill, usage
from stswidgets.simulator.nodes.curves import Curve, Reading

Json = dict[str, Any]

_STEPS = 360  # of a gap, at most: who asks once a day gets coarser steps
_SAMPLES = 24  # of the time before a counter was first asked for


class Counter(msgspec.Struct):
    """What was used in all: CPU in seconds, network in bytes. `at` is when, in seconds since 1970."""

    at: float
    cpu: float = 0.0
    received: float = 0.0
    sent: float = 0.0

    def add(self, reading: Reading, seconds: float) -> None:
        """Use that much for so long."""
        self.cpu += reading.cpu * seconds
        self.received += reading.received * seconds
        self.sent += reading.sent * seconds


class Metered(msgspec.Struct, frozen=True):
    """A running container: what it uses now, and its counter since its start."""

    name: str
    started: float
    reading: Reading
    counter: Counter


class PodMeter(msgspec.Struct, frozen=True):
    """A pod with what its containers use, and its own counter: CPU and network since the pod's start."""

    pod: Json
    containers: list[Metered]
    counter: Counter
    volumes: list[fill.Volume]


class NodeMeter(msgspec.Struct, frozen=True):
    """A node with what it uses, and its pods."""

    node: Json
    at: datetime
    reading: Reading
    counter: Counter
    pods: list[PodMeter] = []


Key = tuple[str, ...]


class SilentNode(Exception):  # noqa: N818 - it is the node that is silent
    """A kubelet that does not answer; the text is its address."""


class Meters:
    """The counters of all nodes."""

    def __init__(self, api: apis.Api, used: usage.Usage, filled: fill.Fill) -> None:
        self._api = api
        self._usage = used
        self._fill = filled
        self._counters: dict[Key, Counter] = {}

    def node(self, name: str) -> NodeMeter | None:
        """A node's counters as of the last reading; None if there is no such node. SilentNode if it does not answer."""
        stored = self._api.store.get(nodes.KIND, None, name)
        if stored is None:
            return None
        if not self._usage.is_answering(name):
            addresses = {item["type"]: item["address"] for item in stored.obj["status"].get("addresses") or ()}
            raise SilentNode(addresses.get("InternalIP", name))
        at = self._usage.last()
        known, self._counters = self._counters, {key: item for key, item in self._counters.items() if key[0] != name}
        pods = []
        for pod, lines in self._usage.curves(at, node=name):
            if lines:
                pods.append(self._pod(name, pod, lines, at.timestamp(), known))
        readings = [item.reading for pod in pods for item in pod.containers]
        total = usage.of_node(name, readings, at.timestamp())
        began = clock.moment(stored.obj["metadata"]["creationTimestamp"]).timestamp()
        counter = self._grown(known, (name,), began, at.timestamp(), lambda _: total)
        return NodeMeter(stored.obj, at, total, counter, pods)

    def _pod(
        self, node: str, pod: Json, lines: list[tuple[str, Curve]], now: float, known: dict[Key, Counter]
    ) -> PodMeter:
        uid = pod["metadata"]["uid"]
        containers = []
        for name, line in lines:
            counter = self._grown(known, (node, uid, name, str(line.started)), line.started, now, line.at)
            containers.append(Metered(name, line.started, line.at(now), counter))

        def together(time: float) -> Reading:
            found = [line.at(time) for _, line in lines if line.started <= time]
            received, sent = sum(item.received for item in found), sum(item.sent for item in found)
            return Reading(sum(item.cpu for item in found), 0, received, sent)

        began = min(line.started for _, line in lines)
        counter = self._grown(known, (node, uid), began, now, together)
        return PodMeter(pod, containers, counter, self._fill.of_pod(pod))

    def _grown(
        self, known: dict[Key, Counter], key: Key, began: float, now: float, reads: Callable[[float], Reading]
    ) -> Counter:
        """A counter brought up to the last reading."""
        counter = known.get(key)
        if counter is None:
            counter = Counter(began)
            steps = min(_SAMPLES, int((now - began) // usage.RESOLUTION))
        else:
            steps = min(_STEPS, int((now - counter.at) // usage.RESOLUTION))
        if steps > 0:
            length = (now - counter.at) / steps
            for step in range(1, steps + 1):
                counter.add(reads(counter.at + length * step), length)
            counter.at = now
        self._counters[key] = counter
        return counter
