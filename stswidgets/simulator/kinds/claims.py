"""PersistentVolumeClaims."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import claims, claimupdates, names, plain, warnings

Json = dict[str, Any]


SOURCES = (("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot"))
"""What the old field may fill a claim from; other sources are dropped from it."""


def prepare_create(obj: Json) -> None:
    """A new claim is Pending."""
    obj["status"] = {"phase": "Pending"}
    _fill_sources(obj["spec"], {})


def prepare_update(new: Json, old: Json, subresource: str) -> None:
    """A changed claim."""
    strategy.update(new, old, subresource)
    if subresource != "status":
        _fill_sources(new["spec"], old["spec"])


def _fill_sources(spec: Json, old: Json) -> None:
    """The old and the new field for a claim's source say the same (`pkg/api/persistentvolumeclaim`)."""
    reference = spec.get("dataSourceRef")
    if reference and reference.get("namespace") and not old.get("dataSourceRef"):
        reference = spec.pop("dataSourceRef") and None  # a feature that is off
    source = spec.get("dataSource")
    unknown = source and (source.get("apiGroup") or "", source.get("kind")) not in SOURCES
    if unknown and not reference and not old.get("dataSource"):
        source = spec.pop("dataSource") and None
    if source and not reference:
        spec["dataSourceRef"] = dict(source)
    elif reference and not source and not reference.get("namespace"):
        spec["dataSource"] = {key: value for key, value in reference.items() if key != "namespace"}


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
    prepare_update=prepare_update,
    default=pod_defaults.claim,
    columns=COLUMNS,
    validate=plain.new(names.dns_subdomain, lambda obj: claims.spec(obj["spec"], "spec")),
    validate_update=claimupdates.update,
    warnings=warnings.claim,
    update_warnings=lambda new, _old: warnings.claim(new),
)
