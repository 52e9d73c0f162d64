"""Pulling images, and waiting ever longer after a failure (`pkg/kubelet/images`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from stswidgets.simulator.nodes import fates
from stswidgets.simulator.nodes.kubelet import containers, timers

_BACKS_OFF = 2.0  # seconds from a failed pull until the kubelet looks again


class Puller(Protocol):
    """The pod that pulls."""

    def say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        """An event about a container."""

    def write(self) -> None:
        """The status has changed."""

    def not_pulled(self, item: containers.Container, *, tried: bool) -> None:
        """There is no image; `tried`: a pull has failed."""


class Images:
    """A node's images as one pod needs them."""

    def __init__(self, pod: Puller, present: set[str], plans: timers.Timers) -> None:
        self._pod = pod
        self._present = present
        self._plans = plans

    def pull(self, item: containers.Container, then: Callable[[], None]) -> None:
        """See that the image is there, then call back; try for ever, ever later."""
        image = item.image
        policy = item.spec.get("imagePullPolicy")
        there = image in self._present and item.fate.pulls
        if there and policy != "Always":
            said = f'Container image "{image}" already present on machine and can be accessed by the pod'
            self._pod.say(item, "Normal", "Pulled", said)
            self._plans.later(item, 0.2, then)
            return
        if policy == "Never":
            self._never(item, then)
            return
        self._pod.say(item, "Normal", "Pulling", f'Pulling image "{image}"')
        seconds = item.fate.pull * (0.3 if there else 1.0)
        self._plans.later(item, seconds, lambda: self._pulled(item, seconds, then))

    def _never(self, item: containers.Container, then: Callable[[], None]) -> None:
        why = f'Container image "{item.image}" is not present with pull policy of Never'
        self._pod.say(item, "Warning", "ErrImageNeverPull", why)
        self._pod.say(item, "Warning", "Failed", "Error: ErrImageNeverPull")
        item.wait("ErrImageNeverPull", why)
        self._pod.write()
        self._pod.not_pulled(item, tried=False)
        self._plans.later(item, containers.LAST_BACK_OFF, lambda: self.pull(item, then))

    def _pulled(self, item: containers.Container, seconds: float, then: Callable[[], None]) -> None:
        if not item.fate.pulls:
            self._failed(item, then)
            return
        self._present.add(item.image)
        took = f"{round(seconds * 1000)}ms"
        said = f'Successfully pulled image "{item.image}" in {took} ({took} including waiting).'
        self._pod.say(item, "Normal", "Pulled", f"{said} Image size: {fates.size(item.image)} bytes.")
        then()

    def _failed(self, item: containers.Container, then: Callable[[], None]) -> None:
        error = fates.pull_error(item.image)
        self._pod.say(item, "Warning", "Failed", f'Failed to pull image "{item.image}": {error}')
        self._pod.say(item, "Warning", "Failed", "Error: ErrImagePull")
        item.wait("ErrImagePull", error)
        self._pod.write()
        self._pod.not_pulled(item, tried=True)
        item.back_off = min(max(item.back_off * 2, containers.FIRST_BACK_OFF), containers.LAST_BACK_OFF)
        self._plans.later(item, _BACKS_OFF, lambda: self._backs_off(item, error))
        self._plans.later(item, item.back_off, lambda: self.pull(item, then))

    def _backs_off(self, item: containers.Container, error: str) -> None:
        self._pod.say(item, "Normal", "BackOff", f'Back-off pulling image "{item.image}"')
        self._pod.say(item, "Warning", "Failed", "Error: ImagePullBackOff")
        item.wait("ImagePullBackOff", f'Back-off pulling image "{item.image}": ErrImagePull: {error}')
        self._pod.write()
