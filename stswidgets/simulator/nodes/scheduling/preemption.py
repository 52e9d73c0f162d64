"""Preemption: which pods of lower priority would have to go for one to fit.

Of each node that a pod's leaving could help, as few pods as possible and the least important ones; then the node with
the fewest broken disruption budgets, the least important and fewest victims, and the youngest
(`framework/preemption`, `plugins/defaultpreemption`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from stswidgets.simulator import labelselector, store
from stswidgets.simulator.controllers import readiness
from stswidgets.simulator.kinds import disruptionbudgets
from stswidgets.simulator.nodes.scheduling import filters, places

Json = dict[str, Any]

NO_HELP = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
NEVER = "not eligible due to preemptionPolicy=Never."
WAITING = "not eligible due to a terminating pod on the nominated node."
REASON = "PreemptionByScheduler"
_LOWEST = 2**31  # added to priorities, so that more victims always weigh more


class Candidate(msgspec.Struct, frozen=True):
    """A node and who has to leave it, the most important first; `violations` counts the budgets' objections."""

    node: str
    victims: list[places.Guest]
    violations: int


class Search:
    """Looks for room for a pod that no node takes."""

    def __init__(
        self,
        objects: store.Store,
        guest: places.Guest,
        where: Mapping[str, places.Place],
        refusals: Mapping[str, filters.Refusal],
    ) -> None:
        self._store = objects
        self._guest = guest
        self._where = where
        self._refusals = refusals

    def ineligible(self) -> str:
        """Why the pod may not push others out, or an empty text."""
        pod = self._guest.pod
        if pod["spec"].get("preemptionPolicy") == "Never":
            return NEVER
        nominated = (pod.get("status") or {}).get("nominatedNodeName", "")
        place = self._where.get(nominated)
        if place is None or self._refusals[nominated].final:
            return ""
        lesser = (item for item in place.guests.values() if item.priority < self._guest.priority)
        return WAITING if any(_is_leaving(item) for item in lesser) else ""

    def best(self) -> tuple[Candidate | None, str]:
        """(the node to make room on, or None; then also why not, node by node, in the scheduler's words)."""
        after: Counter[str] = Counter()
        found: list[Candidate] = []
        for name, refusal in self._refusals.items():
            if refusal.final:
                after[NO_HELP] += 1
                continue
            candidate, why = self._on(self._where[name])
            if candidate is not None:
                found.append(candidate)
            after.update(why)
        if found:
            return min(found, key=_cost), ""
        total = len(self._where)
        return None, f"0/{total} nodes are available: {listed(after)}."

    def _on(self, place: places.Place) -> tuple[Candidate | None, tuple[str, ...]]:
        lesser = [item for item in place.guests.values() if item.priority < self._guest.priority]
        if not lesser:
            return None, (NO_VICTIMS,)
        refusal = self._without(place, lesser)
        if refusal is not None:
            return None, refusal.reasons
        lesser.sort(key=lambda item: (-item.priority, item.started))
        violating, harmless = self._by_budget(lesser)
        victims: list[places.Guest] = []
        gone = list(lesser)
        violations = 0
        for item, broken in [*violating, *((item, 0) for item in harmless)]:
            gone.remove(item)
            if self._without(place, gone) is not None:
                gone.append(item)
                victims.append(item)
                violations += broken
        victims.sort(key=lambda item: (-item.priority, item.started))
        return Candidate(place.name, victims, violations), ()

    def _without(self, place: places.Place, gone: Iterable[places.Guest]) -> filters.Refusal | None:
        emptier = place.changed(without=gone)
        attempt = filters.Attempt(self._store, self._guest, {**self._where, place.name: emptier})
        return attempt.refusal(emptier)

    def _by_budget(self, victims: list[places.Guest]) -> tuple[list[tuple[places.Guest, int]], list[places.Guest]]:
        """(those whose leaving breaks budgets, and how many; those whose leaving breaks none)."""
        budgets = [item.obj for item in self._store.list(disruptionbudgets.KIND)]
        left = [(budget.get("status") or {}).get("disruptionsAllowed", 0) for budget in budgets]
        violating: list[tuple[places.Guest, int]] = []
        harmless: list[places.Guest] = []
        for victim in victims:
            broken = 0
            for number, budget in enumerate(budgets):
                if _covers(budget, victim):
                    left[number] -= 1
                    broken += left[number] < 0
            if broken:
                violating.append((victim, broken))
            else:
                harmless.append(victim)
        return violating, harmless


def _covers(budget: Json, victim: places.Guest) -> bool:
    selector = budget["spec"].get("selector")
    if budget["metadata"]["namespace"] != victim.namespace or not selector or not victim.labels:
        return False
    if victim.name in ((budget.get("status") or {}).get("disruptedPods") or {}):
        return False
    return labelselector.matches(selector, victim.labels)


def _cost(candidate: Candidate) -> tuple[Any, ...]:
    victims = candidate.victims
    highest = victims[0].priority
    oldest = min(item.started for item in victims if item.priority == highest)
    return (
        candidate.violations,
        highest,
        sum(item.priority + _LOWEST for item in victims),
        len(victims),
        _Latest(oldest),
        candidate.node,
    )


class _Latest(str):
    """A text that sorts backwards: of two starts the later one first."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def _is_leaving(guest: places.Guest) -> bool:
    target = readiness.condition(guest.pod, "DisruptionTarget")
    return guest.is_ending and target is not None and target["status"] == "True" and target.get("reason") == REASON


def listed(counts: Counter[str]) -> str:
    """Reasons with how many nodes give each, in the order of their texts."""
    return ", ".join(sorted(f"{number} {reason}" for reason, number in counts.items() if number))
