"""YAML text as nodes that know where they stand, and the plain JSON that Kubernetes' reader makes of them.

Kubernetes reads YAML with sigs.k8s.io/yaml, which is go-yaml 2: the grammar of libyaml, whose parser is used here, and
the words of YAML 1.1: `yes`, `no`, `on`, `off`, `y`, `n` are booleans, `017` is fifteen, a date is a string, keys
become text. Unlike kubectl, a key that stands twice is an error: go-yaml would silently take the last one.

Hostile text is bounded: its length, its depth, and the number of values that its aliases grow to.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from typing import Any

import yaml

from stswidgets import errors

LONGEST = 1_000_000
DEEPEST = 100
MOST_VALUES = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
_NULL = {"", "~", "null", "Null", "NULL"}
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INTEGERS = (
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), 16),
    (re.compile(r"[-+]?0[bB][01]+"), 2),
    (re.compile(r"[-+]?0[oO]?[0-7]+"), 8),
    (re.compile(r"[-+]?(0|[1-9][0-9]*)"), 10),
)
_DATE = re.compile(r"\d{4}-")


@dataclasses.dataclass(slots=True, eq=False)
class Node:
    """A piece of the text. `start` and `end` are offsets; `end` of a block map or list is its last leaf's.

    `kind` is "scalar", "map", "list" or "alias"; `line` and `column` count from 0.
    """

    kind: str
    start: int
    end: int
    line: int
    column: int
    style: str = ""  # of a scalar: "" plain, "'", '"', "|", ">"
    flow: bool = False
    tag: str = ""
    anchored: bool = False
    text: str = ""
    entries: list[tuple[Node, Node]] = dataclasses.field(default_factory=list)
    items: list[Node] = dataclasses.field(default_factory=list)
    target: Node | None = None


@dataclasses.dataclass(slots=True, eq=False)
class Document:
    """One document: its root, and where it stands with its `---`."""

    root: Node
    start: int
    end: int


def read(text: str) -> list[Document]:
    """The documents of `text`; those without content are left out. Raises YamlError."""
    if len(text) > LONGEST:
        raise errors.YamlError("errors.yaml.too_long", line=1, size=len(text), limit=LONGEST)
    try:
        return list(_Reader(text).documents())
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(text, error) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        raise errors.YamlError("errors.yaml.syntax", line=line, column=column, detail=error.reason) from None


def _syntax_error(text: str, error: yaml.MarkedYAMLError) -> errors.YamlError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    written = lines[line] if line < len(lines) else ""
    indent = written[: len(written) - len(written.lstrip())]
    if "\t" in indent:
        return errors.YamlError("errors.yaml.tab", line=line + 1, column=indent.index("\t") + 1)
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return errors.YamlError("errors.yaml.syntax", line=line + 1, column=column + 1, detail=said)


class _Reader:
    """Builds nodes from libyaml's events."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._anchors: dict[str, Node] = {}

    def documents(self) -> Iterator[Document]:
        start = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                root = self._node(next(self._events), 0)
                end_event = next(self._events)
                end = end_event.end_mark.index if end_event.explicit else max(end_event.start_mark.index, root.end)
                if not (root.kind == "scalar" and root.text == "" and not root.style):
                    yield Document(root, start, end)
                start = end

    def _node(self, event: Any, depth: int) -> Node:
        first, last = event.start_mark, event.end_mark
        if depth > DEEPEST:
            raise errors.YamlError("errors.yaml.too_deep", line=first.line + 1, limit=DEEPEST)
        node = Node("scalar", first.index, last.index, first.line, first.column)
        if isinstance(event, yaml.AliasEvent):
            node.kind, node.target = "alias", self._anchors.get(event.anchor or "")
            if node.target is None or node.target.kind == "pending":
                said = f"found undefined alias '{event.anchor}'"
                raise errors.YamlError("errors.yaml.syntax", line=first.line + 1, column=first.column + 1, detail=said)
            return node
        node.tag = event.tag or ""
        if event.anchor:
            node.anchored, node.kind = True, "pending"
            self._anchors[event.anchor] = node
        if isinstance(event, yaml.ScalarEvent):
            node.text, node.style = event.value, "" if event.style is None else event.style
            if node.style in {"|", ">"}:
                node.end = node.start + len(self._text[node.start : node.end].rstrip())
            node.kind = "scalar"
        elif isinstance(event, yaml.SequenceStartEvent):
            self._fill_list(node, event, depth)
        else:
            self._fill_map(node, event, depth)
        return node

    def _fill_list(self, node: Node, event: Any, depth: int) -> None:
        node.flow = bool(event.flow_style)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node.items.append(self._node(event, depth + 1))
        last: Any = event.end_mark
        node.end = last.index if node.flow else node.items[-1].end
        node.kind = "list"

    def _fill_map(self, node: Node, event: Any, depth: int) -> None:
        node.flow = bool(event.flow_style)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            node.entries.append((key, self._node(next(self._events), depth + 1)))
        last: Any = event.end_mark
        node.end = last.index if node.flow else node.entries[-1][1].end
        node.kind = "map"


