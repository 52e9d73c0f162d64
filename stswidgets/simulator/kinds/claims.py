"""PersistentVolumeClaims."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind

Json = dict[str, Any]


PROTECTED = "kubernetes.io/pvc-protection"


def prepare_create(obj: Json) -> None:
    """A new claim is Pending and protected while a pod uses it (admission StorageObjectInUseProtection)."""
    obj["status"] = {"phase": "Pending"}
    protect(obj, PROTECTED)


def protect(obj: Json, finalizer: str) -> None:
    """Add a finalizer that is not there yet."""
    finalizers = obj["metadata"].setdefault("finalizers", [])
    if finalizer not in finalizers:
        finalizers.append(finalizer)


def capacity(obj: Json, _now: datetime) -> str:
    """What the bound volume gives."""
    if not obj["spec"].get("volumeName"):
        return ""
    text: str = (obj.get("status", {}).get("capacity") or {}).get("storage", "0")
    return text


def modes(obj: Json, _now: datetime) -> str:
    """Access modes of the bound volume."""
    return cells.access_modes(obj.get("status", {}).get("accessModes")) if obj["spec"].get("volumeName") else ""


COLUMNS = (
    cells.NAME,
    Column("Status", cells.phase),
    Column("Volume", cells.at("spec", "volumeName")),
    Column("Capacity", capacity),
    Column("Access Modes", modes),
    Column("StorageClass", lambda obj, _: cells.class_name(obj)),
    Column("VolumeAttributesClass", cells.at("spec", "volumeAttributesClassName", empty="<unset>")),
    cells.AGE,
    Column("VolumeMode", cells.at("spec", "volumeMode", empty="<unset>"), priority=1),
)


KIND = Kind(
    group="",
    version="v1",
    kind="PersistentVolumeClaim",
    plural="persistentvolumeclaims",
    singular="persistentvolumeclaim",
    definition="io.k8s.api.core.v1.PersistentVolumeClaim",
    short_names=("pvc",),
    subresources=("status",),
    prepare_create=prepare_create,
    prepare_update=strategy.update,
    default=pod_defaults.claim,
    columns=COLUMNS,
)
