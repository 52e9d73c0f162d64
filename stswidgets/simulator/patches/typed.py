"""Objects seen through their types: what differs, what they hold, how two merge (structured-merge-diff's rules).

Absent and null are different here: a null has a place, an absent value does not.
"""

from __future__ import annotations

from typing import Any

import msgspec

from stswidgets.simulator.patches import fields
from stswidgets.simulator.patches.fields import ABSENT, Fields, Path
from stswidgets.simulator.schema.types import Node

Json = dict[str, Any]

UNTYPED = Node("any")


class Comparison(msgspec.Struct):
    """Paths that the second object removed, changed and added."""

    removed: set[Path] = msgspec.field(default_factory=set)
    modified: set[Path] = msgspec.field(default_factory=set)
    added: set[Path] = msgspec.field(default_factory=set)


def child_kind(kind: Node, key: str) -> Node:
    """The type below a key of an object."""
    if kind.kind == "struct":
        found = kind.fields.get(key)
        return found.node if found else UNTYPED
    return kind.item or UNTYPED


def is_leaf(kind: Node) -> bool:
    """Whether the value is owned as a whole, by its type."""
    return kind.kind not in ("struct", "map", "list") or kind.atomic


def _as_map(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def compare(old: Any, new: Any, kind: Node) -> Comparison:
    """What changes from `old` to `new`."""
    found = Comparison()
    _compare(old, new, kind, (), found)
    return found


def _compare(old: Any, new: Any, kind: Node, path: Path, found: Comparison) -> None:
    if old is not ABSENT and new is not ABSENT and old == new:
        return
    if is_leaf(kind) or not ((old is not ABSENT and old) or (new is not ABSENT and new)):
        _compare_leaf(old, new, path, found)
        return
    if kind.kind == "list":
        _compare_lists(_as_list(old), _as_list(new), kind, path, found)
    else:
        before, after = _as_map(old), _as_map(new)
        for key in before.keys() | after.keys():
            below = (*path, fields.field(key))
            _compare(before.get(key, ABSENT), after.get(key, ABSENT), child_kind(kind, key), below, found)
    if old is ABSENT:
        found.added.add(path)
    elif new is ABSENT:
        found.removed.add(path)


def _compare_leaf(old: Any, new: Any, path: Path, found: Comparison) -> None:
    if old is ABSENT:
        found.added.add(path)
    elif new is ABSENT:
        found.removed.add(path)
    elif old != new:
        found.modified.add(path)


def _grouped(items: list[Any], kind: Node) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for value in items:
        groups.setdefault(fields.item(value, kind), []).append(value)
    return groups


def _compare_lists(old: list[Any], new: list[Any], kind: Node, path: Path, found: Comparison) -> None:
    item_kind = kind.item or UNTYPED
    before, after = _grouped(old, kind), _grouped(new, kind)
    for element in before.keys() | after.keys():
        below = (*path, element)
        left, right = before.get(element, []), after.get(element, [])
        if len(left) <= 1 and len(right) <= 1:
            _compare(left[0] if left else ABSENT, right[0] if right else ABSENT, item_kind, below, found)
        elif len(left) >= 2 and len(right) >= 2:
            if left != right:
                found.modified.add(below)
        elif len(left) >= 2:
            if right:
                _compare(ABSENT, right[0], item_kind, below, found)
            found.removed.add(below)
        else:
            if left:
                _compare(left[0], ABSENT, item_kind, below, found)
            found.added.add(below)


def difference(old: Json, new: Json, kind: Node) -> tuple[Json, Json]:
    """What `compare` finds, as FieldsV1 in no order: (changed and added, removed).

    Nearly every write asks this, and paths would be most of its work.
    """
    touched, removed = _difference(old, new, kind)
    return touched or {}, removed or {}


def _difference(old: Any, new: Any, kind: Node) -> tuple[Json | None, Json | None]:
    """As `difference`, below the root: None where there is nothing."""
    if is_leaf(kind) or not (old or new):
        return {}, None
    if kind.kind == "list":
        return _list_difference(_as_list(old), _as_list(new), kind)
    before, after = _as_map(old), _as_map(new)
    touched: Json = {}
    removed: Json = {}
    for key, value in after.items():
        was = before.get(key, ABSENT)
        if was is ABSENT:
            touched[f"f:{key}"] = _whole(value, child_kind(kind, key))
        elif was != value:
            _put(f"f:{key}", _difference(was, value, child_kind(kind, key)), touched, removed)
    for key, value in before.items():
        if key not in after:
            removed[f"f:{key}"] = _whole(value, child_kind(kind, key))
    return touched or None, removed or None


def _put(element: str, found: tuple[Json | None, Json | None], touched: Json, removed: Json) -> None:
    if found[0] is not None:
        touched[element] = found[0]
    if found[1] is not None:
        removed[element] = found[1]


def _list_difference(old: list[Any], new: list[Any], kind: Node) -> tuple[Json | None, Json | None]:
    item_kind = kind.item or UNTYPED
    before, after = _grouped(old, kind), _grouped(new, kind)
    touched: Json = {}
    removed: Json = {}
    for element in before.keys() | after.keys():
        left, right = before.get(element, []), after.get(element, [])
        if left == right:
            continue
        if len(left) == len(right) == 1:
            _put(element, _difference(left[0], right[0], item_kind), touched, removed)
            continue
        # An item that is there twice has no fields of its own.
        if right:
            touched[element] = _whole(right[0], item_kind) if len(right) == 1 else {}
        if left and not len(left) >= 2 <= len(right):
            removed[element] = _whole(left[0], item_kind) if len(left) == 1 else {}
    return touched or None, removed or None


def _whole(value: Any, kind: Node) -> Json:
    """All fields of a value that was not there before, or is not any more."""
    if not value or is_leaf(kind):
        return {}
    found: Json = {".": {}}
    if kind.kind == "list":
        item_kind = kind.item or UNTYPED
        for element, group in _grouped(_as_list(value), kind).items():
            found[element] = _whole(group[0], item_kind) if len(group) == 1 else {}
    else:
        for key, child in _as_map(value).items():
            found[f"f:{key}"] = _whole(child, child_kind(kind, key))
    return found


def to_fields(value: Any, kind: Node) -> Fields:
    """The fields that an object holds, as an applier owns them."""
    found: set[Path] = set()
    _collect(value, kind, (), found)
    return frozenset(found)


def _collect(value: Any, kind: Node, path: Path, found: set[Path]) -> None:
    if is_leaf(kind):
        found.add(path)
    elif kind.kind == "list":
        for element, group in _grouped(_as_list(value), kind).items():
            if len(group) == 1:
                _collect(group[0], kind.item or UNTYPED, (*path, element), found)
            found.add((*path, element))
    else:
        for key, child in _as_map(value).items():
            below = (*path, fields.field(key))
            _collect(child, child_kind(kind, key), below, found)
            if child is None or child == {} or key not in kind.fields:
                found.add(below)


def merge(old: Any, new: Any, kind: Node) -> Any:
    """`new` laid over `old`: lists with keys and objects merge, everything else is `new`'s where it says something."""
    if new is ABSENT:
        return old
    if old is ABSENT and is_leaf(kind):
        return new
    if is_leaf(kind) or (not new and (old is ABSENT or not old)):
        return new
    if kind.kind == "list":
        return _merge_lists(_as_list(ABSENT if old is ABSENT else old), _as_list(new), kind)
    before, after = _as_map(old), _as_map(new)
    merged = {}
    for key in [*before, *(key for key in after if key not in before)]:
        merged[key] = merge(before.get(key, ABSENT), after.get(key, ABSENT), child_kind(kind, key))
    return merged


def _merge_lists(old: list[Any], new: list[Any], kind: Node) -> list[Any]:
    """Items of both: shared ones in the new list's order, the old list's others where they stood before them."""
    item_kind = kind.item or UNTYPED
    left = [(fields.item(value, kind), value) for value in old]
    right = [(fields.item(value, kind), value) for value in new]
    before: dict[str, Any] = {}
    for element, value in left:
        before[element] = ABSENT if element in before else value
    wanted = {element for element, _ in right}
    shared = [element for element, _ in right if element in before]
    merged: list[Any] = []
    done: set[str] = set()
    li = ri = 0
    while li < len(left) or ri < len(right):
        following = next((element for element in shared if element not in done), None)
        if li < len(left) and ri < len(right):
            element = left[li][0]
            if element == right[ri][0]:
                merged.append(merge(before[element], right[ri][1], item_kind))
                done.add(element)
                li, ri = li + 1, ri + 1
                continue
            if element in wanted and following is not None and following != element:
                li += 1
                continue
        if li < len(left):
            element, value = left[li]
            if element not in wanted:
                merged.append(value)
                li += 1
                continue
            if element in done:
                li += 1
        if ri < len(right):
            element, value = right[ri]
            merged.append(merge(before.get(element, ABSENT), value, item_kind))
            done.add(element)
            ri += 1
    return merged


def remove(value: Any, drop: Fields, kind: Node) -> Any:
    """`value` without the values at the paths of `drop`."""
    tree: Json = {}
    for path in drop:
        here = tree
        for element in path:
            here = here.setdefault(element, {})
        here[""] = True
    return _remove(value, tree, kind)


def _remove(value: Any, tree: Json, kind: Node) -> Any:
    if kind.kind == "list":
        return _remove_items(value, tree, kind)
    if kind.kind not in ("struct", "map") or not isinstance(value, dict) or not value:
        return value
    if kind.atomic:
        return None
    kept = {}
    for key, child in value.items():
        branch = tree.get(fields.field(key))
        if branch is None:
            kept[key] = child
        elif "" not in branch:
            kept[key] = _remove(child, branch, child_kind(kind, key))
    return kept or None


def _remove_items(value: Any, tree: Json, kind: Node) -> Any:
    if not isinstance(value, list) or not value:
        return None
    if kind.atomic:
        return None
    kept = []
    for child in value:
        branch = tree.get(fields.item(child, kind))
        if branch is None:
            kept.append(child)
        elif "" not in branch:
            kept.append(_remove(child, branch, kind.item or UNTYPED))
    return kept or None


def with_parents(paths: Fields, kind: Node) -> Fields:
    """The set with the struct fields on the way to its members (not the items and map keys)."""
    found = set(paths)
    for path in paths:
        here = kind
        for index, element in enumerate(path[:-1]):
            named = here.kind == "struct" and element.startswith("f:") and element[2:] in here.fields
            if named:
                found.add(path[: index + 1])
            here = child_kind(here, element[2:]) if element.startswith("f:") else here.item or UNTYPED
    return frozenset(found)
