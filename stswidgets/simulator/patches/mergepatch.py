"""Merge patch (RFC 7386)."""

from __future__ import annotations

import copy
from typing import Any

from stswidgets.simulator import status

Json = dict[str, Any]


def merge(obj: Json, patch: Any) -> Json:
    """`obj` with `patch` merged in: null removes, objects are merged, everything else replaces."""
    if not isinstance(patch, dict):
        what = "array" if isinstance(patch, list) else "string"
        raise status.bad_request(
            f"error decoding patch: json: cannot unmarshal {what} into Go value of type map[string]interface {{}}"
        )
    merged: Json = _merge(obj, patch)
    return merged


def _merge(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(value) if isinstance(value, dict) else {}
    for key, child in patch.items():
        if child is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), child)
    return merged
