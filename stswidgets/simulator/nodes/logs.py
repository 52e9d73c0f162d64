"""What a container has written: lines that are a function of its run and of time, so none of them is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, overload

from stswidgets.simulator import clock
from stswidgets.simulator.nodes import chance, phrases, programs

Json = dict[str, Any]
Line = tuple[datetime, str]

KEPT = 2000
"""Lines that a long log begins with when it is first looked at: the older ones were rotated away."""
REMEMBERED = 1000
"""Runs whose log's beginning is known; it is forgotten of those that nobody has looked at for longest."""
_STARTUP = 0.04  # seconds between the first lines
_HOSTILE = 0.015
_TROUBLE = 0.05


class Log(Sequence[Line]):
    """The log of one run of a container, up to a moment. Indexing makes lines; nothing is kept."""

    def __init__(self, image: str, seed: str, start: datetime, end: datetime, *, first: int = 0, failed: bool = False):
        self._voice = phrases.of(image)
        self._seed = seed
        self._start = start
        self._first = first
        self._last = self._voice.last if failed else ()
        self._end = end
        self._period = 2.0 + 5.0 * chance.at(seed, -1)
        self._total = self._written((end - start).total_seconds())

    @property
    def total(self) -> int:
        """How many lines there have ever been."""
        return self._total + len(self._last)

    def __len__(self) -> int:
        return max(self.total - self._first, 0)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self._line(number + self._first) for number in range(*index.indices(len(self)))]
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(index)
        return self._line(number + self._first)

    def _written(self, age: float) -> int:
        """How many lines a run of that age has written."""
        startup = len(self._voice.startup)
        if age < startup * _STARTUP:
            return max(int(age / _STARTUP), 0)
        after = age - startup * _STARTUP
        steps = int(after / self._period)
        # The line of the step that runs now is there once its moment has passed.
        return startup + steps + (self._moment_in(steps) <= after - steps * self._period)

    def _moment_in(self, step: int) -> float:
        return self._period * 0.9 * chance.at(f"{self._seed}/moment", step)

    def _line(self, number: int) -> Line:
        if number >= self._total:
            return self._end, self._last[number - self._total]
        startup = self._voice.startup
        if number < len(startup):
            age = (number + 1) * _STARTUP
            text = startup[number]
        else:
            step = number - len(startup)
            age = len(startup) * _STARTUP + step * self._period + self._moment_in(step)
            text = self._text(step)
        return self._start + timedelta(seconds=age), self._filled(text, number)

    def _text(self, step: int) -> str:
        kind, which = chance.at(f"{self._seed}/kind", step), chance.at(f"{self._seed}/which", step)
        if kind < _HOSTILE:
            return phrases.HOSTILE
        choices = self._voice.trouble if kind < _HOSTILE + _TROUBLE else self._voice.routine
        return choices[int(which * len(choices))]

    def _filled(self, text: str, number: int) -> str:
        one, two = chance.at(f"{self._seed}/one", number), chance.at(f"{self._seed}/two", number)
        values = {
            "{n}": str(100 + int(one * 9900)),
            "{ms}": f"{0.4 + two * two * 180:.1f}",
            "{ip}": f"10.244.{1 + int(one * 3)}.{2 + int(two * 250)}",
            "{id}": f"{int(two * 2**32):08x}",
            "{kb}": str(1 + int(one * two * 4000)),
        }
        for key, value in values.items():
            text = text.replace(key, value)
        return text


class Logs:
    """The logs of all containers."""

    def __init__(self, time: clock.Clock, environment: Callable[[Json, str], Mapping[str, str]]) -> None:
        self._clock = time
        self._environment = environment  # the variables of a pod's container
        self._firsts: dict[str, int] = {}  # the one that was looked at last stands last

    def of(self, pod: Json, container: str, *, previous: bool = False) -> Sequence[Line]:
        """The log of a container's present run (or the one before it), oldest line first; empty if it never ran."""
        status = _status(pod, container)
        state = (status.get("lastState") if previous else _ran(status)) or {}
        run = state.get("running") or state.get("terminated") or {}
        if not run.get("startedAt"):
            return []
        start = clock.moment(run["startedAt"])
        spec = next((item for item in _containers(pod) if item["name"] == container), {})
        said = programs.output(pod, spec, run["startedAt"], lambda: self._environment(pod, container))
        if said is not None:
            return [(start, line) for line in said]
        end = clock.moment(run["finishedAt"]) if "finishedAt" in run else self._clock.now()
        failed = run.get("exitCode", 0) not in (0, 137)
        metadata = pod["metadata"]
        image = spec.get("image", "")
        seed = f"{metadata['uid']}/{container}/{run['startedAt']}"
        first = self._firsts.pop(seed, None)
        if first is None:
            first = max(Log(image, seed, start, end).total - KEPT, 0)
        self._firsts[seed] = first
        if len(self._firsts) > REMEMBERED:
            del self._firsts[next(iter(self._firsts))]
        return Log(image, seed, start, end, first=first, failed=failed)


def _containers(pod: Json) -> list[Json]:
    spec = pod["spec"]
    return [*spec["containers"], *(spec.get("initContainers") or [])]


def _status(pod: Json, container: str) -> Json:
    state = pod.get("status") or {}
    for item in [*(state.get("containerStatuses") or []), *(state.get("initContainerStatuses") or [])]:
        if item["name"] == container:
            found: Json = item
            return found
    return {}


def _ran(status: Json) -> Json:
    """The present run; while a container waits for its next one, the last."""
    state: Json = status.get("state") or {}
    return (status.get("lastState") or {}) if "waiting" in state else state
