"""What a StatefulSet is doing, in words: which ordinal it waits for, and why.

The model is kubectl's `rollout status` and the controller itself (pkg/controller/statefulset/stateful_set_control.go,
1.37); where kubectl counts, this says which pod. Pods are counted by their own revision label, because
status.currentRevision never moves while a partition or OnDelete holds pods back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from stswidgets.domain import blocking, naming, paths, pods
from stswidgets.domain import status as statuses
from stswidgets.domain.pods import Object, Trouble
from stswidgets.domain.sentence import Sentence, say
from stswidgets.domain.status import Phase

State = Literal["ready", "old", "held", "starting", "missing", "stuck", "terminating", "surplus"]

_LOOKS: dict[State, Phase] = {
    "ready": "Running",
    "held": "Running",
    "old": "Waiting",
    "starting": "Updating",
    "missing": "Waiting",
    "stuck": "Stuck",
    "terminating": "Terminating",
    "surplus": "Terminating",
}


@dataclasses.dataclass(frozen=True, slots=True)
class OrdinalState:
    """One ordinal. `revision` is the ControllerRevision of its pod, "" where there is no pod."""

    ordinal: int
    pod: str
    state: State
    revision: str
    is_update_revision: bool
    trouble: Trouble | None = None

    def text(self, lang: str = "en") -> str:
        """What it waits for, or what it is."""
        if self.trouble is not None:
            return self.trouble.sentence.text(lang)
        return say(f"rollout.ordinal.{self.state}").text(lang)


@dataclasses.dataclass(frozen=True, slots=True)
class Rollout:
    """`reason` is Kubernetes' word for what blocks ("ImagePullBackOff"), "" where nothing does. `target` of `desired`
    pods are to run the update revision (a partition holds the others). `trapped` are pods that the controller will
    wait for in vain until somebody deletes them (kubernetes issue 67250).
    """

    phase: Phase
    sentence: Sentence
    desired: int
    ready: int
    updated: int
    target: int
    reason: str = ""
    ordinals: tuple[OrdinalState, ...] = ()
    trapped: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Nothing goes on: all that shall be updated is, and is ready; OnDelete waits for a person."""
        return self.phase in {"Running", "Stopped", "Waiting"}

    def text(self, lang: str = "en") -> str:
        return self.sentence.text(lang)

    def model(self, lang: str = "en", numbers: dict[str, int] | None = None) -> dict[str, Any]:
        """The RolloutModel of docs/architecture.md; `numbers` are revision numbers by the revision's name."""
        look = statuses.shown(self.phase, lang)
        return {
            "phase": self.phase,
            "word": look["word"],
            "shape": look["shape"],
            "tone": look["tone"],
            "sentence": self.text(lang),
            "desired": self.desired,
            "ready": self.ready,
            "updated": self.updated,
            "ordinals": [_ordinal_model(each, lang, numbers or {}) for each in self.ordinals],
            "done": self.is_done,
        }


def _ordinal_model(each: OrdinalState, lang: str, numbers: dict[str, int]) -> dict[str, Any]:
    look = statuses.shown(_LOOKS[each.state], lang)
    return {
        "ordinal": each.ordinal,
        "pod": each.pod,
        "state": each.state,
        "word": say(f"rollout.state.{each.state}").text(lang),
        "shape": look["shape"],
        "tone": look["tone"],
        "revision": numbers.get(each.revision),
        "text": each.text(lang),
    }


@dataclasses.dataclass(frozen=True, slots=True)
class _Set:
    """What the rules read of a StatefulSet."""

    name: str
    desired: int
    start: int
    partition: int
    on_delete: bool
    ordered: bool
    update_revision: str
    told: Object
    min_ready: int

    @property
    def target(self) -> int:
        return self.desired if self.on_delete else max(0, self.desired - self.partition)

    def is_held(self, ordinal: int) -> bool:
        """Whether the partition keeps this ordinal on the old revision; it counts from the first ordinal."""
        return not self.on_delete and ordinal - self.start < self.partition


def _read(sts: Object) -> _Set:
    spec, told = paths.get(sts, ("spec",), {}), paths.get(sts, ("status",), None)
    strategy = paths.get(spec, ("updateStrategy",), None)
    return _Set(
        name=str(paths.get(sts, ("metadata", "name"), "")),
        desired=_count(paths.get(spec, ("replicas",), None), 1),
        start=_count(paths.get(spec, ("ordinals", "start"), None)),
        partition=_count(paths.get(strategy, ("rollingUpdate", "partition"), None)),
        on_delete=paths.get(strategy, ("type",), None) == "OnDelete",
        ordered=paths.get(spec, ("podManagementPolicy",), None) != "Parallel",
        update_revision=str(paths.get(told, ("updateRevision",), None) or ""),
        told=told if isinstance(told, dict) else {},
        min_ready=_count(paths.get(spec, ("minReadySeconds",), None)),
    )


