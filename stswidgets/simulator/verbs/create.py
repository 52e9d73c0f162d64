"""Create. Rules: k8s.io/apiserver `pkg/registry/generic/registry/store.go` Create, `pkg/registry/rest/create.go`."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from stswidgets.simulator import clock, status
from stswidgets.simulator.kinds import registry
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.patches import managed
from stswidgets.simulator.verbs import decoding, metadata
from stswidgets.simulator.verbs.request import Context, Options, Result

Json = dict[str, Any]

_NAMELESS = status.Cause("metadata.name", "FieldValueRequired", "Required value: name or generateName is required")
_TRIES = 8  # of generated names


def create(
    context: Context,
    kind: Kind,
    obj: Json,
    namespace: str | None,
    options: Options,
    *,
    tracked: bool = False,
) -> Result:
    """Store a new object. 404 without its namespace, 409 if the name is taken, 422 if it breaks rules.

    `tracked`: managedFields are right already (server-side apply).
    """
    new, found = decoding.decode(kind, metadata.clone(obj), options)
    with decoding.told(found):
        result = _create(context, kind, new, namespace, options, tracked=tracked)
    return structs.replace(result, warnings=(*found, *result.warnings))


def _create(
    context: Context, kind: Kind, new: Json, namespace: str | None, options: Options, *, tracked: bool
) -> Result:
    """The same with the object that a request holds."""
    meta = metadata.of(new)
    if meta.get("resourceVersion"):
        raise _internal("resourceVersion should not be set on objects to be created")
    named = bool(meta.get("name"))
    metadata.place(kind, new, namespace)
    _name(context, kind, meta)
    check_namespace(context, kind, meta.get("namespace", ""), meta.get("name", ""))
    now = context.clock.now()
    for field in ("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion", "generation"):
        meta.pop(field, None)
    meta["uid"] = context.new_uid()
    meta["creationTimestamp"] = clock.stamp(now)
    kind.default(new)
    if options.manager and not tracked:
        # What a manager wrote, before the server adds to it; `meta` stays the object's own.
        meta = new["metadata"] = managed.update(None, new, options.manager, now, kind.definition, "")["metadata"]
    asked = kind
    if kind.form:
        new = kind.stored(new)
        kind, meta = kind.storage, new["metadata"]
    context.admit("CREATE", kind, new, None)
    kind.prepare_create(new)
    if kind.allocate:
        kind.allocate(new, (item.obj for item in context.store.list(kind)), options.dry_run)
    # First the rules of the form that the client uses.
    causes = asked.validate(new) or kind.validate(new) or ([] if meta.get("name") else [_NAMELESS])
    if causes:
        raise status.invalid(kind.group, kind.kind, meta.get("name", ""), causes)
    if asked.form:
        kind.default(new)  # what is stored is read back by the rules of the kind that it is stored as
    warnings = tuple(kind.warnings(new)) if options.field_validation else ()
    with decoding.told(warnings):
        context.check("CREATE", kind, new, None)
        if context.store.get(kind, meta.get("namespace"), meta["name"]):
            generated = meta.get("generateName") and not named
            refuse = status.generated_name_conflict if generated else status.already_exists
            raise refuse(kind.group, kind.plural, meta["name"])
    if options.dry_run:
        return Result(new, warnings, created=True)
    return Result(context.store.put(kind, new).obj, warnings, created=True)


def check_namespace(context: Context, kind: Kind, namespace: str, name: str) -> None:
    """404 if the namespace does not exist, 403 if it is going."""
    if not kind.namespaced:
        return
    found = context.store.get(registry.REGISTRY.by_resource("", "v1", "namespaces"), None, namespace)
    if found is None:
        raise status.not_found("", "namespaces", namespace)
    if found.obj["metadata"].get("deletionTimestamp") and kind.plural != "events":
        why = f"unable to create new content in namespace {namespace} because it is being terminated"
        cause = status.Cause("metadata.namespace", "NamespaceTerminating", f"namespace {namespace} is being terminated")
        raise status.forbidden(kind.group, kind.plural, name, why, [cause])


def _name(context: Context, kind: Kind, meta: Json) -> None:
    if meta.get("name") or not meta.get("generateName"):
        return
    for _ in range(_TRIES):
        meta["name"] = metadata.generated_name(meta["generateName"])
        if context.store.get(kind, meta.get("namespace"), meta["name"]) is None:
            return


def _internal(message: str) -> status.ApiError:
    return status.ApiError(500, "", message)
