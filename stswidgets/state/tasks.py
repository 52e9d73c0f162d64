"""The only place that starts threads.

A call or a generator runs on a thread of its own; what it returns, yields or raises is delivered on the loop (see
`loops`), one callback at a time, so that states need no locks. Everything ends with `stop()`: nothing is delivered
after it, and threads are told to end. Threads are daemons: a kernel that exits never waits for a server.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from stswidgets.cluster.stopping import Stop
from stswidgets.state import loops

T = TypeVar("T")
Failed = Callable[[Exception], None]

_log = logging.getLogger(__name__)


def report(error: Exception) -> None:
    """The last resort for a failure that nobody asked to hear of: the log, with its traceback."""
    _log.error("A background task failed", exc_info=error)


class Job:
    """Something that was started. After `stop()` it delivers nothing more."""

    def __init__(self, forget: Callable[[Job], None]) -> None:
        self.stopping = Stop()
        self._forget = forget

    @property
    def is_stopped(self) -> bool:
        return self.stopping.is_set()

    def stop(self) -> None:
        self.stopping.set()
        self._forget(self)


class Tasks:
    """Starts work off the kernel's thread and brings its results back. A state has its own and stops them together."""

    def __init__(self, loop: loops.Loop | None = None, *, failed: Failed = report) -> None:
        """`failed` hears of what went wrong where a call named no handler, and of handlers that raise."""
        self.loop = loop or loops.current()
        self._failed = failed
        self._jobs: set[Job] = set()
        self._lock = threading.Lock()

    def group(self) -> Tasks:
        """Tasks on the same loop that are stopped apart from these."""
        return Tasks(self.loop, failed=self._failed)

    @property
    def running(self) -> int:
        """How many jobs have neither ended nor been stopped."""
        return len(self._jobs)

    def stop(self) -> None:
        """Stop all jobs. The tasks can be used again afterwards."""
        for job in list(self._jobs):
            job.stop()

    def run(self, function: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None) -> Job:
        """Call `function` on a thread; deliver what it returns to `done` or what it raises to `failed`."""
        job = self._job()

        def work() -> None:
            try:
                result = function()
            except Exception as error:  # a thread's boundary: it reaches `failed`, never nobody
                self._finish(job, failed or self._failed, error)
            else:
                self._finish(job, done, result)

        self._start(work)
        return job

    def thread(
        self,
        generate: Callable[[Stop], Iterator[T]],
        each: Callable[[T], None],
        failed: Failed | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Job:
        """Run a generator on a thread; deliver what it yields to `each`. It is given the event that tells it to end."""
        job = self._job()

        def work() -> None:
            try:
                for item in generate(job.stopping):
                    if job.is_stopped:
                        return
                    self._deliver(job, each, item)
            except Exception as error:  # as above
                self._finish(job, failed or self._failed, error)
            else:
                self._finish(job, lambda _: ended() if ended else None, None)

        self._start(work)
        return job

    def every(
        self, seconds: float, function: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None
    ) -> Job:
        """Call `function` now and again `seconds` after each answer or failure. Calls never overlap."""
        job = self._job()

        def again() -> None:
            if not job.is_stopped:
                self.loop.later(seconds, turn)

        def answered(result: T) -> None:
            try:
                if not job.is_stopped:
                    done(result)
            finally:
                again()

        def broke(error: Exception) -> None:
            try:
                if not job.is_stopped:
                    (failed or self._failed)(error)
            finally:
                again()

        def turn() -> None:
            if not job.is_stopped:
                self.run(function, answered, broke)

        turn()
        return job

    def tick(self, seconds: float, callback: Callable[[], None]) -> Job:
        """Call `callback` on the loop every `seconds`, without a thread: what is shown ages."""
        job = self._job()

        def turn() -> None:
            if not job.is_stopped:
                self.loop.later(seconds, turn)
                self._call(job, lambda _: callback(), None, last=False)

        self.loop.later(seconds, turn)
        return job

    def later(self, seconds: float, callback: Callable[[], None]) -> Job:
        """Call `callback` on the loop after `seconds`, without a thread."""
        job = self._job()
        self.loop.later(seconds, lambda: self._call(job, lambda _: callback(), None, last=True))
        return job

    def post(self, callback: Callable[[], None]) -> None:
        """Call `callback` on the loop, from whatever thread."""
        self._finish(self._job(), lambda _: callback(), None)

    def _job(self) -> Job:
        job = Job(self._forget)
        with self._lock:
            self._jobs.add(job)
        return job

    def _forget(self, job: Job) -> None:
        with self._lock:
            self._jobs.discard(job)

    def _start(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="stswidgets", daemon=True).start()

    def _deliver(self, job: Job, receive: Callable[[T], None], value: T) -> None:
        self.loop.post(lambda: self._call(job, receive, value, last=False))

    def _finish(self, job: Job, receive: Callable[[T], None], value: T) -> None:
        self.loop.post(lambda: self._call(job, receive, value, last=True))

    def _call(self, job: Job, receive: Callable[[T], None], value: T, *, last: bool) -> None:
        if job.is_stopped:
            return
        if last:
            self._forget(job)
        try:
            receive(value)
        except Exception as error:  # a loop shows nobody what a callback raised
            self._failed(error)


class Coalesced:
    """Many requests, few runs: the action runs at once and then at most once an interval."""

    def __init__(self, tasks: Tasks, action: Callable[[], None], *, interval: float = 0.2) -> None:
        self._tasks = tasks
        self._action = action
        self._interval = interval
        self._resting: Job | None = None
        self._asked = False

    def request(self) -> None:
        """Run the action now, or at the end of the interval that a run has begun."""
        if self._resting is not None and not self._resting.is_stopped:
            self._asked = True
            return
        self._resting = self._tasks.later(self._interval, self._rested)
        self._action()

    def _rested(self) -> None:
        self._resting = None
        if self._asked:
            self._asked = False
            self.request()
