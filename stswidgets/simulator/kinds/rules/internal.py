"""Values as the server's internal types print them, which some errors show instead of the API's form."""

from __future__ import annotations

import difflib
import functools
import json
from pathlib import Path
from typing import Any

from stswidgets.simulator.schema import gotext, types

Json = dict[str, Any]

TABLE = Path(types.__file__).with_name("internal.json")
ZERO: dict[str, Any] = {"string": "", "number": 0, "bool": False, "quantity": "0", "port": 0}


@functools.cache
def _table() -> dict[str, list[list[str]]]:
    loaded: dict[str, list[list[str]]] = json.loads(TABLE.read_text())
    return loaded


def show(value: Json, struct: str) -> Json:
    """An object of the API as `struct` of the internal types: other names, and nothing left out."""
    shown: Json = {}
    for name, key, kind in _table()[struct]:
        if kind == "metadata":
            shown |= value.get(key) or {}
        else:
            shown[name] = _printed(value.get(key), kind)
    return shown


def _printed(value: Any, kind: str) -> Any:
    inner = kind.removeprefix("*")
    if inner.startswith("[]"):
        return None if value is None else [_printed(item, inner[2:]) for item in value]
    if inner not in _table():
        return ZERO.get(kind) if value is None else value
    if value is None and kind.startswith("*"):
        return None
    return show(value or {}, inner)


def pretty(value: Any) -> str:
    """JSON over several lines, as Go's encoder writes it."""
    return gotext.escaped(json.dumps(value, indent=1, ensure_ascii=False))


def differences(old: Json, new: Json, struct: str) -> str:
    """How two objects differ, as a unified diff of what `show` gives."""
    before, after = (
        [line + "\n" for line in pretty(show(value, struct)).split("\n")] for value in (old, new)
    )  # fmt: skip
    return "".join(list(difflib.unified_diff(before, after))[2:])
