"""A whole pod begins anew, for an exit code whose rule says RestartAllContainers.

Rules of `pkg/kubelet` (kubelet_pods.go, kuberuntime_manager.go, Kubernetes 1.37; on by default): what still runs is
killed, one by one and without grace, all containers are taken away, and all begin as in a new pod, with no back-off.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from stswidgets.simulator import clock
from stswidgets.simulator.nodes.kubelet import containers, ending, timers

_SEES = (0.5, 1.0)  # seconds until the kubelet sees that a container has ended
_BEGINS = 0.3


class Renewed(Protocol):
    """The pod."""

    inits: list[containers.Container]
    mains: list[containers.Container]
    first_reason: str
    chance: random.Random

    def write(self) -> None:
        """The status has changed."""


class Anew:
    """Takes a pod's containers away, so that all of them begin again; `begin` is called then."""

    def __init__(
        self, pod: Renewed, plans: timers.Timers, time: clock.Clock, stopper: ending.Stopper, begin: Callable[[], None]
    ) -> None:
        self._pod = pod
        self._plans = plans
        self._clock = time
        self._stopper = stopper
        self._begin = begin
        self.is_on = False

    def start(self) -> None:
        """A container has ended with such a code."""
        if self.is_on:
            return
        self.is_on = True
        self._pod.write()
        self._plans.after(self._pod.chance.uniform(*_SEES), self._clear)

    def _clear(self) -> None:
        pod = self._pod
        item = next((item for item in [*pod.mains, *pod.inits] if item.is_running or item.in_hook), None)
        if item is None:
            self._again()
            return

        def stopped(code: int) -> None:
            if item.in_hook:
                item.run(self._clock.now())
            item.end(self._clock.now(), code)
            self._clear()

        self._stopper.one(item, 0.0, "killing", stopped)

    def _again(self) -> None:
        for item in [*self._pod.inits, *self._pod.mains]:
            item.remove(self._pod.first_reason)
        self.is_on = False
        self._pod.write()
        self._plans.after(_BEGINS, self._begin)
