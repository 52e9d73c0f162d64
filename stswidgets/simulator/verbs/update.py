"""Update, of an object or of its status. Rules: k8s.io/apiserver `pkg/registry/rest/update.go`, `store.go` Update."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from stswidgets.simulator import status
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.patches import managed
from stswidgets.simulator.verbs import decoding, metadata
from stswidgets.simulator.verbs.request import Context, Options, Result

Json = dict[str, Any]


def update(context: Context, kind: Kind, obj: Json, options: Options, subresource: str = "") -> Result:
    """Replace a stored object by `obj` (its metadata says which). 404, 409 or 422 where the API says so."""
    new, warnings = decoding.decode(kind, metadata.clone(obj), options)
    meta = metadata.of(new)
    name, namespace = meta.get("name", ""), meta.get("namespace")
    with decoding.told(warnings):
        stored = context.store.get(kind, namespace, name)
        if stored is None:
            raise status.not_found(kind.group, kind.plural, name)
        kind.default(new)
        result = store(context, kind, stored.obj, new, options=options, subresource=subresource)
    return structs.replace(result, warnings=(*warnings, *result.warnings)) if warnings else result


def check_name(kind: Kind, obj: Json, namespace: str, name: str, options: Options) -> None:
    """Give a body its namespace; 400 if it says another name or namespace than the URL."""
    _, warnings = decoding.decode(kind, metadata.clone(obj), options)
    meta = obj.get("metadata") or {}
    given = meta.get("name") or ""
    with decoding.told(warnings):
        if given != name:
            raise status.bad_request(metadata.other_name(given, name))
        if kind.namespaced:
            meta["namespace"] = meta.get("namespace") or namespace
            if meta["namespace"] != namespace:
                raise status.bad_request(metadata.OTHER_NAMESPACE)


def store(
    context: Context,
    kind: Kind,
    old: Json,
    new: Json,
    *,
    options: Options,
    subresource: str = "",
    tracked: bool = False,
) -> Result:
    """The second half of every change (update, patch, apply): check, prepare, validate, put.

    `new` is the verb's own copy, in the kind's form; `old` is as it is stored. `tracked`: managedFields
    are right already (server-side apply).
    """
    metadata.check_versions(kind, new, old)
    metadata.keep_system_fields(new, old)
    if options.manager and not tracked:
        seen, now = kind.shown(old), context.clock.now()
        new = managed.update(seen, new, options.manager, now, kind.definition, subresource)
    form = kind.form
    if kind.form:
        new, kind = kind.stored(new), kind.storage
    kind.prepare_update(new, old, subresource)
    if kind.allocate:
        kind.allocate(new, (item.obj for item in context.store.list(kind)), options.dry_run)
    context.admit("UPDATE", kind, new, old, subresource)
    causes = kind.validate_update(new, old, subresource)
    if causes:
        raise status.invalid(kind.group, kind.kind, new["metadata"]["name"], causes)
    if form:
        kind.default(new)  # as `create`
    context.check("UPDATE", kind, new, old, subresource)
    asked = options.field_validation and subresource != "status"
    warnings = tuple(kind.update_warnings(new, old)) if asked else ()
    if gone(kind, new):
        return _remove(context, kind, new, options, warnings)
    if managed.settle(new, old) is old:
        return Result(old, warnings)  # nothing changes: nothing is stored, and no watcher hears of it
    if options.dry_run:
        return Result(new, warnings)
    return Result(context.store.put(kind, new).obj, warnings)


def gone(kind: Kind, obj: Json) -> bool:
    """Whether an update takes away the last thing that a deleted object waited for."""
    if not obj["metadata"].get("deletionTimestamp") or metadata.owed(obj):
        return False
    return kind.plural != "namespaces" or not obj.get("spec", {}).get("finalizers")


def _remove(context: Context, kind: Kind, new: Json, options: Options, warnings: tuple[str, ...]) -> Result:
    meta = new["metadata"]
    if not options.dry_run:
        last = context.store.remove(kind, meta.get("namespace"), meta["name"])
        new = {**new, "metadata": {**meta, "resourceVersion": str(last.version)}}
    return Result(new, warnings, deleted=True)
