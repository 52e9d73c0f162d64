"""Nodes with the pods on them, and what a pod asks of a node, each computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stswidgets.simulator.controllers import owners, readiness
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Amounts = dict[str, int]  # by resource, in nano units
Port = tuple[str, str, int]  # protocol, address ("" for all), number

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_POD_LEVEL = ("cpu", "memory")  # and huge pages: what spec.resources may say for all containers together


@dataclass(slots=True)
class Guest:
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
    for container in (*spec["containers"], *_sidecars(spec)):
        for port in container.get("ports") or ():
            if port.get("hostPort"):
                address = port.get("hostIP") or ""
                yield port.get("protocol", "TCP"), "" if address == "0.0.0.0" else address, port["hostPort"]  # noqa: S104


def _sidecars(spec: Json) -> list[Json]:
    return [item for item in spec.get("initContainers") or () if item.get("restartPolicy") == "Always"]


def collide(one: frozenset[Port], other: frozenset[Port]) -> bool:
    """Whether two pods want the same port of a node; a port of all addresses meets that of each."""
    return any(
        mine[0] == theirs[0] and mine[2] == theirs[2] and (not mine[1] or not theirs[1] or mine[1] == theirs[1])
        for mine in one
        for theirs in other
    )


def requests(pod: Json) -> Amounts:
    """What a pod asks for (component-helpers `resource.PodRequests`), with "pods" as one.

    Its containers and sidecars together, or the largest init container with the sidecars before it, if that is more. A
    resize counts as the most of what is wanted, allocated and given.
    """
    spec, given = pod["spec"], _given(pod)
    total: Amounts = {"pods": quantity.NANO}
    for container in spec["containers"]:
        _add(total, _asks(container, given))
    beside: Amounts = {}
    most: Amounts = {}
    for container in spec.get("initContainers") or ():
        asks = _asks(container, given)
        if container.get("restartPolicy") == "Always":
            _add(total, asks)
            _add(beside, asks)
            asks = dict(beside)
        else:
            _add(asks, beside)
        _raise(most, asks)
    _raise(total, most)
    whole = (spec.get("resources") or {}).get("requests") or {}
    for resource, text in whole.items():
        if resource in _POD_LEVEL or resource.startswith("hugepages-"):
            total[resource] = quantity.parse(text).nano
    _add(total, {resource: quantity.parse(text).nano for resource, text in (spec.get("overhead") or {}).items()})
    return total


def _given(pod: Json) -> Mapping[str, Json]:
    status = pod.get("status") or {}
    reports = [*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ())]
    pending = readiness.condition(pod, "PodResizePending")
    infeasible = pending is not None and pending.get("reason") == "Infeasible"
    return {item["name"]: {**item, "infeasible": infeasible} for item in reports if "resources" in item}


def _asks(container: Json, given: Mapping[str, Json]) -> Amounts:
    report = given.get(container["name"])
    wanted = _amounts((container.get("resources") or {}).get("requests"))
    if report is None:
        return wanted
    held = _amounts(report["resources"].get("requests"))
    _raise(held, _amounts(report.get("allocatedResources")))
    if not report["infeasible"]:
        _raise(held, wanted)
    return held


def _amounts(texts: Mapping[str, str] | None) -> Amounts:
    return {resource: quantity.parse(text).nano for resource, text in (texts or {}).items()}


def _add(total: Amounts, more: Mapping[str, int]) -> None:
    for resource, amount in more.items():
        total[resource] = total.get(resource, 0) + amount


def _raise(total: Amounts, least: Mapping[str, int]) -> None:
    for resource, amount in least.items():
        total[resource] = max(total.get(resource, 0), amount)


@dataclass(slots=True)
class Place:
    """A node and what is on it."""

    node: Json
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: list[Json] = field(default_factory=list)
    is_cordoned: bool = False
    room: Amounts = field(default_factory=dict)  # allocatable
    guests: dict[str, Guest] = field(default_factory=dict)
    used: Amounts = field(default_factory=dict)
    owners: Counter[str] = field(default_factory=Counter)
    guarded: set[str] = field(default_factory=set)  # guests with anti-affinity terms

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
        _add(self.used, new.requests)
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
