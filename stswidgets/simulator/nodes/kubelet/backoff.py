"""The wait before a container that ended begins again: none at first, then ever longer (CrashLoopBackOff)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from stswidgets.simulator.nodes.kubelet import containers, timers


class Failing(Protocol):
    """The pod whose containers end."""

    about: str

    def say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        """An event about a container."""

    def write(self) -> None:
        """The status has changed."""


class BackOff:
    """Brings a pod's containers back."""

    def __init__(
        self,
        pod: Failing,
        plans: timers.Timers,
        chance: random.Random,
        again: Callable[[containers.Container], None],
    ) -> None:
        self._pod = pod
        self._plans = plans
        self._chance = chance
        self._again = again

    def after(self, item: containers.Container, wait: float) -> None:
        """Begin again when `wait` seconds have passed, and say so if that is a while."""
        if wait:
            self._plans.later(item, self._chance.uniform(0.5, 1.0), lambda: self._wait(item, wait))
        else:
            self._plans.later(item, self._chance.uniform(0.3, 0.8), lambda: self._again(item))

    def _wait(self, item: containers.Container, wait: float) -> None:
        about = self._pod.about
        said = f"Back-off restarting failed container {item.name} in pod {about}"
        self._pod.say(item, "Warning", "BackOff", said)
        told = _duration(wait)
        item.wait("CrashLoopBackOff", f"back-off {told} restarting failed container={item.name} pod={about}")
        self._pod.write()
        self._plans.later(item, wait, lambda: self._again(item))


def _duration(seconds: float) -> str:
    """Seconds as Go prints a duration: 10s, 1m20s, 5m0s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
