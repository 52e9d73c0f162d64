"""Pod affinity and anti-affinity (`interpodaffinity`): beside whom a pod wants to be, and who will have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stswidgets.simulator import labelselector
from stswidgets.simulator.nodes.scheduling import places

Json = dict[str, Any]
Domain = tuple[str, str]  # a topology key and its value
Labels = Callable[[str], Mapping[str, str]]  # a namespace's labels

AFFINITY = "node(s) didn't match pod affinity rules"
ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
OTHERS_ANTI_AFFINITY = "node(s) didn't satisfy existing pods anti-affinity rules"


class Neighbours:
    """What the pods that are placed mean for one that is not."""

    def __init__(self, guest: places.Guest, where: Iterable[places.Place], labels_of: Labels) -> None:
        self._near = places.terms(guest.pod["spec"], "podAffinity")
        self._away = guest.away
        self._with: Counter[Domain] = Counter()
        self._against: list[Counter[Domain]] = [Counter() for _ in self._away]
        self._unwelcome: Counter[Domain] = Counter()
        self._alone = all(selects(term, guest, guest, labels_of) for term in self._near)
        for place in where:
            for uid in place.guarded:
                self._ask(place.guests[uid], place, guest, labels_of)
            if self._near or self._away:
                for other in place.guests.values():
                    self._count(other, place, guest, labels_of)

    def _ask(self, other: places.Guest, place: places.Place, guest: places.Guest, labels_of: Labels) -> None:
        for term in other.away:
            value = place.labels.get(term["topologyKey"])
            if value is not None and selects(term, other, guest, labels_of):
                self._unwelcome[term["topologyKey"], value] += 1

    def _count(self, other: places.Guest, place: places.Place, guest: places.Guest, labels_of: Labels) -> None:
        if self._near and all(selects(term, guest, other, labels_of) for term in self._near):
            for term in self._near:
                value = place.labels.get(term["topologyKey"])
                if value is not None:
                    self._with[term["topologyKey"], value] += 1
        for term, counts in zip(self._away, self._against, strict=True):
            value = place.labels.get(term["topologyKey"])
            if value is not None and selects(term, guest, other, labels_of):
                counts[term["topologyKey"], value] += 1

    def refusal(self, place: places.Place) -> str:
        """Why the pod does not belong on a node; empty if it does."""
        if self._near and not self._is_near(place):
            return AFFINITY
        for term, counts in zip(self._away, self._against, strict=True):
            if counts[term["topologyKey"], place.labels.get(term["topologyKey"], "")]:
                return ANTI_AFFINITY
        if any(place.labels.get(key) == value for key, value in self._unwelcome):
            return OTHERS_ANTI_AFFINITY
        return ""

    def _is_near(self, place: places.Place) -> bool:
        if any(term["topologyKey"] not in place.labels for term in self._near):
            return False
        if all(self._with[term["topologyKey"], place.labels[term["topologyKey"]]] for term in self._near):
            return True
        # The first of a group that wants to be together may go anywhere.
        return not self._with and self._alone


def selects(term: Json, owner: places.Guest, other: places.Guest, labels_of: Labels) -> bool:
    """Whether an affinity term of the pod `owner` means another pod."""
    named = term.get("namespaces") or []
    selector = term.get("namespaceSelector")
    if not named and selector is None:
        named = [owner.namespace]
    if other.namespace not in named and not (
        selector is not None and labelselector.matches(selector, labels_of(other.namespace))
    ):
        return False
    return labelselector.matches(term.get("labelSelector"), other.labels)


def preferences(guest: places.Guest, where: Iterable[places.Place], labels_of: Labels) -> Counter[Domain]:
    """What the pod's preferred terms add to, or take from, each domain."""
    affinity = guest.pod["spec"].get("affinity") or {}
    found: Counter[Domain] = Counter()
    wishes = [
        (sign * item["weight"], item["podAffinityTerm"])
        for kind, sign in (("podAffinity", 1), ("podAntiAffinity", -1))
        for item in (affinity.get(kind) or {}).get(places.PREFERRED) or ()
    ]
    for place in where if wishes else ():
        for weight, term in wishes:
            value = place.labels.get(term["topologyKey"])
            if value is not None:
                there = sum(selects(term, guest, other, labels_of) for other in place.guests.values())
                found[term["topologyKey"], value] += weight * there
    return found
