"""Patch in its four types. Rules: k8s.io/apiserver `pkg/endpoints/handlers/patch.go`."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import patches, status
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.patches import apply as applying
from stswidgets.simulator.verbs import create, decoding, metadata, update
from stswidgets.simulator.verbs.request import Context, Options, Result

Json = dict[str, Any]

JSON = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"
TYPES = (JSON, MERGE, STRATEGIC, APPLY)


def patch(
    context: Context,
    kind: Kind,
    namespace: str | None,
    name: str,
    body: Any,
    *,
    patch_type: str,
    options: Options,
    subresource: str = "",
) -> Result:
    """Change a stored object by a patch. Server-side apply creates what is not there."""
    stored = context.store.get(kind, namespace, name)
    if patch_type == APPLY:
        return _apply(context, kind, namespace, name, body, options=options, subresource=subresource)
    if stored is None:
        raise status.not_found(kind.group, kind.plural, name)
    new = by_type(stored.copy(), body, patch_type, kind.definition)
    return finish(context, kind, stored.obj, new, options=options, subresource=subresource)


def by_type(live: Json, body: Any, patch_type: str, definition: str) -> Json:
    """The object as a JSON, merge or strategic merge patch makes it. `live` is the caller's own copy."""
    if patch_type == JSON:
        changed: Json = patches.json_patch(live, body)
    elif patch_type == MERGE:
        changed = patches.merge(live, body)
    else:
        changed = patches.strategic(live, body, definition)
    return metadata.clone(changed)


def finish(context: Context, kind: Kind, old: Json, new: Json, *, options: Options, subresource: str) -> Result:
    """Decode a patched object, check that it is still the same one, and store it."""
    check_identity(kind, old, new)
    new, warnings = decoding.decode(kind, new, options)
    metadata.place(kind, new, old["metadata"].get("namespace"))
    kind.default(new)
    return update.store(context, kind, old, new, options=options, subresource=subresource, warnings=warnings)


def check_identity(kind: Kind, old: Json, new: Json) -> None:
    """400 if a patch renames the object or turns it into another kind."""
    meta = metadata.of(new)
    if meta.get("name") != old["metadata"]["name"]:
        wanted = old["metadata"]["name"]
        raise status.bad_request(
            f"the name of the object ({meta.get('name', '')}) does not match the name on the URL ({wanted})"
        )
    given = (new.get("apiVersion", ""), new.get("kind", ""))
    if given != (kind.api_version, kind.kind):
        raise status.bad_request(
            f"the API version in the data ({given[0]}) does not match the expected API version ({kind.api_version})"
        )


def _apply(
    context: Context, kind: Kind, namespace: str | None, name: str, body: Any, *, options: Options, subresource: str
) -> Result:
    stored = context.store.get(kind, namespace, name)
    applied = _applied(kind, body, namespace, name)
    if stored is None:
        if subresource:
            raise status.not_found(kind.group, kind.plural, name)
        return _apply_new(context, kind, applied, namespace, options=options)
    now = context.clock.now()
    new = applying.apply(stored.copy(), applied, options.manager, options.force, now, kind.definition, subresource)
    new, warnings = decoding.decode(kind, metadata.clone(new), options)
    kind.default(new)
    return update.store(
        context, kind, stored.obj, new, options=options, subresource=subresource, warnings=warnings, tracked=True
    )


def _applied(kind: Kind, body: Any, namespace: str | None, name: str) -> Json:
    """An apply's configuration, which is taken as it stands: what it does not name, its manager does not own."""
    if not isinstance(body, dict):
        raise status.bad_request("error decoding YAML: the configuration is no object")
    applied = metadata.clone(body)
    given = (applied.get("apiVersion", ""), applied.get("kind", ""))
    if given != (kind.api_version, kind.kind):
        raise status.bad_request(
            f"invalid object type: {given[0] or '/'}, Kind={given[1]}; expected {kind.api_version}, Kind={kind.kind}"
        )
    meta = metadata.of(applied)
    if meta.setdefault("name", name) != name:
        raise status.bad_request(f"the name of the object ({meta['name']}) does not match the name on the URL ({name})")
    metadata.place(kind, applied, namespace)
    return applied


def _apply_new(context: Context, kind: Kind, applied: Json, namespace: str | None, *, options: Options) -> Result:
    meta = applied["metadata"]
    if meta.get("uid"):
        why = f"uid mismatch: the provided object specified uid {meta['uid']}, and no existing object was found"
        raise status.conflict(kind.group, kind.plural, meta["name"], why)
    now = context.clock.now()
    new = applying.apply(None, applied, options.manager, options.force, now, kind.definition, "")
    return create.create(context, kind, new, namespace, options, tracked=True)
