"""Single values: what Go's decoder accepts for each type, and in which form they are written."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from typing import Any, Final

from stswidgets.simulator.schema import quantity
from stswidgets.simulator.schema.types import Node


class DecodeError(ValueError):
    """A value that cannot be read; the message is the API server's."""


class Wrong:
    """The value has another type than the schema's; `inner` is what a type that reads itself wanted."""

    __slots__ = ("inner",)

    def __init__(self, inner: Node | None = None) -> None:
        self.inner = inner


WRONG: Final = Wrong()
WRONG_NUMBER: Final = Wrong(Node("integer", go="int32"))
WRONG_TEXT: Final = Wrong(Node("string", go="string"))

ZERO: dict[str, Any] = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "quantity": "0",
    "int-or-string": 0,
    "byte": None,
    "time": None,
    "micro-time": None,
}
RANGES = {"int32": 2**31, "int64": 2**63}
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")
TIME_LAYOUTS = {"time": "2006-01-02T15:04:05Z07:00", "micro-time": "2006-01-02T15:04:05.000000Z07:00"}


def go_kind(value: Any, kind: Node) -> str:
    """What Go's errors call a JSON value; numbers of the wrong type come with digits."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int | float):
        return f"number {number(value)}" if kind.kind in ("integer", "number") else "number"
    return "array" if isinstance(value, list) else "object"


def number(value: float) -> str:
    """A number's digits in JSON."""
    return repr(value)


def read(value: Any, kind: Node) -> Any:
    """The value as the server writes it, or WRONG. DecodeError where a type reads itself (quantities, times, bytes)."""
    reader = READERS.get(kind.format)
    if reader is not None:
        return reader(value)
    if kind.kind == "string":
        return value if isinstance(value, str) else WRONG
    if kind.kind == "boolean":
        return value if isinstance(value, bool) else WRONG
    if isinstance(value, bool) or not isinstance(value, int | float):
        return WRONG
    if kind.kind == "number":
        return value
    if kind.format == "uint8":
        return value if isinstance(value, int) and 0 <= value < 256 else WRONG
    limit = RANGES.get(kind.format, 2**63)
    return value if isinstance(value, int) and -limit <= value < limit else WRONG


def read_quantity(value: Any) -> str:
    """A quantity in canonical text; numbers are taken for their digits."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int | float):
        text = number(value)
    else:
        text = "{}"
    try:
        return str(quantity.parse(text))
    except quantity.QuantityError as error:
        raise DecodeError(str(error)) from error


def read_int_or_string(value: Any) -> int | str | Wrong:
    """An int32, or a string."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31:
        return value
    return WRONG_NUMBER


def _quoted(text: str) -> str:
    """Text as the errors of Go's times quote it: what is no plain character byte by byte."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (char if " " <= char < "\x80" else "".join(f"\\x{byte:02x}" for byte in char.encode()) for char in plain)
    return f'"{"".join(shown)}"'


def _moment(value: str, layout: str) -> datetime:
    matched = TIME.fullmatch(value)
    if matched is None:
        shown = _quoted(value)
        raise DecodeError(f'parsing time {shown} as "{TIME_LAYOUTS[layout]}": cannot parse {shown} as "2006"')
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise DecodeError(f"parsing time {_quoted(value)}: day out of range") from error
    return moment.astimezone(UTC)


def read_time(value: Any) -> str | Wrong:
    """RFC 3339 in UTC, whole seconds."""
    if not isinstance(value, str):
        return WRONG_TEXT
    return _moment(value, "time").strftime("%Y-%m-%dT%H:%M:%SZ")


def read_micro_time(value: Any) -> str | Wrong:
    """RFC 3339 in UTC with microseconds."""
    if not isinstance(value, str):
        return WRONG_TEXT
    return _moment(value, "micro-time").strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_bytes(value: Any) -> Any:
    """Base64 text."""
    if not isinstance(value, str):
        return WRONG
    bad = _bad_byte(value)
    if bad is not None:
        raise DecodeError(f"illegal base64 data at input byte {bad}")
    return value.replace("\n", "").replace("\r", "")


_LETTERS = frozenset(string.ascii_letters + string.digits + "+/")


def _bad_byte(text: str) -> int | None:
    """Where Go's decoder stops: at a foreign character, at wrong padding, or at the start of an incomplete end."""
    filled = 0  # of four letters
    for place, char in enumerate(text):
        if char in "\r\n":
            continue
        if filled < 2 if char == "=" else char not in _LETTERS:
            return place
        if char != "=":
            filled = (filled + 1) % 4
            continue
        rest = text[place + 1 :].lstrip("\r\n")
        after = len(text) - len(rest)
        if filled == 2:
            if not rest:
                return len(text)
            if rest[0] != "=":
                return after - 1
            rest = rest[1:].lstrip("\r\n")
            after = len(text) - len(rest)
        return after if rest else None
    return len(text) - filled if filled else None


READERS = {
    "quantity": read_quantity,
    "int-or-string": read_int_or_string,
    "time": read_time,
    "micro-time": read_micro_time,
    "byte": read_bytes,
}
