"""The work queue of a controller, and what all controllers share.

A queue holds keys, not changes: whatever happens between two runs is one run. It is driven by the clock, so a stepped
cluster settles inside `clock.advance` and a live one shares the loop with the requests that it serves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from stswidgets.simulator import clock as clocks
from stswidgets.simulator import status, store
from stswidgets.simulator.kinds import registry

Json = dict[str, object]
K = TypeVar("K")

log = logging.getLogger(__name__)

# client-go's default rate limiter for controllers: 5 ms, doubled with each failure in a row, up to 1000 s.
_FIRST_RETRY = 0.005
_LAST_RETRY = 1000.0
_GATHERED = 10.0  # seconds


class Retry(Exception):  # noqa: N818 - it is a request, not a defect
    """A controller cannot go on yet: its key comes back after the queue's back-off."""


class Queue(Generic[K]):
    """Keys that wait for `work`, each at most once.

    A key whose work raises `Retry` or `status.ApiError` comes back later, ever later; anything else is a defect, and is
    left to the loop's (or the test's) handler. `gathers`: a key waits for further changes long ago in a scenario's
    past, for a controller that nobody waits for.
    """

    def __init__(self, clock: clocks.Clock, work: Callable[[K], None], *, gathers: bool = False) -> None:
        self._clock = clock
        self._work = work
        self._gathers = gathers
        self._waiting: dict[K, None] = {}
        self._failures: dict[K, int] = {}
        self._later: dict[K, tuple[float, clocks.Cancel]] = {}
        self._scheduled = False
        self._stopped = False

    def add(self, key: K) -> None:
        """Work on `key` soon."""
        if self._gathers and self._clock.is_long_ago:
            self.add_later(key, _GATHERED)
        else:
            self._add(key)

    def _add(self, key: K) -> None:
        if self._stopped:
            return
        self._waiting[key] = None
        if not self._scheduled:
            self._scheduled = True
            self._clock.call_later(0, self._run)

    def add_later(self, key: K, seconds: float) -> None:
        """Work on `key` once `seconds` have passed; the earliest of several such wishes is kept."""
        if self._stopped:
            return
        due = self._clock.now().timestamp() + seconds
        known = self._later.get(key)
        if known is not None:
            if known[0] <= due:
                return
            known[1]()

        def arrived() -> None:
            self._later.pop(key, None)
            self._add(key)

        self._later[key] = (due, self._clock.call_later(seconds, arrived))

    def stop(self) -> None:
        """Forget all keys and take none."""
        self._stopped = True
        self._waiting.clear()
        for _, cancel in self._later.values():
            cancel()
        self._later.clear()

    def _run(self) -> None:
        # One key a turn: the clock decides how many turns fit before requests are served.
        self._scheduled = False
        if not self._waiting:
            return
        key = next(iter(self._waiting))
        del self._waiting[key]
        if self._waiting:
            self._scheduled = True
            self._clock.call_later(0, self._run)
        try:
            self._work(key)
        except (Retry, status.ApiError) as error:
            failures = self._failures.get(key, 0)
            self._failures[key] = failures + 1
            log.debug("%s comes back: %s", key, error)
            self.add_later(key, min(_FIRST_RETRY * 2.0 ** min(failures, 20), _LAST_RETRY))
        else:
            self._failures.pop(key, None)


class Runs(Protocol):
    """What can be started and stopped: a controller, the scheduler, the kubelets."""

    def start(self) -> None:
        """Begin with what is there, then follow changes."""

    def stop(self) -> None:
        """End; nothing of it runs afterwards."""


class Subscriptions:
    """The changes that a controller follows, ended together."""

    def __init__(self, objects: store.Store) -> None:
        self._store = objects
        self._ends: list[Callable[[], None]] = []

    def follow(self, kind: registry.Kind | None, seen: Callable[[store.Event], None], *, replay: bool = True) -> None:
        """Call `seen` for every object of a kind that exists (as ADDED) and for each change from now on.

        Without a kind: for each change of anything.
        """
        self._ends.append(self._store.subscribe(kind, seen))
        if replay and kind is not None:
            for stored in self._store.list(kind):
                seen(store.Event("ADDED", kind, None, stored))

    def end(self) -> None:
        """Follow nothing any more."""
        for end in self._ends:
            end()
        self._ends.clear()
