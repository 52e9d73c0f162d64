"""Changes YAML text so that it says another value, leaving every other character as it is: comments, order, quotes,
breaks.

`rewrite` compares what a document says with what it shall say and cuts only where they differ. The result is read
again; where it does not say exactly what was asked (an anchor that others follow, a merge key), the cut is made at a
larger piece, at last the whole document.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from stswidgets import errors
from stswidgets.domain import yaml_emit, yaml_nodes
from stswidgets.domain.yaml_nodes import Node

_DEPTHS = (100, 4, 3, 2, 1)
# A second pass gives back what followed an anchor that the first has changed.
_PASSES = 2


def rewrite(text: str, values: Sequence[Any]) -> str:
    """`text`, whose documents shall say `values`, one a document and in order."""
    for depth in _DEPTHS:
        changed = text
        for _again in range(_PASSES):
            changed = _attempt(changed, values, depth)
            if _says(changed, values):
                return changed
            if not _is_readable(changed):
                break
    return "---\n".join(yaml_emit.dump(value) for value in values)


def _attempt(text: str, values: Sequence[Any], depth: int) -> str:
    cuts = _Cuts(text)
    for document, value in zip(yaml_nodes.read(text), values, strict=True):
        cuts.compare(document.root, value, depth)
    return cuts.applied()


def _says(text: str, values: Sequence[Any]) -> bool:
    try:
        return [yaml_nodes.value(document.root) for document in yaml_nodes.read(text)] == list(values)
    except errors.YamlError:
        return False


def _is_readable(text: str) -> bool:
    try:
        return len(yaml_nodes.read(text)) > 0
    except errors.YamlError:
        return False


@dataclasses.dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    end: int
    text: str


class _Cuts:
    """Collects cuts against the text as it is, then makes them all."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cuts: list[_Cut] = []

    def applied(self) -> str:
        text = self._text
        for cut in sorted(self._cuts, key=lambda cut: (cut.start, cut.end), reverse=True):
            text = text[: cut.start] + cut.text + text[cut.end :]
        return text

    def compare(self, node: Node, value: Any, depth: int, holder: Node | None = None, key: Node | None = None) -> None:
        """Makes `node` say `value`. `holder` is the collection around it, `key` its key where that is a map."""
        try:
            said = yaml_nodes.value(node)
        except errors.YamlError:
            said = yaml_nodes
        if said == value and type(said) is type(value):
            return
        if depth > 0 and node.kind == "map" and isinstance(value, dict) and value and node.entries:
            self._map(node, value, depth)
        elif depth > 0 and node.kind == "list" and isinstance(value, list) and value and node.items:
            self._list(node, value, depth)
        else:
            self._replace(node, value, holder, key)

    def _map(self, node: Node, value: dict[str, Any], depth: int) -> None:
        entries = {yaml_nodes.key_of(key): (key, below) for key, below in node.entries if not _merges(key)}
        merged = _merged(node, entries)
        gone = [name for name in entries if name not in value]
        new = [name for name in value if name not in entries and merged.get(name, entries) != value[name]]
        if len(gone) == len(new) == 1 and self._renamed(node, value, gone[0], new[0]):
            key, below = entries[gone[0]]
            self._cut(key.start, key.end, yaml_emit.text(new[0]))
            entries[new[0]] = (key, below)
            new = []
        elif len(gone) == len(entries):
            self._replace(node, value, None, None)
            return
        else:
            for name in gone:
                self._remove_entry(node, *entries[name])
        for name, below in value.items():
            if name in entries and name not in new:
                key, old = entries[name]
                self.compare(old, below, depth - 1, node, key)
        self._add_entries(node, value, new, {name: pair for name, pair in entries.items() if name not in gone})

    def _renamed(self, node: Node, value: dict[str, Any], gone: str, new: str) -> bool:
        names = [yaml_nodes.key_of(key) for key, _below in node.entries]
        below = next(below for key, below in node.entries if yaml_nodes.key_of(key) == gone)
        return names.index(gone) == list(value).index(new) and yaml_nodes.value(below) == value[new]

    def _add_entries(
        self, node: Node, value: dict[str, Any], new: list[str], kept: dict[str, tuple[Node, Node]]
    ) -> None:
        runs: dict[str, list[str]] = {}
        last = ""
        for name in value:
            if name in new:
                runs.setdefault(last, []).append(name)
            elif name in kept:
                last = name
        for before, names in runs.items():
            self._insert(node, kept[before][1] if before else None, {name: value[name] for name in names})

    def _insert(self, node: Node, before: Node | None, added: dict[str, Any]) -> None:
        if node.flow:
            inner = yaml_emit.flow(added)[1:-1]
            at = before.end if before else node.entries[0][0].start
            self._cut(at, at, f", {inner}" if before else f"{inner}, ")
            return
        indent = self._column(node.entries[0][0].start)
        lines = [line for name, below in added.items() for line in yaml_emit.entry(name, below, indent)]
        if before is None:
            at = node.entries[0][0].start
            self._cut(at, at, "\n".join(lines).lstrip(" ") + "\n" + " " * indent)
        else:
            at = self._line_end(before.end)
            self._cut(at, at, "".join("\n" + line for line in lines))

    def _remove_entry(self, node: Node, key: Node, below: Node) -> None:
        at = node.entries.index((key, below))
        following = node.entries[at + 1][0] if at + 1 < len(node.entries) else None
        if node.flow:
            start = key.start if following else node.entries[at - 1][1].end
            self._cut(start, following.start if following else below.end, "")
        else:
            self._cut_lines(key.start, below.end, following.start if following else None)

    def _list(self, node: Node, value: list[Any], depth: int) -> None:
        said = [yaml_nodes.value(item) for item in node.items]
        same = next(
            (n for n, (a, b) in enumerate(zip(said, value, strict=False)) if a != b), min(len(said), len(value))
        )
        fewer = len(said) - len(value)
        if fewer == 0:
            for item, below in zip(node.items, value, strict=True):
                self.compare(item, below, depth - 1, node)
        elif fewer < 0 and said == value[: len(said)]:
            self._append(node, value[len(said) :])
        elif fewer > 0 and said[same + fewer :] == value[same:]:
            for number in range(same, same + fewer):
                self._remove_item(node, number)
        else:
            self._replace(node, value, None, None)

    def _append(self, node: Node, added: list[Any]) -> None:
        last = node.items[-1]
        if node.flow:
            self._cut(last.end, last.end, "".join(f", {yaml_emit.flow(below)}" for below in added))
            return
        indent = self._column(self._dash(last))
        at = self._line_end(last.end)
        self._cut(at, at, "".join("\n" + line for below in added for line in yaml_emit.item(below, indent)))

    def _remove_item(self, node: Node, at: int) -> None:
        item = node.items[at]
        following = node.items[at + 1] if at + 1 < len(node.items) else None
        if node.flow:
            start = item.start if following else node.items[at - 1].end
            self._cut(start, following.start if following else item.end, "")
        else:
            self._cut_lines(self._dash(item), item.end, self._dash(following) if following else None)

    def _replace(self, node: Node, value: Any, holder: Node | None, key: Node | None) -> None:
        """Puts `value` where `node` stands, after its `key:` or its dash."""
        flow = (node.flow and holder is None) or (holder is not None and holder.flow)
        nested = isinstance(value, dict | list) and bool(value)
        if flow or (not nested and node.kind == "scalar" and node.style not in {"|", ">"} and not _breaks(value)):
            self._cut(
                node.start, node.end, self._spaced(node, yaml_emit.flow(value) if nested else _styled(node, value))
            )
        elif holder is None or key is None:
            self._replace_unkeyed(node, value, nested)
        else:
            self._replace_keyed(node, value, holder, key, nested)

    def _replace_unkeyed(self, node: Node, value: Any, nested: bool) -> None:
        """Of an item, or of a block collection by another one: the text begins where the old one began."""
        indent = self._column(self._dash(node.items[0]) if node.kind == "list" and node.items else node.start)
        lines = yaml_emit.block(value, indent) if nested else yaml_emit.scalar(value, indent).split("\n")
        self._cut(node.start, node.end, self._spaced(node, "\n".join(lines).lstrip(" ")))

    def _replace_keyed(self, node: Node, value: Any, holder: Node, key: Node, nested: bool) -> None:
        indent = self._column(holder.entries[0][0].start)
        deeper = self._list_indent(holder) if isinstance(value, list) else 2
        lines = yaml_emit.block(value, indent + deeper) if nested else yaml_emit.scalar(value, indent + 2).split("\n")
        gap = self._text[key.end : node.start]
        colon = key.end + gap.index(":") + 1 if ":" in gap else node.start
        start = colon if not self._text[colon : node.start].strip() else node.start
        self._cut(start, node.end, "\n" + "\n".join(lines) if nested else " " + "\n".join(lines))

    def _list_indent(self, holder: Node) -> int:
        """By how much the lists of this text stand right of their keys, seen from a neighbour."""
        for key, below in holder.entries:
            if below.kind == "list" and not below.flow and below.items:
                return self._column(self._dash(below.items[0])) - self._column(key.start)
        return 0

    def _spaced(self, node: Node, text: str) -> str:
        """An empty scalar stands directly behind its colon or dash."""
        empty = node.start == node.end and node.start > 0 and self._text[node.start - 1] in ":-"
        return f" {text}" if empty else text

    def _cut_lines(self, start: int, end: int, following: int | None) -> None:
        """Removes whole lines where nothing else stands on the first, else up to what follows."""
        line_start = self._text.rfind("\n", 0, start) + 1
        if not self._text[line_start:start].strip():
            self._cut(line_start, min(self._line_end(end) + 1, len(self._text)), "")
        elif following is not None:
            self._cut(start, following, "")

    def _dash(self, item: Node) -> int:
        return self._text.rfind("-", 0, max(0, item.start)) if not item.anchored else item.start

    def _line_end(self, at: int) -> int:
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found

    def _column(self, at: int) -> int:
        return at - (self._text.rfind("\n", 0, at) + 1)

    def _cut(self, start: int, end: int, text: str) -> None:
        self._cuts.append(_Cut(start, end, text))


def _merges(key: Node) -> bool:
    return key.kind == "scalar" and key.text == "<<" and not key.style


def _merged(node: Node, entries: dict[str, tuple[Node, Node]]) -> dict[str, Any]:
    """What a map has by a merge key alone."""
    if len(entries) == len(node.entries):
        return {}
    said: dict[str, Any] = yaml_nodes.value(node)
    return {name: value for name, value in said.items() if name not in entries}


def _breaks(value: Any) -> bool:
    return isinstance(value, str) and "\n" in value


def _styled(node: Node, value: Any) -> str:
    """A scalar in the quotes that the old one had."""
    if isinstance(value, str) and node.kind == "scalar" and node.style == '"':
        return yaml_emit.quoted(value)
    if isinstance(value, str) and node.kind == "scalar" and node.style == "'":
        return yaml_emit.single_quoted(value) or yaml_emit.quoted(value)
    return yaml_emit.inline(value)
