"""Reading an object as the API server's decoder does, and what `fieldValidation` makes of what it finds.

Rules: k8s.io/apiserver `pkg/endpoints/handlers/{create,patch,fieldvalidation}.go`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.schema import codec, gotext
from stswidgets.simulator.verbs.request import Options

Json = dict[str, Any]


class UnreadableError(Exception):
    """The decoder cannot make the kind's type of an object; the text is the decoder's."""


def read(kind: Kind, obj: Json, options: Options, *, in_order: bool = False) -> tuple[Json, tuple[str, ...]]:
    """The object as the server's types hold it, with warnings about unknown fields. UnreadableError for wrong types.

    `in_order` sorts the unknown fields.
    Objects from inside the simulator (no `field_validation`) are taken as they are.
    """
    if not options.field_validation:
        return obj, ()
    try:
        decoded = codec.decode(obj, kind.definition)
    except codec.DecodeError as error:
        raise UnreadableError(str(error)) from error
    if (obj.get("metadata") or {}).get("managedFields") == []:
        decoded.obj["metadata"]["managedFields"] = []  # Go tells empty from absent: it asks to forget all managers
    unknown = [f"unknown field {gotext.quote(path)}" for path in decoded.unknown]
    problems = (*options.problems, *(sorted(unknown) if in_order else unknown))
    if not problems or options.field_validation == "Ignore":
        return decoded.obj, ()
    if options.field_validation == "Strict":
        raise UnreadableError("strict decoding error: " + ", ".join(problems))
    return decoded.obj, problems


@contextlib.contextmanager
def told(warnings: tuple[str, ...]) -> Iterator[None]:
    """Let an error that is raised meanwhile carry these warnings."""
    try:
        yield
    except status.ApiError as error:
        error.warnings = (*warnings, *error.warnings)
        raise


def decode(kind: Kind, obj: Json, options: Options) -> tuple[Json, tuple[str, ...]]:
    """As `read`, of a request's body: 400 for what cannot be read."""
    try:
        return read(kind, obj, options)
    except UnreadableError as error:
        raise status.bad_request(codec.refusal(kind.kind, kind.version, str(error))) from error
