"""What a pod has planned."""

from __future__ import annotations

from collections.abc import Callable

from stswidgets.simulator import clock
from stswidgets.simulator.nodes.kubelet import containers


class Timers:
    """Plans that end together."""

    def __init__(self, time: clock.Clock) -> None:
        self._clock = time
        self._planned: dict[int, clock.Cancel] = {}
        self._last = 0

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back when these seconds of cluster time have passed."""
        self._last += 1
        number = self._last

        def due() -> None:
            self._planned.pop(number, None)
            callback()

        self._planned[number] = self._clock.call_later(seconds, due)

    def later(self, item: containers.Container, seconds: float, callback: Callable[[], None]) -> None:
        """As `after`, unless the container's run has ended or its image has changed by then."""
        plan = item.plan

        def due() -> None:
            if item.plan == plan:
                callback()

        self.after(seconds, due)

    def cancel(self) -> None:
        """Nothing of it happens."""
        for cancel in self._planned.values():
            cancel()
        self._planned.clear()
