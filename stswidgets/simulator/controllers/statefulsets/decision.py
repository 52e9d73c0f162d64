"""What the controller does next for a set: from the set, its pods, claims and two revisions, an ordered list of steps.

Nothing here reads or writes a cluster. The order of the questions is the controller's own
(`pkg/controller/statefulset/stateful_set_control.go`, Kubernetes 1.37 with its default gates), for it decides what a
person sees: scaling before updating, the first unhealthy pod holding up the rest, and the trap in which a broken pod
under OrderedReady is never replaced by a mended template.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec

from stswidgets.simulator.controllers import readiness
from stswidgets.simulator.controllers.statefulsets import identity, retention, revisions

Json = dict[str, Any]
Claims = Callable[[str], Json | None]
Verb = Literal["create", "delete", "update", "claims"]


class Step(msgspec.Struct, frozen=True):
    """One thing to do to one pod.

    `stage` orders what must not start before the stage before it went well; within a stage of a Parallel set, `place`
    says which batch (1, 2, 4, ... pods) the pod falls into, and a batch with a failure is the last.
    """

    verb: Verb
    pod: Json
    stage: int
    place: int


class Counts(msgspec.Struct, frozen=True):
    """The numbers of a set's status."""

    replicas: int = 0
    ready: int = 0
    available: int = 0
    current: int = 0
    updated: int = 0


class Decision(msgspec.Struct, frozen=True):
    """Steps in order, and the counts of the pods as they were before any step."""

    steps: tuple[Step, ...]
    counts: Counts


class Situation(msgspec.Struct, frozen=True):
    """All that a decision looks at."""

    statefulset: Json
    pods: list[Json]
    current: Json
    update: Json
    claims: Claims
    now: datetime

    @property
    def namespace(self) -> str:
        """Where it all is."""
        namespace: str = self.statefulset["metadata"]["namespace"]
        return namespace

    @property
    def ordered(self) -> bool:
        """Whether pods come and go one by one."""
        return bool(self.statefulset["spec"].get("podManagementPolicy", "OrderedReady") != "Parallel")

    @property
    def min_ready(self) -> int:
        """minReadySeconds."""
        seconds: int = self.statefulset["spec"].get("minReadySeconds", 0)
        return seconds

    def available(self, pod: Json) -> bool:
        """Ready for long enough."""
        return readiness.is_available(pod, self.min_ready, self.now)

    def unavailable(self, pod: Json) -> bool:
        """Not available, or on its way out."""
        return not self.available(pod) or is_terminating(pod)


def phase(pod: Json) -> str:
    """A pod's phase; empty for one that is still to be created."""
    found: str = (pod.get("status") or {}).get("phase", "")
    return found


def is_terminating(pod: Json) -> bool:
    """Whether a pod is being deleted."""
    return "deletionTimestamp" in pod["metadata"]


def is_running_and_ready(pod: Json) -> bool:
    """Whether a pod runs and its Ready condition is true."""
    return phase(pod) == "Running" and readiness.is_ready(pod)


def decide(situation: Situation) -> Decision:
    """What to do now."""
    replicas, condemned = _sort(situation)
    # The counts of a sync that ends early are those of all pods; pods without an ordinal count in neither list.
    counts = count(situation, replicas + condemned)
    if "deletionTimestamp" in situation.statefulset["metadata"]:
        return Decision((), count(situation, situation.pods))
    plan = _Plan(situation)
    steps = plan.replicas(replicas) and plan.condemned(replicas, condemned)
    if steps and strategy(situation.statefulset) == "RollingUpdate":
        plan.update(replicas)
    return Decision(tuple(plan.steps), counts)


def strategy(statefulset: Json) -> str:
    """The update strategy's type."""
    found: str = (statefulset["spec"].get("updateStrategy") or {}).get("type", "RollingUpdate")
    return found


def count(situation: Situation, pods: list[Json]) -> Counts:
    """The status counts of some pods."""
    current, update = situation.current["metadata"]["name"], situation.update["metadata"]["name"]
    replicas = ready = available = on_current = updated = 0
    for pod in pods:
        if is_running_and_ready(pod):
            ready += 1
            available += situation.available(pod)
        if phase(pod):
            replicas += 1
            if not is_terminating(pod):
                on_current += identity.revision_of(pod) == current
                updated += identity.revision_of(pod) == update
    return Counts(replicas, ready, available, on_current, updated)


def _sort(situation: Situation) -> tuple[list[Json], list[Json]]:
    """The wanted pods by ordinal, gaps filled with new ones; and those that must go, highest ordinal first."""
    statefulset = situation.statefulset
    start = identity.start_of(statefulset)
    found: dict[int, Json] = {}
    condemned: list[Json] = []
    for pod in situation.pods:
        number = identity.ordinal(pod)
        if identity.in_range(statefulset, number):
            found[number] = pod
        elif number >= 0:
            condemned.append(pod)
    condemned.sort(key=identity.ordinal, reverse=True)
    wanted = range(start, start + identity.replicas_of(statefulset))
    return [found.get(number) or _new_pod(situation, number) for number in wanted], condemned


