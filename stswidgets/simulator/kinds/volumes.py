"""PersistentVolumes and StorageClasses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import names, persistentvolumes, plain, storageclasses

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
    """A new volume is Pending since its creation."""
    obj["status"] = {"phase": "Pending", "lastPhaseTransitionTime": obj["metadata"].get("creationTimestamp")}


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
    validate=persistentvolumes.validate,
    validate_update=persistentvolumes.update,
    warnings=persistentvolumes.warn,
    update_warnings=lambda new, _old: persistentvolumes.warn(new),
)


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
    validate=plain.new(names.dns_subdomain, storageclasses.check, namespaced=False),
    validate_update=storageclasses.update,
)
