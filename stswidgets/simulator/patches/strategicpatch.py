"""Strategic merge patch (k8s.io/apimachinery `pkg/util/strategicpatch`): lists merge by key, directives say the rest.

$patch: replace | delete              in an object, or as an item of a list
$setElementOrder/LIST                 the order of the items afterwards
$deleteFromPrimitiveList/LIST         values that leave a list of primitives
$retainKeys                           fields of the object that stay; the others go

As there, merging uses the patch up: what was done is taken out of it, and errors show what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
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

_GO_TYPES: dict[type, str] = {
    dict: "map[string]interface {}",
    list: "[]interface {}",
    str: "string",
    bool: "bool",
    int: "int64",
    float: "float64",
    type(None): "%!s(<nil>)",
}


def strategic(obj: Json, patch: Json, definition: str) -> Json:
    """`obj` with `patch` merged in by the schema of `definition`. Both are the caller's own, and are changed."""
    return _objects(obj, patch, node(definition))


def _failed(text: str) -> ApiError:
    """What Go's code did not expect: no 400, though it is the client's fault."""
    return ApiError(500, "", text)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _holds(values: Iterable[Any], value: Any) -> bool:
    return any(_same(item, value) for item in values)


def _expected(value: Any, of: type) -> ApiError:
    return _failed(f"expected a {_GO_TYPES[of]}, but received a {_GO_TYPES[type(value)]}")


def _no_key(item: Json, key: str) -> ApiError:
    return _failed(f"map: {gotext.plain(item)} does not contain declared merge key: {key}")


def _unknown(directive: Any, patch: Json) -> ApiError:
    shown = directive if isinstance(directive, str) else f"%!s({_GO_TYPES[type(directive)]}={gotext.plain(directive)})"
    return _failed(f"unknown patch type: {shown} in map: {gotext.plain(patch)}")


def _child(kind: Node, key: str) -> Node:
    """The type of a field. 500 where the struct has none, as when what it holds is looked into by its own code."""
    if kind.kind == "map":
        return kind.item or UNTYPED
    field = kind.fields.get(key)
    if field is None:
        struct = kind.go.rpartition(".")[2]
        raise _failed(f"unable to find api field in struct {struct} for the json field {gotext.quote(key)}")
    return field.node


def _objects(value: Json, patch: Json, kind: Node) -> Json:
    directive = patch.get(DIRECTIVE)
    if DIRECTIVE in patch:
        if directive == "delete":
            return {}
        if directive != "replace":
            raise _unknown(directive, patch)
        del patch[DIRECTIVE]
        return patch
    _retain(value, patch)
    for key in [key for key in patch if key.startswith(ORDER)]:
        _ordered(value, patch, key.removeprefix(ORDER), kind)
    for key, child in list(patch.items()):
        _member(value, key, child, kind)
    return value


def _retain(value: Json, patch: Json) -> None:
    if RETAIN not in patch:
        return
    retained = patch.pop(RETAIN)
    if not isinstance(retained, list):
        raise status.bad_request("invalid patch format of retainKeys")
    for key, child in patch.items():
        if child is not None and not key.startswith((DELETE, ORDER)) and key not in retained:
            raise status.bad_request("invalid patch format of retainKeys")
    for key in [key for key in value if key not in retained]:
        del value[key]


def _member(value: Json, key: str, patch: Any, kind: Node) -> None:
    """Merge one field of a patch into an object."""
    deletes = key.startswith(DELETE)
    key = key.removeprefix(DELETE)
    if patch is None:
        value.pop(key, None)
        return
    if key not in value or type(value[key]) is not type(patch):
        if not deletes:
            _drop_nulls(patch)
            _put(value, key, patch)
        return
    current = value[key]
    if isinstance(patch, dict):
        of = _child(kind, key)
        value[key] = patch if "replace" in of.strategies else _objects(current, patch, of)
    elif isinstance(patch, list):
        of = _child(kind, key)
        if deletes or "merge" in of.strategies:
            value[key] = _lists(current, patch, of, deletes=deletes)
        else:
            value[key] = patch
    else:
        value[key] = patch


def _put(value: Json, key: str, patch: Any) -> None:
    kept, keep = _without_directives(patch)
    if keep:
        value[key] = kept
    else:
        value.pop(key, None)


def _drop_nulls(patch: Any) -> None:
    if isinstance(patch, dict):
        for key in [key for key, child in patch.items() if child is None]:
            del patch[key]
    for child in patch.values() if isinstance(patch, dict) else patch if isinstance(patch, list) else ():
        _drop_nulls(child)


def _without_directives(patch: Any) -> tuple[Any, bool]:
    """A value that is new without what was to be deleted from the old one, and whether anything is to be kept."""
    if isinstance(patch, dict):
        if DIRECTIVE in patch:
            return None, False
        for key, child in list(patch.items()):
            _put(patch, key, child)
    elif isinstance(patch, list):
        return [kept for kept, keep in map(_without_directives, patch) if keep], True
    return patch, True


