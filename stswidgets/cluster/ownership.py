"""Who manages which field: metadata.managedFields read against an object.

A fieldsV1 tree has a key a step: `f:name` a map's key, `k:{"name":"app"}` the list item with these keys, `v:"x"` the
item of a set, `i:0` an index, `.` the thing itself. A leaf is `{}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from stswidgets.cluster import edits
from stswidgets.cluster.decoding import Object
from stswidgets.cluster.edits import MISSING

MANAGER = "stswidgets"
Fields = dict[str, Any]

_CONFLICT = re.compile(r'conflicts? with "([^"]+)"')
_SELECTOR = re.compile(r"\[([^\]=]+=.*?)\](?=[.\[]|$)")
_PAIR = re.compile(r'([\w.-]+)=("(?:[^"\\]|\\.)*"|[^,\]]+)')


def applied_fields(live: Object) -> Fields | None:
    """The fields that stswidgets has applied (server-side) on this object; None when it never did."""
    for entry in _entries(live):
        if entry.get("manager") == MANAGER and entry.get("operation") == "Apply" and not entry.get("subresource"):
            return entry.get("fieldsV1") or {}
    return None


def all_fields(live: Object) -> Fields:
    """The union of all managers' fields: the only place where an object tells which of its lists have keys."""
    union: Fields = {}
    for entry in _entries(live):
        _unite(union, entry.get("fieldsV1") or {})
    return union


def touched(live: Object, edited: Object) -> dict[str, tuple[str, ...]]:
    """Of each other manager, the paths of its fields that an edit changes or removes."""
    found: dict[str, dict[str, None]] = {}
    for entry in _entries(live):
        manager = str(entry.get("manager") or "")
        if manager == MANAGER or entry.get("subresource") == "status":
            continue
        for path in _changed(entry.get("fieldsV1") or {}, live, edited, ""):
            found.setdefault(manager, {})[path] = None
    return {manager: tuple(paths) for manager, paths in found.items()}


def intent(live: Object, opened: Object, edited: Object) -> Object:
    """What to apply for an edit: of the edited object, that which stswidgets owns already or the user has changed.

    Applying the whole object would make stswidgets an owner of everything in it: a chart that drops a field later
    could not remove it any more, and a pipeline that applies would be refused for fields that nobody touched here.
    """
    part = _intent(edited, opened, applied_fields(live), all_fields(live))
    found: Object = {} if part is MISSING else part
    names = {key: edited["metadata"][key] for key in ("name", "namespace") if edited["metadata"].get(key)}
    return {
        "apiVersion": edited["apiVersion"],
        "kind": edited["kind"],
        "metadata": {**names, **(found.get("metadata") or {})},
        **{key: value for key, value in found.items() if key not in {"apiVersion", "kind", "metadata"}},
    }


def managers(causes: Iterator[tuple[str, str]], item: Object) -> dict[str, tuple[str, ...]]:
    """The managers and their fields that a 409 names, from its causes' messages and fields."""
    found: dict[str, dict[str, None]] = {}
    for field, message in causes:
        match = _CONFLICT.search(message)
        found.setdefault(match.group(1) if match else "", {})[concrete(field, item)] = None
    return {manager: tuple(paths) for manager, paths in found.items()}


def concrete(field: str, item: Any) -> str:
    """A structured-merge path (`.spec.containers[name="app"].image`) as the API server writes field paths elsewhere."""
    path, rest = "", field
    while rest:
        selector = _SELECTOR.match(rest)
        if selector:
            keys = {key: _value(text) for key, text in _PAIR.findall(selector.group(1))}
            index, item = _by_keys(item, keys)
            path, rest = f"{path}[{index}]" if index >= 0 else path + selector.group(0), rest[selector.end() :]
        elif rest.startswith("["):
            end = rest.index("]") + 1
            path, rest, item = path + rest[:end], rest[end:], MISSING
        else:
            key = _longest_key(rest.removeprefix("."), item)
            rest = rest.removeprefix(".")[len(key) :]
            path = edits.step(path, key)
            item = item.get(key, MISSING) if isinstance(item, dict) else MISSING
    return path


