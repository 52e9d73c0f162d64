"""PersistentVolumeClaims."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, claims, internal, metadata, names, plain, resources, warnings
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]


SOURCES = (("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot"))
"""What a claim may be filled from; other sources are dropped."""


def prepare_create(obj: Json) -> None:
    """A new claim is Pending; sources that nothing fills it from are dropped."""
    obj["status"] = {"phase": "Pending"}
    source = obj["spec"].get("dataSource")
    if source and (source.get("apiGroup", ""), source.get("kind")) not in SOURCES:
        obj["spec"].pop("dataSource")
        obj["spec"].pop("dataSourceRef", None)


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


def validate_update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed claim: a bound one may grow, and may get its volume's name; nothing else changes."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    found += claims.spec(new["spec"], "spec")
    if _compared(new, old) != _compared(old, old):
        text = (
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
        )
        found.append(
            causes.forbidden(
                "spec", f"{text}\n{internal.differences(old['spec'], _compared(new, old), 'PersistentVolumeClaimSpec')}"
            )
        )
    return [*found, *_shrunk(new, old)]


def _compared(obj: Json, old: Json) -> Json:
    """A claim's spec with what may change set to what it was."""
    before = old["spec"]
    kept = dict(obj["spec"])
    if not before.get("volumeName"):
        kept.pop("volumeName", None)
    if "storageClassName" not in before and not cells.class_name(old):
        kept.pop("storageClassName", None)
    if old.get("status", {}).get("phase") == "Bound":
        wanted = (before.get("resources") or {}).get("requests") or {}
        asked = {**((kept.get("resources") or {}).get("requests") or {}), "storage": wanted.get("storage")}
        kept["resources"] = {**(kept.get("resources") or {}), "requests": asked}
        kept.pop("volumeAttributesClassName", None)
        if "volumeAttributesClassName" in before:
            kept["volumeAttributesClassName"] = before["volumeAttributesClassName"]
    return kept


def _shrunk(new: Json, old: Json) -> Causes:
    path = "spec.resources.requests.storage"
    after, before = (obj["spec"].get("resources", {}).get("requests", {}).get("storage", "0") for obj in (new, old))
    if resources.compare(after, before) >= 0:
        return []
    capacity = (old.get("status", {}).get("capacity") or {}).get("storage", "0")
    if resources.compare(after, capacity) <= 0:
        return [causes.forbidden(path, "field can not be less than status.capacity")]
    return []


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
    validate=plain.new(names.dns_subdomain, lambda obj: claims.spec(obj["spec"], "spec")),
    validate_update=validate_update,
    warnings=warnings.claim,
    update_warnings=lambda new, _old: warnings.claim(new),
)