def _count(value: Any, default: int = 0) -> int:
    return value if isinstance(value, int) else default


def status(
    sts: Object,
    found: Iterable[Object],
    claims: Iterable[Object] = (),
    events: Iterable[Object] = (),
    now: datetime | None = None,
) -> Rollout:
    """What the set `sts` with its pods `found` is doing. `events` are its own, its pods' and its claims'; `now` is
    UTC.
    """
    wanted = _read(sts)
    by_ordinal = dict(pods.by_ordinal(found, wanted.name))
    if not by_ordinal and _count(wanted.told.get("replicas")):
        return _by_counts(sts, wanted)
    seen = _Seen(tuple(claims), tuple(events), now)
    states = [_state(wanted, ordinal, by_ordinal.get(ordinal), seen) for ordinal in _ordinals(wanted, by_ordinal)]
    within = [each for each in states if each.state != "surplus" and _is_within(wanted, each.ordinal)]
    fresh = Rollout(
        phase="Running",
        sentence=say("rollout.running", ready=0, desired=0),
        desired=wanted.desired,
        ready=sum(1 for each in within if each.pod and pods.ready(by_ordinal.get(each.ordinal, {}))),
        updated=sum(1 for each in within if each.is_update_revision and each.state != "terminating"),
        target=wanted.target,
        ordinals=tuple(states),
    )
    return dataclasses.replace(fresh, **_verdict(sts, wanted, fresh, within))


def _is_within(wanted: _Set, ordinal: int) -> bool:
    return wanted.start <= ordinal < wanted.start + wanted.desired


class _Seen(NamedTuple):
    """What else is known besides set and pods."""

    claims: tuple[Object, ...]
    events: tuple[Object, ...]
    now: datetime | None


def _ordinals(wanted: _Set, found: Iterable[int]) -> list[int]:
    """All that should be or are there, ascending."""
    return sorted({*range(wanted.start, wanted.start + wanted.desired), *found})


def _state(wanted: _Set, ordinal: int, pod: Object | None, seen: _Seen) -> OrdinalState:
    name = naming.pod_name(wanted.name, ordinal)
    if pod is None:
        failed = blocking.not_created(name, wanted.name, seen.events)
        return OrdinalState(ordinal, name, "stuck" if failed else "missing", "", False, failed)
    revision = pods.revision(pod)
    is_new = revision == wanted.update_revision
    if pods.terminating(pod):
        late = blocking.not_ending(pod, seen.now)
        return OrdinalState(ordinal, name, "stuck" if late else "terminating", revision, is_new, late)
    if not _is_within(wanted, ordinal):
        return OrdinalState(ordinal, name, "surplus", revision, is_new)
    trouble = pods.trouble(pod, seen.events, seen.now)
    if trouble is not None:
        trouble = blocking.claim_pending(pod, trouble, seen.claims, seen.events) or trouble
        return OrdinalState(ordinal, name, "stuck" if trouble.lasting else "starting", revision, is_new, trouble)
    state: State = "ready" if is_new else "held" if wanted.is_held(ordinal) else "old"
    return OrdinalState(ordinal, name, state, revision, is_new)


def _verdict(sts: Object, wanted: _Set, fresh: Rollout, within: list[OrdinalState]) -> dict[str, Any]:
    """Phase and sentence, and what blocks."""
    if paths.get(sts, ("metadata", "deletionTimestamp"), None):
        return _said("Terminating", "rollout.terminating", count=len(fresh.ordinals))
    generation = _count(paths.get(sts, ("metadata", "generation"), None))
    if _count(wanted.told.get("observedGeneration")) < generation:
        return _said("Updating", "rollout.observing")
    if not wanted.desired and not fresh.ordinals:
        return _said("Stopped", "rollout.stopped")
    stuck = next((each for each in within if each.state == "stuck"), None)
    if stuck is not None and stuck.trouble is not None:
        return _blocked(wanted, within, stuck, stuck.trouble)
    surplus = [each for each in fresh.ordinals if each not in within]
    if surplus:
        return _said("Updating", "rollout.scaling_down", pod=surplus[-1].pod, count=len(surplus))
    waiting = [each for each in within if each.state in {"missing", "starting", "terminating"}]
    if waiting:
        return _waits(wanted, fresh, waiting)
    return _settled(wanted, fresh, within)


