"""Patch in its four types. Rules: k8s.io/apiserver `pkg/endpoints/handlers/patch.go`."""

from __future__ import annotations

import copy
import json
from typing import Any

from msgspec import structs

from stswidgets.simulator import patches, status
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.patches import apply as applying
from stswidgets.simulator.schema import codec, conversion, gotext, types
from stswidgets.simulator.verbs import create, decoding, metadata, scheme, update
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
    decoded, warnings = patched(kind, kind.shown(stored.copy()), body, patch_type, options)
    with decoding.told(warnings):
        check_identity(kind, stored.obj, decoded)
        kind.default(decoded)
        result = update.store(context, kind, stored.obj, decoded, options=options, subresource=subresource)
    return structs.replace(result, warnings=(*warnings, *result.warnings))


def patched(kind: Kind, live: Json, body: Any, patch_type: str, options: Options) -> tuple[Json, tuple[str, ...]]:
    """The object as a JSON, merge or strategic merge patch makes it, decoded, with warnings. `live` is used up."""
    if patch_type == STRATEGIC:
        return _strategic(kind, live, body, options)
    new = metadata.clone(patches.json_patch(live, body) if patch_type == JSON else patches.merge(live, body))
    given = (new.get("apiVersion") or kind.api_version, new.get("kind") or kind.kind)
    if given != (kind.api_version, kind.kind):
        raise _refusal(_shown(new, body), scheme.unknown(*given))
    try:
        decoded, warnings = decoding.read(kind, new, options)
    except decoding.UnreadableError as error:
        raise _refusal(_shown(new, body), str(error)) from error
    return decoded | dict(zip(("apiVersion", "kind"), given, strict=True)), warnings


def _strategic(kind: Kind, live: Json, body: Any, options: Options) -> tuple[Json, tuple[str, ...]]:
    """What a strategic merge patch makes. It goes past the decoder: nobody looks at its version and kind."""
    body = copy.deepcopy(body)  # merging uses it up, and errors show what is left
    new = metadata.clone(patches.strategic(live, body, kind.definition))
    try:
        new = conversion.convert(new, types.node(kind.definition))
        decoded, warnings = decoding.read(kind, new, options, in_order=True)
    except (codec.DecodeError, decoding.UnreadableError) as error:
        raise _refusal(gotext.plain(body), str(error)) from error
    return decoded | {"apiVersion": kind.api_version, "kind": kind.kind}, warnings


def _refusal(shown: str, why: str) -> status.ApiError:
    """422 for an object that the patch made unreadable; it repeats the object, or what is left of the patch."""
    cause = status.Cause("patch", "FieldValueInvalid", f"Invalid value: {gotext.quote(shown)}: {why}")
    return status.invalid("", "", "", [cause])


def check_identity(kind: Kind, old: Json, new: Json) -> None:
    """Refuse a patch that makes another object of it."""
    meta, before = metadata.of(new), old["metadata"]
    if meta.get("name") != before["name"]:
        raise status.bad_request(metadata.other_name(meta.get("name", ""), before["name"]))
    metadata.place(kind, new, before.get("namespace"))
    if meta.get("uid", before["uid"]) != before["uid"]:
        cause = status.Cause("metadata.uid", "FieldValueInvalid", f'Invalid value: "{meta["uid"]}": field is immutable')
        raise status.invalid(kind.group, kind.kind, before["name"], [cause])


def _shown(new: Json, body: Any) -> str:
    """A patched object as JSON: what the patch went into has its fields sorted."""
    if isinstance(body, list):
        touched: Json = {}
        for operation in body:
            here = touched
            for part in str(operation.get("path", "")).split("/")[1:-1]:
                here = here.setdefault(part.replace("~1", "/").replace("~0", "~"), {})
    else:
        touched = body
    return json.dumps(_sorted(new, touched), separators=(",", ":"), ensure_ascii=False)


def _sorted(value: Any, touched: Any) -> Any:
    if isinstance(value, dict) and isinstance(touched, dict):
        return {key: _sorted(value[key], touched.get(key)) for key in sorted(value)}
    if isinstance(value, list) and isinstance(touched, dict):
        return [_sorted(child, touched.get(str(index))) for index, child in enumerate(value)]
    return value


def _apply(
    context: Context, kind: Kind, namespace: str | None, name: str, body: Any, *, options: Options, subresource: str
) -> Result:
    stored = context.store.get(kind, namespace, name)
    applied = _applied(kind, body)
    if stored is None:
        if subresource:
            raise status.not_found(kind.group, kind.plural, name)
        return _apply_new(context, kind, applied, namespace, name, options=options)
    now = context.clock.now()
    live = kind.shown(stored.copy())
    new = applying.apply(live, applied, options.manager, options.force, now, kind.definition, subresource)
    problems = _strict(options)
    new, warnings = _decoded(kind, new, applied, options)
    found = (*problems, *warnings)
    with decoding.told(found):
        check_identity(kind, stored.obj, new)
        kind.default(new)
        result = update.store(context, kind, stored.obj, new, options=options, subresource=subresource, tracked=True)
    return structs.replace(result, warnings=(*found, *result.warnings))


def _strict(options: Options) -> tuple[str, ...]:
    """Warnings about the configuration's text; 400 if the client wants none of them."""
    if not options.problems or options.field_validation == "Ignore":
        return ()
    if options.field_validation == "Strict":
        raise status.bad_request(f"error strict decoding patch: {options.problems[0]}")
    return options.problems


def _decoded(kind: Kind, new: Json, applied: Json, options: Options) -> tuple[Json, tuple[str, ...]]:
    """A merged object as the server holds it, with warnings; 500 for values that its types cannot read."""
    plain = structs.replace(options, problems=())
    what = applying.version_kind(applied)
    try:
        converted = conversion.convert(metadata.clone(new), types.node(kind.definition))
    except codec.DecodeError as error:
        name = f"{applying.text(applied['metadata'], 'namespace')}/{applying.text(applied['metadata'], 'name')}"
        raise status.ApiError(
            500,
            "",
            f"failed to convert new object ({name}; {what}) to proper version: "
            f"unable to convert unstructured object to {what}: {error}",
        ) from error
    return decoding.decode(kind, converted, plain)


def _applied(kind: Kind, body: Any) -> Json:
    """An apply's configuration, which is taken as it stands: what it does not name, its manager does not own."""
    applied = metadata.clone(body) if isinstance(body, dict) else {}
    version, name = applying.text(applied, "apiVersion"), applying.text(applied, "kind")
    if (version, name) != (kind.api_version, kind.kind):
        raise status.bad_request(f"invalid object type: {applying.version_kind(applied)}")
    metadata.of(applied)
    return applied


def _apply_new(
    context: Context, kind: Kind, applied: Json, namespace: str | None, name: str, *, options: Options
) -> Result:
    if applying.text(applied["metadata"], "uid"):
        why = (
            f"uid mismatch: the provided object specified uid {applied['metadata']['uid']}, "
            "and no existing object was found"
        )
        raise status.conflict(kind.group, kind.plural, name, why)
    now = context.clock.now()
    new = applying.apply(None, applied, options.manager, options.force, now, kind.definition, "")
    problems = _strict(options)
    decoded, _ = _decoded(kind, new, applied, options)
    new = conversion.convert(new, types.node(kind.definition))
    given = metadata.of(decoded).get("name", "")
    if given != name:
        raise status.bad_request(metadata.other_name(given, name))
    with decoding.told(problems):
        result = create.create(context, kind, new, namespace, structs.replace(options, problems=()), tracked=True)
    return structs.replace(result, warnings=(*problems, *result.warnings))
