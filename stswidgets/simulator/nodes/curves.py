"""How much a container uses: CPU, memory and network as functions of time.

A curve depends on the container's requests and limits, on its share of the work, on how long it has run, on the hour,
and on a seed; it holds no state, so the past can be asked as well as the present.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from stswidgets.simulator import clock
from stswidgets.simulator.kinds import podsums
from stswidgets.simulator.nodes import chance, demand, fates
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_CORE = quantity.NANO
_MIB = 1024 * 1024
_AT_REST = 0.02  # of the request, for an idle process
_PER_CORE = 350_000.0  # bytes a second that come in with the work of one core
_KEEP_ALIVE = 180.0  # bytes a second of connections that do nothing


class Reading(msgspec.Struct, frozen=True):
    """One container at one moment: CPU in cores, memory in bytes, network in bytes a second."""

    cpu: float
    memory: int
    received: float = 0.0
    sent: float = 0.0


class Curve(msgspec.Struct, frozen=True):
    """The appetite of one container. `started` is when its present run began, in seconds since 1970."""

    seed: str
    started: float
    cpu_request: float
    cpu_limit: float
    memory_request: float
    memory_limit: float
    share: demand.Share = demand.WHOLE
    grows_for: float = 0.0  # seconds until it is killed for its memory

    def at(self, time: float) -> Reading:
        """The reading at a moment after the start."""
        age = max(time - self.started, 0.0)
        request = self.cpu_request or 0.05
        work = self._work(time, request)
        cpu = request * (_AT_REST + 1.4 * math.exp(-age / 8)) + work
        if self.cpu_limit:
            cpu = min(cpu, self.cpu_limit * 0.99)
        busy = min(work, cpu)
        received = _KEEP_ALIVE + busy * _PER_CORE * (0.6 + 0.8 * chance.at(self.seed, -5))
        sent = _KEEP_ALIVE + (received - _KEEP_ALIVE) * (0.5 + 2.5 * chance.at(self.seed, -6))
        return Reading(cpu, int(self._memory(time, age, busy / request)), received, sent)

    def _work(self, time: float, request: float) -> float:
        """The cores that the container's part of the work takes."""
        wander = 0.6 + 0.5 * chance.smooth(f"{self.seed}/load", time, 240) + 0.3 * chance.smooth(self.seed, time, 45)
        if self.share.signal is not None:
            # What a person asked for, all but exactly.
            return max(self.share.signal.at(time - self.share.began), 0.0) * (0.97 + 0.06 * (wander - 0.6) / 0.8)
        load = 0.15 + 0.45 * chance.daily(time, 11 + 6 * chance.at(self.seed, -1))
        burst = 1.1 * max(chance.smooth(f"{self.seed}/burst", time, 90) - 0.86, 0.0) / 0.14
        return request * (load * wander + burst) * (0.8 + 0.4 * chance.at(self.seed, -2)) * self.share.factor

    def _memory(self, time: float, age: float, busy: float) -> float:
        whole = self.memory_limit or self.memory_request * 2 or 96 * _MIB
        if self.grows_for:
            return whole * min(0.2 + 0.8 * age / self.grows_for, 0.995)
        plateau = 0.38 + 0.3 * chance.at(self.seed, -3)
        filled = 0.18 + (plateau - 0.18) * (1 - math.exp(-age / 5400))
        sweep = 0.05 * ((age / 1800 + chance.at(self.seed, -4)) % 1.0)  # what garbage collectors take back
        wander = 0.04 * chance.smooth(f"{self.seed}/memory", time, 300)
        held = 0.08 * min(busy, 1.5)  # buffers of the work that is under way
        warm = 1 - 0.6 * math.exp(-age / 12)
        return whole * min((filled + sweep + wander + held) * warm, 0.97)


_NOTHING = demand.Share(factor=0.0)


def curve(pod: Json, container: Json, status: Json, share: demand.Share = demand.WHOLE) -> Curve | None:
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
        share=share,
        grows_for=fate.exits_after or 0.0 if fate.exit_reason == "OOMKilled" else 0.0,
    )


def of_pod(pod: Json, time: float, share: demand.Share = demand.WHOLE) -> list[tuple[str, Curve]]:
    """The curves of a pod's containers and sidecars that run at a moment. A scripted load is the first container's."""
    state, spec = pod.get("status") or {}, pod["spec"]
    reports = [*(state.get("containerStatuses") or ()), *(state.get("initContainerStatuses") or ())]
    statuses = {item["name"]: item for item in reports}
    found = []
    for number, container in enumerate(podsums.lasting(spec)):
        own = _NOTHING if number and share.signal is not None else share
        line = curve(pod, container, statuses.get(container["name"]) or {}, own)
        if line is not None and line.started <= time:
            found.append((container["name"], line))
    return found


def _amount(text: str | None) -> float:
    return quantity.parse(text).nano / _CORE if text else 0.0
