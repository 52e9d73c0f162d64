"""Sets of fields as managedFields writes them (FieldsV1).

A path is a tuple of elements as they stand in FieldsV1: `f:spec` (a field or map key), `k:{"name":"web"}` (an item by
its keys), `v:"x"` (an item by its value). A set of fields is a frozenset of paths; a path in the set owns that value
alone, not what is below.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any

from stswidgets.simulator.schema.types import Node

Json = dict[str, Any]
Path = tuple[str, ...]
Fields = frozenset[Path]

EMPTY: Fields = frozenset()


def text(value: Any) -> str:
    """A value in an element: compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def field(name: str) -> str:
    """The element of a field or map key."""
    return f"f:{name}"


def item(value: Any, kind: Node) -> str:
    """The element of a list's item: its keys (with declared defaults where they are absent), or its value in a set."""
    if kind.list_type == "set" or not isinstance(value, dict):
        return f"v:{text(value)}"
    keys: Json = {}
    for key in sorted(kind.keys):
        if key in value:
            keys[key] = value[key]
        elif kind.item and key in kind.item.fields and kind.item.fields[key].default is not None:
            keys[key] = kind.item.fields[key].default
    return f"k:{text(keys)}"


def encode(fields: Iterable[Path]) -> Json:
    """FieldsV1: nested objects, `.` for an element that is itself in the set and has others below."""
    root: Json = {}
    members: set[int] = set()
    for path in sorted(fields, key=order):
        here = root
        for element in path:
            here = here.setdefault(element, {})
        members.add(id(here))
    _mark(root, members)
    return root


def _mark(tree: Json, members: set[int]) -> None:
    for child in tree.values():
        inner = bool(child)
        _mark(child, members)
        if inner and id(child) in members:
            rest = dict(child)
            child.clear()
            child["."] = {}
            child.update(rest)


def decode(tree: Json) -> Fields:
    """The set that FieldsV1 writes."""
    found: list[Path] = []

    def walk(here: Json, path: Path) -> None:
        for element, child in here.items():
            if element == ".":
                found.append(path)
            else:
                below = (*path, element)
                if child:
                    walk(child, below)
                else:
                    found.append(below)

    walk(tree, ())
    return frozenset(found)


def holds(tree: Json, path: Path) -> bool:
    """Whether the set that FieldsV1 writes has the path."""
    for element in path:
        below = tree.get(element)
        if below is None:
            return False
        tree = below
    return not tree or "." in tree


@functools.lru_cache(maxsize=65536)
def _element_order(element: str) -> tuple[int, Any]:
    kind, rest = element[:2], element[2:]
    if kind == "f:":
        return 0, rest
    value = json.loads(rest)
    if kind == "k:":
        return 1, tuple(
            (key, isinstance(part, str), str(part) if isinstance(part, str) else part) for key, part in value.items()
        )
    return 2, (isinstance(value, str), str(value))


def order(path: Path) -> tuple[tuple[int, Any], ...]:
    """A sort key: fields first, then items by key, then items by value, as structured-merge-diff orders them."""
    return tuple(_element_order(element) for element in path)


def walk_order(path: Path) -> tuple[tuple[int, tuple[int, Any]], ...]:
    """A sort key: what a level owns itself, then what is deeper, as the server walks a set."""
    last = len(path) - 1
    return tuple((int(index < last), _element_order(element)) for index, element in enumerate(path))


def path_text(path: Path) -> str:
    """A path as conflicts name it: `.spec.template.spec.containers[name="web"].image`."""
    parts = []
    for element in path:
        kind, rest = element[:2], element[2:]
        if kind == "f:":
            parts.append(f".{rest}")
        elif kind == "k:":
            parts.append("[" + ",".join(f"{key}={text(value)}" for key, value in json.loads(rest).items()) + "]")
        else:
            parts.append(f"[={rest}]")
    return "".join(parts)


def without_prefix(fields: Fields, prefixes: Iterable[Path]) -> Fields:
    """The set without the prefixes and all that is below them."""
    drop = tuple(prefixes)
    if not drop:
        return fields
    return frozenset(path for path in fields if not any(path[: len(prefix)] == prefix for prefix in drop))
