"""The metadata that the API server keeps itself: names, identity, generation, deletion marks.

Rules: k8s.io/apiserver `pkg/registry/rest/{create,update,delete,meta}.go`.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from stswidgets.simulator import status
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]

_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"  # what Kubernetes makes random names of: no vowels, nothing that looks alike
_LONGEST_BASE = 58


def clone(obj: Json) -> Json:
    """A deep copy. Shared parts (a template that a controller took from a set) must not change with the copy."""
    copied: Json = msgspec.json.decode(msgspec.json.encode(obj))
    return copied


def of(obj: Json) -> Json:
    """`metadata`, made if it is missing."""
    metadata: Json | None = obj.get("metadata")
    if metadata is None:
        metadata = obj["metadata"] = {}
    return metadata


def generated_name(base: str) -> str:
    """A name from `generateName`."""
    return base[:_LONGEST_BASE] + "".join(secrets.choice(_SUFFIX) for _ in range(5))


OTHER_NAMESPACE = "the namespace of the provided object does not match the namespace sent on the request"


def other_name(given: str, wanted: str) -> str:
    """What is said of an object that has another name than the URL, or none."""
    if not given:
        return f"the name of the object ({wanted} based on URL) was undeterminable: name must be provided"
    return f"the name of the object ({given}) does not match the name on the URL ({wanted})"


def place(kind: Kind, obj: Json, namespace: str | None) -> None:
    """Set the namespace of the request; 400 if the object names another one."""
    metadata = of(obj)
    if not kind.namespaced:
        metadata.pop("namespace", None)
        return
    wanted = namespace or metadata.get("namespace") or ""
    if metadata.get("namespace", wanted) not in ("", wanted):
        raise status.bad_request(OTHER_NAMESPACE)
    metadata["namespace"] = wanted


def keep_system_fields(new: Json, old: Json) -> None:
    """An update cannot touch identity, creation, generation or the marks of deletion."""
    after, before = of(new), old["metadata"]
    after["generation"] = before.get("generation")
    after["resourceVersion"] = before["resourceVersion"]
    if not after.get("uid"):
        after["uid"] = before.get("uid")
    for field in ("creationTimestamp", "deletionTimestamp"):
        if before.get(field):
            after[field] = before[field]
    if before.get("deletionGracePeriodSeconds") is not None:
        after.setdefault("deletionGracePeriodSeconds", before["deletionGracePeriodSeconds"])
    if not before.get("deletionTimestamp"):
        after.pop("deletionTimestamp", None)
        after.pop("deletionGracePeriodSeconds", None)
    for field in [field for field, value in after.items() if value is None]:
        del after[field]
    after.pop("selfLink", None)


def check_versions(kind: Kind, new: Json, old: Json) -> None:
    """409 if the object changed since the client read it, or is another object of the same name."""
    metadata, before = of(new), old["metadata"]
    name = before["name"]
    if metadata.get("uid") and metadata["uid"] != before.get("uid"):
        space = f"{before['namespace']}/" if before.get("namespace") else ""
        why = (
            f"StorageError: invalid object, Code: 4, Key: /registry/{kind.plural}/{space}{name}, ResourceVersion: 0, "
            f"AdditionalErrorMsg: Precondition failed: UID in precondition: {metadata['uid']}, "
            f"UID in object meta: {before.get('uid')}"
        )
        raise status.conflict(kind.group, kind.plural, name, why)
    version = metadata.get("resourceVersion")
    if version and version != before["resourceVersion"]:
        raise status.conflict(kind.group, kind.plural, name)


def owed(obj: Json) -> bool:
    """Whether a deleted object still waits: for finalizers, or for its grace period."""
    metadata = obj["metadata"]
    return bool(metadata.get("finalizers")) or bool(metadata.get("deletionGracePeriodSeconds"))
