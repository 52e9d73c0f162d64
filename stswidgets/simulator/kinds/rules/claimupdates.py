"""What of a claim may change (core `ValidatePersistentVolumeClaimUpdate`)."""

from __future__ import annotations

import copy
from typing import Any

from stswidgets.simulator.kinds.rules import causes, claims, internal, metadata, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

OLD_CLASS = "volume.beta.kubernetes.io/storage-class"
FIXED = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
SIZE = "spec.resources.requests.storage"
ATTRIBUTES = "volumeAttributesClassName"


def update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed claim: a bound one may grow, and may get its volume's name; nothing else changes."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    found += metadata.check(new, names.dns_subdomain, namespaced=True)
    found += claims.spec(new["spec"], "spec", old["spec"])
    after, before = copy.deepcopy(new["spec"]), dict(old["spec"])
    if not before.get("volumeName"):
        _set(before, "volumeName", after.get("volumeName"))
    found += _class(after, new, old)
    if (new.get("status") or {}).get("phase") == "Bound":
        requests = (after.get("resources") or {}).get("requests")
        if requests is not None:
            requests["storage"] = _size(old)
        _set(after, ATTRIBUTES, before.get(ATTRIBUTES))
    kind = "PersistentVolumeClaimSpec"
    if internal.show(after, kind) != internal.show(before, kind):
        found.append(causes.forbidden("spec", f"{FIXED}\n{internal.differences(before, after, kind)}"))
    if resources.compare(_size(new), _size(old)) < 0:
        capacity = ((old.get("status") or {}).get("capacity") or {}).get("storage", "0")
        if resources.compare(_size(new), capacity) <= 0:
            found.append(causes.forbidden(SIZE, "field can not be less than status.capacity"))
    found += causes.immutable("volumeMode", new["spec"].get("volumeMode"), old["spec"].get("volumeMode"))
    return [*found, *_attributes(new, old)]


def _size(claim: Json) -> str:
    text: str = ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0")
    return text


def _set(spec: Json, key: str, value: Any) -> None:
    if value is None:
        spec.pop(key, None)
    else:
        spec[key] = value


def _class(after: Json, new: Json, old: Json) -> Causes:
    """A claim without a class may get one, the one of its annotation if it has that; `after` is set back."""
    now, then = (obj["metadata"].get("annotations") or {} for obj in (new, old))
    was, wanted = old["spec"].get("storageClassName"), new["spec"].get("storageClassName")
    if OLD_CLASS in then and was is None and wanted == then[OLD_CLASS] and now.get(OLD_CLASS, wanted) == wanted:
        after.pop("storageClassName", None)
        return []
    if wanted is not None and was is None and then.get(OLD_CLASS, wanted) == wanted:
        after.pop("storageClassName", None)
    path = f"metadata.annotations[{OLD_CLASS}]"
    if now.get(OLD_CLASS, "") == then.get(OLD_CLASS, ""):
        return []
    return [causes.invalid(path, now.get(OLD_CLASS, ""), causes.IMMUTABLE)]


def _attributes(new: Json, old: Json) -> Causes:
    """Once there is a class of attributes, there is one."""
    name = new["spec"].get(ATTRIBUTES)
    if name == old["spec"].get(ATTRIBUTES):
        return []
    if "currentVolumeAttributesClassName" not in (old.get("status") or {}) or name:
        return []
    what = "nil" if name is None else "empty string"
    text = f"update to {what} is forbidden when status.currentVolumeAttributesClassName is not nil"
    return [causes.forbidden(f"spec.{ATTRIBUTES}", text)]
