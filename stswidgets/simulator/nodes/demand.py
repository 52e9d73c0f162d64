"""The work that reaches a set, and each ready pod's share of it.

A set has as much work as it was made for: its pods' own curves times the replicas that it was created with. The ready
pods share that, so usage falls when a set is scaled up and rises when pods are missing. The annotation
`simulator.stswidgets.io/load` says otherwise: on a StatefulSet the cores of work that all its pods share, on a pod (or
in the template) those of that pod. Its value is a signal (`signals`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from stswidgets.simulator import clock, store
from stswidgets.simulator.controllers import loop, owners, readiness
from stswidgets.simulator.kinds import statefulsets
from stswidgets.simulator.nodes import signals

Json = dict[str, Any]

LOAD = f"{signals.PREFIX}load"
_IDLE = 0.05  # what a pod that is not ready does of a ready one's work
_MOST = 4.0


class Share(msgspec.Struct, frozen=True):
    """A pod's part of the work: so much of its own curve, or else a signal of cores and when that began."""

    factor: float = 1.0
    signal: signals.Signal | None = None
    began: float = 0.0


WHOLE = Share()
"""The share of a pod that is nobody's: its own curve."""


class Demand:
    """Who has how much to do."""

    def __init__(self, objects: store.Store) -> None:
        self._store = objects
        self._following = loop.Subscriptions(objects)
        self._made_for: dict[str, int] = {}

    def start(self) -> None:
        """Remember what each set was made for, from now on."""
        self._following.follow(statefulsets.KIND, self._changed)

    def stop(self) -> None:
        """Follow the sets no more."""
        self._following.end()

    def _changed(self, event: store.Event) -> None:
        uid = event.obj["metadata"]["uid"]
        if event.type == "DELETED":
            self._made_for.pop(uid, None)
        elif not self._made_for.get(uid):
            self._made_for[uid] = event.obj["spec"].get("replicas", 1)

    def share(self, pod: Json, ready: dict[str, int]) -> Share:
        """A pod's share; `ready` is what `at_work` says of all pods of its set."""
        own = _signal(pod)
        if own is not None:
            return Share(signal=own, began=_began(pod))
        reference = owners.controller_of(pod)
        if reference is None or reference["kind"] != "StatefulSet":
            return WHOLE
        if not _serves(pod):
            return Share(factor=_IDLE)
        uid = reference["uid"]
        together = ready.get(uid, 1)
        stored = self._store.get(statefulsets.KIND, pod["metadata"]["namespace"], reference["name"])
        signal = _signal(stored.obj) if stored is not None else None
        if signal is not None and stored is not None:
            part = signals.Signal(signal.start / together, signal.reach / together, signal.period, wave=signal.wave)
            return Share(signal=part, began=_began(stored.obj))
        return Share(factor=min(self._made_for.get(uid, together) / together, _MOST))


def at_work(pods: Iterable[Json]) -> dict[str, int]:
    """How many pods of each set do its work, by the set's uid."""
    ready: dict[str, int] = {}
    for pod in pods:
        uid = owners.controller_uid(pod)
        if uid and _serves(pod):
            ready[uid] = ready.get(uid, 0) + 1
    return ready


def _serves(pod: Json) -> bool:
    return "deletionTimestamp" not in pod["metadata"] and readiness.is_ready(pod)


def _signal(obj: Json) -> signals.Signal | None:
    text = (obj["metadata"].get("annotations") or {}).get(LOAD)
    return signals.parse(text) if text else None


def _began(obj: Json) -> float:
    return clock.moment(obj["metadata"]["creationTimestamp"]).timestamp()
