"""Plain JSON as YAML text, in the shape that kubectl prints: block style, lists at their key's indent, keys in order.

A scalar is plain only where Kubernetes' reader would read the same text back (`yaml_nodes.resolve`); several lines
become a literal block where that is exact, else a double-quoted string.
"""

from __future__ import annotations

import json
import re
from typing import Any

from stswidgets.domain import yaml_nodes

_PLAIN = re.compile(r"[A-Za-z0-9_./$(+~][A-Za-z0-9_./$()+~@%^,;=&*!?<>|\"'{}\[\]\\:# -]*")
_FLOW = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./@+=-]*")
_ODD = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def dump(value: Any) -> str:
    """One document, ended by a newline."""
    return "\n".join(block(value, 0)) + "\n"


def block(value: Any, indent: int) -> list[str]:
    """`value` as lines, each indented by `indent` columns."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return [line for key, below in value.items() for line in entry(key, below, indent)]
    if isinstance(value, list) and value:
        return [line for below in value for line in item(below, indent)]
    return [pad + line if number == 0 else line for number, line in enumerate(scalar(value, indent + 2).split("\n"))]


def entry(key: str, value: Any, indent: int, list_indent: int = 0) -> list[str]:
    """A key and its value as lines; a list stands `list_indent` columns right of its key."""
    head = " " * indent + text(key) + ":"
    if isinstance(value, dict) and value:
        return [head, *block(value, indent + 2)]
    if isinstance(value, list) and value:
        return [head, *block(value, indent + list_indent)]
    return f"{head} {scalar(value, indent + 2)}".split("\n")


def item(value: Any, indent: int) -> list[str]:
    """A list's item as lines, the dash at column `indent`."""
    pad = " " * indent
    if isinstance(value, dict | list) and value:
        first, *rest = block(value, indent + 2)
        return [f"{pad}- {first.lstrip(' ')}", *rest]
    return f"{pad}- {scalar(value, indent + 2)}".split("\n")


def scalar(value: Any, indent: int) -> str:
    """A scalar, or an empty map or list. Lines of a literal block are indented by `indent` columns."""
    if isinstance(value, str) and _is_literal(value):
        chomp = "" if value.endswith("\n") else "-"
        lines = value.removesuffix("\n").split("\n")
        return "\n".join([f"|{chomp}", *(" " * indent + line if line else "" for line in lines)])
    return inline(value)


def inline(value: Any) -> str:
    """A scalar, or an empty map or list, on one line."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return text(value)
    return flow(value) if isinstance(value, dict | list) else json.dumps(value)


def text(value: str) -> str:
    """A string on one line, plain where it stays a string."""
    plain = _PLAIN.fullmatch(value) and not value.endswith((" ", ":")) and ": " not in value and " #" not in value
    return value if plain and isinstance(yaml_nodes.resolve(value), str) and value != "<<" else quoted(value)


def quoted(value: str) -> str:
    """A double-quoted string; what YAML does not print is escaped."""
    return _ODD.sub(_escape, json.dumps(value, ensure_ascii=False))


def single_quoted(value: str) -> str | None:
    """A single-quoted string, or None where one line cannot hold it exactly."""
    if "\n" in value or _ODD.search(value) or "\t" in value:
        return None
    return "'" + value.replace("'", "''") + "'"


def flow(value: Any) -> str:
    """`value` on one line in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow_key(key)}: {flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(below) for below in value) + "]"
    if isinstance(value, str):
        return value if _FLOW.fullmatch(value) and isinstance(yaml_nodes.resolve(value), str) else quoted(value)
    return inline(value)


def _flow_key(key: str) -> str:
    return flow(key)


def _is_literal(value: str) -> bool:
    """Whether a literal block holds `value` exactly: lines without odd characters, not begun by a blank, not ended by
    several breaks.
    """
    if "\n" not in value.removesuffix("\n") or value.endswith("\n\n") or _ODD.search(value) or "\t" in value:
        return False
    first = value.split("\n", 1)[0]
    return bool(first) and not first.startswith(" ") and not any(line.endswith(" ") for line in value.split("\n"))


def _escape(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
