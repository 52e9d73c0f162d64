"""PersistentVolumes and StorageClasses."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Kind

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
)
