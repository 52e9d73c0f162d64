"""Nodes with the pods on them, and what a pod asks of a node, each computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from stswidgets.simulator.controllers import owners
from stswidgets.simulator.kinds import podsums
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Amounts = dict[str, int]  # by resource, in nano units
Port = tuple[str, str, int]  # protocol, address ("" for all), number

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


class Guest(msgspec.Struct):
    """A pod as the scheduler sees it."""

    pod: Json
    uid: str
    namespace: str
    labels: Mapping[str, str]
    requests: Amounts
    ports: frozenset[Port]
    priority: int
    owner: str
    away: list[Json]  # the required anti-affinity terms

    @property
    def name(self) -> str:
        """The pod's name."""
        name: str = self.pod["metadata"]["name"]
        return name

    @property
    def is_ending(self) -> bool:
        """Whether the pod is being deleted."""
        return "deletionTimestamp" in self.pod["metadata"]

    @property
    def started(self) -> str:
        """When the pod began, as written; a pod that has not is later than all that have."""
        started: str = (self.pod.get("status") or {}).get("startTime") or "9999"
        return started


def guest(pod: Json) -> Guest:
    """Read a pod once for many nodes."""
    metadata, spec = pod["metadata"], pod["spec"]
    return Guest(
        pod=pod,
        uid=metadata["uid"],
        namespace=metadata["namespace"],
        labels=metadata.get("labels") or {},
        requests=requests(pod),
        ports=frozenset(_ports(spec)),
        priority=spec.get("priority") or 0,
        owner=owners.controller_uid(pod),
        away=terms(spec, "podAntiAffinity"),
    )


def terms(spec: Json, kind: str) -> list[Json]:
    """The required terms of `podAffinity` or `podAntiAffinity`."""
    found: list[Json] = ((spec.get("affinity") or {}).get(kind) or {}).get(REQUIRED) or []
    return found


def _ports(spec: Json) -> Iterable[Port]:
    for container in podsums.lasting(spec):
        for port in container.get("ports") or ():
            if port.get("hostPort"):
                address = port.get("hostIP") or ""
                yield port.get("protocol", "TCP"), "" if address == "0.0.0.0" else address, port["hostPort"]  # noqa: S104


def collide(one: frozenset[Port], other: frozenset[Port]) -> bool:
    """Whether two pods want the same port of a node; a port of all addresses meets that of each."""
    return any(
        mine[0] == theirs[0] and mine[2] == theirs[2] and (not mine[1] or not theirs[1] or mine[1] == theirs[1])
        for mine in one
        for theirs in other
    )


def requests(pod: Json) -> Amounts:
    """What a pod asks for, with "pods" as one."""
    asked = podsums.of(pod, "requests", podsums.SCHEDULER)
    return {"pods": quantity.NANO, **{resource: amount.nano for resource, amount in asked.items()}}


def _amounts(texts: Mapping[str, str] | None) -> Amounts:
    return {resource: quantity.parse(text).nano for resource, text in (texts or {}).items()}


class Place(msgspec.Struct):
    """A node and what is on it."""

    node: Json
    name: str = ""
    labels: Mapping[str, str] = {}
    taints: list[Json] = []
    is_cordoned: bool = False
    room: Amounts = {}  # allocatable
    guests: dict[str, Guest] = {}
    used: Amounts = {}
    owners: Counter[str] = msgspec.field(default_factory=Counter)
    guarded: set[str] = msgspec.field(default_factory=set)  # guests with anti-affinity terms

    def __post_init__(self) -> None:
        self.see(self.node)

    def see(self, node: Json) -> None:
        """The node has changed."""
        self.node = node
        spec = node.get("spec") or {}
        self.name = node["metadata"]["name"]
        self.labels = node["metadata"].get("labels") or {}
        self.taints = spec.get("taints") or []
        self.is_cordoned = bool(spec.get("unschedulable"))
        self.room = _amounts((node.get("status") or {}).get("allocatable"))

    def add(self, new: Guest) -> None:
        """A pod is placed here, or has changed."""
        self.remove(new.uid)
        for resource, amount in new.requests.items():
            self.used[resource] = self.used.get(resource, 0) + amount
        self.guests[new.uid] = new
        self.owners[new.owner] += 1
        if new.away:
            self.guarded.add(new.uid)

    def remove(self, uid: str) -> bool:
        """A pod has left; False if it was not here."""
        old = self.guests.pop(uid, None)
        if old is None:
            return False
        for resource, amount in old.requests.items():
            self.used[resource] -= amount
        self.owners[old.owner] -= 1
        if not self.owners[old.owner]:
            del self.owners[old.owner]
        self.guarded.discard(uid)
        return True

    def changed(self, *, without: Iterable[Guest] = (), plus: Iterable[Guest] = ()) -> Place:
        """A copy with fewer or more pods, to try things on."""
        copy = Place(self.node, guests=dict(self.guests), used=dict(self.used))
        copy.owners, copy.guarded = Counter(self.owners), set(self.guarded)
        for gone in without:
            copy.remove(gone.uid)
        for new in plus:
            copy.add(new)
        return copy
