"""Reading an object as the API server's decoder does, and what `fieldValidation` makes of what it finds.

Rules: k8s.io/apiserver `pkg/endpoints/handlers/{create,patch,fieldvalidation}.go`.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.schema import codec
from stswidgets.simulator.verbs.request import Options

Json = dict[str, Any]


def decode(kind: Kind, obj: Json, options: Options) -> tuple[Json, tuple[str, ...]]:
    """The object as the server's types hold it, with warnings about unknown fields. 400 for values of the wrong type.

    Objects from inside the simulator (no `field_validation`) are taken as they are.
    """
    if not options.field_validation:
        return obj, ()
    try:
        decoded = codec.decode(obj, kind.definition)
    except codec.DecodeError as error:
        raise status.bad_request(codec.refusal(kind.kind, kind.version, error)) from error
    problems = (
        *(f'duplicate field "{path}"' for path in options.duplicates),
        *(f'unknown field "{path}"' for path in decoded.unknown),
    )
    if not problems or options.field_validation == "Ignore":
        return decoded.obj, ()
    if options.field_validation == "Strict":
        text = "strict decoding error: " + ", ".join(problems)
        raise status.bad_request(codec.refusal(kind.kind, kind.version, text))
    return decoded.obj, problems
