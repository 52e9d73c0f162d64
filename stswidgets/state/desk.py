"""What the states of one view share: the cluster, the tasks, the language and the notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import traitlets as t

from stswidgets import errors, messages
from stswidgets.state import notices, tasks

if TYPE_CHECKING:
    from stswidgets.cluster import Cluster

T = TypeVar("T")


class Answer:
    """What a command promises when its result comes later: it is kept or broken once."""

    def __init__(self) -> None:
        self._outcome: tuple[Any, Exception | None] | None = None
        self._waiting: list[Callable[[Any, Exception | None], None]] = []

    def succeed(self, result: Any = None) -> None:
        self._settle(result, None)

    def fail(self, error: Exception) -> None:
        self._settle(None, error)

    def then(self, receive: Callable[[Any, Exception | None], None]) -> None:
        """Call `receive(result, error)` when the answer is there; at once if it is."""
        if self._outcome is None:
            self._waiting.append(receive)
        else:
            receive(*self._outcome)

    def _settle(self, result: Any, error: Exception | None) -> None:
        if self._outcome is not None:
            return
        self._outcome = (result, error)
        for receive in self._waiting:
            receive(result, error)
        self._waiting.clear()


class Desk:
    """Shared by the states of one view. `cluster` is None until there is one."""

    def __init__(
        self, *, loop_tasks: tasks.Tasks | None = None, lang: str = "en", interval: float | None = None
    ) -> None:
        """`interval`: seconds between two questions for usage, where the cluster's own pace is not wanted."""
        self.notices = notices.Notices(lang)
        self.tasks = loop_tasks or tasks.Tasks(failed=self.failed)
        self.lang = lang
        self.connected: Cluster | None = None
        self._interval = interval

    @property
    def cluster(self) -> Cluster:
        """The cluster. Raises NoClusterError before there is one: a command came too early or the connection failed."""
        if self.connected is None:
            raise errors.NoClusterError(tried="")
        return self.connected

    @property
    def interval(self) -> float:
        """Seconds between two questions for usage. A metrics server looks every 15 s; the simulator always knows."""
        simulated = self.connected is not None and self.connected.is_simulator
        return self._interval or (5.0 if simulated else 15.0)

    def failed(self, error: Exception) -> None:
        """Something in the background went wrong that nobody waits for."""
        self.notices.error(error)

    def text(self, key: str, /, **values: object) -> str:
        return messages.text(key, self.lang, **values)

    def notice(self, error: Exception) -> notices.Notice:
        """An error as a notice for a place of its own: not among the page's notices."""
        return notices.of_error(error, self.lang)

    def work(self, function: Callable[[], T], done: Callable[[T], Any]) -> Answer:
        """Call `function` off the kernel's thread, `done` with its result on it, and answer with what `done` returns.

        It outlives a change of page: what a person asked for is finished.
        """
        answer = Answer()

        def arrived(result: T) -> None:
            try:
                value = done(result)
            except Exception as error:  # the answer must not stay open: whoever asked is told
                answer.fail(error)
            else:
                answer.succeed(value)

        self.tasks.run(function, arrived, answer.fail)
        return answer


class Stoppable(Protocol):
    """What a topic has started and ends with it."""

    def stop(self) -> None: ...


class Topic(t.HasTraits):
    """A state of one topic. It runs while its page is shown.

    Facts (what the cluster said) are kept apart from what is shown: `render()` makes the second of the first, in the
    desk's language, and is called again when the language changes.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.tasks = desk.tasks.group()
        self.watches: list[Stoppable] = []

    def start(self) -> None:
        """Begin to follow the cluster."""

    def stop(self) -> None:
        """Stop following. What is shown stays."""
        for watch in self.watches:
            watch.stop()
        self.tasks.stop()

    def forget(self) -> None:
        """Drop the facts: another cluster has others."""

    def unavailable(self, error: Exception) -> None:
        """There is no cluster: say so where the facts would stand."""

    def render(self) -> None:
        """Show the facts."""
