"""JSON patch (RFC 6902), with the server's answers to patches that cannot be applied."""

from __future__ import annotations

import copy
import re
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.status import ApiError

Json = dict[str, Any]

MAX_OPERATIONS = 10_000
INDEX = re.compile(r"-?(0|[1-9][0-9]*)")


class NotApplicableError(Exception):
    """An operation does not fit the object; the server does not tell clients which."""


def json_patch(obj: Json, operations: Any) -> Json:
    """`obj` after all operations.

    400 for what is no patch, 422 for one that does not apply (a failed `test`, a missing path).
    """
    if not isinstance(operations, list) or not all(isinstance(operation, dict) for operation in operations):
        what = "object" if isinstance(operations, dict) else "string"
        raise status.bad_request(
            f"error decoding patch: json: cannot unmarshal {what} into Go value of type []handlers.jsonPatchOp"
        )
    if len(operations) > MAX_OPERATIONS:
        message = f"The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {len(operations)}"
        raise ApiError(413, "RequestEntityTooLarge", f"Request entity is too large: {message}")
    patched: Any = copy.deepcopy(obj)
    try:
        for operation in operations:
            patched = _apply(patched, operation)
    except NotApplicableError as error:
        message = "the server rejected our request due to an error in our request"
        raise ApiError(422, "Invalid", message, details={}) from error
    if not isinstance(patched, dict):
        raise status.bad_request("Invalid JSON Patch")
    return patched


def _apply(obj: Any, operation: Json) -> Any:
    kind, path = operation.get("op"), operation.get("path")
    if not isinstance(path, str):
        raise NotApplicableError("missing path")
    if kind in ("add", "replace", "test") and "value" not in operation:
        if kind != "test":
            raise NotApplicableError("missing value")
        operation = {**operation, "value": None}
    if kind == "add":
        return _add(obj, path, copy.deepcopy(operation["value"]))
    if kind == "remove":
        return _remove(obj, path)
    if kind == "replace":
        _find(obj, path)
        return _set(obj, path, copy.deepcopy(operation["value"]))
    if kind == "test":
        if _find_or_none(obj, path) != operation["value"]:
            raise NotApplicableError("test failed")
        return obj
    if kind in ("move", "copy"):
        source = operation.get("from")
        if not isinstance(source, str):
            raise NotApplicableError("missing from")
        value = copy.deepcopy(_find(obj, source))
        return _add(_remove(obj, source) if kind == "move" else obj, path, value)
    raise NotApplicableError(f"unknown operation {kind}")


def _parts(path: str) -> list[str]:
    if path == "":
        return []
    if not path.startswith("/"):
        raise NotApplicableError("path must start with /")
    return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]


def _index(items: list[Any], part: str, *, end: bool = False) -> int:
    if end and part == "-":
        return len(items)
    if not INDEX.fullmatch(part):
        raise NotApplicableError(f"{part} is no index")
    index = int(part)
    if index < 0:
        index += len(items)
    if not 0 <= index < len(items) + end:
        raise NotApplicableError(f"{part} is out of range")
    return index


def _step(value: Any, part: str) -> Any:
    if isinstance(value, dict) and part in value:
        return value[part]
    if isinstance(value, list):
        return value[_index(value, part)]
    raise NotApplicableError(f"missing {part}")


def _find(obj: Any, path: str) -> Any:
    for part in _parts(path):
        obj = _step(obj, part)
    return obj


def _parent(obj: Any, path: str) -> tuple[Any, str]:
    """What holds the place that a path of at least one part names, and the name there."""
    *parents, last = _parts(path)
    for part in parents:
        obj = _step(obj, part)
    return obj, last


def _find_or_none(obj: Any, path: str) -> Any:
    if path == "":
        return obj
    parent, last = _parent(obj, path)
    return parent.get(last) if isinstance(parent, dict) else _step(parent, last)


def _add(obj: Any, path: str, value: Any) -> Any:
    if not _parts(path):
        return value
    parent, last = _parent(obj, path)
    if isinstance(parent, dict):
        parent[last] = value
    elif isinstance(parent, list):
        parent.insert(_index(parent, last, end=True), value)
    else:
        raise NotApplicableError("no container")
    return obj


def _set(obj: Any, path: str, value: Any) -> Any:
    if not _parts(path):
        return value
    parent, last = _parent(obj, path)
    if isinstance(parent, list):
        parent[_index(parent, last)] = value
    else:
        parent[last] = value
    return obj


def _remove(obj: Any, path: str) -> Any:
    if not _parts(path):
        raise NotApplicableError("cannot remove the whole")
    parent, last = _parent(obj, path)
    _step(parent, last)
    if isinstance(parent, list):
        del parent[_index(parent, last)]
    else:
        del parent[last]
    return obj
