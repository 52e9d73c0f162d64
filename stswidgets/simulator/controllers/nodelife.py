"""Node life: what becomes of a node that no longer answers, and of its pods.

Rules of `pkg/controller/nodelifecycle` and `pkg/controller/tainteviction` (Kubernetes 1.37): 50 seconds of silence make
a node NotReady, its pods not ready, and taint it; pods go when their toleration ends, 300 seconds later by default.
They stay Terminating until the node is back, for nobody is there to end them. A node that is cordoned, or tells of
something wrong, is tainted so that no more pods come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status, store
from stswidgets.simulator.controllers import loop, readiness, recorder
from stswidgets.simulator.kinds import nodes, pods
from stswidgets.simulator.kinds import taints as taint_rules

Json = dict[str, Any]

OPTIONS = apis.Options(manager="kube-controller-manager")
GRACE = 50.0
UNREACHABLE = "node.kubernetes.io/unreachable"
_TAINTS = {
    ("Ready", "False"): "node.kubernetes.io/not-ready",
    ("Ready", "Unknown"): UNREACHABLE,
    ("MemoryPressure", "True"): "node.kubernetes.io/memory-pressure",
    ("DiskPressure", "True"): "node.kubernetes.io/disk-pressure",
    ("NetworkUnavailable", "True"): "node.kubernetes.io/network-unavailable",
    ("PIDPressure", "True"): "node.kubernetes.io/pid-pressure",
}
"""What keeps pods away from a node, by its conditions."""
_UNKNOWN = "Kubelet stopped posting node status."
_OK = {
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status"),
}


class Kubelets(Protocol):
    """Who tells whether a node answers."""

    def watch(self, told: Callable[[str, bool], None]) -> None:
        """Call `told(node, answers)` when a node falls silent or speaks again."""


class NodeLife:
    """Marks nodes, and evicts pods that do not tolerate their node's taints for longer."""

    def __init__(self, api: apis.Api, kubelets: Kubelets) -> None:
        self._api = api
        self._following = loop.Subscriptions(api.store)
        self._events = recorder.Recorder(api, "node-controller")
        self._evictions = recorder.Recorder(api, "taint-eviction-controller")
        self._silent: dict[str, clock.Cancel] = {}
        self._doomed: dict[str, clock.Cancel] = {}  # pods, by uid
        kubelets.watch(self._told)

    def start(self) -> None:
        """Follow taints and pods."""
        self._following.follow(nodes.KIND, self._node_changed)
        self._following.follow(pods.KIND, self._pod_changed)

    def stop(self) -> None:
        """End."""
        self._following.end()
        for cancel in (*self._silent.values(), *self._doomed.values()):
            cancel()

    def _told(self, name: str, answers: bool) -> None:
        cancel = self._silent.pop(name, None)
        if cancel is not None:
            cancel()
        if answers:
            self._mark(name, answers=True)
        else:
            self._silent[name] = self._api.clock.call_later(GRACE, lambda: self._mark(name, answers=False))

    def _mark(self, name: str, *, answers: bool) -> None:
        stored = self._api.store.get(nodes.KIND, None, name)
        if stored is None:
            return
        now = clock.stamp(self._api.clock.now())
        conditions = [_condition(item, now, answers=answers) for item in stored.obj["status"]["conditions"]]
        node = {**stored.obj, "status": {**stored.obj["status"], "conditions": conditions}}
        changed = self._api.update(nodes.KIND, node, subresource="status", options=OPTIONS).obj
        taints = [item for item in changed["spec"].get("taints") or [] if item["key"] != UNREACHABLE]
        if not answers:
            taints += [
                {"key": UNREACHABLE, "effect": effect, "timeAdded": now} for effect in ("NoSchedule", "NoExecute")
            ]
        spec = {key: value for key, value in changed["spec"].items() if key != "taints"}
        if taints:
            spec["taints"] = taints
        self._api.update(nodes.KIND, {**changed, "spec": spec}, options=OPTIONS)
        reason = "NodeReady" if answers else "NodeNotReady"
        self._events.event(changed, "Normal", reason, f"Node {name} status is now: {reason}")
        if not answers:
            for item in list(self._api.store.list(pods.KIND)):
                if item.obj["spec"].get("nodeName") == name:
                    self._pod_not_ready(item.obj, now)

    def _pod_not_ready(self, pod: Json, now: str) -> None:
        if not readiness.is_ready(pod):
            return
        conditions = [
            {**item, "status": "False", "lastTransitionTime": now} if item["type"] == "Ready" else item
            for item in pod["status"]["conditions"]
        ]
        state = {**pod["status"], "conditions": conditions}
        self._api.update(pods.KIND, {**pod, "status": state}, subresource="status", options=OPTIONS)
        self._events.event(pod, "Warning", "NodeNotReady", "Node is not ready")

    # Taints that keep pods away

    def _taint(self, name: str) -> None:
        """Give a node the taints that its conditions and its cordon ask for, and take those away that they do not."""
        stored = self._api.store.get(nodes.KIND, None, name)
        if stored is None:
            return
        wanted = _unwelcoming(stored.obj)
        old = stored.obj["spec"].get("taints") or []
        kept = [item for item in old if not _is_ours(item) or item["key"] in wanted]
        known = {item["key"] for item in kept if _is_ours(item)}
        now = clock.stamp(self._api.clock.now())
        kept += [{"key": key, "effect": "NoSchedule", "timeAdded": now} for key in wanted if key not in known]
        if kept != old:
            spec = {key: value for key, value in stored.obj["spec"].items() if key != "taints"}
            node = {**stored.obj, "spec": {**spec, **({"taints": kept} if kept else {})}}
            self._api.update(nodes.KIND, node, options=OPTIONS)

    # Eviction by taints

    def _node_changed(self, event: store.Event) -> None:
        if event.type != "DELETED" and (event.old is None or _unwelcoming(event.old.obj) != _unwelcoming(event.obj)):
            self._api.clock.call_later(0.0, lambda: self._taint(event.new.name))
        before = _evicting(event.old.obj) if event.old else []
        if event.type != "DELETED" and _evicting(event.obj) != before:
            for item in list(self._api.store.list(pods.KIND)):
                if item.obj["spec"].get("nodeName") == event.new.name:
                    self._judge(item.obj, event.obj)

    def _pod_changed(self, event: store.Event) -> None:
        pod = event.obj
        uid = pod["metadata"]["uid"]
        if event.type == "DELETED":
            cancel = self._doomed.pop(uid, None)
            if cancel is not None:
                cancel()
            self._evictions.forget(pod)
            self._events.forget(pod)
            return
        changed = event.old is None or any(
            event.old.obj["spec"].get(key) != pod["spec"].get(key) for key in ("nodeName", "tolerations")
        )
        node = self._api.store.get(nodes.KIND, None, pod["spec"].get("nodeName", "")) if changed else None
        if node is not None and _evicting(node.obj):
            self._judge(pod, node.obj)

    def _judge(self, pod: Json, node: Json) -> None:
        """Plan a pod's end, or take the plan back. A plan that is made stays, whatever other taints come."""
        uid = pod["metadata"]["uid"]
        wait = _patience(pod, _evicting(node))
        if wait and uid in self._doomed:
            return
        cancel = self._doomed.pop(uid, None)
        if cancel is not None:
            cancel()
            said = f"Cancelling deletion of Pod {pod['metadata']['namespace']}/{pod['metadata']['name']}"
            self._evictions.event(pod, "Normal", "TaintManagerEviction", said)
        if wait is not None:
            self._doomed[uid] = self._api.clock.call_later(wait, lambda: self._evict(pod))

    def _evict(self, pod: Json) -> None:
        metadata = pod["metadata"]
        self._doomed.pop(metadata["uid"], None)
        stored = self._api.store.get(pods.KIND, metadata["namespace"], metadata["name"])
        if stored is None or stored.obj["metadata"]["uid"] != metadata["uid"]:
            return
        said = f"Marking for deletion Pod {metadata['namespace']}/{metadata['name']}"
        self._evictions.event(stored.obj, "Normal", "TaintManagerEviction", said)
        target = {
            "type": "DisruptionTarget",
            "status": "True",
            "lastProbeTime": None,
            "lastTransitionTime": clock.stamp(self._api.clock.now()),
            "reason": "DeletionByTaintManager",
            "message": "Taint manager: deleting due to NoExecute taint",
        }
        others = [item for item in stored.obj["status"].get("conditions") or [] if item["type"] != target["type"]]
        state = {**stored.obj["status"], "conditions": [*others, target]}
        self._api.update(pods.KIND, {**stored.obj, "status": state}, subresource="status", options=OPTIONS)
        try:
            self._api.delete(pods.KIND, metadata["namespace"], metadata["name"], options=OPTIONS)
        except status.ApiError as error:
            if error.code != 404:
                raise


