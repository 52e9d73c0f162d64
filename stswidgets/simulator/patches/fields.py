"""Sets of fields as managedFields writes them (FieldsV1).

A path is a tuple of elements as they stand in FieldsV1: `f:spec` (a field or map key), `k:{"name":"web"}` (an item by
its keys), `v:"x"` (an item by its value). A set of fields is a frozenset of paths; a path in the set owns that value
alone, not what is below.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any, Final

from stswidgets.simulator.schema.types import Node

Json = dict[str, Any]
Path = tuple[str, ...]
Fields = frozenset[Path]

EMPTY: Fields = frozenset()
ABSENT: Final = object()


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
    keys: list[tuple[str, Any, type]] = []
    for key in sorted(kind.keys):
        found = value.get(key, ABSENT)
        if found is ABSENT and kind.item and key in kind.item.fields:
            found = kind.item.fields[key].default
            if found is None:
                continue
        if found is not ABSENT:
            keys.append((key, found, type(found)))
    if any(isinstance(found, dict | list) for _, found, _ in keys):
        return f"k:{text({key: found for key, found, _ in keys})}"  # of the wrong type, which is told later
    return _keyed(tuple(keys))


@functools.lru_cache(maxsize=65536)
def _keyed(keys: tuple[tuple[str, Any, type], ...]) -> str:
    """The element of an item by its keys. The types tell 1 from true, which are equal to Python."""
    return f"k:{text({key: value for key, value, _ in keys})}"


def encode(fields: Iterable[Path]) -> Json:
    """FieldsV1: nested objects, `.` for an element that is itself in the set and has others below."""
    root: Json = {}
    for path in fields:
        here = root
        for element in path:
            here = here.setdefault(element, {})
        here["."] = {}
    return ordered(root)


def ordered(tree: Json) -> Json:
    """FieldsV1 in the order in which the server writes it."""
    elements = sorted((element for element in tree if element != "."), key=_element_order)
    written: Json = {".": {}} if "." in tree and elements else {}
    for element in elements:
        below = tree[element]
        written[element] = ordered(below) if below else {}
    return written


def union(one: Json, other: Json) -> Json:
    """The set of both, as FieldsV1 in no order; `one` itself where `other` adds nothing."""
    merged: Json | None = None
    for element, below in other.items():
        if element == ".":
            known = one.get(element)
            both = known if known is not None else below
        else:
            known = one.get(element)
            both = below if known is None else _union(known, below)
        if both is not known:
            merged = dict(one) if merged is None else merged
            merged[element] = both
    return one if merged is None else merged


def _union(one: Json, other: Json) -> Json:
    if not other:
        return one if not one or "." in one else {".": {}, **one}
    return union(one or {".": {}}, other)


def minus(tree: Json, drop: Json) -> Json:
    """What of a set is not in the other one, both as FieldsV1; `tree` itself where that is all of it."""
    left: Json | None = None
    for element, gone in drop.items():
        below = tree.get(element)
        if below is None or element == ".":
            continue
        rest = _minus(below, gone)
        if rest is below:
            continue
        left = dict(tree) if left is None else left
        if rest is None:
            del left[element]
        else:
            left[element] = rest
    return tree if left is None else left


def nameless(tree: Json) -> bool:
    """Whether a tree has an item of a list that none of its keys tells apart."""
    for element, below in tree.items():  # noqa: SIM110 - every write asks it, and generators triple its time
        if element == "k:{}" or (below and nameless(below)):
            return True
    return False


def _minus(here: Json, drop: Json) -> Json | None:
    """What is left of an element and what is below it; None if nothing is."""
    rest = minus(here, drop) if here else here
    if not ((not here or "." in here) and (not drop or "." in drop)):
        return rest or (here if rest is here else None)
    below = {element: child for element, child in rest.items() if element != "."}
    return below or None


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
            (key, isinstance(part, str), part if isinstance(part, str | int | float) else -1)
            for key, part in value.items()
        )
    return 2, (isinstance(value, str), str(value))


def order(path: Path) -> tuple[tuple[int, Any], ...]:
    """A sort key: fields first, then items by key, then items by value, as structured-merge-diff orders them."""
    return tuple(_element_order(element) for element in path)


def walk_order(path: Path) -> tuple[tuple[int, tuple[int, Any]], ...]:
    """A sort key: what a level owns itself, then what is deeper, as the server walks a set."""
    last = len(path) - 1
    return tuple((int(index < last), _element_order(element)) for index, element in enumerate(path))


def _shown(value: Any) -> str:
    """A key's value in a path, which may be of a wrong type."""
    if isinstance(value, dict):
        return "".join(f"{key}={_shown(part)}" for key, part in sorted(value.items()))
    if isinstance(value, list):
        return "[" + ",".join(map(_shown, value)) + "]"
    return text(int(value) if isinstance(value, float) and value.is_integer() else value)


def path_text(path: Path) -> str:
    """A path as conflicts name it: `.spec.template.spec.containers[name="web"].image`."""
    parts = []
    for element in path:
        kind, rest = element[:2], element[2:]
        if kind == "f:":
            parts.append(f".{rest}")
        elif kind == "k:":
            parts.append("[" + ",".join(f"{key}={_shown(value)}" for key, value in json.loads(rest).items()) + "]")
        else:
            parts.append(f"[={rest}]")
    return "".join(parts)


def without_prefix(fields: Fields, prefixes: Iterable[Path]) -> Fields:
    """The set without the prefixes and all that is below them."""
    drop = tuple(prefixes)
    if not drop:
        return fields
    return frozenset(path for path in fields if not any(path[: len(prefix)] == prefix for prefix in drop))
