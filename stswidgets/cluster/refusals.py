"""Why the server would not store something: its errors as problems at their fields, and as conflicts by manager."""

from __future__ import annotations

import re

from stswidgets import errors
from stswidgets.cluster import ownership, plans
from stswidgets.cluster.decoding import Object

_UNKNOWN = re.compile(r'unknown field "([^"]+)"')
_DUPLICATE = re.compile(r'duplicate field "([^"]+)"')
# Server-side apply reads a manifest by its schema, and reports what does not fit as `.spec.replicas: expected ...`.
_SCHEMA = re.compile(r"(\.[A-Za-z][^\n:]*(?:\[[^\]]*\][^\n:]*)*): ([^\n]+)")
_TYPED = "failed to create typed patch object"
_CONVERTED = "to proper version: "


def problems(error: errors.ServerError, manifest: Object) -> tuple[plans.Note, ...]:
    """What is wrong, each at its field. Raises the error again when it is not about the manifest."""
    if _TYPED in error.message:
        return _schema_problems(error, manifest)
    if _CONVERTED in error.message:  # a 500, although it is the manifest: a quantity that is none, say
        return (plans.Note("plan.problem.refused", {"text": error.message.rsplit(_CONVERTED, 1)[1]}),)
    match error:
        case errors.InvalidError() if error.causes:
            return tuple(
                plans.Note("plan.problem.invalid", {"text": cause.message, "path": cause.field}, cause.field)
                for cause in error.causes
            )
        case errors.NotFoundError():
            return (_namespace_problem(error, manifest),)
        case errors.ForbiddenError():
            return (plans.Note("plan.problem.forbidden", {"text": error.message}),)
        case errors.AlreadyExistsError():
            return (taken(manifest),)
        case errors.ServerError(code=400 | 409 | 413 | 415 | 422):
            return (plans.Note("plan.problem.refused", {"text": error.message}),)
        case _:
            raise error


def is_about_schema(error: errors.ServerError) -> bool:
    """Whether server-side apply could not read the manifest. It names the first such field alone."""
    return _TYPED in error.message or _CONVERTED in error.message


def strict(error: errors.ServerError) -> tuple[plans.Note, ...]:
    """Unknown and duplicate fields from the refusal of a strict reading: it names all."""
    return tuple(
        plans.Note(key, {"path": path}, path)
        for key, pattern in (("plan.problem.unknown_field", _UNKNOWN), ("plan.problem.duplicate_field", _DUPLICATE))
        for path in pattern.findall(error.message)
    )


def conflicts(error: errors.ConflictError, manifest: Object, live: Object | None) -> tuple[plans.Conflict, ...]:
    """Fields of other managers, by manager. Empty for a 409 of another kind."""
    causes = ((cause.field, cause.message) for cause in error.causes if cause.reason == "FieldManagerConflict")
    found = ownership.managers(causes, manifest if live is None else live)
    return tuple(plans.Conflict(manager, fields, manifest["kind"]) for manager, fields in found.items())


def taken(manifest: Object) -> plans.Note:
    """The name is another object's."""
    metadata = manifest["metadata"]
    values = {"kind": manifest["kind"], "name": metadata.get("name"), "namespace": metadata.get("namespace")}
    return plans.Note("plan.problem.taken", values, "metadata.name")


def unknown_fields(warnings: tuple[str, ...]) -> tuple[str, ...]:
    """Paths that the server does not know, from its warnings (fieldValidation=Warn)."""
    return tuple(path for text in warnings for path in _UNKNOWN.findall(text))


def said(warnings: tuple[str, ...]) -> tuple[plans.Note, ...]:
    """The server's other warnings, in its own words."""
    return tuple(
        plans.Note("plan.warning.server", {"text": text})
        for text in warnings
        if not _UNKNOWN.search(text) and not _DUPLICATE.search(text)
    )


def _schema_problems(error: errors.ServerError, manifest: Object) -> tuple[plans.Note, ...]:
    text = error.message.split("Kind=", 1)[-1]
    found = []
    for field, what in _SCHEMA.findall(text):
        path = ownership.concrete(field, manifest)
        if "not declared in schema" in what:
            found.append(plans.Note("plan.problem.unknown_field", {"path": path}, path))
        else:
            found.append(plans.Note("plan.problem.invalid", {"text": what, "path": path}, path))
    return tuple(found) or (plans.Note("plan.problem.refused", {"text": error.message}),)


def _namespace_problem(error: errors.NotFoundError, manifest: Object) -> plans.Note:
    kind = (error.status.get("details") or {}).get("kind")
    if kind not in {"namespaces", None}:
        return plans.Note("plan.problem.gone", {"kind": manifest["kind"], "name": manifest["metadata"]["name"]})
    namespace = manifest["metadata"].get("namespace")
    return plans.Note("plan.problem.namespace", {"namespace": namespace}, "metadata.namespace")
