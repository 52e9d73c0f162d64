"""PersistentVolumes and StorageClasses."""

from __future__ import annotations

from stswidgets.simulator.kinds import strategy
from stswidgets.simulator.kinds.kind import Kind

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
    prepare_create=strategy.reset_status,
    prepare_update=strategy.update,
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
)
