"""Volumes: claims get a volume made for them, grow (`growth`), and give it back.

What `pkg/controller/volume/persistentvolume` and a CSI provisioner do together (Kubernetes 1.37). A class whose
provisioner is not `PROVISIONER` has nobody to serve it: its claims wait for ever.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status, store
from stswidgets.simulator.controllers import growth, loop, owners, recorder
from stswidgets.simulator.kinds import claims, volumes
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Key = tuple[str, str]

PROVISIONER = "disk.csi.example.com"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
VOLUME_PROTECTION = "kubernetes.io/pv-protection"

OPTIONS = apis.Options(manager="kube-controller-manager")
_TAKES = 0.25  # seconds to make a disk


class Volumes:
    """Binds, provisions, expands and reclaims."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._claims: loop.Queue[Key] = loop.Queue(api.clock, self._sync_claim)
        self._disks: loop.Queue[str] = loop.Queue(api.clock, self._sync_volume)
        self._following = loop.Subscriptions(api.store)
        self._making: set[str] = set()  # uids of claims whose disk is on its way
        self._events = recorder.Recorder(api, "persistentvolume-controller")
        self._provisioner = recorder.Recorder(api, f"{PROVISIONER}_csi-provisioner")
        self._growth = growth.Growth(api, PROVISIONER)

    def start(self) -> None:
        """Begin with the claims that are there."""
        self._following.follow(claims.KIND, self._claim_changed)
        self._following.follow(volumes.VOLUMES, self._volume_changed)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._claims.stop()
        self._disks.stop()

    def _claim_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            self._events.forget(event.obj)
            self._provisioner.forget(event.obj)
            self._growth.forget(event.obj)
            self._disks.add(event.obj["spec"].get("volumeName", ""))
        else:
            self._claims.add((event.new.namespace, event.new.name))

    def _volume_changed(self, event: store.Event) -> None:
        if event.type != "DELETED":
            self._disks.add(event.new.name)

    # Claims

    def _sync_claim(self, key: Key) -> None:
        stored = self._api.store.get(claims.KIND, *key)
        if stored is None:
            return
        claim = stored.obj
        if "deletionTimestamp" in claim["metadata"]:
            return
        if (claim.get("status") or {}).get("phase") == "Bound":
            self._growth.sync(claim)
        else:
            self._provision(key, claim)

    def _provision(self, key: Key, claim: Json) -> None:
        if claim["metadata"]["uid"] in self._making:
            return
        name = claim["spec"].get("storageClassName")
        if not name:
            if not self._bind_existing(claim):
                said = "no persistent volumes available for this claim and no storage class is set"
                self._events.event(claim, "Normal", "FailedBinding", said)
            return
        found = self._api.store.get(volumes.CLASSES, None, name)
        if found is None:
            if not self._bind_existing(claim):
                said = f'storageclass.storage.k8s.io "{name}" not found'
                self._events.event(claim, "Warning", "ProvisioningFailed", said)
            return
        annotations = claim["metadata"].get("annotations") or {}
        if found.obj.get("volumeBindingMode") == "WaitForFirstConsumer" and SELECTED_NODE not in annotations:
            said = "waiting for first consumer to be created before binding"
            self._events.event(claim, "Normal", "WaitForFirstConsumer", said)
            return
        if self._bind_existing(claim):
            return
        said = (
            "Waiting for a volume to be created either by the external provisioner "
            f"'{found.obj['provisioner']}' or manually by the system administrator. If volume creation is delayed, "
            "please verify that the provisioner is running and correctly registered."
        )
        self._events.event(claim, "Normal", "ExternalProvisioning", said)
        if found.obj["provisioner"] != PROVISIONER:
            return
        about = f'External provisioner is provisioning volume for claim "{key[0]}/{key[1]}"'
        self._provisioner.event(claim, "Normal", "Provisioning", about)
        uid = claim["metadata"]["uid"]
        self._making.add(uid)
        self._api.clock.call_later(_TAKES, lambda: self._provisioned(key, uid))

    def _provisioned(self, key: Key, uid: str) -> None:
        self._making.discard(uid)
        stored = self._api.store.get(claims.KIND, *key)
        if stored is None or stored.obj["metadata"]["uid"] != uid:
            return
        claim = stored.obj
        found = self._api.store.get(volumes.CLASSES, None, claim["spec"].get("storageClassName", ""))
        if found is None or (claim.get("status") or {}).get("phase") == "Bound":
            return
        disk = _disk(claim, found.obj)
        if self._api.store.get(volumes.VOLUMES, None, disk["metadata"]["name"]) is None:
            self._api.create(volumes.VOLUMES, disk, options=OPTIONS)
            said = f"Successfully provisioned volume {disk['metadata']['name']}"
            self._provisioner.event(claim, "Normal", "ProvisioningSucceeded", said)
        self._bind(claim, disk)

    def _bind_existing(self, claim: Json) -> bool:
        """Bind the smallest free volume that fits; False if there is none."""
        wanted = quantity.parse(claim["spec"]["resources"]["requests"]["storage"]).nano
        fits = [
            (quantity.parse(item.obj["spec"]["capacity"]["storage"]).nano, item.name, item.obj)
            for item in self._api.store.list(volumes.VOLUMES)
            if _is_free_for(item.obj, claim)
        ]
        chosen = min((fit for fit in fits if fit[0] >= wanted), key=lambda fit: fit[:2], default=None)
        if chosen is None:
            return False
        self._bind(claim, chosen[2])
        return True

    def _bind(self, claim: Json, disk: Json) -> None:
        spec, metadata = claim["spec"], claim["metadata"]
        stored = self._api.read(volumes.VOLUMES, None, disk["metadata"]["name"]).obj
        reference = {
            "kind": "PersistentVolumeClaim",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
            "apiVersion": "v1",
            "resourceVersion": metadata["resourceVersion"],
        }
        bound = self._api.update(
            volumes.VOLUMES, {**stored, "spec": {**stored["spec"], "claimRef": reference}}, options=OPTIONS
        ).obj
        state = {**(bound.get("status") or {}), "phase": "Bound"}
        self._api.update(volumes.VOLUMES, {**bound, "status": state}, subresource="status", options=OPTIONS)
        annotations = {
            **(metadata.get("annotations") or {}),
            "pv.kubernetes.io/bind-completed": "yes",
            "pv.kubernetes.io/bound-by-controller": "yes",
        }
        provisioner = (bound["metadata"].get("annotations") or {}).get("pv.kubernetes.io/provisioned-by")
        if provisioner:
            annotations["volume.beta.kubernetes.io/storage-provisioner"] = provisioner
            annotations["volume.kubernetes.io/storage-provisioner"] = provisioner
        changed = {
            **claim,
            "metadata": {**metadata, "annotations": annotations},
            "spec": {**spec, "volumeName": bound["metadata"]["name"]},
        }
        claim = self._api.update(claims.KIND, changed, options=OPTIONS).obj
        state = {"phase": "Bound", "accessModes": bound["spec"]["accessModes"], "capacity": bound["spec"]["capacity"]}
        self._api.update(claims.KIND, {**claim, "status": state}, subresource="status", options=OPTIONS)

    # Volumes

    def _sync_volume(self, name: str) -> None:
        stored = self._api.store.get(volumes.VOLUMES, None, name)
        if stored is None:
            return
        disk = stored.obj
        state = disk.get("status") or {}
        reference = disk["spec"].get("claimRef")
        if reference is None:
            if state.get("phase") != "Available":
                self._phase(disk, "Available")
        else:
            claim = self._api.store.get(claims.KIND, reference["namespace"], reference["name"])
            if reference.get("uid") and (claim is None or claim.obj["metadata"]["uid"] != reference["uid"]):
                if state.get("phase") != "Released":
                    self._phase(disk, "Released")
                if disk["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
                    self._delete(disk)
                return
        is_free = reference is None or not reference.get("uid")  # a volume that is kept for a claim is not bound yet
        if "deletionTimestamp" in disk["metadata"] and is_free:
            self._delete(disk)

    def _phase(self, disk: Json, phase: str) -> None:
        state = {**(disk.get("status") or {}), "phase": phase}
        self._api.update(volumes.VOLUMES, {**disk, "status": state}, subresource="status", options=OPTIONS)

    def _delete(self, disk: Json) -> None:
        name = disk["metadata"]["name"]
        try:
            stored = self._api.read(volumes.VOLUMES, None, name).obj
            if "deletionTimestamp" not in stored["metadata"]:
                stored = self._api.delete(volumes.VOLUMES, None, name, options=OPTIONS).obj
            rest = [item for item in stored["metadata"].get("finalizers") or [] if item != VOLUME_PROTECTION]
            self._api.update(volumes.VOLUMES, owners.with_list(stored, "finalizers", rest), options=OPTIONS)
        except status.ApiError as error:
            if error.code != 404:
                raise


def _is_free_for(disk: Json, claim: Json) -> bool:
    spec, reference = disk["spec"], disk["spec"].get("claimRef")
    metadata = claim["metadata"]
    if reference is not None:
        mine = reference.get("namespace") == metadata["namespace"] and reference.get("name") == metadata["name"]
        return bool(mine and reference.get("uid", metadata["uid"]) == metadata["uid"])
    asked = claim["spec"].get("volumeName")
    if asked and asked != disk["metadata"]["name"]:
        return False
    return bool(
        (disk.get("status") or {}).get("phase") == "Available"
        and spec.get("storageClassName", "") == (claim["spec"].get("storageClassName") or "")
        and spec.get("volumeMode", "Filesystem") == claim["spec"].get("volumeMode", "Filesystem")
        and set(claim["spec"].get("accessModes") or []) <= set(spec["accessModes"])
    )


def _disk(claim: Json, storage_class: Json) -> Json:
    """The volume that the provisioner makes for a claim."""
    metadata = claim["metadata"]
    name = f"pvc-{metadata['uid']}"
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": PROVISIONER}},
        "spec": {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"].get("accessModes") or ["ReadWriteOnce"],
            "csi": {"driver": PROVISIONER, "fsType": "ext4", "volumeHandle": f"disk-{metadata['uid']}"},
            "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
            "storageClassName": storage_class["metadata"]["name"],
            "volumeMode": claim["spec"].get("volumeMode", "Filesystem"),
        },
    }
