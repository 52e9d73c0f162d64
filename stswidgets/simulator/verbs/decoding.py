"""Reading an object as the API server's decoder does, and what `fieldValidation` makes of what it finds."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.verbs.request import Options

Json = dict[str, Any]


def decode(kind: Kind, obj: Json, options: Options) -> tuple[Json, tuple[str, ...]]:
    """The object as the server's types hold it, with warnings about unknown fields."""
    return obj, ()
