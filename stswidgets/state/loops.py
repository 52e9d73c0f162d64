"""Where results are delivered: the kernel's event loop, or a queue where plain Python has none.

States and widgets are changed on one thread only. In a kernel that is the thread of the running asyncio loop. In a
script or a test no loop runs; there results wait in a queue until somebody drains it.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Protocol

Callback = Callable[[], None]


class Loop(Protocol):
    """Runs callbacks one after the other. Both methods may be called from any thread."""

    def post(self, callback: Callback) -> None:
        """Run `callback` soon."""

    def later(self, seconds: float, callback: Callback) -> None:
        """Run `callback` after `seconds`."""


class KernelLoop:
    """An asyncio loop that runs: a Jupyter kernel's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def post(self, callback: Callback) -> None:
        if not self._loop.is_closed():  # the kernel has ended: nobody is left to be told
            self._loop.call_soon_threadsafe(callback)

    def later(self, seconds: float, callback: Callback) -> None:
        self.post(lambda: self._call_later(seconds, callback))

    def _call_later(self, seconds: float, callback: Callback) -> None:
        self._loop.call_later(seconds, callback)


class QueueLoop:
    """A queue that its owner drains: plain Python and tests."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callback]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()

    def post(self, callback: Callback) -> None:
        self.later(0, callback)

    def later(self, seconds: float, callback: Callback) -> None:
        entry = (time.monotonic() + seconds if seconds else 0.0, next(self._order), callback)
        with self._changed:
            heapq.heappush(self._due, entry)
            self._changed.notify_all()

    def drain(self, until: Callable[[], bool] | None = None, *, timeout: float = 30.0) -> bool:
        """Run what is due. With `until`, go on (waiting for threads) until it holds; False after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            if until is not None and until():
                return True
            callback = self._next(deadline if until is not None else 0.0)
            if callback is not None:
                callback()
            elif until is None:
                return True
            elif time.monotonic() >= deadline:
                return until()

    def _next(self, deadline: float) -> Callback | None:
        """The first callback that is due, waiting for one until `deadline` (monotonic seconds)."""
        with self._changed:
            while True:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    return heapq.heappop(self._due)[2]
                if now >= deadline:
                    return None
                wake = min(deadline, self._due[0][0]) if self._due else deadline
                self._changed.wait(wake - now)


def current() -> Loop:
    """The loop of this thread: the kernel's where one runs, else a queue."""
    try:
        return KernelLoop(asyncio.get_running_loop())
    except RuntimeError:  # asyncio's way to say that none runs
        return QueueLoop()
