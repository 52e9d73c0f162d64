"""Claims and the pods that use them: a used one is not removed, and each says whether it is used.

Rules: kubernetes `pkg/controller/volume/pvcprotection`.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, store
from stswidgets.simulator.controllers import index, loop, owners
from stswidgets.simulator.kinds import claims, pods

Json = dict[str, Any]
Key = tuple[str, str]

FINALIZER = "kubernetes.io/pvc-protection"
UNUSED = "Unused"
_SAID = {
    "False": ("PodUsingPVC", "A pod is currently referencing this PVC"),
    "True": ("NoPodsUsingPVC", "No pods are currently referencing this PVC"),
}
_OPTIONS = apis.Options(manager="kube-controller-manager")
_ENDED = ("Failed", "Succeeded")


def _mounted(pod: Json) -> list[Key]:
    namespace = pod["metadata"]["namespace"]
    return [
        (namespace, volume["persistentVolumeClaim"]["claimName"])
        for volume in pod["spec"].get("volumes") or []
        if volume.get("persistentVolumeClaim")
    ]


def _phase(obj: Json) -> str:
    return str((obj.get("status") or {}).get("phase", ""))


class Protection:
    """Removes the finalizer of deleted claims when no pod has them any more, and keeps the condition Unused."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._claims: loop.Queue[Key] = loop.Queue(api.clock, self._sync, gathers=True)
        self._following = loop.Subscriptions(api.store)
        self._users = index.Index(api.store, pods.KIND, _mounted)

    def start(self) -> None:
        """Begin with the claims that are there."""
        self._following.follow(claims.KIND, self._claim_changed)
        self._following.follow(pods.KIND, self._pod_changed, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._claims.stop()
        self._users.end()

    def _claim_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            return
        claim = event.new.obj
        if "deletionTimestamp" in claim["metadata"] or not _condition(claim):
            self._claims.add((event.new.namespace, event.new.name))

    def _pod_changed(self, event: store.Event) -> None:
        # Between its first and its last, nothing that a pod does changes what it uses.
        if event.type in ("ADDED", "DELETED") or _phase(event.obj) in _ENDED:
            for key in _mounted(event.obj):
                self._claims.add(key)

    def _sync(self, key: Key) -> None:
        stored = self._api.store.get(claims.KIND, *key)
        if stored is None:
            return
        claim, users = stored.obj, self._users.get(key)
        if "deletionTimestamp" in claim["metadata"]:
            self._release(claim, users)
        elif _phase(claim) == "Bound":
            self._tell(claim, users)

    def _release(self, claim: Json, users: list[Json]) -> None:
        """Let a deleted claim go. A pod without a node does not hold it: it would not start with it."""
        held = claim["metadata"].get("finalizers") or []
        if FINALIZER not in held or any(pod["spec"].get("nodeName") for pod in users):
            return
        rest = [item for item in held if item != FINALIZER]
        self._api.update(claims.KIND, owners.with_list(claim, "finalizers", rest), options=_OPTIONS)

    def _tell(self, claim: Json, users: list[Json]) -> None:
        """Say whether a bound claim is used: by a pod that has not ended, with a node or without."""
        value = "False" if any(_phase(pod) not in _ENDED for pod in users) else "True"
        if (_condition(claim) or {}).get("status") == value:
            return
        reason, message = _SAID[value]
        now = clock.stamp(self._api.clock.now())
        said = {"type": UNUSED, "status": value, "reason": reason, "message": message}
        condition = {**said, "lastProbeTime": None, "lastTransitionTime": now}
        changed = {**claim, "status": with_condition(claim["status"], condition)}
        self._api.update(claims.KIND, changed, subresource="status", options=_OPTIONS)


def _condition(claim: Json) -> Json | None:
    found = (claim.get("status") or {}).get("conditions") or ()
    return next((item for item in found if item["type"] == UNUSED), None)


def with_condition(state: Json, condition: Json) -> Json:
    """A claim's status with a condition in the place of the one of its type, or behind the others."""
    conditions = list(state.get("conditions") or ())
    at = next((at for at, item in enumerate(conditions) if item["type"] == condition["type"]), len(conditions))
    conditions[at : at + 1] = [condition]
    return {**state, "conditions": conditions}


def without_condition(state: Json, kind: str) -> Json:
    """A claim's status without the condition of a type."""
    rest = [item for item in state.get("conditions") or () if item["type"] != kind]
    kept = {name: value for name, value in state.items() if name != "conditions"}
    return {**kept, "conditions": rest} if rest else kept
