"""Objects without types made into typed ones, in the words of Go's converter (apimachinery `pkg/runtime/converter.go`).

A strategic merge patch ends there, where others end in the JSON decoder: numbers are cut to their types' machine words,
a whole number may be written with a point, and the first wrong value in the order of Go's fields is told without its
place.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.schema import scalars
from stswidgets.simulator.schema.scalars import DecodeError
from stswidgets.simulator.schema.types import Node

_LARGEST = 2**63
_SELVES = ("quantity", "int-or-string", "time", "micro-time")


def convert(value: Any, kind: Node) -> Any:
    """The value as the type holds it, still to be decoded. DecodeError for a wrong type."""
    if value is None or kind.kind == "any":
        return value
    if kind.kind == "struct":
        return _struct(value, kind)
    if kind.kind == "map":
        if not isinstance(value, dict):
            raise DecodeError(f"cannot restore map from {_go_kind(value)}")
        return {key: convert(child, kind.item) if kind.item else child for key, child in value.items()}
    if kind.kind == "list":
        if not isinstance(value, list):
            raise DecodeError(f"cannot restore slice from {_go_kind(value)}")
        return [convert(child, kind.item) if kind.item else child for child in value]
    if kind.format in _SELVES:
        return _read_by_itself(value, kind)
    if kind.format == "byte":
        return _bytes(value)
    return _plain(value, kind)


def _struct(value: Any, kind: Node) -> Any:
    if not isinstance(value, dict):
        raise DecodeError(f"cannot restore struct from: {_go_kind(value)}")
    converted = {name: convert(value[name], field.node) for name, field in kind.fields.items() if name in value}
    return {key: converted.get(key, child) for key, child in value.items()}


def _go_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if -_LARGEST <= value < _LARGEST else "float64"
    kinds: dict[type, str] = {float: "float64", str: "string", list: "slice"}
    return kinds.get(type(value), "map")


def _read_by_itself(value: Any, kind: Node) -> Any:
    read = scalars.read(value, kind)
    if isinstance(read, scalars.Wrong) and read.inner is not None:
        what = scalars.go_kind(value, read.inner)
        raise DecodeError(f"json: cannot unmarshal {what} into Go value of type {read.inner.go}")
    return value


def _bytes(value: Any) -> Any:
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        raise DecodeError(f"cannot restore slice from {_go_kind(value)}")
    try:
        scalars.read_bytes(value)
    except DecodeError as error:
        raise DecodeError(f"error decoding from json: {error}") from error
    return value


def _plain(value: Any, kind: Node) -> Any:
    """Text, numbers, booleans. Go would make a letter of a whole number, so these are told apart from other types."""
    of = _go_kind(value)
    if kind.kind == "string":
        if of == "int64":
            raise DecodeError(f"cannot convert int64 to {kind.go}")
        return _fitting(value, "string", fits=of == "string")
    if kind.kind == "boolean":
        return _fitting(value, "bool", fits=of == "bool")
    word = kind.format or "int64"
    if kind.kind == "number":
        return _fitting(value, "float64", fits=of in ("int64", "float64"))
    if of == "float64":
        if value != value // 1:
            raise DecodeError(f"cannot convert float64 to {kind.go}")
        value = int(value)
    else:
        _fitting(value, word, fits=of == "int64")
    value = value if -_LARGEST <= value < _LARGEST else -_LARGEST
    return value if word == "int64" else (value + 2**31) % 2**32 - 2**31


def _fitting(value: Any, name: str, *, fits: bool) -> Any:
    if not fits:
        raise DecodeError(f"unrecognized type: {name}")
    return value
