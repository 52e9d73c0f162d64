"""Cluster time: every moment and every delay in the simulator comes from one clock.

Callbacks run on the thread (and loop) that drives the clock, one at a time, in the order of their due times. That is
why controllers need no locks, and why a test that steps the clock sees the same run each time.

A clock begins *stepped*: it stands at its start and moves by `advance` alone. `FastClock` and `RealClock` leave that
state with `start`, which first runs whatever is due up to the present and then follows the wall clock. A scenario uses
the time before that to live through its past: what it creates ten days ago has been created ten days ago for every
rule that looks at a clock.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Cancel = Callable[[], None]

SEEN = 3600.0
"""Seconds before the present from which on a scenario's past is lived through step by step."""

# How long a live clock runs due callbacks before it lets the loop serve requests, in seconds.
_SLICE = 0.008


def stamp(moment: datetime) -> str:
    """A moment (in UTC) as metav1.Time is written: RFC 3339 with whole seconds."""
    return f"{moment.isoformat()[:19]}Z"


def micro_stamp(moment: datetime) -> str:
    """A moment (in UTC) as metav1.MicroTime is written: RFC 3339 with six decimals."""
    return f"{moment.isoformat(timespec='microseconds')[:26]}Z"


def moment(text: str) -> datetime:
    """The moment that `stamp` or `micro_stamp` wrote. Raises ValueError for anything else."""
    return datetime.fromisoformat(text)


class _Timer:
    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class SteppedClock:
    """Time that moves when it is told to."""

    def __init__(self, start: datetime | None = None) -> None:
        self._seconds = (start or datetime.now(UTC)).timestamp()
        self._order = itertools.count()
        self._timers: list[tuple[float, int, _Timer]] = []
        self._awaiting: list[Callable[[], None]] = []
        self._present = self._seconds

    def now(self) -> datetime:
        """The present in the cluster, in UTC."""
        return datetime.fromtimestamp(self._now(), UTC)

    @property
    def pace(self) -> float:
        """Seconds of cluster time that pass by themselves in a second; 0 while the clock is stepped."""
        return 0.0

    @property
    def remaining(self) -> float:
        """Seconds of a scenario's past that are still to be lived through; 0 once the present is reached."""
        return max(self._present - self._seconds, 0.0)

    @property
    def is_long_ago(self) -> bool:
        """Whether a scenario's past is where nobody will see each step any more: those may be gathered."""
        return self.remaining > SEEN

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Cancel:
        """Run `callback` once `seconds` of cluster time have passed; the answer takes it back."""
        timer = _Timer(callback)
        heapq.heappush(self._timers, (self._now() + max(seconds, 0.0), next(self._order), timer))
        self._rescheduled()
        return timer.cancel

    def when_live(self, callback: Callable[[], None]) -> None:
        """Run `callback` when the clock begins to run by itself: after a scenario's past; never on a stepped one."""
        self._awaiting.append(callback)

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of cluster time; to be awaited on the loop that drives the clock."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel = self.call_later(seconds, lambda: None if done.done() else done.set_result(None))
        try:
            await done
        finally:
            cancel()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, running what falls due on the way, each at its own time."""
        self.advance_to(datetime.fromtimestamp(self._seconds + seconds, UTC))

    def advance_to(self, target: datetime) -> None:
        """As `advance`, to a moment. A moment in the past runs what is due now and moves nothing."""
        end = max(target.timestamp(), self._seconds)
        while self._timers and self._timers[0][0] <= end:
            due, _, timer = heapq.heappop(self._timers)
            self._seconds = max(self._seconds, due)
            if timer.callback is not None:
                timer.callback()
        self._seconds = end

    def travel(self, target: datetime) -> None:
        """Go to where a scenario's past begins; the time until now is the present. Nothing may wait on the clock."""
        if self._timers:
            raise RuntimeError("the clock has timers: it can only advance")
        self._present = self._seconds
        self._seconds = target.timestamp()

    def start(self) -> None:
        """Begin to run. A stepped clock stays as it is."""

    def _now(self) -> float:
        return self._seconds

    def _rescheduled(self) -> None:
        """A timer was added; a live clock wakes for it."""


class FastClock(SteppedClock):
    """Time that runs `speed` times as fast as the wall clock, from `start()` on."""

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        super().__init__(start)
        self.speed = speed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._anchor = 0.0
        self._wake: asyncio.Handle | None = None
        self._wake_at = 0.0

    @property
    def pace(self) -> float:
        """As of a stepped clock; its speed once it has started."""
        return self.speed if self._loop is not None else 0.0

    def start(self) -> None:
        """Catch up with the present, then follow the wall clock. Needs a running loop; a second call does nothing."""
        if self._loop is not None:
            return
        loop = asyncio.get_running_loop()
        self.advance_to(datetime.now(UTC))
        self._anchor = time.monotonic()
        self._loop = loop
        awaiting, self._awaiting = self._awaiting, []
        for callback in awaiting:
            callback()
        self._rescheduled()

    def _now(self) -> float:
        if self._loop is None:
            return self._seconds
        return self._seconds + (time.monotonic() - self._anchor) * self.speed

    def _rescheduled(self) -> None:
        if self._loop is None or not self._timers:
            return
        due = self._timers[0][0]
        if self._wake is not None:
            if self._wake_at <= due:
                return
            self._wake.cancel()
        delay = (due - self._now()) / self.speed
        self._wake_at = due
        self._wake = self._loop.call_later(delay, self._run) if delay > 0 else self._loop.call_soon(self._run)

    def _run(self) -> None:
        self._wake = None
        end = time.monotonic() + _SLICE
        try:
            while self._timers and self._timers[0][0] <= self._now():
                _, _, timer = heapq.heappop(self._timers)
                if timer.callback is not None:
                    timer.callback()
                if time.monotonic() > end:
                    break
        finally:
            self._rescheduled()


class RealClock(FastClock):
    """The wall clock."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__(1.0, start)


# What rooms that only need the time ask for.
Clock = SteppedClock


def of(name: str) -> SteppedClock:
    """A clock by the name a command line gives it: "real", "stepped", or a speed such as "60" or "60x".

    Raises ValueError for any other text.
    """
    if name == "real":
        return RealClock()
    if name == "stepped":
        return SteppedClock()
    speed = float(name.removesuffix("x"))
    if not 0 < speed <= 100_000:
        raise ValueError(f"a clock's speed is between 0 and 100000, not {speed:g}")
    return FastClock(speed)


def after(start: datetime, seconds: float) -> datetime:
    """The moment `seconds` after `start`."""
    return start + timedelta(seconds=seconds)