def _of_one_type(*lists: list[Any]) -> type | None:
    """The type of all items."""
    found: type | None = None
    for item in (item for items in lists for item in items):
        if isinstance(item, list) and found is None:
            raise ApiError(422, "Invalid", "the server rejected our request due to an error in our request", details={})
        if found is not None and type(item) is not found:
            raise _failed(f"list element types are not identical: {gotext.plain([*lists])}")
        found = type(item)
    return found


def _lists(items: list[Any], patch: list[Any], kind: Node, *, deletes: bool = False) -> list[Any]:
    if not items and not patch:
        return items
    if _of_one_type(items, patch) is not dict:
        if deletes:
            return [item for item in items if not _holds(patch, item)]
        merged: list[Any] = []
        for item in (*items, *patch):
            if not _holds(merged, item):
                merged.append(item)
        return _placed(merged, patch, items, "")
    if not kind.merge_key:
        raise _failed("cannot merge lists without merge key for struct")
    items, patch = _special(items, patch, kind.merge_key)
    return _placed(_merged(items, patch, kind), patch, items, kind.merge_key)


def _special(items: list[Any], patch: list[Any], key: str) -> tuple[list[Any], list[Any]]:
    """Both lists once the items that are directives are done."""
    plain = [item for item in patch if DIRECTIVE not in item]
    replaced = False
    for item in patch:
        directive = item.get(DIRECTIVE)
        if DIRECTIVE not in item:
            continue
        if directive == "delete":
            if key not in item:
                raise _no_key(item, key)
            items = [old for old in items if not _same(old.get(key), item[key])]
        elif directive == "merge":
            raise _failed("merging lists cannot yet be specified in the patch")
        elif directive != "replace":
            raise _unknown(directive, item)
        replaced = replaced or directive == "replace"
    return (plain, []) if replaced else (items, plain)


def _merged(items: list[Any], patch: list[Any], kind: Node) -> list[Any]:
    """The items with those of the patch, each found by its key."""
    merged, key = list(items), kind.merge_key
    for item in patch:
        if key not in item:
            raise _no_key(item, key)
        found = next((index for index, old in enumerate(merged) if key in old and _same(old[key], item[key])), None)
        if found is None:
            merged.append(item)
        else:
            merged[found] = _objects(merged[found], item, kind.item or UNTYPED)
    return merged


def _ordered(value: Json, patch: Json, key: str, kind: Node) -> None:
    """Merge and sort a list by `$setElementOrder`."""
    order = patch.pop(f"{ORDER}{key}")
    for given in (order, *(holder[key] for holder in (value, patch) if key in holder)):
        if not isinstance(given, list):
            raise _expected(given, list)
    of = _child(kind, key)
    if of.kind != "list":
        raise _failed("expected slice or array type, but got: struct")
    _check_order(patch.get(key) or [], order, of.merge_key)
    items = value.get(key)
    if key not in patch and items is None:
        return
    if key not in patch:
        merged = items or []
    elif items is None:
        merged, _ = _without_directives(patch[key])
    else:
        merged = _lists(items, patch[key], of) if "merge" in of.strategies else patch[key]
    if of.merge_key:
        for index, item in enumerate(order):
            if not isinstance(item, dict):
                raise _failed(f"value for key {index} is not a map")
            if of.merge_key not in item:
                raise _no_key(item, of.merge_key)
    if _of_one_type(items or [], patch.get(key) or []) is None:
        raise _failed("no elements in any of the given slices")
    value[key] = _placed(merged, order, items or [], of.merge_key)
    patch.pop(key, None)


def _check_order(patch: list[Any], order: list[Any], key: str) -> None:
    """The items of a patch stand in the order that it sets."""
    if not patch or not order:
        return
    left = [item for item in patch if not (isinstance(item, dict) and DIRECTIVE in item)]
    for wanted in order:
        if left and _same(_identity(left[0], key), _identity(wanted, key)):
            left = left[1:]
    if left:
        shown, listed = gotext.plain(patch), gotext.plain(order)
        raise _failed(f"The order in patch list:\n{shown}\n doesn't match {ORDER[:-1]} list:\n{listed}\n")


def _identity(item: Any, key: str) -> Any:
    return item.get(key) if key and isinstance(item, dict) else item


def _placed(items: list[Any], wanted: list[Any], live: list[Any], key: str) -> list[Any]:
    """Wanted items in their order; each other one before the first wanted item that it preceded in the live list."""
    order = [_hashable(_identity(item, key)) for item in wanted]
    places = {_hashable(_identity(item, key)): index for index, item in reversed(list(enumerate(live)))}
    named: list[Any] = []
    others: list[Any] = []
    for item in items:
        if key and key not in item:
            raise _no_key(item, key)
        (named if _hashable(_identity(item, key)) in order else others).append(item)
    named.sort(key=lambda item: order.index(_hashable(_identity(item, key))))

    def place(item: Any) -> int | None:
        return places.get(_hashable(_identity(item, key)))

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