def value(root: Node) -> Any:
    """The plain JSON of `root`, as Kubernetes' reader makes it. Raises YamlError."""
    return _Builder().build(root)


class _Builder:
    def __init__(self) -> None:
        self._count = 0

    def build(self, node: Node) -> Any:
        self._count += 1
        if self._count > MOST_VALUES:
            raise errors.YamlError("errors.yaml.aliases", line=node.line + 1, limit=MOST_VALUES)
        if node.kind == "alias":
            assert node.target is not None
            return self.build(node.target)
        if node.kind == "list":
            return [self.build(item) for item in node.items]
        if node.kind == "map":
            return self._map(node)
        return _scalar(node)

    def _map(self, node: Node) -> dict[str, Any]:
        built: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.entries:
            if key_node.kind == "scalar" and key_node.text == "<<" and not key_node.style:
                merged = {**self._merge(value_node), **merged}
                continue
            name = key_of(key_node)
            if name in built:
                line, column = key_node.line + 1, key_node.column + 1
                raise errors.YamlError("errors.yaml.duplicate", line=line, column=column, name=name)
            built[name] = self.build(value_node)
        return (
            built if not merged else {**{name: below for name, below in merged.items() if name not in built}, **built}
        )

    def _merge(self, node: Node) -> dict[str, Any]:
        below = self.build(node)
        found: dict[str, Any] = {}
        for part in below if isinstance(below, list) else [below]:
            if not isinstance(part, dict):
                raise _bad_value(node, "map merge requires map or sequence of maps as the value")
            found = {**part, **found}
        return found


def key_of(node: Node) -> str:
    """A map's key as text: `1:` is "1", `yes:` is "true", as sigs.k8s.io/yaml writes them."""
    if node.kind == "alias" and node.target is not None:
        node = node.target
    built = _scalar(node) if node.kind == "scalar" else None
    if isinstance(built, str):
        return built
    if isinstance(built, bool):
        return "true" if built else "false"
    if isinstance(built, int | float):
        return f"{built:g}" if isinstance(built, float) else str(built)
    raise errors.YamlError("errors.yaml.key", line=node.line + 1, column=node.column + 1)


def _scalar(node: Node) -> Any:
    tag = node.tag.removeprefix(_TAG)
    if tag in {"str", "!"} or (not tag and node.style):
        return node.text
    built = resolve(node.text)
    if isinstance(built, float) and not math.isfinite(built):
        raise _bad_value(node, f"JSON has no {node.text}")
    if not tag:
        return built
    kinds: dict[str, Any] = {"int": int, "float": (int, float), "bool": bool, "null": type(None), "timestamp": str}
    if tag not in kinds:
        raise _bad_value(node, f"the tag {node.tag} is not read by Kubernetes")
    if not isinstance(built, kinds[tag]):
        raise _bad_value(node, f"cannot decode `{node.text}` as a !!{tag}")
    return built


def _bad_value(node: Node, detail: str) -> errors.YamlError:
    return errors.YamlError("errors.yaml.value", line=node.line + 1, column=node.column + 1, detail=detail)


def resolve(text: str) -> Any:
    """What a plain scalar means to go-yaml 2: None, a bool, an int, a float (also not finite) or the text itself."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    first = text[0]
    if first not in "+-.0123456789":
        return text
    if _INFINITE.fullmatch(text):
        return math.nan if "n" in text[1:3].lower() and "a" in text.lower() else math.inf
    plain = text.replace("_", "") if first != "." else text
    if _DATE.match(text) and not _FLOAT.fullmatch(plain):
        return text
    for pattern, base in _INTEGERS if first != "." else ():
        if pattern.fullmatch(plain):
            number = int(re.sub(r"(?<![0-9a-fA-F])0[xXbBoO]", "", plain), base)
            return number if -(2**63) <= number < 2**64 else float(number)
    if not _FLOAT.fullmatch(plain):
        return text
    real = float(plain)
    return int(real) if real.is_integer() and abs(real) < 1e21 else real  # as Go's JSON writes a float64
