"""Whether a browser is there. A page that was closed must not keep its kernel busy: watches stop when nobody looks."""

from __future__ import annotations

import time
from collections.abc import Callable

from stswidgets.state.tasks import Tasks

PATIENCE = 100.0
"""Seconds without a sign before the watches stop: a browser lets a hidden tab speak once a minute."""
_CHECKS = 5.0


class Presence:
    """Calls `left` when no beat came for a while, and `came` at the first beat after that."""

    def __init__(
        self, tasks: Tasks, *, left: Callable[[], None], came: Callable[[], None], patience: float = PATIENCE
    ) -> None:
        self._tasks = tasks.group()
        self._left = left
        self._came = came
        self._patience = patience
        self._last = time.monotonic()
        self.is_there = True
        self._watch()

    def beat(self) -> None:
        """A browser has shown that it is there."""
        self._last = time.monotonic()
        if not self.is_there:
            self.is_there = True
            self._watch()
            self._came()

    def stop(self) -> None:
        self._tasks.stop()

    def _watch(self) -> None:
        self._tasks.tick(min(_CHECKS, self._patience / 2), self._check)

    def _check(self) -> None:
        if self.is_there and time.monotonic() - self._last > self._patience:
            self.is_there = False
            self._tasks.stop()
            self._left()
