"""Between values and the text that a person types: how a value is shown, and what a text means to a kind of field."""

from __future__ import annotations

import json
import re
from typing import Any

from stswidgets.domain import quantity
from stswidgets.domain.fields import Kind

_INTEGER = re.compile(r"[+-]?[0-9]+")
_INT32 = range(-(2**31), 2**31)


class NotAValue(ValueError):  # noqa: N818 - the form keeps the text; nothing has failed
    """A text that is no value (yet). `key` is the message that says why."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def shown(value: Any) -> str:
    """The text that a field shows for `value`; a map or a list, which no field holds, as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def value_of(text: str, kind: Kind, before: Any = None) -> Any:
    """The value that `text` means. `before` is what it replaces: a number stays a number. Raises NotAValue."""
    if kind == "integer":
        return _integer(text.strip())
    if kind == "boolean":
        return _boolean(text.strip())
    if kind == "quantity":
        return _quantity(text.strip(), before)
    if kind == "int_or_text":
        stripped = text.strip()
        return _integer(stripped) if _INTEGER.fullmatch(stripped) else stripped
    return text


def kind_of(value: Any) -> Kind:
    """The kind of a field that the table does not know, by what it holds."""
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "text"


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise NotAValue("problem.integer")
    # Go's int32 is what nearly every integer of the form is; a longer number is no value to the server.
    if len(text) > 11 or int(text) not in _INT32:
        raise NotAValue("problem.integer_too_large")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise NotAValue("problem.boolean")
    return text == "true"


def _quantity(text: str, before: Any) -> Any:
    if quantity.problem(text) is not None:
        raise NotAValue("problem.quantity")
    is_number = isinstance(before, int) and not isinstance(before, bool)
    return int(text) if is_number and _INTEGER.fullmatch(text) and len(text) < 19 else text
