"""Stopping containers: hooks first, then a request, force when the grace is over, sidecars last and backwards.

Rules of `pkg/kubelet/kuberuntime` (killContainer, terminationOrdering).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Protocol

from stswidgets.simulator import clock
from stswidgets.simulator.nodes import shell
from stswidgets.simulator.nodes.kubelet import containers, timers

Json = dict[str, Any]

LEAST = 2.0  # seconds that a container gets in any case


class Ending(Protocol):
    """The pod whose containers stop."""

    def say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        """An event about a container."""

    def write(self) -> None:
        """The status has changed."""


class Stopper:
    """Stops a pod's containers."""

    def __init__(self, pod: Ending, plans: timers.Timers, time: clock.Clock, chance: random.Random) -> None:
        self._pod = pod
        self._plans = plans
        self._clock = time
        self._chance = chance

    def one(
        self, item: containers.Container, grace: float, message: str, then: Callable[[int], None], *, quick: float = 0.0
    ) -> None:
        """Say why, then stop a container within `grace` seconds; `then(exit code)` is called once it has stopped.

        It is not asked to stop before `quick` seconds have passed: it waits for its turn.
        """
        if not item.is_stopping:
            self._pod.say(item, "Normal", "Killing", message)
        item.is_stopping = True
        item.plan += 1  # whatever else it was to do
        hook = self._hook(item, grace)
        seconds, code = self._length(item, max(grace - hook - quick, LEAST))
        self._plans.later(item, hook + quick + seconds, lambda: then(code))

    def all(self, items: list[containers.Container], grace: float, then: Callable[[], None]) -> None:
        """Stop all that run: sidecars after the others, the last one first; `then` is called once none runs."""
        running = [item for item in items if item.is_running]
        if not running:
            self._plans.after(0.05, then)
            return
        mains = [item for item in running if item.role != "sidecar"]
        turn = max((self._time(item, grace) for item in mains), default=0.0)
        for item in mains:
            self._stop(item, grace, 0.0, items, then)
        for item in reversed(running):
            if item.role == "sidecar":
                self._stop(item, grace, min(turn, grace), items, then)
                turn += self._time(item, grace)

    def _stop(
        self, item: containers.Container, grace: float, turn: float, items: list[containers.Container],
        then: Callable[[], None],
    ) -> None:  # fmt: skip
        def stopped(code: int) -> None:
            item.end(self._clock.now(), code)
            if any(other.is_running for other in items):
                self._pod.write()
            else:
                then()

        self.one(item, grace, f"Stopping container {item.name}", stopped, quick=turn)

    def _time(self, item: containers.Container, grace: float) -> float:
        hook = _hook_length(item, grace)
        return hook + (max(grace - hook, LEAST) if self._is_deaf(item) else 0.9)

    def _hook(self, item: containers.Container, grace: float) -> float:
        if not grace:
            return 0.0  # there is no time for it
        wanted = _hook_length(item, float("inf"))
        if wanted > grace:
            self._plans.later(item, grace, lambda: self._pod.say(item, "Warning", "FailedPreStopHook", _HOOK_FAILED))
        return min(wanted, grace)

    def _length(self, item: containers.Container, most: float) -> tuple[float, int]:
        if self._is_deaf(item):
            return most, 137
        return min(most, self._chance.uniform(0.3, 0.9)), 0

    def _is_deaf(self, item: containers.Container) -> bool:
        return item.fate.answer("liveness", item.age(self._clock.now())) == "silent"


_HOOK_FAILED = "PreStopHook failed"


def _hook_length(item: containers.Container, grace: float) -> float:
    hook = (item.spec.get("lifecycle") or {}).get("preStop") or {}
    if "sleep" in hook:
        return min(float(hook["sleep"].get("seconds") or 0), grace)
    if "exec" in hook:
        command = hook["exec"].get("command") or []
        return min(shell.pause(command) + 0.1 if shell.knows(command) else 0.1, grace)
    return 0.1 if hook and grace else 0.0
