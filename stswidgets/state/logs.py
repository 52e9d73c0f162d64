"""The log of one container, as a feed of lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import traitlets as t

from stswidgets.cluster.stopping import Stop
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.feeds import Feed
from stswidgets.state.tasks import Coalesced

KEPT = 2000
"""Lines that a page holds. A busy container writes more than a browser should be sent."""


class LogsState(Topic):
    """Lines of the container asked for last, in `feed` (rows `{id, text}`, in order)."""

    reading = t.Bool(False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.feed = Feed("logs")
        self._lines: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0
        self._publish = Coalesced(self.tasks, self._show)

    def read(self, namespace: str, pod: str, container: str, *, previous: bool, follow: bool) -> None:
        """Show the end of a log and, with `follow`, what comes after it."""
        self.tasks.stop()
        cluster = self.desk.cluster
        self._lines.clear()
        self.feed.put([])

        def lines(stop: Stop) -> Iterator[list[str]]:
            if previous or not follow:
                yield cluster.logs(namespace, pod, container=container, previous=previous, tail=KEPT).splitlines()
                return
            for line in cluster.follow_logs(namespace, pod, container=container, tail=KEPT, stop=stop):
                yield [line]

        self.reading = True
        self.tasks.thread(lines, self._append, self._broke, self._ended)

    def stop(self) -> None:
        self.reading = False
        super().stop()

    def _append(self, lines: list[str]) -> None:
        for line in lines:
            self._count += 1
            self._lines.append({"id": f"{self._count:012d}", "text": line})
        self._publish.request()

    def _show(self) -> None:
        self.feed.put(self._lines)

    def _ended(self) -> None:
        self.reading = False
        self._show()

    def _broke(self, error: Exception) -> None:
        self._ended()
        self.desk.failed(error)
