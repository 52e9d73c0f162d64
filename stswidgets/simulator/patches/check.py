"""Whether an applied object fits its types, in structured-merge-diff's words."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.patches import fields
from stswidgets.simulator.schema import gotext
from stswidgets.simulator.schema.types import Node

Json = dict[str, Any]
Problem = tuple[str, str]

UNTYPED = Node("any")


def problems(applied: Json, kind: Node) -> str:
    """What is wrong with the types of `applied`, as one text; empty if it is right."""
    found = [f"{path}: {message}" if path else message for path, message in _check(applied, kind, "")]
    if len(found) > 1:
        return "\n".join(["errors:", *(f"  {text}" for text in found)])
    return found[0] if found else ""


def _check(value: Any, kind: Node, path: str) -> list[Problem]:
    if value is None or kind.kind == "any":
        return []
    if kind.kind == "list":
        if not isinstance(value, list):
            return [(path, f"expected list, got {_printed(value)}")]
        return _items(value, kind, path)
    if kind.kind in ("struct", "map"):
        if not isinstance(value, dict):
            return [(path, f"expected map, got {_printed(value)}")]
        return _members(value, kind, path)
    message = _scalar(value, kind)
    return [(path, message)] if message else []


def _members(value: Json, kind: Node, path: str) -> list[Problem]:
    found: list[Problem] = []
    for key, child in value.items():
        field = kind.fields.get(key)
        below = f"{path}.{key}"
        if kind.kind == "struct" and field is None:
            found.append((below, "field not declared in schema"))
            break
        inner = field.node if field else kind.item
        if inner is not None:
            found.extend(_check(child, inner, below))
    return found


def _items(value: list[Any], kind: Node, path: str) -> list[Problem]:
    found: list[Problem] = []
    seen: set[str] = set()
    for index, child in enumerate(value):
        element = f"[{index}]"
        if not kind.atomic:
            problem = _keys(child, kind)
            if problem:
                return [*found, (path, f"element {index}: {problem}")]
            key = fields.item(child, kind)
            element = fields.path_text((key,))
            if key in seen:
                found.append((path, f"duplicate entries for key {element}"))
            seen.add(key)
        if kind.item is not None:
            found.extend(_check(child, kind.item, path + element))
    return found


def _keys(child: Any, kind: Node) -> str:
    if kind.list_type == "set":
        if isinstance(child, dict):
            return "associative list without keys has an element that's a map type"
        if isinstance(child, list):
            return "not supported: associative list with lists as elements"
        return "associative list without keys has an element that's an explicit null" if child is None else ""
    if child is None:
        return "associative list with keys may not have a null element"
    if not isinstance(child, dict):
        return "associative list with keys may not have non-map elements"
    if fields.item(child, kind) == "k:{}":
        names = "[" + " ".join(fields.text(key) for key in kind.keys) + "]"
        return (
            f"associative list with keys has an element that omits all key fields {names} "
            "(and doesn't have default values for any key fields)"
        )
    return ""


def _scalar(value: Any, kind: Node) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind.kind in ("integer", "number"):
        return "" if number else f"expected numeric (int or float), got {_go_type(value)}"
    if kind.kind == "boolean":
        return "" if isinstance(value, bool) else f"expected boolean, got {_printed(value)}"
    if kind.format == "int-or-string":
        return ""  # told by the type itself
    if kind.format in ("quantity", "time", "micro-time"):
        return "" if isinstance(value, str | int | float) else f"expected any scalar, got {_printed(value)}"
    return "" if isinstance(value, str) else f"expected string, got {_wrapped(value)}"


def _go_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    return "[]interface {}" if isinstance(value, list) else "map[string]interface {}"


def _printed(value: Any) -> str:
    return f"&{{{gotext.plain(value)}}}"


def _wrapped(value: Any) -> str:
    return f"&value.valueUnstructured{{Value:{gotext.sharp(value)}}}"