def _said(phase: Phase, key: str, /, **values: Any) -> dict[str, Any]:
    return {"phase": phase, "sentence": say(key, **values)}


def _blocked(wanted: _Set, within: list[OrdinalState], first: OrdinalState, trouble: Trouble) -> dict[str, Any]:
    trapped = _trapped(wanted, within)
    if trapped and first.pod == trapped[0]:
        sentence = say("rollout.trap", pod=first.pod, why=trouble.sentence)
    else:
        sentence = say("rollout.stuck", pod=first.pod, why=trouble.sentence)
    return {"phase": "Stuck", "reason": trouble.reason, "sentence": sentence, "trapped": trapped}


def _trapped(wanted: _Set, within: list[OrdinalState]) -> tuple[str, ...]:
    """Pods of another revision than the update's that will not become ready: under OrderedReady the controller waits
    for the first such pod and never comes to replace it. A held pod is not meant to be replaced, a finished one is
    made again.
    """
    if not wanted.ordered or wanted.on_delete or not wanted.update_revision:
        return ()
    return tuple(
        each.pod
        for each in within
        if each.state == "stuck" and each.revision and not each.is_update_revision and not wanted.is_held(each.ordinal)
    )


def _waits(wanted: _Set, fresh: Rollout, waiting: list[OrdinalState]) -> dict[str, Any]:
    """Which pod the controller waits for: the first that is not ready when it goes in order."""
    first = waiting[0]
    progress = {"ready": fresh.ready, "desired": wanted.desired, "updated": fresh.updated, "target": wanted.target}
    if not wanted.ordered and len(waiting) > 1:
        names = ", ".join(each.pod for each in waiting[:5]) + (", …" if len(waiting) > 5 else "")
        return _said("Updating", "rollout.waits_many", pods=names, count=len(waiting), **progress)
    if first.state == "missing":
        return _said("Updating", "rollout.waits_missing", pod=first.pod, **progress)
    if first.state == "terminating":
        return _said("Updating", "rollout.waits_terminating", pod=first.pod, **progress)
    why = first.trouble.sentence if first.trouble else say("pods.creating")
    return {**_said("Updating", "rollout.waits", pod=first.pod, why=why, **progress)}


def _settled(wanted: _Set, fresh: Rollout, within: list[OrdinalState]) -> dict[str, Any]:
    """All pods are there and ready."""
    counts = {"ready": fresh.ready, "desired": wanted.desired, "updated": fresh.updated, "target": wanted.target}
    old = [each.pod for each in within if each.state == "old"]
    if old and wanted.on_delete:
        return _said("Waiting", "rollout.waits_for_deletion", pods=", ".join(old), count=len(old))
    if old:
        return _said("Updating", "rollout.next", pod=old[-1], **counts)
    available = wanted.told.get("availableReplicas")
    if wanted.min_ready and isinstance(available, int) and available < wanted.desired:
        return _said("Updating", "rollout.min_ready", seconds=wanted.min_ready, available=available, **counts)
    held = [each.pod for each in within if each.state == "held"]
    if held:
        return _said("Running", "rollout.partition_done", partition=wanted.partition, count=len(held), **counts)
    return _said("Running", "rollout.running", **counts)


def _by_counts(sts: Object, wanted: _Set) -> Rollout:
    """Where the pods are not known (yet): what the set's own status says, as kubectl reads it."""
    told = wanted.told
    ready, updated = _count(told.get("readyReplicas")), _count(told.get("updatedReplicas"))
    counts = {"ready": ready, "desired": wanted.desired, "updated": updated, "target": wanted.target}
    observed = _count(told.get("observedGeneration")) >= _count(paths.get(sts, ("metadata", "generation"), None))
    if paths.get(sts, ("metadata", "deletionTimestamp"), None):
        said = _said("Terminating", "rollout.terminating", count=_count(told.get("replicas")))
    elif not observed:
        said = _said("Updating", "rollout.observing")
    elif ready < wanted.desired or _count(told.get("replicas")) != wanted.desired:
        said = _said("Updating", "rollout.counted_ready", **counts)
    elif wanted.on_delete and updated < wanted.desired:
        said = _said("Waiting", "rollout.counted_deletion", count=wanted.desired - updated)
    elif updated < wanted.target:
        said = _said("Updating", "rollout.counted_updated", **counts)
    else:
        said = _said("Running", "rollout.running", **counts)
    return Rollout(desired=wanted.desired, ready=ready, updated=updated, target=wanted.target, **said)
