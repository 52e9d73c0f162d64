"""Strategic merge patch (k8s.io/apimachinery `pkg/util/strategicpatch`): lists merge by key, directives say the rest.

$patch: replace | delete | merge     in an object, or as an item of a list
$setElementOrder/LIST                 the order of the items afterwards
$deleteFromPrimitiveList/LIST         values that leave a list of primitives
$retainKeys                           fields of the object that stay; the others go
"""

from __future__ import annotations

import copy
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.schema import gotext
from stswidgets.simulator.schema.types import Node, node
from stswidgets.simulator.status import ApiError

Json = dict[str, Any]

DIRECTIVE = "$patch"
RETAIN = "$retainKeys"
ORDER = "$setElementOrder/"
DELETE = "$deleteFromPrimitiveList/"
UNTYPED = Node("any")


def strategic(obj: Json, patch: Any, definition: str) -> Json:
    """`obj` with `patch` merged in by the schema of `definition`. 400 for a malformed patch."""
    if not isinstance(patch, dict):
        raise status.bad_request("json: cannot unmarshal array into Go value of type map[string]interface {}")
    return _object(copy.deepcopy(obj), patch, node(definition))


def _child(kind: Node, key: str) -> Node:
    if kind.kind == "struct":
        field = kind.fields.get(key)
        return field.node if field else UNTYPED
    return kind.item or UNTYPED if kind.kind == "map" else UNTYPED


def _object(value: Json, patch: Json, kind: Node) -> Json:
    directive = patch.get(DIRECTIVE)
    if directive == "replace":
        return {key: copy.deepcopy(child) for key, child in patch.items() if key != DIRECTIVE}
    if directive == "delete":
        return {}
    if directive not in (None, "merge"):
        raise ApiError(500, "", f"unknown patch type: {directive} in map: {gotext.plain(patch)}")
    retained = patch.get(RETAIN)
    if retained is not None:
        value = _retain(value, patch, retained)
    orders = {key.removeprefix(ORDER): order for key, order in patch.items() if key.startswith(ORDER)}
    lists = {key: list(value[key]) for key in orders if isinstance(value.get(key), list)}
    for key, child in patch.items():
        if key in (DIRECTIVE, RETAIN) or key.startswith(ORDER):
            continue
        if key.startswith(DELETE):
            name = key.removeprefix(DELETE)
            if isinstance(value.get(name), list):
                value[name] = [item for item in value[name] if item not in child]
            continue
        _set(value, key, child, _child(kind, key))
    for key, order in orders.items():
        _order(value, key, order, _child(kind, key), patch.get(key), lists.get(key, []))
    return value


def _retain(value: Json, patch: Json, retained: Any) -> Json:
    if not isinstance(retained, list):
        raise status.bad_request("invalid patch format of retainKeys")
    for key, child in patch.items():
        if not key.startswith("$") and child is not None and key not in retained:
            raise status.bad_request("invalid patch format of retainKeys")
    return {key: child for key, child in value.items() if key in retained}


def _set(value: Json, key: str, patch: Any, kind: Node) -> None:
    if patch is None:
        value.pop(key, None)
        return
    current = value.get(key)
    if isinstance(patch, dict):
        replaced = "replace" in kind.strategies
        base = current if isinstance(current, dict) and not replaced else {}
        if patch.get(DIRECTIVE) == "delete":
            value.pop(key, None)
            return
        value[key] = _object(base, patch, kind)
    elif isinstance(patch, list):
        value[key] = _list(current if isinstance(current, list) else [], patch, kind)
    else:
        value[key] = patch


def _list(items: list[Any], patch: list[Any], kind: Node) -> list[Any]:
    if "merge" not in kind.strategies:
        return [item for item in copy.deepcopy(patch) if not (isinstance(item, dict) and DIRECTIVE in item)]
    if not kind.merge_key:
        merged = [*items, *(copy.deepcopy(item) for item in patch if item not in items)]
        return _placed(merged, patch, items, "")
    wanted = [item.get(kind.merge_key) for item in patch if isinstance(item, dict) and DIRECTIVE not in item]
    return _placed(_merged_list(items, patch, kind), wanted, items, kind.merge_key)


def _merged_list(items: list[Any], patch: list[Any], kind: Node) -> list[Any]:
    """Merge items by their key; `$patch: replace` as an item clears the list first, `$patch: delete` drops one item."""
    key = kind.merge_key
    item_kind = kind.item or UNTYPED
    directives = [item.get(DIRECTIVE) for item in patch if isinstance(item, dict)]
    merged = [] if "replace" in directives else list(items)
    for item in patch:
        if not isinstance(item, dict):
            raise status.bad_request(f"expected an object in a list that merges by {key}")
        directive = item.get(DIRECTIVE)
        if directive == "replace" and set(item) == {DIRECTIVE}:
            continue
        if key not in item:
            raise ApiError(500, "", f"map: {gotext.plain(item)} does not contain declared merge key: {key}")
        found = next((i for i, old in enumerate(merged) if isinstance(old, dict) and old.get(key) == item[key]), None)
        if directive == "delete":
            merged = [old for old in merged if not (isinstance(old, dict) and old.get(key) == item[key])]
        elif found is None:
            merged.append(_object({}, {k: v for k, v in item.items() if k != DIRECTIVE}, item_kind))
        else:
            merged[found] = _object(merged[found], item, item_kind)
    return merged


def _order(  # noqa: PLR0917 - all of one place in the walk
    value: Json, key: str, order: Any, kind: Node, patch: Any, live: list[Any]
) -> None:
    """Sort a list by `$setElementOrder`; `live` is the list before the patch."""
    items = value.get(key)
    if not isinstance(order, list):
        raise status.bad_request("invalid patch format of setElementOrder list")
    if not isinstance(items, list):
        return
    wanted = [_identity(entry, kind.merge_key) for entry in order]
    if isinstance(patch, list):
        for item in patch:
            directive = item.get(DIRECTIVE) if isinstance(item, dict) else None
            if directive is None and _identity(item, kind.merge_key) not in wanted:
                patch_text, order_text = gotext.plain(patch), gotext.plain(order)
                message = f"The order in patch list:\n{patch_text}\n doesn't match {ORDER[:-1]} list:\n{order_text}\n"
                raise ApiError(500, "", message)
    value[key] = _placed(items, wanted, live, kind.merge_key)


def _identity(item: Any, key: str) -> Any:
    return item.get(key) if isinstance(item, dict) else item


def _placed(items: list[Any], wanted: list[Any], live: list[Any], key: str) -> list[Any]:
    """Wanted items in their order; each other one before the first wanted item that it preceded in the live list."""
    named = [item for item in items if _identity(item, key) in wanted]
    named.sort(key=lambda item: wanted.index(_identity(item, key)))
    places = {_hashable(_identity(item, key)): index for index, item in reversed(list(enumerate(live)))}

    def place(item: Any) -> int | None:
        return places.get(_hashable(_identity(item, key)))

    others = [item for item in items if _identity(item, key) not in wanted]
    others.sort(key=lambda item: len(live) if place(item) is None else place(item) or 0)
    merged: list[Any] = []
    for item in named:
        here = place(item)
        while others and here is not None and (other := place(others[0])) is not None and other < here:
            merged.append(others.pop(0))
        merged.append(item)
    return [*merged, *others]


def _hashable(value: Any) -> str:
    return gotext.compact(value)
