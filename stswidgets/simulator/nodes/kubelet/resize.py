"""Resources changed in place (`pkg/kubelet/allocation`): allocated if the node has room, then given.

A pod whose new resources do not fit waits, with the condition PodResizePending, until they do; between the allocation
and the container's new limits it is PodResizeInProgress.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from stswidgets.simulator import clock
from stswidgets.simulator.kinds import podsums
from stswidgets.simulator.nodes.kubelet import containers, timers
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

PENDING = "PodResizePending"
IN_PROGRESS = "PodResizeInProgress"
_RESOURCES = (("cpu", quantity.NANO // 1000), ("memory", quantity.NANO))  # in the units that the texts count in
_TAKES = 0.8  # seconds until a container runs with what it was allocated


class Room(Protocol):
    """The node."""

    def room(self, resource: str) -> int:
        """What the node has, in nano units."""

    def used(self, resource: str, *, without: str) -> int:
        """What pods other than this one have, in nano units."""


class Resized(Protocol):
    """The pod."""

    uid: str

    def all(self) -> list[containers.Container]:
        """Its containers."""

    def tell(self, kind: str, reason: str, message: str) -> None:
        """An event about the pod."""

    def write(self) -> None:
        """The status has changed."""

    def restart(self, item: containers.Container, message: str) -> None:
        """Stop a container and start it again."""


class Resizer:
    """Follows the resources that a pod's spec asks for."""

    def __init__(self, pod: Resized, node: Room, plans: timers.Timers, time: clock.Clock) -> None:
        self._pod = pod
        self._node = node
        self._plans = plans
        self._clock = time
        self._conditions: dict[str, Json] = {}
        self._seen: Json = {}
        self._accepted: Json = {}  # the pod as it was when its resources were allocated

    def conditions(self) -> list[Json]:
        """The conditions that tell of a resize."""
        return list(self._conditions.values())

    def allocated(self, resource: str) -> int:
        """What is set aside for the pod, in nano units."""
        return self._sum(lambda item: item.allocated, resource)

    def consider(self, pod: Json) -> None:
        """The pod's spec has changed: allocate what it asks for, or say why not."""
        self._seen = pod
        changed = [item for item in self._pod.all() if item.wanted != item.allocated]
        if not changed:
            if self._conditions.pop(PENDING, None):
                self._pod.write()
            return
        short = self._shortage()
        if short:
            self._wait(*short)
            return
        self._conditions.pop(PENDING, None)
        self._accepted = pod
        self._set(IN_PROGRESS)
        self._pod.tell("Normal", "ResizeStarted", f"Pod resize started: {_summary(pod)}")
        for item in changed:
            item.allocated = item.wanted
        self._pod.write()
        self._plans.after(_TAKES, self._actuate)

    def try_again(self) -> None:
        """Another pod has left."""
        if PENDING in self._conditions:
            self.consider(self._seen)

    def _shortage(self) -> tuple[str, str] | None:
        for resource, unit in _RESOURCES:
            wanted = self._sum(lambda item: item.wanted, resource)
            used, room = self._node.used(resource, without=self._pod.uid), self._node.room(resource)
            if wanted > self.allocated(resource) and wanted + used > room:
                said = f"Node didn't have enough resource: {resource}"
                counts = f"requested: {wanted // unit}, used: {used // unit}, capacity: {room // unit}"
                return f"OutOf{resource}", f"{said}, {counts}"
        return None

    def _sum(self, resources: Callable[[containers.Container], Json], resource: str) -> int:
        """What the pod asks for as a whole if its containers ask for these, in nano units."""
        groups: dict[str, list[Json]] = {"containers": [], "initContainers": []}
        for item in self._pod.all():
            group = groups["containers" if item.role == "main" else "initContainers"]
            group.append({**item.spec, "resources": resources(item)})
        asked = podsums.of({"spec": groups}, "requests").get(resource)
        return asked.nano if asked else 0

    def _wait(self, reason: str, message: str) -> None:
        old = self._conditions.get(PENDING)
        generation = self._seen["metadata"].get("generation", 1)
        self._set(PENDING, "Deferred", message)
        if old is None or old["observedGeneration"] != generation:
            self._pod.tell("Warning", "ResizeDeferred", f"Pod resize {reason}: {_summary(self._seen, message)}")
        self._pod.write()

    def _set(self, kind: str, reason: str = "", message: str = "") -> None:
        now = clock.stamp(self._clock.now())
        old = self._conditions.get(kind)
        texts = {key: text for key, text in (("reason", reason), ("message", message)) if text}
        self._conditions[kind] = {
            "type": kind,
            "status": "True",
            "observedGeneration": self._seen["metadata"].get("generation", 1),
            "lastProbeTime": now,
            "lastTransitionTime": old["lastTransitionTime"] if old and old.get("reason", "") == reason else now,
            **texts,
        }

    def _actuate(self) -> None:
        for item in self._pod.all():
            if item.given == item.allocated or not item.is_running:
                item.given = item.allocated
            elif _needs_restart(item):
                self._pod.restart(item, f"Container {item.name} resize requires restart, will be restarted")
            else:
                item.given = item.allocated
        self.settle()

    def settle(self) -> None:
        """Say that it is done once every container has what it was allocated."""
        if IN_PROGRESS in self._conditions and all(item.given == item.allocated for item in self._pod.all()):
            del self._conditions[IN_PROGRESS]
            self._pod.tell("Normal", "ResizeCompleted", f"Pod resize completed: {_summary(self._accepted)}")
            self._pod.write()


def _summary(pod: Json, error: str = "") -> str:
    spec = pod["spec"]
    found: Json = {
        group: [{"name": item["name"], "resources": item.get("resources") or {}} for item in spec[group]]
        for group in ("initContainers", "containers")
        if spec.get(group)
    }
    found["generation"] = pod["metadata"].get("generation", 1)
    if error:
        found["error"] = error
    return json.dumps(found, separators=(",", ":"))


def _needs_restart(item: containers.Container) -> bool:
    policies = {rule["resourceName"]: rule["restartPolicy"] for rule in item.spec.get("resizePolicy") or ()}
    return any(
        policies.get(resource) == "RestartContainer"
        and any(
            (item.given.get(group) or {}).get(resource) != (item.allocated.get(group) or {}).get(resource)
            for group in ("requests", "limits")
        )
        for resource, _ in _RESOURCES
    )
