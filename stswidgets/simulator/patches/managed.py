"""managedFields: who owns which field (k8s.io/apimachinery `pkg/util/managedfields`).

`update` keeps track of every write that is not an apply; `apply.apply` uses the same entries.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from stswidgets.simulator import clock
from stswidgets.simulator.patches import fields, typed
from stswidgets.simulator.patches.fields import Fields, Path
from stswidgets.simulator.schema import codec
from stswidgets.simulator.schema.types import Node, node

Json = dict[str, Any]

MAX_UPDATERS = 10
"""More managers that update than these are merged into `ancient-changes`, the oldest first."""
STRIPPED: Fields = frozenset(
    {
        ("f:apiVersion",),
        ("f:kind",),
        ("f:metadata",),
        *(
            ("f:metadata", f"f:{name}")
            for name in (
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                "managedFields",
                "resourceVersion",
            )
        ),
    }
)
"""Fields that nobody owns."""
_STRIPPED_TREE = fields.encode(STRIPPED)


class Manager(msgspec.Struct, frozen=True):
    """Who an entry belongs to. Appliers are the same whatever version they apply."""

    name: str
    operation: str
    api_version: str
    subresource: str = ""


class Entry:
    """What a manager owns, and since when (RFC 3339).

    Most writes leave most entries alone, so an entry read from an object is decoded only when somebody asks.
    """

    __slots__ = ("_owned", "_tree", "api_version", "time")

    def __init__(self, owned: Fields | None, api_version: str, time: str = "", tree: Json | None = None) -> None:
        self._owned = owned
        self._tree = tree
        self.api_version = api_version
        self.time = time

    @property
    def owned(self) -> Fields:
        """The fields."""
        if self._owned is None:
            self._owned = fields.decode(self._tree or {})
        return self._owned

    @property
    def tree(self) -> Json:
        """The fields as FieldsV1."""
        if self._tree is None:
            self._tree = fields.encode(self.owned)
        return self._tree

    def meets(self, paths: Iterable[Path]) -> bool:
        """Whether one of the paths is owned."""
        return any(fields.holds(self.tree, path) for path in paths)

    def without(self, paths: Fields) -> Entry:
        """The entry without the paths."""
        return Entry(self.owned - paths, self.api_version, self.time)


Entries = dict[Manager, Entry]


def read(obj: Json) -> Entries:
    """The entries of an object; none at all if one of them is malformed, as the server does."""
    entries: Entries = {}
    for entry in obj.get("metadata", {}).get("managedFields") or ():
        operation, version = entry.get("operation"), entry.get("apiVersion")
        if operation not in ("Apply", "Update") or not version or entry.get("fieldsType") != "FieldsV1":
            return {}
        manager = Manager(
            entry.get("manager", ""),
            operation,
            "" if operation == "Apply" else version,
            entry.get("subresource", ""),
        )
        entries[manager] = Entry(None, version, entry.get("time", ""), entry.get("fieldsV1") or {})
    return entries


def write(obj: Json, entries: Entries) -> Json:
    """A copy of `obj` with the entries: appliers first, then by time and name."""
    metadata = {key: value for key, value in obj["metadata"].items() if key != "managedFields"}
    ordered = sorted(
        entries.items(),
        key=lambda pair: (pair[0].operation, pair[1].time, pair[0].name, pair[1].api_version, pair[0].subresource),
    )
    if ordered:
        metadata["managedFields"] = [_entry(manager, entry) for manager, entry in ordered]
    return {**obj, "metadata": metadata}


def _entry(manager: Manager, entry: Entry) -> Json:
    written = {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": entry.api_version,
        "time": entry.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": entry.tree,
        "subresource": manager.subresource,
    }
    return {key: value for key, value in written.items() if value or key == "fieldsV1"}


def without_managed(obj: Json) -> Json:
    """A copy of `obj` without managedFields."""
    if "managedFields" not in obj.get("metadata", {}):
        return obj
    return {**obj, "metadata": {key: value for key, value in obj["metadata"].items() if key != "managedFields"}}


def reset_fields(subresource: str) -> tuple[Path, ...]:
    """What a write to the subresource cannot change, so nobody owns it through that."""
    if subresource == "":
        return (("f:status",),)
    return (("f:spec",),) if subresource == "status" else ()


def take(old: Json, new: Json, kind: Node, entries: Entries, self: Manager) -> tuple[Entries, dict[Manager, Fields]]:
    """(entries without what `self`'s change took from them, what was taken from whom)."""
    changed = typed.compare(without_managed(old), without_managed(new), kind)
    reset = reset_fields(self.subresource)
    removed = fields.without_prefix(frozenset(changed.removed), reset)
    touched = fields.without_prefix(frozenset(changed.modified | changed.added), reset)
    kept: Entries = {}
    conflicts: dict[Manager, Fields] = {}
    for manager, entry in entries.items():
        if manager == self:
            kept[manager] = entry
            continue
        if not entry.meets(touched) and not entry.meets(removed):
            kept[manager] = entry
            continue
        taken = entry.owned & touched
        if taken:
            conflicts[manager] = taken
        left = entry.without(taken | removed)
        if left.owned:
            kept[manager] = left
    return kept, conflicts


def update(  # noqa: PLR0917 - the order that docs/simulator.md names
    old: Json | None, new: Json, manager: str, now: datetime, definition: str, subresource: str = ""
) -> Json:
    """`new` with its managedFields after a create (`old` is None), update or patch by `manager`.

    Both are objects as the server holds them (decoded and defaulted). A request may set managedFields itself (clients
    that move ownership do); `[{}]` and `[]` reset them; none at all keeps the old ones.
    """
    kind = node(definition)
    entries = _requested(old, new, subresource)
    if old is not None and not entries:
        return without_managed(new)  # tracked from the first apply on, once nobody is
    base = _nothing(definition) if old is None else old
    self = Manager(manager, "Update", new["apiVersion"], subresource)
    touched, removed = typed.difference(without_managed(base), without_managed(new), kind)
    for (element,) in reset_fields(subresource):
        touched.pop(element, None)
        removed.pop(element, None)
    kept = _without(entries, touched, removed, self)
    owned = fields.minus(touched, _STRIPPED_TREE)
    if owned and fields.nameless(owned):
        # An item without its keys is of no list: the server gives up, and keeps what it knew.
        return write(new, {} if old is None else read(old))
    if owned:
        before = kept.get(self)
        tree = fields.union(before.tree, owned) if before else owned
        known = before is not None and tree is before.tree
        kept[self] = Entry(None, new["apiVersion"], clock.stamp(now), tree if known else fields.ordered(tree))
    return write(new, _capped(kept))


@functools.cache
def _nothing(definition: str) -> Json:
    """What a new object is compared with. Not to be changed."""
    zero: Json = codec.zero(node(definition))
    return zero


def _without(entries: Entries, touched: Json, removed: Json, self: Manager) -> Entries:
    """The entries without what `self` has changed or removed now; those that own nothing more are left out.

    What `self` changed it goes on to own.
    """
    kept: Entries = {}
    for manager, entry in entries.items():
        tree = fields.minus(entry.tree if manager == self else fields.minus(entry.tree, touched), removed)
        if tree is entry.tree:
            kept[manager] = entry
        elif tree:
            kept[manager] = Entry(None, entry.api_version, entry.time, fields.ordered(tree))
    return kept


def _requested(old: Json | None, new: Json, subresource: str) -> Entries:
    asked = new["metadata"].get("managedFields")
    if not subresource and asked is not None and asked in ([], [{}]):
        return {}
    live = read(old) if old is not None else {}
    if subresource or (old is not None and asked == old["metadata"].get("managedFields")):
        return live
    return read(new) or live


def _capped(entries: Entries) -> Entries:
    updaters = [
        (entry.time, manager.name, manager) for manager, entry in entries.items() if manager.operation == "Update"
    ]
    if len(updaters) <= MAX_UPDATERS:
        return entries
    capped = dict(entries)
    for _, _, manager in sorted(updaters, key=lambda item: item[:2])[: len(updaters) - MAX_UPDATERS + 1]:
        entry = capped.pop(manager)
        bucket = Manager("ancient-changes", "Update", manager.api_version)
        before = capped.get(bucket)
        owned = entry.owned | before.owned if before else entry.owned
        capped[bucket] = Entry(owned, entry.api_version, entry.time)
    return capped


def settle(new: Json, old: Json) -> Json:
    """`new`, or `old` itself where nothing but the times of managedFields differs: such a write is none."""
    if without_managed(new) != without_managed(old):
        return new
    if _timeless(new) != _timeless(old):
        return new
    return old


def _timeless(obj: Json) -> list[Json]:
    entries = obj["metadata"].get("managedFields") or ()
    return [{key: value for key, value in entry.items() if key != "time"} for entry in entries]
