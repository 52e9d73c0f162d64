"""Looks at each autoscaler every 15 seconds and scales its target (`horizontal.go`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, labelselector, status, store
from stswidgets.simulator.controllers import loop, recorder
from stswidgets.simulator.controllers.autoscaling import conditions, metrics, pace
from stswidgets.simulator.kinds import autoscalers, kind, pods, registry

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-controller-manager")
EVERY = 15.0
"""Seconds between two looks at an autoscaler (`--horizontal-pod-autoscaler-sync-period`)."""

_ELSEWHERE = {
    ("", "ReplicationController"): "replicationcontrollers",
    ("apps", "Deployment"): "deployments.apps",
    ("apps", "ReplicaSet"): "replicasets.apps",
}
"""What every cluster can scale and the simulator does not serve: of these there is never one."""


class Usage(Protocol):
    """Where readings come from."""

    def pods(self, namespace: str, /) -> list[Json]:
        """PodMetrics of a namespace."""


class _StopError(Exception):
    """An autoscaler can do nothing now; its conditions say why. `event` is (reason, message) of what is said then."""

    def __init__(self, event: tuple[str, str], measured: Sequence[Json] | None = None) -> None:
        super().__init__(event)
        self.event = event
        self.measured = measured


class Autoscalers:
    """Scales what autoscalers point to."""

    def __init__(self, api: apis.Api, usage: Usage) -> None:
        self._api = api
        self._usage = usage
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._sync)
        self._following = loop.Subscriptions(api.store)
        self._events = recorder.Recorder(api, "horizontal-pod-autoscaler")
        self._memories: dict[Key, pace.Memory] = {}
        self._selectors: dict[Key, Json] = {}

    def start(self) -> None:
        """Begin with the autoscalers that are there."""
        self._following.follow(autoscalers.KIND, self._changed)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()

    def _changed(self, event: store.Event) -> None:
        key = (event.new.namespace, event.new.name)
        if event.type == "DELETED":
            self._memories.pop(key, None)
            self._selectors.pop(key, None)
            self._events.forget(event.obj)
        elif event.old is None or event.old.obj["metadata"]["generation"] != event.obj["metadata"]["generation"]:
            self._queue.add(key)

    def _sync(self, key: Key) -> None:
        stored = self._api.store.get(autoscalers.KIND, *key)
        if stored is None:
            return
        self._queue.add_later(key, EVERY)
        autoscaler = stored.copy()
        state: Json = autoscaler.setdefault("status", {})
        said: list[Json] = state.setdefault("conditions", [])
        try:
            self._reconcile(key, autoscaler, said)
        except _StopError as stopped:
            if stopped.measured is not None:
                self._measured(autoscaler, stopped.measured)
            self._write(stored.obj, autoscaler)
            self._events.event(autoscaler, "Warning", *stopped.event)
            return
        self._write(stored.obj, autoscaler)

    def _write(self, old: Json, new: Json) -> None:
        if not new["status"].get("conditions"):
            new["status"].pop("conditions", None)
        if new["status"] != old.get("status"):
            self._api.update(autoscalers.KIND, new, subresource="status", options=OPTIONS)

    def _measured(self, autoscaler: Json, measured: Sequence[Json]) -> None:
        state = autoscaler["status"]
        state["observedGeneration"] = autoscaler["metadata"]["generation"]
        state["currentMetrics"] = list(measured) or None  # the API shows that there are none

    def _reconcile(self, key: Key, autoscaler: Json, said: list[Json]) -> None:
        spec, state, moment = autoscaler["spec"], autoscaler["status"], self._api.clock.now()
        now = clock.stamp(moment)
        of, scale = self._target(autoscaler, said, now)
        text = "the HPA controller was able to get the target's current scale"
        conditions.put(said, "AbleToScale", "SucceededGetScale", text, now)
        current = scale["spec"].get("replicas", 0)
        memory = self._memories.get(key)
        if memory is None:
            memory = self._memories[key] = pace.Memory([(moment.timestamp(), current)])
        allowed = pace.Range(current, spec.get("minReplicas", 1), spec["maxReplicas"])
        desired, why = current, ""
        measured: list[Json] = []
        if current:
            state["currentReplicas"] = current
        else:
            state.pop("currentReplicas", None)
        if current == 0 and not self._may_wake(autoscaler, said):
            text = "scaling is disabled since the replica count of the target is zero"
            conditions.put(said, "ScalingActive", "ScalingDisabled", text, now, good=False)
        elif current > allowed.most:
            desired, why = allowed.most, "Current number of replicas above Spec.MaxReplicas"
        elif 0 < current < allowed.least:
            desired, why = allowed.least, "Current number of replicas below Spec.MinReplicas"
        else:
            wanted, name, measured = self._compute(key, autoscaler, scale, said)
            if wanted > current:
                why = f"{name} above target"
            elif wanted < current:
                why = "All metrics below target"
            decided = memory.decide(moment.timestamp(), wanted, allowed, spec.get("behavior"))
            conditions.put(said, "AbleToScale", *decided.able, now)
            conditions.put(said, "ScalingLimited", *decided.limit, now, good=decided.limited)
            desired = decided.replicas
        if desired != current:
            self._rescale(autoscaler, of, desired, why, measured)
            memory.scaled(moment.timestamp(), current, desired, spec.get("behavior"))
            state["lastScaleTime"] = now
        state["desiredReplicas"] = desired
        self._measured(autoscaler, measured)

    def _target(self, autoscaler: Json, said: list[Json], now: str) -> tuple[kind.Kind, Json]:
        """The kind of the target and its scale."""
        wanted = autoscaler["spec"]["scaleTargetRef"]
        group, _, _ = (wanted.get("apiVersion") or "").rpartition("/")
        known = [item for item in registry.REGISTRY.kinds if (item.group, item.kind) == (group, wanted["kind"])]
        fitting = [item for item in known if "scale" in item.subresources]
        try:
            if not fitting:
                raise status.ApiError(404, "", _without_scale(group, wanted, known=bool(known)))
            return fitting[0], self._api.scale(fitting[0], autoscaler["metadata"]["namespace"], wanted["name"])
        except status.ApiError as error:
            text = f"the HPA controller was unable to get the target's current scale: {error.message}"
            conditions.put(said, "AbleToScale", "FailedGetScale", text, now, good=False)
            raise _StopError(("FailedGetScale", error.message)) from error

    def _may_wake(self, autoscaler: Json, said: list[Json]) -> bool:
        """Whether it was an autoscaler that put its target to sleep: only then may it wake it."""
        asleep = conditions.find(said, "ScaledToZero")
        if asleep is None or asleep["status"] != "True":
            return False
        spec = autoscaler["spec"]
        return bool(spec.get("minReplicas", 1) != 0 or metrics.reach_outside(spec["metrics"]))

    def _rescale(self, autoscaler: Json, of: kind.Kind, desired: int, why: str, measured: Sequence[Json]) -> None:
        said, now = autoscaler["status"]["conditions"], clock.stamp(self._api.clock.now())
        namespace, name = autoscaler["metadata"]["namespace"], autoscaler["spec"]["scaleTargetRef"]["name"]
        current = autoscaler["status"].get("currentReplicas", 0)
        try:
            self._api.set_scale(of, namespace, name, {"spec": {"replicas": desired}}, options=OPTIONS)
        except status.ApiError as error:
            text = f"the HPA controller was unable to update the target scale: {error.message}"
            conditions.put(said, "AbleToScale", "FailedUpdateScale", text, now, good=False)
            failed = f"New size: {desired}; reason: {why}; error: {error.message}"
            raise _StopError(("FailedRescale", failed), measured) from error
        text = f"the HPA controller was able to update the target scale to {desired}"
        conditions.put(said, "AbleToScale", "SucceededRescale", text, now)
        self._events.event(autoscaler, "Normal", "SuccessfulRescale", f"New size: {desired}; reason: {why}")
        if current > 0 == desired and metrics.reach_outside(autoscaler["spec"]["metrics"]):
            text = "the HPA controller scaled the workload to zero"
            conditions.put(said, "ScaledToZero", "ScaledToZero", text, now)
        else:
            text = "the HPA controller did not scale the workload to zero"
            conditions.put(said, "ScaledToZero", "NotScaledToZero", text, now, good=False)

    def _compute(self, key: Key, autoscaler: Json, scale: Json, said: list[Json]) -> tuple[int, str, list[Json]]:
        """(the largest count that a metric asks for, that metric's name, what was measured)."""
        now, spec = self._api.clock.now(), autoscaler["spec"]
        covered = self._pods(key, autoscaler, scale, said)
        namespace = autoscaler["metadata"]["namespace"]
        names = {pod["metadata"]["name"] for pod in covered}
        readings = [item for item in self._usage.pods(namespace) if item["metadata"]["name"] in names]
        current = scale["spec"].get("replicas", 0)
        measure = metrics.Measure(namespace, current, metrics.tolerances(spec.get("behavior")), readings, covered, now)
        replicas, best, failed = 0, "", []
        measured: list[Json] = []
        for metric in spec["metrics"]:
            try:
                found = metrics.compute(metric, measure)
            except metrics.FailedError as error:
                self._events.event(autoscaler, "Warning", error.reason, error.why)
                failed.append(error)
                measured.append({"type": ""})
                continue
            measured.append(found.measured)
            if replicas == 0 or found.replicas > replicas:
                replicas, best = found.replicas, found.name
        if failed and (len(failed) == len(spec["metrics"]) or replicas < current):
            text = f"the HPA was unable to compute the replica count: {failed[0].why}"
            conditions.put(said, "ScalingActive", failed[0].reason, text, clock.stamp(now), good=False)
            counted = f"({len(failed)} invalid out of {len(spec['metrics'])})"
            text = f"invalid metrics {counted}, first error is: {failed[0]}"
            raise _StopError(("FailedComputeMetricsReplicas", text), measured)
        text = f"the HPA was able to successfully calculate a replica count from {best}"
        conditions.put(said, "ScalingActive", "ValidMetricFound", text, clock.stamp(now))
        return replicas, best, measured

    def _pods(self, key: Key, autoscaler: Json, scale: Json, said: list[Json]) -> list[Json]:
        """The pods of the target. They may be no other autoscaler's."""
        now, namespace = clock.stamp(self._api.clock.now()), autoscaler["metadata"]["namespace"]
        of, name = autoscaler["spec"]["scaleTargetRef"]["kind"], autoscaler["spec"]["scaleTargetRef"]["name"]
        group = autoscaler["spec"]["scaleTargetRef"]["apiVersion"].rpartition("/")[0]
        target = next(item for item in registry.REGISTRY.kinds if (item.group, item.kind) == (group, of))
        selector: Json = self._api.read(target, namespace, name).obj["spec"].get("selector") or {}
        self._selectors[key] = selector
        all_pods = [item.obj for item in self._api.store.list(pods.KIND, namespace)]
        covered = [pod for pod in all_pods if _selects(selector, pod)]
        rivals = [
            other
            for other, theirs in self._selectors.items()
            if other[0] == namespace and (other == key or any(_selects(theirs, pod) for pod in covered))
        ]
        if len(rivals) > 1:
            listed = " ".join("/".join(item) for item in sorted(rivals, key=lambda item: (item != key, item))[:2])
            text = (
                f"pods by selector {scale['status']['selector']} are controlled by more than one HPA (e.g. [{listed}])"
            )
            self._events.event(autoscaler, "Warning", "AmbiguousSelector", text)
            conditions.put(said, "ScalingActive", "AmbiguousSelector", text, now, good=False)
            raise _StopError(("FailedComputeMetricsReplicas", text), [])
        return covered


def _without_scale(group: str, wanted: Json, *, known: bool) -> str:
    """Why a target has no scale."""
    elsewhere = _ELSEWHERE.get((group, wanted["kind"]))
    if elsewhere:
        return f'{elsewhere} "{wanted["name"]}" not found'
    if known:
        return "the server could not find the requested resource"
    return f'no matches for kind "{wanted["kind"]}" in group "{group}"'


def _selects(selector: Json, pod: Json) -> bool:
    return labelselector.matches(selector, pod["metadata"].get("labels") or {})