def _longest_key(rest: str, item: Any) -> str:
    """Keys such as `app.kubernetes.io/name` have dots: the object tells where one ends."""
    if isinstance(item, dict):
        fitting = [str(key) for key in item if rest.startswith(key) and rest[len(key) : len(key) + 1] in {"", ".", "["}]
        if fitting:
            return max(fitting, key=len)
    return re.split(r"[.\[]", rest, maxsplit=1)[0]


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _entries(live: Object) -> list[Object]:
    return (live.get("metadata") or {}).get("managedFields") or []


def _unite(into: Fields, fields: Fields) -> None:
    for key, below in fields.items():
        _unite(into.setdefault(key, {}), below)


def _below(fields: Fields) -> Fields:
    return {key: below for key, below in fields.items() if key != "."}


def _at(item: Any, key: str) -> tuple[str, Any]:
    """What a fieldsV1 key means in an object: the path's next step, and the value or MISSING."""
    kind, _, rest = key.partition(":")
    if kind == "f":
        return rest, item.get(rest, MISSING) if isinstance(item, dict) else MISSING
    if kind == "k":
        index, found = _by_keys(item, json.loads(rest))
        return f"[{index}]", found
    if kind == "v" and isinstance(item, list):
        value = json.loads(rest)
        return (f"[{item.index(value)}]", value) if value in item else ("", MISSING)
    if kind == "i" and isinstance(item, list) and int(rest) < len(item):
        return f"[{rest}]", item[int(rest)]
    return "", MISSING


def _by_keys(item: Any, keys: dict[str, Any]) -> tuple[int, Any]:
    if isinstance(item, list):
        for index, one in enumerate(item):
            # A key with a default (a port's protocol) may be left out in a manifest.
            named = isinstance(one, dict) and any(key in one for key in keys)
            if named and all(one.get(key, value) == value for key, value in keys.items()):
                return index, one
    return -1, MISSING


def _changed(fields: Fields, before: Any, after: Any, path: str) -> Iterator[str]:
    for key, below in _below(fields).items():
        name, was = _at(before, key)
        if was is MISSING or (not path and name == "status"):
            continue
        here = path + name if name.startswith("[") else edits.step(path, name)
        _, now = _at(after, key)
        if now is MISSING or (not _below(below) and was != now):
            yield here
        else:
            yield from _changed(below, was, now, here)


def _intent(edited: Any, opened: Any, ours: Fields | None, known: Fields) -> Any:
    if ours is not None and not _below(ours) and "." not in ours:
        return edited  # a leaf of ours, also one that holds a map or a list as one value
    if isinstance(edited, dict):
        return _intent_of_map(edited, opened, ours, known)
    if isinstance(edited, list):
        return _intent_of_list(edited, opened, ours, known)
    return MISSING if edited == opened else edited


def _intent_of_map(edited: Object, opened: Any, ours: Fields | None, known: Fields) -> Any:
    parts: Object = {}
    for key, value in edited.items():
        step = f"f:{key}"
        was = opened.get(key, MISSING) if isinstance(opened, dict) else MISSING
        part = _intent(value, was, (ours or {}).get(step), known.get(step) or {})
        if part is not MISSING:
            parts[key] = part
    return parts if parts or ours is not None or opened is MISSING else MISSING


def _intent_of_list(edited: list[Any], opened: Any, ours: Fields | None, known: Fields) -> Any:
    keyed = next((json.loads(key[2:]) for key in known if key.startswith("k:")), None)
    if keyed is None:
        return MISSING if ours is None and edited == opened else edited
    parts = []
    for one in edited:
        keys = {key: one[key] for key in keyed if key in one} if isinstance(one, dict) else {}
        if len(keys) != len(keyed):
            return edited  # an item without its keys: the server says what it thinks of it
        step = _step_of(known, keys)
        part = _intent(one, _by_keys(opened, keys)[1], (ours or {}).get(step), known.get(step) or {})
        if part is not MISSING:
            parts.append({**keys, **part})
    return parts if parts or ours is not None else MISSING


def _step_of(known: Fields, keys: Object) -> str:
    return next((key for key in known if key.startswith("k:") and json.loads(key[2:]) == keys), "")
