"""From an image that is there to a container that runs: its environment, its creation, its postStart hook.

Rules of `pkg/kubelet/kuberuntime` (startContainer, Kubernetes 1.37). While a hook runs, the kubelet's worker is busy
with it: the container is not said to run, those after it do not begin, and the pod's end waits.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Protocol

from stswidgets.simulator import clock
from stswidgets.simulator.nodes import environment
from stswidgets.simulator.nodes.kubelet import backoff, containers, ending, hooks, node, timers

Json = dict[str, Any]

NOT_CONFIGURED = "CreateContainerConfigError"
HOOK_FAILED = "PostStartHookError"
_SEES = 1.0  # seconds until the kubelet sees that the sandbox is there, and looks at the pod again
_AGAIN = (10.0, 15.0)


class Starting(Protocol):
    """The pod whose containers start."""

    about: str
    ip: str
    chance: random.Random

    def stored(self) -> Json | None:
        """The pod as it is in the API."""

    def say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        """An event about a container."""

    def write(self) -> None:
        """The status has changed."""

    def pull(self, item: containers.Container) -> None:
        """Begin with the container's image again."""

    def tried(self, item: containers.Container) -> None:
        """The kubelet is done with the container for now: those after it may begin."""

    def runs(self, item: containers.Container) -> None:
        """The container runs, and is said to."""

    def unhooked(self, item: containers.Container, code: int, message: str) -> None:
        """The container has been stopped because its hook failed."""


class Starter:
    """Starts a pod's containers."""

    def __init__(
        self, pod: Starting, on: node.Node, plans: timers.Timers, stopper: ending.Stopper, back_off: backoff.BackOff
    ) -> None:
        self._pod = pod
        self._node = on
        self._clock = on.api.clock
        self._plans = plans
        self._stopper = stopper
        self._back_off = back_off

    def start(self, item: containers.Container, grace: Callable[[], float]) -> None:
        """Create and start a container whose image is there; `grace` is asked if it must be stopped at once."""
        if environment.refers(item.spec) and not self._configure(item):
            return
        if item.is_root:
            why = f'(pod: "{self._pod.about}", container: {item.name})'
            self._wait(item, f"container's runAsUser breaks non-root policy {why}")
            return
        now = self._clock.now()
        self._pod.say(item, "Normal", "Created", "Container created")
        self._pod.say(item, "Normal", "Started", "Container started")
        item.begin(now)
        hook, pod = hooks.post_start(item), None
        if hook is not None:
            pod = self._pod.stored()
        if hook is None or pod is None:
            self._pod.runs(item)
            return
        item.in_hook = True
        variables = item.environment if item.environment is not None else self._variables(pod, item, lenient=True)
        scene = hooks.Scene(pod, self._pod.about, self._pod.ip, clock.stamp(now), variables)
        outcome = hooks.outcome(hook, item, scene)
        self._plans.later(item, outcome.seconds, lambda: self._hooked(item, outcome, grace()))

    def _variables(self, pod: Json, item: containers.Container, *, lenient: bool = False) -> dict[str, str]:
        return environment.Environment(self._node.api.store, pod, ip=self._pod.ip, lenient=lenient).of(item.spec)

    def _configure(self, item: containers.Container) -> bool:
        """Make the environment; False if something is missing, and the container waits for it."""
        pod = self._pod.stored()
        if pod is None:
            return False
        try:
            item.environment = self._variables(pod, item)
        except environment.MissingError as error:
            self._wait(item, str(error))
            return False
        item.fate = containers.fate(pod, item.spec, item.role, clock.stamp(self._clock.now()), item.environment)
        return True

    def _wait(self, item: containers.Container, why: str) -> None:
        waited = (item.state.get("waiting") or {}).get("reason") == NOT_CONFIGURED
        self._pod.say(item, "Warning", "Failed", f"Error: {why}")
        item.wait(NOT_CONFIGURED, why)
        self._pod.write()
        self._pod.tried(item)
        if item.has_run:  # it has ended before, so the wait is the one of a crash
            self._back_off.after(item, item.longer_back_off())
        else:
            wait = self._pod.chance.uniform(*_AGAIN) if waited else _SEES
            self._plans.later(item, wait, lambda: self._pod.pull(item))

    def _hooked(self, item: containers.Container, outcome: hooks.Outcome, grace: float) -> None:
        if not outcome.wrong:
            self._pod.runs(item)
            return
        self._pod.say(item, "Warning", "FailedPostStartHook", "PostStartHook failed")

        def stopped(code: int) -> None:
            item.run(self._clock.now())
            self._pod.unhooked(item, code, outcome.wrong)

        self._stopper.one(item, grace, "FailedPostStartHook", stopped)
