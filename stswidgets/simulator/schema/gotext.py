"""Values as Go prints them in the API server's messages."""

from __future__ import annotations

import json
from typing import Any

ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}


def quote(text: str) -> str:
    """Text in double quotes, as `%q` prints it."""
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(char: str) -> str:
    if char in ESCAPES:
        return ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def plain(value: Any) -> str:
    """A JSON value as `%v` prints it: `map[a:1 b:[x y]]`."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{plain(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(plain, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "<nil>" if value is None else _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    """A number as `%v` prints it: what is no int64 is a float, and has an exponent from 21 digits on."""
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return str(value)
    digits = repr(float(value))
    if "e" not in digits:
        return digits.removesuffix(".0")
    mantissa, _, exponent = digits.partition("e")
    if 0 <= int(exponent) < 21:
        return str(int(value))
    return f"{mantissa}e{int(exponent):+03}"


def sharp(value: Any) -> str:
    """A JSON value as `%#v` prints it: `map[string]interface {}{"a":1, "b":[]interface {}{}}`."""
    if isinstance(value, dict):
        inner = ", ".join(f"{quote(key)}:{_member(value[key])}" for key in sorted(value))
        return f"map[string]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_member, value))}}}"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "<nil>" if value is None else str(value)


def _member(value: Any) -> str:
    return "interface {}(nil)" if value is None else sharp(value)


def escaped(text: str) -> str:
    """JSON as Go's encoder writes it: with `<`, `>`, `&` and the two line separators of Unicode escaped."""
    for char in "&<>\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def compact(value: Any) -> str:
    """A value as Go's JSON encoder writes it: compact, with `<`, `>` and `&` escaped."""
    return escaped(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
