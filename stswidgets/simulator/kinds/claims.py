"""PersistentVolumeClaims."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, claims, metadata, names, plain, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import gotext

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


def validate_update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed claim: a bound one may grow, and may get its volume's name; nothing else changes."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    found += claims.spec(new["spec"], "spec")
    if _fixed(new, old) != _fixed(old, old):
        text = (
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
        )
        found.append(causes.forbidden("spec", f"{text}\n{_differences(old['spec'], new['spec'])}"))
    return [*found, *_shrunk(new, old)]


def _fixed(obj: Json, old: Json) -> Json:
    kept = dict(obj["spec"])
    if not old["spec"].get("volumeName"):
        kept.pop("volumeName", None)
    if "storageClassName" not in old["spec"] and not cells.class_name(old):
        kept.pop("storageClassName", None)
    if old.get("status", {}).get("phase") == "Bound":
        requests = {**(kept.get("resources") or {}).get("requests", {}), "storage": ""}
        kept["resources"] = {**(kept.get("resources") or {}), "requests": requests}
        kept.pop("volumeAttributesClassName", None)
    return kept


def _differences(old: Json, new: Json) -> str:
    lines = []
    for key in {**old, **new}:
        if old.get(key) != new.get(key):
            lines.append(f"- {key}: {gotext.compact(old.get(key))}\n+ {key}: {gotext.compact(new.get(key))}")
    return "\n".join(lines)


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
)
