"""Objects compared and changed as JSON: what the server keeps for itself, the patch of an edit, dropped fields."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from stswidgets.cluster.decoding import Object

MISSING: Any = object()

_SERVERS = (
    "managedFields",
    "resourceVersion",
    "generation",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
)


def cleaned(item: Object) -> Object:
    """A copy without status and without the metadata that the server alone writes: what a person means."""
    kept = {key: copy.deepcopy(value) for key, value in item.items() if key not in {"status", "metadata"}}
    metadata = {key: copy.deepcopy(value) for key, value in (item.get("metadata") or {}).items() if key not in _SERVERS}
    order = [key for key in item if key != "status"]
    return {key: metadata if key == "metadata" else kept[key] for key in order}


def merge_patch(before: Any, after: Any) -> Any:
    """The JSON merge patch (RFC 7386) from one to the other: changed keys, None for removed ones, lists as wholes."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    patch: Object = {}
    for key, value in after.items():
        if key not in before:
            patch[key] = value
        elif before[key] != value:
            patch[key] = merge_patch(before[key], value)
    patch.update({key: None for key in before if key not in after})
    return patch


def dropped(sent: Any, stored: Any, path: str = "") -> Iterator[str]:
    """Paths of what was sent and is not stored. Values that the server writes in another way are not dropped."""
    if isinstance(sent, dict) and isinstance(stored, dict):
        for key, value in sent.items():
            below = step(path, key)
            if key in stored:
                yield from dropped(value, stored[key], below)
            elif not _is_nothing(value):
                yield below
    elif isinstance(sent, list) and isinstance(stored, list) and len(sent) == len(stored):
        for index, (one, other) in enumerate(zip(sent, stored, strict=True)):
            yield from dropped(one, other, f"{path}[{index}]")


def step(path: str, key: str) -> str:
    """A field path that goes one key deeper, as the API server writes it: keys that are no names in brackets."""
    if not path:
        return key
    return f"{path}.{key}" if key.replace("_", "").isalnum() else f"{path}[{key}]"


def _is_nothing(value: Any) -> bool:
    """The server leaves empty values out: sending one and not getting it back is no loss."""
    return value is None or value in ("", 0, False) or (isinstance(value, dict | list) and not value)
