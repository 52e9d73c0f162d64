"""What errors about bodies repeat of them."""

from __future__ import annotations

from stswidgets.simulator.schema.gojson import told

__all__ = ["go_kind", "no_object", "summary", "told"]

_SHOWN = 30  # bytes of a body that an error repeats

_HEAD = (
    "json: cannot unmarshal {kind} into Go value of type struct {{ APIVersion string "
    '"json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }}'
)


def no_object(value: object) -> str:
    """The sentence about JSON that is no object."""
    kinds = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}
    return _HEAD.format(kind=kinds.get(type(value), "null"))


def go_kind(value: object) -> str:
    """What Go calls a JSON value's kind."""
    kinds = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}
    return kinds.get(type(value), "null")


def summary(body: bytes) -> str:
    """A body as errors repeat it."""
    if not body:
        return "<empty>"
    shown = body[:_SHOWN]
    text = shown.decode(errors="replace") if body[:1] == b"{" else shown.hex()
    return f"{text} ..." if len(body) > _SHOWN else text
