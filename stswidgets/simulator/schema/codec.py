"""Reading objects as the API server's decoder does, and writing them back as Go would.

`decode(obj, definition)` checks every value's type against the schema and gives the object in the server's form: nulls
and empty values left out where Go leaves them out, zero values put in where Go writes them, quantities and times in
canonical text, fields in Go's order. Wrong types raise `DecodeError` with the text of Go's decoder (sigs.k8s.io/json);
fields that the schema does not know are dropped and reported.
"""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from stswidgets.simulator.schema import scalars
from stswidgets.simulator.schema.scalars import DecodeError
from stswidgets.simulator.schema.types import Field, Node, node

__all__ = ["DecodeError", "Decoded", "decode", "decode_node", "refusal", "strict_error"]

Json = dict[str, Any]


class Decoded(msgspec.Struct, frozen=True):
    """An object in the server's form, and the paths of what it does not know (`spec.foo`, `spec.ports[0].bar`)."""

    obj: Json
    unknown: tuple[str, ...]


class _State(msgspec.Struct):
    """What the decoder remembers: the first wrong type (reported at the end) and the unknown fields."""

    error: DecodeError | None
    unknown: list[str]


class _Place(msgspec.Struct, frozen=True):
    """Where the decoder is: the struct it is in, the path of fields that errors print, and the path with indexes."""

    struct: str
    path: str
    strict: str


ROOT = _Place("", "", "")
BYTE = Node("integer", go="uint8", format="uint8")


def decode(obj: Json, definition: str) -> Decoded:
    """Read `obj` as `definition`. DecodeError when a value has the wrong type or is malformed."""
    return decode_node(obj, node(definition))


def decode_node(obj: Json, kind: Node) -> Decoded:
    """Read `obj` as the type `kind`."""
    state = _State(None, [])
    decoded = _value(obj, kind, ROOT, state)
    if state.error is not None:
        raise state.error
    return Decoded(decoded, tuple(dict.fromkeys(state.unknown))[:100])


def refusal(kind: str, version: str, error: DecodeError | str) -> str:
    """The 400's message for a body that cannot be read as `kind`."""
    return f'{kind} in version "{version}" cannot be handled as a {kind}: {error}'


def strict_error(unknown: tuple[str, ...]) -> str:
    """The strict decoder's text for fields that it does not know."""
    return "strict decoding error: " + ", ".join(f'unknown field "{path}"' for path in unknown)


def _wrong(value: Any, kind: Node, place: _Place, state: _State) -> None:
    if state.error is None:
        state.error = _error(value, kind, place)


def _error(value: Any, kind: Node, place: _Place) -> DecodeError:
    what = scalars.go_kind(value, kind)
    if place.path:
        target = f"Go struct field {place.struct}.{place.path} of type {kind.go}"
    else:
        target = f"Go value of type {kind.go}"
    return DecodeError(f"json: cannot unmarshal {what} into {target}")


def _value(value: Any, kind: Node, place: _Place, state: _State) -> Any:
    if kind.kind == "struct":
        if isinstance(value, dict):
            return _struct(value, kind, place, state)
    elif kind.kind == "list":
        if isinstance(value, list):
            return _list(value, kind, place, state)
    elif kind.kind == "map":
        if isinstance(value, dict):
            return _map(value, kind, place, state)
    elif kind.kind == "any":
        return value
    elif kind.format == "byte" and isinstance(value, list):
        numbers = [_value(0 if child is None else child, BYTE, place, state) for child in value]
        return base64.b64encode(bytes(numbers)).decode()  # bytes one by one
    else:
        read = _scalar(value, kind, state)
        if not isinstance(read, scalars.Wrong):
            return read
        if read.inner is not None:
            raise _error(value, read.inner, place)  # a type that reads itself: Go goes no further
    _wrong(value, kind, place, state)
    return zero(kind)


def _scalar(value: Any, kind: Node, state: _State) -> Any:
    """A single value; of bad base64 Go makes a note and goes on, at other types that read themselves it stops."""
    try:
        return scalars.read(value, kind)
    except DecodeError as error:
        if kind.format != "byte":
            raise
        state.error = state.error or error
        return zero(kind)


def _struct(value: Json, kind: Node, place: _Place, state: _State) -> Json:
    found: Json = {}
    struct = kind.go.rpartition(".")[2]
    fields = kind.fields
    for key, child in value.items():
        field = fields.get(key)
        if field is None:
            state.unknown.append(f"{place.strict}.{key}" if place.strict else key)
            continue
        if child is None:
            continue
        path = f"{field.embedded}.{key}" if field.embedded else key
        inner = _Place(
            struct,
            f"{place.path}.{path}" if place.path else path,
            f"{place.strict}.{key}" if place.strict else key,
        )
        found[key] = _value(child, field.node, inner, state)
    return _written(found, fields)


def _written(found: Json, fields: dict[str, Field]) -> Json:
    """The struct as Go's encoder writes it: in order, without what is empty and may be left out."""
    written: Json = {}
    for name, field in fields.items():
        if name in found:
            value = found[name]
            if field.pointer or not (field.omit_empty or field.omit_zero):
                empty = not field.pointer and field.node.kind in ("list", "map") and not value
                written[name] = None if empty else value
            elif field.node.kind == "struct":
                if not field.omit_zero or value:
                    written[name] = value
            elif value or field.told_apart or field.node.format in ("quantity", "int-or-string"):
                written[name] = value
        elif not field.pointer and _has_zero(field):
            written[name] = zero(field.node)
        elif field.pointer and not field.omit_empty:
            written[name] = None
    return written


def _has_zero(field: Field) -> bool:
    """Whether an absent value is written as a zero: no `omitempty`, or a struct, which is never empty to Go."""
    if field.omit_zero:
        return False
    if not field.omit_empty:
        return True
    return field.node.kind == "struct" or field.node.format in ("quantity", "int-or-string", "time", "micro-time")


def zero(kind: Node) -> Any:
    """Go's zero value as JSON."""
    if kind.kind == "struct":
        return _written({}, kind.fields)
    return scalars.ZERO.get(kind.format) if kind.format in scalars.ZERO else scalars.ZERO.get(kind.kind)


def _list(value: list[Any], kind: Node, place: _Place, state: _State) -> list[Any]:
    item = kind.item
    if item is None:
        return value
    read = []
    for index, child in enumerate(value):
        inner = _Place(place.struct, place.path, f"{place.strict}[{index}]")
        read.append(zero(item) if child is None else _value(child, item, inner, state))
    return read


def _map(value: Json, kind: Node, place: _Place, state: _State) -> Json:
    item = kind.item
    if item is None:
        return value
    read = {}
    for key, child in value.items():
        inner = _Place(place.struct, place.path, f"{place.strict}.{key}")
        read[key] = _null(item) if child is None else _value(child, item, inner, state)
    return dict(sorted(read.items()))


def _null(item: Node) -> Any:
    """What a null in a map becomes."""
    return "" if item.format == "byte" else zero(item)
