"""Disruption budgets: how many pods of a set may be evicted now (`pkg/controller/disruption`, Kubernetes 1.37)."""

from __future__ import annotations

import math
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, labelselector, store
from stswidgets.simulator.controllers import loop, owners, readiness, recorder
from stswidgets.simulator.kinds import disruptionbudgets, pods, statefulsets

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-controller-manager")
_GONE_WITHIN = 120.0  # seconds from an eviction until a pod that is still there counts again
_UNMANAGED = (
    "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. As a result, the status of "
    "the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please "
    'set ".spec.minAvailable" field of the PDB to an integer value.'
)


class _NoControllerError(Exception):
    """A pod's controller is none that is known."""


class Disruption:
    """Keeps the status of PodDisruptionBudgets."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._sync, gathers=True)
        self._following = loop.Subscriptions(api.store)
        self._events = recorder.Recorder(api, "controllermanager")

    def start(self) -> None:
        """Begin with the budgets that are there."""
        self._following.follow(disruptionbudgets.KIND, self._budget_changed)
        self._following.follow(pods.KIND, self._pod_changed, replay=False)
        self._following.follow(statefulsets.KIND, self._set_changed, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()

    def _budget_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            self._events.forget(event.obj)
        else:
            self._queue.add((event.new.namespace, event.new.name))

    def _pod_changed(self, event: store.Event) -> None:
        for budget in self._api.store.list(disruptionbudgets.KIND, event.new.namespace):
            if _covers(budget.obj, event.obj):
                self._queue.add((budget.namespace, budget.name))

    def _set_changed(self, event: store.Event) -> None:
        if event.old is None or event.old.obj["spec"] == event.obj["spec"]:
            return
        for budget in self._api.store.list(disruptionbudgets.KIND, event.new.namespace):
            self._queue.add((budget.namespace, budget.name))

    def _sync(self, key: Key) -> None:
        stored = self._api.store.get(disruptionbudgets.KIND, *key)
        if stored is None:
            return
        budget = stored.obj
        covered = [item.obj for item in self._api.store.list(pods.KIND, key[0]) if _covers(budget, item.obj)]
        if not covered:
            self._events.event(budget, "Normal", "NoPods", "No matching pods found")
        try:
            expected, desired = self._wanted(budget, covered)
        except _NoControllerError as error:
            text = f"Failed to calculate the number of expected pods: {error}"
            self._events.event(budget, "Warning", "CalculateExpectedPodCountFailed", text)
            self._fail(budget, str(error))
            return
        present = {pod["metadata"]["name"]: pod for pod in covered if "deletionTimestamp" not in pod["metadata"]}
        disrupted = self._disrupted(key, budget, present)
        healthy = sum(readiness.is_ready(pod) and name not in disrupted for name, pod in present.items())
        allowed = max(healthy - desired, 0) if expected > 0 else 0
        generation = budget["metadata"].get("generation", 1)
        reason = "SufficientPods" if allowed else "InsufficientPods"
        state: Json = {
            "observedGeneration": generation,
            "disruptionsAllowed": allowed,
            "currentHealthy": healthy,
            "desiredHealthy": desired,
            "expectedPods": expected,
            "conditions": [self._condition(budget, allowed=bool(allowed), generation=generation, reason=reason)],
        }
        if disrupted:
            state["disruptedPods"] = disrupted
        self._write(budget, state)

    def _fail(self, budget: Json, why: str) -> None:
        """Nothing may go while it is not known how many there should be."""
        state = budget.get("status") or {}
        condition = self._condition(
            budget, allowed=False, generation=state.get("observedGeneration", 0), reason="SyncFailed", message=why
        )
        self._write(budget, {**state, "disruptionsAllowed": 0, "conditions": [condition]})

    def _write(self, budget: Json, state: Json) -> None:
        if state != budget.get("status"):
            self._api.update(disruptionbudgets.KIND, {**budget, "status": state}, subresource="status", options=OPTIONS)

    def _disrupted(self, key: Key, budget: Json, present: dict[str, Json]) -> Json:
        """Pods that the API server let go and that are not gone yet; they do not count, for two minutes at most."""
        noted = (budget.get("status") or {}).get("disruptedPods") or {}
        now, kept = self._api.clock.now(), {}
        for name, when in noted.items():
            if name not in present:
                continue
            left = _GONE_WITHIN - (now - clock.moment(when)).total_seconds()
            if left > 0:
                kept[name] = when
                self._queue.add_later(key, left)
                continue
            # The namespace twice: that is what Kubernetes says.
            text = f"Pod was expected by PDB {key[0]}/{key[0]} to be deleted but it wasn't"
            self._events.event(present[name], "Warning", "NotDeleted", text)
        return kept

    def _wanted(self, budget: Json, covered: list[Json]) -> tuple[int, int]:
        """(expected pods, how many of them must be healthy)."""
        spec = budget["spec"]
        if "maxUnavailable" in spec:
            expected = self._scale(budget, covered)
            return expected, max(expected - _count(spec["maxUnavailable"], expected), 0)
        if "minAvailable" not in spec:
            return 0, 0
        least = spec["minAvailable"]
        if isinstance(least, int):
            return len(covered), least
        expected = self._scale(budget, covered)
        return expected, _count(least, expected)

    def _scale(self, budget: Json, covered: list[Json]) -> int:
        """The replicas of the sets that the pods belong to."""
        sets: dict[str, int] = {}
        unmanaged = False
        for pod in covered:
            reference = owners.controller_of(pod)
            if reference is None:
                unmanaged = True
                continue
            found = None
            if reference["kind"] == "StatefulSet":
                found = self._api.store.get(statefulsets.KIND, pod["metadata"]["namespace"], reference["name"])
            if found is None or found.obj["metadata"]["uid"] != reference["uid"]:
                raise _NoControllerError(f'found no controllers for pod "{pod["metadata"]["name"]}"')
            sets[reference["uid"]] = found.obj["spec"].get("replicas", 1)
        if unmanaged:
            self._events.event(
                budget, "Warning", "UnmanagedPods", _UNMANAGED.format(labelselector.printed(budget["spec"]["selector"]))
            )
        return sum(sets.values())

    def _condition(self, budget: Json, *, allowed: bool, generation: int, reason: str, message: str = "") -> Json:
        value = "True" if allowed else "False"
        old = readiness.condition(budget, "DisruptionAllowed")
        since = old["lastTransitionTime"] if old and old["status"] == value else clock.stamp(self._api.clock.now())
        return {
            "type": "DisruptionAllowed",
            "status": value,
            "observedGeneration": generation,
            "lastTransitionTime": since,
            "reason": reason,
            "message": message,
        }


def _covers(budget: Json, pod: Json) -> bool:
    return labelselector.matches(budget["spec"].get("selector"), pod["metadata"].get("labels") or {})


def _count(value: Any, of: int) -> int:
    """A number, or a share rounded up."""
    if isinstance(value, str):
        return math.ceil(int(value.removesuffix("%")) * of / 100)
    return int(value)
