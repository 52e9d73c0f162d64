"""The scheduler: gives each pod a node, or says why none will do.

Texts of `pkg/scheduler` (Kubernetes 1.37). Among the nodes that fit it takes the one with the fewest pods of the same
owner, then the emptiest.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status, store
from stswidgets.simulator.controllers import loop, owners, readiness, recorder
from stswidgets.simulator.kinds import claims, nodes, pods, volumes
from stswidgets.simulator.nodes import fitting

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-scheduler", user="system:kube-scheduler")
SELECTED_NODE = "volume.kubernetes.io/selected-node"


class Scheduler:
    """Binds pods to nodes."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._schedule)
        self._following = loop.Subscriptions(api.store)
        self._events = recorder.Recorder(api, "default-scheduler", newer=True)
        self._places: dict[str, fitting.Place] = {}
        self._stuck: dict[Key, bool] = {}  # whether it is for its claims

    def start(self) -> None:
        """Place what waits, then what comes."""
        self._following.follow(nodes.KIND, self._node_changed)
        self._following.follow(pods.KIND, self._pod_changed)
        self._following.follow(claims.KIND, self._claim_changed, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()

    def _node_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            self._places.pop(event.new.name, None)
            return
        known = self._places.get(event.new.name)
        if known is None:
            self._places[event.new.name] = fitting.Place(event.obj)
        else:
            known.node = event.obj
        self._try_again(claims_changed=False)

    def _pod_changed(self, event: store.Event) -> None:
        pod = event.obj
        place = self._places.get(pod["spec"].get("nodeName", ""))
        gone = event.type == "DELETED" or (pod.get("status") or {}).get("phase") in ("Failed", "Succeeded")
        if place is not None:
            if gone:
                place.remove(pod)
                self._try_again(claims_changed=False)
            else:
                place.add(pod)
        elif not gone and not pod["spec"].get("nodeName"):
            key = (event.new.namespace, event.new.name)
            if event.type == "ADDED" or (event.old and event.old.obj["spec"] != pod["spec"]):
                self._queue.add(key)
        if event.type == "DELETED":
            self._stuck.pop((event.new.namespace, event.new.name), None)
            self._events.forget(pod)

    def _claim_changed(self, event: store.Event) -> None:
        if (event.obj.get("status") or {}).get("phase") == "Bound" or event.type != "MODIFIED":
            self._try_again(claims_changed=True)

    def _try_again(self, *, claims_changed: bool) -> None:
        """Look again at pods that wait for what has just changed."""
        for key in [key for key, for_claims in self._stuck.items() if for_claims is claims_changed]:
            del self._stuck[key]
            self._queue.add(key)

    def _schedule(self, key: Key) -> None:
        stored = self._api.store.get(pods.KIND, *key)
        if stored is None or stored.obj["spec"].get("nodeName") or "deletionTimestamp" in stored.obj["metadata"]:
            return
        pod = stored.obj
        if pod["spec"].get("schedulerName", "default-scheduler") != "default-scheduler":
            return
        if pod["spec"].get("schedulingGates"):
            return
        unready, waiting = self._claims(pod)
        if unready:
            # Nothing was tried on any node: what the scheduler adds is the error of looking for victims, "not found".
            self._fail(key, pod, f"{unready}. not found", for_claims=True)
            return
        chosen, why = self._choose(pod)
        if chosen is None:
            self._refuse(key, pod, why)
        elif waiting:
            self._select_node(waiting, chosen)
            self._stuck[key] = True
        else:
            self._bind(key, pod, chosen)

    def _claims(self, pod: Json) -> tuple[str, list[Json]]:
        """(why the pod's claims forbid scheduling it anywhere, the claims that wait for its node)."""
        waiting: list[Json] = []
        namespace = pod["metadata"]["namespace"]
        for volume in pod["spec"].get("volumes") or []:
            name = (volume.get("persistentVolumeClaim") or {}).get("claimName")
            if not name:
                continue
            stored = self._api.store.get(claims.KIND, namespace, name)
            if stored is None:
                return f'persistentvolumeclaim "{name}" not found', []
            if "deletionTimestamp" in stored.obj["metadata"]:
                return f'persistentvolumeclaim "{name}" is being deleted', []
            if (stored.obj.get("status") or {}).get("phase") == "Bound":
                continue
            if not self._waits_for_consumer(stored.obj):
                return "pod has unbound immediate PersistentVolumeClaims", []
            waiting.append(stored.obj)
        return "", waiting

    def _waits_for_consumer(self, claim: Json) -> bool:
        found = self._api.store.get(volumes.CLASSES, None, claim["spec"].get("storageClassName") or "")
        return found is not None and found.obj.get("volumeBindingMode") == "WaitForFirstConsumer"

    def _choose(self, pod: Json) -> tuple[str | None, Counter[str]]:
        places = self._places
        why: Counter[str] = Counter()
        fitting_nodes: list[str] = []
        for name, place in places.items():
            reasons = fitting.reasons(pod, place, places.values())
            why.update(reasons)
            if not reasons:
                fitting_nodes.append(name)
        if not fitting_nodes:
            return None, why
        owner = owners.controller_uid(pod)
        return min(fitting_nodes, key=lambda name: self._score(places[name], owner, name)), why

    def _score(self, place: fitting.Place, owner: str, name: str) -> tuple[int, int, int, str]:
        siblings = sum(owners.controller_uid(other) == owner for other in place.pods.values()) if owner else 0
        return siblings, place.used.get("cpu", 0), len(place.pods), name

    def _select_node(self, waiting: list[Json], node: str) -> None:
        """Tell the provisioner where; the claims come back as bound."""
        for claim in waiting:
            annotations = claim["metadata"].get("annotations") or {}
            if annotations.get(SELECTED_NODE) != node:
                metadata = {**claim["metadata"], "annotations": {**annotations, SELECTED_NODE: node}}
                self._api.update(claims.KIND, {**claim, "metadata": metadata}, options=OPTIONS)

    def _bind(self, key: Key, pod: Json, node: str) -> None:
        self._api.bind(pods.KIND, *key, node, options=OPTIONS)
        self._events.event(
            pod, "Normal", "Scheduled", f"Successfully assigned {key[0]}/{key[1]} to {node}", action="Binding"
        )

    def _refuse(self, key: Key, pod: Json, why: Counter[str]) -> None:
        total = len(self._places)
        after: Counter[str] = Counter()
        for place in self._places.values():
            reasons = fitting.reasons(pod, place, self._places.values())
            helps = (
                bool(reasons) and all(_may_help(reason) for reason in reasons) and fitting.is_large_enough(pod, place)
            )
            after[_NO_VICTIMS if helps else _NO_HELP] += 1
        self._fail(key, pod, f"{_listed(why)}. preemption: 0/{total} nodes are available: {_listed(after)}.")

    def _fail(self, key: Key, pod: Json, why: str, *, for_claims: bool = False) -> None:
        total = len(self._places)
        message = f"0/{total} nodes are available: {why}" if total else "no nodes available to schedule pods"
        self._stuck[key] = for_claims
        self._events.event(pod, "Warning", "FailedScheduling", message, action="Scheduling")
        self._condition(pod, message)

    def _condition(self, pod: Json, message: str) -> None:
        old = readiness.condition(pod, "PodScheduled")
        now = clock.stamp(self._api.clock.now())
        new = {
            "type": "PodScheduled",
            "status": "False",
            "observedGeneration": pod["metadata"].get("generation", 1),
            "lastProbeTime": None,
            "lastTransitionTime": old["lastTransitionTime"] if old and old["status"] == "False" else now,
            "reason": "Unschedulable",
            "message": message,
        }
        state = pod.get("status") or {}
        others = [item for item in state.get("conditions") or [] if item["type"] != "PodScheduled"]
        try:
            changed = {**pod, "status": {**state, "conditions": [*others, new]}}
            self._api.update(pods.KIND, changed, subresource="status", options=OPTIONS)
        except status.ApiError as error:
            if error.code not in (404, 409):
                raise


_NO_VICTIMS = "No preemption victims found for incoming pod"
_NO_HELP = "Preemption is not helpful for scheduling"


def _may_help(reason: str) -> bool:
    return reason.startswith("Insufficient") or reason == "Too many pods" or reason in fitting.VICTIMS_HELP


def _listed(counts: Counter[str]) -> str:
    return ", ".join(sorted(f"{number} {reason}" for reason, number in counts.items() if number))
