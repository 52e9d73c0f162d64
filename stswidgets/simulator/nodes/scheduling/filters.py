"""One pod tried on every node: the scheduler's filters in their order, of which the first that objects speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from stswidgets.simulator import store
from stswidgets.simulator.kinds import namespaces
from stswidgets.simulator.nodes.scheduling import neighbours, places, selection, spread, storage

Json = dict[str, Any]

UNSCHEDULABLE = "node(s) were unschedulable"
TAINTED = "node(s) had untolerated taint(s)"
AFFINITY = "node(s) didn't match Pod's node affinity/selector"
NOT_NAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]"
CONFLICT = "pod affinity terms conflict"
NODES_OWN = (UNSCHEDULABLE, TAINTED, AFFINITY, NOT_NAMED)  # no other pod has to do with these
PORTS = "node(s) didn't have free ports for the requested pod ports"


class Refusal(msgspec.Struct, frozen=True):
    """Why a node will not do; `final` if no pod's leaving changes that."""

    reasons: tuple[str, ...]
    final: bool


class Attempt:
    """A pod that looks for a node among `where`."""

    def __init__(self, objects: store.Store, guest: places.Guest, where: Mapping[str, places.Place]) -> None:
        self._store = objects
        self._guest = guest
        self._spec = guest.pod["spec"]
        self._named = selection.named(self._spec)
        self._is_choosy = bool(self._spec.get("nodeSelector") or (self._spec.get("affinity") or {}).get("nodeAffinity"))
        self.storage = storage.Storage(objects, guest)
        self._is_taken = self.storage.is_taken(where.values())
        self.see(where)

    def see(self, where: Mapping[str, places.Place]) -> None:
        """The nodes have become others: with pods less, or more."""
        self._spread = spread.Spread(self._guest, where.values())
        self._neighbours = neighbours.Neighbours(self._guest, where.values(), self._labels_of)

    def _labels_of(self, namespace: str) -> Mapping[str, str]:
        return labels_of(self._store, namespace)

    def problem(self) -> str:
        """Why no node will ever do, before any is looked at; empty if some may."""
        if self._named is not None and not self._named:
            return CONFLICT
        return self.storage.problem

    def refusal(self, place: places.Place) -> Refusal | None:
        """Why a node will not do, or None if it will."""
        guest = self._guest
        if self._named is not None and place.name not in self._named:
            return Refusal((NOT_NAMED,), final=True)
        if place.is_cordoned and not selection.tolerates(guest.pod, selection.CORDON):
            return Refusal((UNSCHEDULABLE,), final=True)
        if place.taints and selection.untolerated(guest.pod, place.taints):
            return Refusal((TAINTED,), final=True)
        if self._is_choosy and not selection.wants(self._spec, place.node):
            return Refusal((AFFINITY,), final=True)
        if guest.ports and any(places.collide(guest.ports, other.ports) for other in place.guests.values()):
            return Refusal((PORTS,), final=False)
        return self._shortage(place) or self._storage(place) or self._company(place)

    def _shortage(self, place: places.Place) -> Refusal | None:
        room, used = place.room, place.used
        short = [
            resource
            for resource, amount in self._guest.requests.items()
            if amount and amount > room.get(resource, 0) - used.get(resource, 0)
        ]
        if not short:
            return None
        final = any(self._guest.requests[resource] > room.get(resource, 0) for resource in short if resource != "pods")
        return Refusal(tuple(map(_shortage, short)), final)

    def _storage(self, place: places.Place) -> Refusal | None:
        if self._is_taken:
            return Refusal((storage.IN_USE,), final=False)
        why = self.storage.refusal(place)
        return Refusal((why,), final=True) if why else None

    def _company(self, place: places.Place) -> Refusal | None:
        why, final = self._spread.refusal(place)
        if not why:
            why = self._neighbours.refusal(place)
            final = why == neighbours.AFFINITY
        return Refusal((why,), final) if why else None


def labels_of(objects: store.Store, namespace: str) -> Mapping[str, str]:
    """A namespace's labels."""
    found = objects.get(namespaces.KIND, None, namespace)
    labels: Mapping[str, str] = (found.obj["metadata"].get("labels") or {}) if found else {}
    return labels


def _shortage(resource: str) -> str:
    return "Too many pods" if resource == "pods" else f"Insufficient {resource}"
