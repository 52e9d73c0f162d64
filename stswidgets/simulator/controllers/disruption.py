"""Disruption budgets: how many pods of a set may be evicted now (`pkg/controller/disruption`, Kubernetes 1.37)."""

from __future__ import annotations

import math
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, labelselector, store
from stswidgets.simulator.controllers import loop, owners, readiness
from stswidgets.simulator.kinds import disruptionbudgets, pods, statefulsets

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-controller-manager")


class Disruption:
    """Keeps the status of PodDisruptionBudgets."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._sync)
        self._following = loop.Subscriptions(api.store)

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
        if event.type != "DELETED":
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
        expected, desired = self._wanted(budget, covered)
        present = {pod["metadata"]["name"]: pod for pod in covered if "deletionTimestamp" not in pod["metadata"]}
        # Pods that the API server let go, and that are not gone yet, no longer count.
        noted = (budget.get("status") or {}).get("disruptedPods") or {}
        disrupted = {name: when for name, when in noted.items() if name in present}
        healthy = sum(readiness.is_ready(pod) and name not in disrupted for name, pod in present.items())
        allowed = max(healthy - desired, 0) if expected > 0 else 0
        generation = budget["metadata"].get("generation", 1)
        state: Json = {
            "observedGeneration": generation,
            "disruptionsAllowed": allowed,
            "currentHealthy": healthy,
            "desiredHealthy": desired,
            "expectedPods": expected,
            "conditions": [self._condition(budget, allowed, generation)],
        }
        if disrupted:
            state["disruptedPods"] = disrupted
        if state != budget.get("status"):
            self._api.update(disruptionbudgets.KIND, {**budget, "status": state}, subresource="status", options=OPTIONS)

    def _wanted(self, budget: Json, covered: list[Json]) -> tuple[int, int]:
        """(expected pods, how many of them must be healthy)."""
        spec = budget["spec"]
        if "maxUnavailable" in spec:
            expected = self._scale(covered)
            return expected, max(expected - _count(spec["maxUnavailable"], expected), 0)
        least = spec.get("minAvailable", 0)
        if isinstance(least, int):
            return len(covered), least
        expected = self._scale(covered)
        return expected, _count(least, expected)

    def _scale(self, covered: list[Json]) -> int:
        """The replicas of the sets that the pods belong to."""
        sets: dict[str, int] = {}
        for pod in covered:
            reference = owners.controller_of(pod)
            if reference is None or reference["kind"] != "StatefulSet":
                continue
            found = self._api.store.get(statefulsets.KIND, pod["metadata"]["namespace"], reference["name"])
            if found is not None and found.obj["metadata"]["uid"] == reference["uid"]:
                sets[reference["uid"]] = found.obj["spec"].get("replicas", 1)
        return sum(sets.values())

    def _condition(self, budget: Json, allowed: int, generation: int) -> Json:
        value = "True" if allowed else "False"
        old = readiness.condition(budget, "DisruptionAllowed")
        since = old["lastTransitionTime"] if old and old["status"] == value else clock.stamp(self._api.clock.now())
        return {
            "type": "DisruptionAllowed",
            "status": value,
            "observedGeneration": generation,
            "lastTransitionTime": since,
            "reason": "SufficientPods" if allowed else "InsufficientPods",
            "message": "",
        }


def _covers(budget: Json, pod: Json) -> bool:
    return labelselector.matches(budget["spec"].get("selector"), pod["metadata"].get("labels") or {})


def _count(value: Any, of: int) -> int:
    """A number, or a share rounded up."""
    if isinstance(value, str):
        return math.ceil(int(value.removesuffix("%")) * of / 100)
    return int(value)
