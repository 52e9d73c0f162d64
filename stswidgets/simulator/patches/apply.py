"""Server-side apply: merge what a manager wants into the live object, with its ownership.

The rules are structured-merge-diff's (`merge.Updater.Apply`).
"""

from __future__ import annotations

import copy
import json
from datetime import datetime
from typing import Any

from stswidgets.simulator import clock, status
from stswidgets.simulator.patches import check, fields, managed, typed
from stswidgets.simulator.patches.fields import Fields
from stswidgets.simulator.patches.managed import Entries, Entry, Manager
from stswidgets.simulator.schema import codec
from stswidgets.simulator.schema.types import Node, node
from stswidgets.simulator.status import ApiError, Cause

Json = dict[str, Any]

BEFORE = "before-first-apply"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def apply(  # noqa: PLR0917 - the order that docs/simulator.md names
    live: Json | None,
    applied: Json,
    manager: str,
    force: bool,
    now: datetime,
    definition: str,
    subresource: str = "",
) -> Json:
    """The object after `manager` applied `applied` (`live` is None for a new one).

    409 with causes when others own what it changes, unless `force`.
    """
    kind = node(definition)
    metadata = applied.get("metadata")
    if isinstance(metadata, dict) and metadata.get("managedFields") is not None:
        raise status.bad_request("metadata.managedFields must be nil")
    problem = check.problems(applied, kind)
    if problem:
        what = f"{text(metadata, 'namespace')}/{text(metadata, 'name')}; {version_kind(applied)}"
        raise ApiError(500, "", f"failed to create typed patch object ({what}): {problem}")
    base = codec.zero(kind) if live is None else managed.without_managed(live)
    entries = managed.read(live) if live is not None else {}
    if not entries and live is not None:
        entries = _before_first(live, kind, now, subresource)
    config = copy.deepcopy(applied)
    self = Manager(manager, "Apply", "", subresource)
    try:
        result = _apply(base, config, self, kind, entries, force=force, now=now)
    except ConflictError as error:
        allowed = _client_side(base, kind) if manager == "kubectl" else fields.EMPTY
        left = {who: paths - allowed for who, paths in error.conflicts.items()}
        if any(left.values()):
            raise refusal({who: paths for who, paths in left.items() if paths}) from error
        result = _apply(base, config, self, kind, entries, force=True, now=now)
    if manager == "kubectl":
        _sync_last_applied(result, applied)
    return result


def text(obj: Any, key: str) -> str:
    """A field of an object of no type; empty if it is no text."""
    value = obj.get(key) if isinstance(obj, dict) else None
    return value if isinstance(value, str) else ""


def version_kind(obj: Json) -> str:
    """An object's group, version and kind as Go prints them."""
    version = text(obj, "apiVersion")
    if version.count("/") > 1:
        return "/, Kind="
    return f"{version if '/' in version else f'/{version}'}, Kind={text(obj, 'kind')}"


class ConflictError(Exception):
    """Fields that others own and that the apply would change."""

    def __init__(self, conflicts: dict[Manager, Fields]) -> None:
        super().__init__("conflict")
        self.conflicts = conflicts


def _before_first(live: Json, kind: Node, now: datetime, subresource: str) -> Entries:
    """The owner of an object's fields from the time when nobody was tracked."""
    changed = typed.compare(codec.zero(kind), live, kind)
    reset = managed.reset_fields(subresource)
    owned = fields.without_prefix(frozenset(changed.modified | changed.added), reset) - managed.STRIPPED
    version = live["apiVersion"]
    return {Manager(BEFORE, "Update", version): Entry(owned, version, clock.stamp(now))} if owned else {}