def _new_pod(situation: Situation, number: int) -> Json:
    """A missing pod, at the revision that its ordinal is due."""
    statefulset = situation.statefulset
    rolling = (statefulset["spec"].get("updateStrategy") or {}).get("rollingUpdate")
    start = identity.start_of(statefulset)
    if rolling is not None:
        keeps = number < start + rolling.get("partition", 0)
    else:
        current = (statefulset.get("status") or {}).get("currentReplicas", 0)
        keeps = strategy(statefulset) == "RollingUpdate" and number < start + current
    revision = situation.current if keeps else situation.update
    template = revisions.template_of(revision)
    return identity.new_pod(statefulset, template, revision["metadata"]["name"], number)


def max_unavailable(statefulset: Json) -> int:
    """How many pods an update may hold unavailable: a number, or a share of the replicas rounded down; at least 1."""
    rolling = (statefulset["spec"].get("updateStrategy") or {}).get("rollingUpdate") or {}
    value = rolling.get("maxUnavailable", 1)
    if isinstance(value, str):
        value = int(value.removesuffix("%")) * identity.replicas_of(statefulset) // 100
    return max(int(value), 1)


REPLICAS, CLAIMS, CONDEMNED, UPDATE = range(4)


class _Plan(msgspec.Struct):
    """Steps as they come up. Each stage's method answers whether the next stage may be looked at."""

    situation: Situation
    steps: list[Step] = []

    def _add(self, verb: Verb, pod: Json, stage: int, place: int = 0) -> None:
        self.steps.append(Step(verb, pod, stage, place))

    def replicas(self, replicas: list[Json]) -> bool:
        """Create what is missing, mend what is there; ordered, stop at the first pod that is not available."""
        ordered = self.situation.ordered
        return all(not (self._replica(pod, place) and ordered) for place, pod in enumerate(replicas))

    def _replica(self, pod: Json, place: int) -> bool:
        """One wanted pod; answers whether an ordered set waits for it."""
        situation = self.situation
        if phase(pod) in ("Failed", "Succeeded"):
            if not is_terminating(pod):
                self._add("delete", pod, REPLICAS, place)
            return True
        if not phase(pod):
            if not self._claim_is_stale(pod):
                self._add("create", pod, REPLICAS, place)
            return True
        if phase(pod) == "Pending" and self._claims_differ(pod, missing=True):
            self._add("claims", pod, REPLICAS, place)
        waits = is_terminating(pod) or not is_running_and_ready(pod) or not situation.available(pod)
        if waits and situation.ordered:
            return True
        if not (
            identity.identity_matches(situation.statefulset, pod)
            and identity.storage_matches(situation.statefulset, pod)
            and not self._claims_differ(pod)
        ):
            self._add("update", pod, REPLICAS, place)
        return False

    def condemned(self, replicas: list[Json], condemned: list[Json]) -> bool:
        """Delete what is too much, from the highest ordinal down; under OrderedReady one at a time."""
        situation = self.situation
        for place, pod in enumerate(condemned):
            if self._claims_differ(pod):
                self._add("claims", pod, CLAIMS, place)
        unhealthy = [pod for pod in replicas if situation.unavailable(pod)]
        unhealthy += [pod for pod in reversed(condemned) if situation.unavailable(pod)]
        first = unhealthy[0] if unhealthy else None
        for place, pod in enumerate(condemned):
            if is_terminating(pod):
                if situation.ordered:
                    return False
                continue
            settled = is_running_and_ready(pod) and situation.available(pod)
            if situation.ordered and not settled and pod is not first:
                return False
            self._add("delete", pod, CONDEMNED, place)
            if situation.ordered:
                return False
        return True

    def update(self, replicas: list[Json]) -> None:
        """Delete pods of other revisions, from the highest ordinal down to the partition, within maxUnavailable."""
        situation = self.situation
        rolling = (situation.statefulset["spec"].get("updateStrategy") or {}).get("rollingUpdate") or {}
        partition = rolling.get("partition", 0)
        wanted = situation.update["metadata"]["name"]
        unavailable = sum(situation.unavailable(pod) for pod in replicas)
        budget = max_unavailable(situation.statefulset) - unavailable
        old = [
            pod
            for pod in reversed(replicas[partition:])
            if identity.revision_of(pod) != wanted and not is_terminating(pod)
        ]
        if situation.ordered:
            chosen = old[: max(budget, 0)]
        else:
            # First what is down anyway, whatever the budget; then, within it, what still serves.
            down = [pod for pod in old if not situation.available(pod)]
            serving = [pod for pod in old if situation.available(pod)]
            chosen = down + serving[: max(budget, 0)]
        for pod in chosen:
            self._add("delete", pod, UPDATE)

    def _claims(self, pod: Json) -> list[Json | None]:
        statefulset = self.situation.statefulset
        number = identity.ordinal(pod)
        return [
            self.situation.claims(identity.claim_name(statefulset, template, number))
            for template in statefulset["spec"].get("volumeClaimTemplates") or []
        ]

    def _claims_differ(self, pod: Json, *, missing: bool = False) -> bool:
        """Whether a claim's owners are not what the policy says, or (asked for) a claim is missing or being deleted."""
        statefulset = self.situation.statefulset
        for claim in self._claims(pod):
            if claim is None:
                if missing:
                    return True
            elif not retention.is_current(claim, statefulset, pod) or (missing and is_terminating(claim)):
                return True
        return False

    def _claim_is_stale(self, pod: Json) -> bool:
        """Whether a claim still belongs to an earlier pod of this name and is about to be collected."""
        if retention.policy_of(self.situation.statefulset)[1] == retention.RETAIN:
            return False
        return any(claim is not None and retention.is_stale(claim, pod) for claim in self._claims(pod))
