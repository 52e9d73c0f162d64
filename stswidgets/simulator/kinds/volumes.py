"""PersistentVolumes and StorageClasses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain
from stswidgets.simulator.kinds.rules import claims as claim_rules
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


def default_volume(obj: Json) -> None:
    """Defaults (core/v1 `SetDefaults_PersistentVolume`)."""
    spec = obj.setdefault("spec", {})
    pod_defaults.fill(spec, {"persistentVolumeReclaimPolicy": "Retain"})
    spec.setdefault("volumeMode", "Filesystem")
    if "capacity" in spec:
        spec["capacity"] = pod_defaults.rounded(spec["capacity"])
    if "hostPath" in spec:
        spec["hostPath"].setdefault("type", "")
    for source, defaults in pod_defaults.IN_TREE.items():
        if source in spec:
            pod_defaults.fill(spec[source], defaults)
    pod_defaults.fill(obj.setdefault("status", {}), {"phase": "Pending"})


def create_volume(obj: Json) -> None:
    """A new volume is Pending."""
    obj["status"] = {"phase": "Pending"}


def default_class(obj: Json) -> None:
    """Defaults (storage/v1 `SetDefaults_StorageClass`)."""
    obj.setdefault("reclaimPolicy", "Delete")
    obj.setdefault("volumeBindingMode", "Immediate")


def bound_claim(obj: Json, _now: datetime) -> str:
    """The claim as `namespace/name`."""
    claim = obj["spec"].get("claimRef")
    return f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else ""


def is_default(obj: Json) -> bool:
    """Whether claims without a class get this one."""
    annotations = obj["metadata"].get("annotations") or {}
    keys = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")
    return any(annotations.get(key) == "true" for key in keys)


def class_title(obj: Json, _now: datetime) -> str:
    """The name, marked if it is the default."""
    name: str = obj["metadata"]["name"]
    return f"{name} (default)" if is_default(obj) else name


VOLUME_COLUMNS = (
    cells.NAME,
    Column("Capacity", lambda obj, _: (obj["spec"].get("capacity") or {}).get("storage", "0")),
    Column("Access Modes", lambda obj, _: cells.access_modes(obj["spec"].get("accessModes"))),
    Column("Reclaim Policy", cells.at("spec", "persistentVolumeReclaimPolicy")),
    Column("Status", cells.phase),
    Column("Claim", bound_claim),
    Column("StorageClass", lambda obj, _: cells.class_name(obj)),
    Column("VolumeAttributesClass", cells.at("spec", "volumeAttributesClassName", empty="<unset>")),
    Column("Reason", cells.at("status", "reason")),
    cells.AGE,
    Column("VolumeMode", cells.at("spec", "volumeMode", empty="<unset>"), priority=1),
)
CLASS_COLUMNS = (
    Column("Name", class_title, format="name"),
    Column("Provisioner", cells.at("provisioner")),
    Column("ReclaimPolicy", cells.at("reclaimPolicy", empty="Delete")),
    Column("VolumeBindingMode", cells.at("volumeBindingMode", empty="<unset>")),
    Column("AllowVolumeExpansion", lambda obj, _: bool(obj.get("allowVolumeExpansion"))),
    cells.AGE,
)


SOURCES = frozenset({
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume",
    "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
})  # fmt: skip


def _volume(obj: Json) -> Causes:
    spec = obj["spec"]
    found: Causes = []
    modes = spec.get("accessModes") or []
    if not modes:
        found.append(causes.required("spec.accessModes"))
    found += claim_rules.access_modes(modes, "spec.accessModes")
    size = (spec.get("capacity") or {}).get("storage")
    if not spec.get("capacity"):
        found.append(causes.required("spec.capacity"))
    if not spec.get("capacity") or size is None or len(spec["capacity"]) > 1:
        found.append(causes.not_supported("spec.capacity", spec.get("capacity"), ("storage",)))
    if not set(spec) & SOURCES:
        found.append(causes.required("spec", "must specify a volume type"))
    return found


VOLUMES = Kind(
    group="",
    version="v1",
    kind="PersistentVolume",
    plural="persistentvolumes",
    singular="persistentvolume",
    definition="io.k8s.api.core.v1.PersistentVolume",
    namespaced=False,
    short_names=("pv",),
    subresources=("status",),
    prepare_update=strategy.update,
    default=default_volume,
    prepare_create=create_volume,
    columns=VOLUME_COLUMNS,
    validate=plain.new(names.dns_subdomain, _volume, namespaced=False),
    validate_update=plain.changed(_volume),
)


def _class(obj: Json) -> Causes:
    """`ValidateStorageClass`."""
    found: Causes = []
    provisioner = obj.get("provisioner", "")
    found += causes.all_of("provisioner", provisioner, names.label_key(provisioner.lower()) if provisioner else [])
    for key, values in (
        ("reclaimPolicy", ("Delete", "Retain")),
        ("volumeBindingMode", ("Immediate", "WaitForFirstConsumer")),
    ):
        if obj[key] not in values:
            found.append(causes.not_supported(key, obj[key], values))
    if not provisioner:
        found.append(causes.required("provisioner"))
    return found


def _class_update(new: Json, old: Json, _subresource: str) -> Causes:
    """What provisions a volume never changes."""
    found = metadata.check_update(new, old)
    for key in ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"):
        found += causes.immutable(key, new.get(key), old.get(key))
    return found


CLASSES = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="StorageClass",
    plural="storageclasses",
    singular="storageclass",
    definition="io.k8s.api.storage.v1.StorageClass",
    namespaced=False,
    short_names=("sc",),
    default=default_class,
    columns=CLASS_COLUMNS,
    validate=plain.new(names.dns_subdomain, _class, namespaced=False),
    validate_update=_class_update,
)
