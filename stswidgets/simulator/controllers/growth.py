"""Claims that ask for more: their volumes grow, and a kubelet makes the file system as large.

What the expand controller and a CSI resizer do together (`pkg/controller/volume/expand`, external-resizer; Kubernetes
1.37): the driver of our classes grows a disk at once, in use or not, and leaves its file system to the node.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock
from stswidgets.simulator.controllers import protection, recorder
from stswidgets.simulator.kinds import claims, volumes
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

RESIZING, PENDING = "Resizing", "FileSystemResizePending"
CONTROLLER, AWAITED, ON_NODE = "ControllerResizeInProgress", "NodeResizePending", "NodeResizeInProgress"
NOT_NEEDED = "volume.kubernetes.io/node-expansion-not-required"

OPTIONS = apis.Options(manager="kube-controller-manager")
_TAKES = 1.0  # seconds to grow a disk
_WAITS = "Waiting for user to (re-)start a pod to finish file system resize of volume on node."


class Growth:
    """Grows the volumes of bound claims."""

    def __init__(self, api: apis.Api, driver: str) -> None:
        self._api = api
        self._driver = driver
        self._expander = recorder.Recorder(api, "volume_expand")
        self._resizer = recorder.Recorder(api, f"external-resizer {driver}")

    def forget(self, claim: Json) -> None:
        """A claim is gone."""
        self._expander.forget(claim)
        self._resizer.forget(claim)

    def sync(self, claim: Json) -> None:
        """Give a bound claim what it asks for now."""
        state = claim["status"]
        has = state.get("capacity") or {}
        wanted = claim["spec"]["resources"]["requests"]["storage"]
        if stage(claim) or _nano(wanted) <= _nano(has.get("storage", wanted)):
            return  # what is under way ends first
        disk = self._disk(claim)
        if disk is None:
            return
        said = "waiting for an external controller to expand this PVC"
        self._expander.event(claim, "Normal", "ExternalExpanding", said)
        if (disk["spec"].get("csi") or {}).get("driver", self._driver) != self._driver:
            return
        now = clock.stamp(self._api.clock.now())
        condition = {"type": RESIZING, "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
        changed = protection.with_condition(_without(state), condition)
        changed["allocatedResources"] = {"storage": wanted}
        claim = self._put(claim, _staged(changed, CONTROLLER))
        said = f"External resizer is resizing volume {claim['spec']['volumeName']}"
        self._resizer.event(claim, "Normal", "Resizing", said)
        key, uid = (claim["metadata"]["namespace"], claim["metadata"]["name"]), claim["metadata"]["uid"]
        self._api.clock.call_later(_TAKES, lambda: self._grown(key, uid))

    def _grown(self, key: tuple[str, str], uid: str) -> None:
        stored = self._api.store.get(claims.KIND, *key)
        if stored is None or stored.obj["metadata"]["uid"] != uid:
            return
        claim = stored.obj
        disk, size = self._disk(claim), (claim["status"].get("allocatedResources") or {}).get("storage")
        if disk is None or size is None:
            return
        has_files = "csi" in disk["spec"] and disk["spec"].get("volumeMode", "Filesystem") == "Filesystem"
        spec = {**disk["spec"], "capacity": {**disk["spec"]["capacity"], "storage": size}}
        self._api.update(volumes.VOLUMES, {**disk, "spec": spec}, options=OPTIONS)
        if not has_files:
            self._put(claim, finished(claim["status"], size), whole=True)
            self._resizer.event(claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded")
            return
        now = clock.stamp(self._api.clock.now())
        condition = {"type": PENDING, "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
        changed = protection.with_condition(claim["status"], condition | {"message": _WAITS})
        self._put(claim, _staged(changed, AWAITED))
        said = "Require file system resize of volume on node"
        self._resizer.event(claim, "Normal", "FileSystemResizeRequired", said)

    def _disk(self, claim: Json) -> Json | None:
        stored = self._api.store.get(volumes.VOLUMES, None, claim["spec"].get("volumeName", ""))
        return stored.obj if stored else None

    def _put(self, claim: Json, state: Json, *, whole: bool = False) -> Json:
        """Store a claim's status, and whether its growth was `whole` without a node."""
        notes = claim["metadata"].get("annotations") or {}
        if whole is not (NOT_NEEDED in notes):
            kept = {key: text for key, text in notes.items() if key != NOT_NEEDED}
            metadata = {**claim["metadata"], "annotations": kept | ({NOT_NEEDED: "true"} if whole else {})}
            claim = self._api.update(claims.KIND, {**claim, "metadata": metadata}, options=OPTIONS).obj
        return self._api.update(claims.KIND, {**claim, "status": state}, subresource="status", options=OPTIONS).obj


def stage(claim: Json) -> str:
    """How far a claim's growth is, or an empty text."""
    found: str = ((claim.get("status") or {}).get("allocatedResourceStatuses") or {}).get("storage", "")
    return found


def on_node(state: Json) -> Json:
    """A claim's status while its file system grows."""
    return _staged(state, ON_NODE)


def finished(state: Json, size: str) -> Json:
    """A claim's status once it has the size."""
    rest = {key: value for key, value in _without(state).items() if key != "allocatedResourceStatuses"}
    return {**rest, "capacity": {**(state.get("capacity") or {}), "storage": size}}


def _staged(state: Json, word: str) -> Json:
    return {**state, "allocatedResourceStatuses": {"storage": word}}


def _without(state: Json) -> Json:
    return protection.without_condition(protection.without_condition(state, RESIZING), PENDING)


def _nano(text: str) -> int:
    return quantity.parse(text).nano