def _condition(old: Json, now: str, *, answers: bool) -> Json:
    value, reason, message = (
        _OK.get(old["type"], ("False", "", "")) if answers else ("Unknown", "NodeStatusUnknown", _UNKNOWN)
    )
    changed = old["status"] != value
    return {
        **old,
        "status": value,
        "reason": reason,
        "message": message,
        "lastHeartbeatTime": now if answers else old["lastHeartbeatTime"],
        "lastTransitionTime": now if changed else old["lastTransitionTime"],
    }


def _evicting(node: Json) -> list[Json]:
    return [item for item in (node.get("spec") or {}).get("taints") or [] if item["effect"] == "NoExecute"]


def _unwelcoming(node: Json) -> list[str]:
    """The keys of the taints that a node's conditions and its cordon ask for."""
    conditions = (node.get("status") or {}).get("conditions") or []
    found = [_TAINTS[item["type"], item["status"]] for item in conditions if (item["type"], item["status"]) in _TAINTS]
    return [*found, taint_rules.CORDONED] if (node.get("spec") or {}).get("unschedulable") else found


def _is_ours(taint: Json) -> bool:
    return taint["effect"] == "NoSchedule" and taint["key"] in (taint_rules.CORDONED, *_TAINTS.values())


def _patience(pod: Json, taints: list[Json]) -> float | None:
    """Seconds that a pod may stay under taints; None for as long as it likes. Of its tolerations the first counts."""
    waits: list[float] = []
    for taint in taints:
        fitting = taint_rules.toleration(pod, taint)
        if fitting is None:
            return 0.0
        if fitting.get("tolerationSeconds") is not None:
            waits.append(max(float(fitting["tolerationSeconds"]), 0.0))
    return min(waits) if waits else None