def _apply(
    base: Json, config: Json, self: Manager, kind: Node, entries: Entries, *, force: bool, now: datetime
) -> Json:
    version = config["apiVersion"]
    last = entries.get(self)
    merged = typed.merge(base, config, kind)
    owned = fields.without_prefix(typed.to_fields(config, kind), managed.reset_fields(self.subresource))
    entries = {**entries, self: Entry(owned, version, last.time if last else "")}
    if last and last.owned:
        merged = _prune(merged, entries, last.owned, kind)
    kept, conflicts = managed.take(base, merged, kind, entries, self)
    if conflicts and not force:
        raise ConflictError(conflicts)
    mine = owned - managed.STRIPPED
    changed = merged != base
    if mine:
        before = last.time if last else ""
        kept[self] = Entry(mine, version, clock.stamp(now) if changed else before)
    else:
        kept.pop(self, None)
    return managed.write(merged if changed else base, kept)


def _prune(merged: Json, entries: Entries, last: Fields, kind: Node) -> Json:
    """`merged` without what the manager applied last time and now does not, unless somebody else owns it."""
    gone = typed.with_parents(last, kind)
    pruned = typed.remove(merged, gone, kind) or {}
    owned = frozenset().union(*(entry.owned for entry in entries.values()))
    in_merged = typed.with_parents(typed.to_fields(merged, kind), kind)
    in_pruned = typed.with_parents(typed.to_fields(pruned, kind), kind)
    pruned = typed.remove(merged, in_merged - (in_pruned | typed.with_parents(owned, kind)), kind) or {}
    in_pruned = typed.with_parents(typed.to_fields(pruned, kind), kind)
    result: Json = typed.remove(merged, (in_merged - in_pruned) & gone, kind) or {}
    return result


def _client_side(live: Json, kind: Node) -> Fields:
    """Fields that client-side apply set and that are still so: `kubectl apply --server-side` takes these over."""
    text = live.get("metadata", {}).get("annotations", {}).get(LAST_APPLIED)
    if not text:
        return fields.EMPTY
    try:
        before = json.loads(text)
    except ValueError:
        return fields.EMPTY
    if not isinstance(before, dict) or before.get("apiVersion") != live.get("apiVersion"):
        return fields.EMPTY
    changed = typed.compare(before, live, kind)
    return typed.to_fields(before, kind) - changed.modified - changed.added - changed.removed


def _sync_last_applied(result: Json, applied: Json) -> None:
    annotations = result["metadata"].get("annotations") or {}
    if not annotations.get(LAST_APPLIED):
        return
    copied = copy.deepcopy(applied)
    (copied.get("metadata", {}).get("annotations") or {}).pop(LAST_APPLIED, None)
    text = json.dumps(copied, separators=(",", ":"), ensure_ascii=False, sort_keys=True) + "\n"
    result["metadata"] = {**result["metadata"], "annotations": {**annotations, LAST_APPLIED: text}}


def _named(manager: Manager) -> str:
    name = json.dumps(manager.name)
    if manager.subresource:
        name = f"{name} with subresource {json.dumps(manager.subresource)}"
    return f"{name} using {manager.api_version}" if manager.operation == "Update" else name


def refusal(conflicts: dict[Manager, Fields]) -> ApiError:
    """The 409 that names every field and its owner."""
    pairs = [
        (_named(manager), fields.path_text(path))
        for manager in sorted(conflicts, key=lambda who: json.dumps(who.name))
        for path in sorted(conflicts[manager], key=fields.walk_order)
    ]
    causes = [Cause(path, "FieldManagerConflict", f"conflict with {name}") for name, path in pairs]
    if len(pairs) == 1:
        name, path = pairs[0]
        message = f"Apply failed with 1 conflict: conflict with {name}: {path}"
    else:
        lines = []
        for name in dict.fromkeys(name for name, _ in pairs):
            lines.append(f"conflicts with {name}:")
            lines.extend(f"- {path}" for who, path in pairs if who == name)
        message = f"Apply failed with {len(pairs)} conflicts: " + "\n".join(lines)
    return ApiError(409, "Conflict", message, causes)
