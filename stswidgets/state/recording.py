"""Usage as it was: what the metrics API said, kept by the toolkit itself, since that API knows the present alone.

A tick is one answer with something new in it. All series share the ticks, so that their points stay in step: a pod that
an answer lacks has a gap there, and one whose sample was not renewed has its last point again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from stswidgets.domain.usage import Sample

Pod = tuple[str, str]
"""Namespace and name."""


class Reading(NamedTuple):
    """One container at one time (UTC): cores and bytes."""

    time: datetime
    cpu: float
    memory: float


Column = dict[Pod, dict[str, Reading]]
"""One answer: containers' readings by pod."""


class Recording:
    """The last `longest` ticks of whatever was recorded."""

    def __init__(self, longest: int) -> None:
        self._ticks: deque[tuple[datetime, Column]] = deque(maxlen=longest)

    def add(self, samples: Iterable[Sample], now: datetime) -> bool:
        """Record one answer, at its newest sample's time. False where nothing in it is new (then there is no tick)."""
        column: Column = {}
        for each in samples:
            pod = column.setdefault((each.namespace, each.pod), {})
            pod[each.container] = Reading(each.time, each.cpu, each.memory)
        if self._ticks and column == self._ticks[-1][1]:
            return False
        times = [reading.time for readings in column.values() for reading in readings.values()]
        self._ticks.append((max(times, default=now), column))
        return True

    def missed(self, now: datetime) -> None:
        """Record that there was no answer: a gap for all."""
        self._ticks.append((now, {}))

    @property
    def latest(self) -> Column:
        """The newest readings; empty after a missed answer."""
        return self._ticks[-1][1] if self._ticks else {}

    def ticks(self, since: datetime | None = None) -> list[tuple[datetime, Column]]:
        """Time and readings of each tick, oldest first, from `since` on."""
        return [tick for tick in self._ticks if since is None or tick[0] >= since]

    def totals(self, pods: Sequence[Pod], last: int) -> list[tuple[float, float] | None]:
        """CPU and memory of some pods together, at each of the last ticks; None where none of them answered."""
        totals: list[tuple[float, float] | None] = []
        for _, column in list(self._ticks)[-last:]:
            found = [reading for pod in pods for reading in column.get(pod, {}).values()]
            total = (sum(reading.cpu for reading in found), sum(reading.memory for reading in found))
            totals.append(total if found else None)
        return totals
