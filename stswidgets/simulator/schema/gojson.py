"""What Go's JSON decoder says about text that is no JSON, told from where Python's gave up."""

from __future__ import annotations

import json

from stswidgets.simulator.schema import gotext


def told(error: ValueError, body: bytes) -> str:
    """The decoder's sentence."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    text, at = error.doc, error.pos
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    if at >= len(text) or not body.strip():
        return "unexpected end of JSON input"
    return f"invalid character {_quoted(text[at])} {_where(error.msg, text[:at])}"


def _quoted(character: str) -> str:
    if character in "'\"":
        return "'\\''" if character == "'" else "'\"'"
    return f"'{gotext.quote(character)[1:-1]}'"


def _where(message: str, before: str) -> str:
    if message.startswith("Expecting property name"):
        return "looking for beginning of object key string"
    if message.startswith("Expecting ':'"):
        return "after object key"
    if message.startswith("Expecting ','"):
        inside_list = before.count("[") - before.count("]") > 0 and before.rfind("[") > before.rfind("{")
        return "after array element" if inside_list else "after object key:value pair"
    if message.startswith("Extra data"):
        return "after top-level value"
    if message.startswith("Invalid control character"):
        return "in string literal"
    return "looking for beginning of value"
