"""Topology spread constraints (`podtopologyspread`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stswidgets.simulator import labelselector
from stswidgets.simulator.nodes.scheduling import places, selection

Json = dict[str, Any]

SKEWED = "node(s) didn't match pod topology spread constraints"
NO_LABEL = f"{SKEWED} (missing required label)"


class Spread:
    """How evenly the pods of a group are spread, by each constraint of a pod."""

    def __init__(
        self, guest: places.Guest, where: Iterable[places.Place], unsatisfiable: str = "DoNotSchedule"
    ) -> None:
        self._guest = guest
        self.rules: list[Json] = [
            rule
            for rule in guest.pod["spec"].get("topologySpreadConstraints") or ()
            if rule["whenUnsatisfiable"] == unsatisfiable
        ]
        self._counts: list[dict[str, int]] = [{} for _ in self.rules]
        keys = {rule["topologyKey"] for rule in self.rules}
        for place in where if self.rules else ():
            if keys <= place.labels.keys():
                self._count(place)

    def _count(self, place: places.Place) -> None:
        for rule, counts in zip(self.rules, self._counts, strict=True):
            if self._is_included(rule, place):
                value = place.labels[rule["topologyKey"]]
                here = sum(self._belongs(rule, other) for other in place.guests.values())
                counts[value] = counts.get(value, 0) + here

    def _is_included(self, rule: Json, place: places.Place) -> bool:
        pod = self._guest.pod
        if rule.get("nodeAffinityPolicy", "Honor") == "Honor" and not selection.wants(pod["spec"], place.node):
            return False
        return rule.get("nodeTaintsPolicy", "Ignore") == "Ignore" or not selection.untolerated(pod, place.taints)

    def _belongs(self, rule: Json, other: places.Guest) -> bool:
        if other.namespace != self._guest.namespace or other.is_ending:
            return False
        selector = rule.get("labelSelector")
        # An empty selector counts nobody, other than elsewhere.
        return bool(selector and any(selector.values())) and _selects(rule, self._guest.labels, other.labels)

    def refusal(self, place: places.Place) -> tuple[str, bool]:
        """(why the pod would make the spread worse than allowed there, whether no pod's leaving mends that)."""
        for rule, counts in zip(self.rules, self._counts, strict=True):
            value = place.labels.get(rule["topologyKey"])
            if value is None:
                return NO_LABEL, True
            fewest = min(counts.values(), default=2**31 - 1)
            if len(counts) < (rule.get("minDomains") or 1):
                fewest = 0
            own = _selects(rule, self._guest.labels, self._guest.labels)
            if counts.get(value, 0) + own - fewest > rule["maxSkew"]:
                return SKEWED, False
        return "", False

    def count(self, place: places.Place) -> int:
        """How many pods of the group are in the node's domains, over all rules."""
        return sum(
            counts.get(place.labels.get(rule["topologyKey"], ""), 0)
            for rule, counts in zip(self.rules, self._counts, strict=True)
        )


def _selects(rule: Json, own: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    same = [key for key in rule.get("matchLabelKeys") or () if key in own]
    return labelselector.matches(rule.get("labelSelector"), labels) and all(labels.get(key) == own[key] for key in same)
