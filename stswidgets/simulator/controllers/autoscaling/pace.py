"""How fast a count may change: stabilization windows and scaling policies (`normalizeDesiredReplicas...`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

Json = dict[str, Any]

_DOWN_WINDOW = 300.0
_UP_FACTOR, _UP_LEAST = 2, 4

_WITHIN = ("DesiredWithinRange", "the desired count is within the acceptable range")
_TOO_MANY = ("TooManyReplicas", "the desired replica count is more than the maximum replica count")
_TOO_FEW = ("TooFewReplicas", "the desired replica count is less than the minimum replica count")
_UP_LIMIT = ("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate")
_DOWN_LIMIT = ("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate")
_READY = ("ReadyForNewScale", "recommended size matches current size")
_HIGHEST = "recent recommendations were higher than current one, applying the highest recent recommendation"
_LOWEST = "recent recommendations were lower than current one, applying the lowest recent recommendation"


class Range(msgspec.Struct, frozen=True):
    """The count now, and between what it may be."""

    current: int
    least: int
    most: int


class Decision(msgspec.Struct, frozen=True):
    """The count to go to, and what AbleToScale and ScalingLimited say of it: (reason, message)."""

    replicas: int
    able: tuple[str, str]
    limited: bool
    limit: tuple[str, str]


class Memory(msgspec.Struct):
    """What is remembered of one autoscaler: (seconds since 1970, count), the oldest first."""

    recommendations: list[tuple[float, int]] = []
    ups: list[tuple[float, int]] = []
    downs: list[tuple[float, int]] = []

    def scaled(self, now: float, before: int, after: int, behavior: Json | None) -> None:
        """Note a change, for the policies that limit the next ones."""
        if behavior is None:
            return
        events, rules = (self.ups, behavior["scaleUp"]) if after > before else (self.downs, behavior["scaleDown"])
        longest = max((policy["periodSeconds"] for policy in rules["policies"]), default=0)
        events[:] = [item for item in events if item[0] >= now - longest]
        events.append((now, abs(after - before)))

    def decide(self, now: float, wanted: int, allowed: Range, behavior: Json | None) -> Decision:
        """The count that may be gone to now when the metrics want `wanted`."""
        if behavior is None:
            return self._by_default(now, wanted, allowed)
        return self._by_behavior(now, wanted, allowed, behavior)

    def _by_default(self, now: float, wanted: int, allowed: Range) -> Decision:
        recent = [item for item in self.recommendations if item[0] >= now - _DOWN_WINDOW]
        stable = max([wanted, *(count for _, count in recent)])
        self.recommendations = [*recent, (now, wanted)]
        able = _READY if stable == wanted else ("ScaleDownStabilized", _HIGHEST)
        fastest = max(_UP_FACTOR * allowed.current, _UP_LEAST)
        most, why = (fastest, _UP_LIMIT) if allowed.most > fastest else (allowed.most, _TOO_MANY)
        if stable < allowed.least:
            return Decision(allowed.least, able, True, _TOO_FEW)
        if stable > most:
            return Decision(most, able, True, why)
        return Decision(stable, able, False, _WITHIN)

    def _by_behavior(self, now: float, wanted: int, allowed: Range, behavior: Json) -> Decision:
        up, down = behavior["scaleUp"], behavior["scaleDown"]
        up_window = up.get("stabilizationWindowSeconds", 0)
        down_window = down.get("stabilizationWindowSeconds", _DOWN_WINDOW)
        lowest = min([wanted, *(count for at, count in self.recommendations if at > now - up_window)])
        highest = max([wanted, *(count for at, count in self.recommendations if at > now - down_window)])
        stable = min(max(allowed.current, lowest), highest)
        oldest = now - max(up_window, down_window)
        self.recommendations = [*(item for item in self.recommendations if item[0] >= oldest), (now, wanted)]
        if stable == wanted:
            able = _READY
        elif wanted >= allowed.current:
            able = ("ScaleUpStabilized", _LOWEST)
        else:
            able = ("ScaleDownStabilized", _HIGHEST)
        if stable > allowed.current:
            fastest = max(self._up_limit(now, allowed.current, up), allowed.current)
            most, why = (fastest, _UP_LIMIT) if allowed.most > fastest else (allowed.most, _TOO_MANY)
            if stable > most:
                return Decision(most, able, True, why)
        elif stable < allowed.current:
            fastest = min(self._down_limit(now, allowed.current, down), allowed.current)
            least, why = (fastest, _DOWN_LIMIT) if allowed.least < fastest else (allowed.least, _TOO_FEW)
            if stable < least:
                return Decision(least, able, True, why)
        return Decision(stable, able, False, _WITHIN)

    def _up_limit(self, now: float, current: int, rules: Json) -> int:
        choose = min if rules["selectPolicy"] == "Min" else max

        def grown(start: int, policy: Json) -> int:
            if policy["type"] == "Pods":
                return int(start + policy["value"])
            percent: int = policy["value"]
            return math.ceil(start * (1 + percent / 100))

        return self._limit(now, current, rules, choose, grown)

    def _down_limit(self, now: float, current: int, rules: Json) -> int:
        choose = max if rules["selectPolicy"] == "Min" else min

        def shrunk(start: int, policy: Json) -> int:
            return int(start - policy["value"] if policy["type"] == "Pods" else start * (1 - policy["value"] / 100))

        return self._limit(now, current, rules, choose, shrunk)

    def _limit(
        self, now: float, current: int, rules: Json, choose: Callable[..., int], step: Callable[[int, Json], int]
    ) -> int:
        """What the policies allow, of which each counts from the size at the start of its period."""
        if rules["selectPolicy"] == "Disabled":
            return current
        proposals = []
        for policy in rules["policies"]:
            since = now - policy["periodSeconds"]
            added = sum(count for at, count in self.ups if at > since)
            removed = sum(count for at, count in self.downs if at > since)
            proposals.append(step(current - added + removed, policy))
        limit: int = choose(proposals)
        return limit
