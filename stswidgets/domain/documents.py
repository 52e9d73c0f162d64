"""A draft's YAML: one StatefulSet and at most one Service, in any order, with whatever comments stand around them."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

from stswidgets import errors
from stswidgets.domain import paths, yaml_edit, yaml_emit, yaml_nodes
from stswidgets.domain.couplings import Pair
from stswidgets.domain.problem import Problem
from stswidgets.domain.yaml_nodes import Document, Node

_KINDS = {("apps/v1", "StatefulSet"): "", ("v1", "Service"): "service"}


@dataclasses.dataclass(frozen=True)
class Source:
    """A text and what it says. `order` has one word a document: "" for the StatefulSet, "service"."""

    text: str
    pair: Pair
    order: tuple[str, ...]

    @functools.cached_property
    def _documents(self) -> list[Document]:
        return yaml_nodes.read(self.text)

    def rewritten(self, pair: Pair) -> Source:
        """The source that says `pair`; only the lines that say something else change."""
        text, order = self.text, self.order
        if pair.service is None and "service" in order:
            text, order = self._without_service(), ("",)
        values = [pair.service if kind else pair.manifest for kind in order]
        text = yaml_edit.rewrite(text, values)
        if pair.service is not None and "service" not in order:
            text, order = f"{text.rstrip()}\n---\n{yaml_emit.dump(pair.service)}", (*order, "service")
        return Source(text, pair, order)

    def _without_service(self) -> str:
        at = self.order.index("service")
        document = self._documents[at]
        if at == 0:
            following = self._documents[at + 1]
            return self.text[_behind_marker(self.text, following) :]
        return self.text[: document.start].rstrip() + "\n"

    def located(self, problem: Problem) -> Problem:
        """`problem` with the line where its path stands, or the nearest thing above it that is there."""
        place = paths.parse(problem.path)
        if place.object not in self.order:
            return problem
        node = self._documents[self.order.index(place.object)].root
        mark = node
        for step in place.steps:
            found = _below(node, step)
            if found is None:
                break
            mark, node = found
        return dataclasses.replace(problem, line=mark.line + 1, column=mark.column + 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Unread:
    """A text that cannot be read, and why."""

    text: str
    error: errors.ManifestError

    @property
    def problem(self) -> Problem:
        line, column = getattr(self.error, "line", None), getattr(self.error, "column", None)
        return Problem("", self.error.key, dict(self.error.values), line=line, column=column)


def read(text: str) -> Source:
    """What `text` says. Raises YamlError and WrongKindError, with their lines."""
    text = text.removeprefix("\ufeff")
    found: dict[str, dict[str, Any]] = {}
    for document in yaml_nodes.read(text):
        root, line = document.root, document.root.line + 1
        value = yaml_nodes.value(root)
        if not isinstance(value, dict):
            raise errors.YamlError("errors.yaml.not_a_mapping", line=line)
        kind = _KINDS.get((_word(value, "apiVersion"), _word(value, "kind")))
        if kind is None:
            named = " ".join(filter(None, (_word(value, "apiVersion"), _word(value, "kind")))) or "?"
            raise errors.WrongKindError(kind=named, line=_line_of(root, "kind", line))
        if kind in found:
            raise errors.YamlError("errors.yaml.twice", line=line, kind=_word(value, "kind"))
        found[kind] = value
    if "" not in found:
        raise errors.YamlError("errors.yaml.empty", line=1)
    return Source(text, Pair(found[""], found.get("service")), tuple(found))


def written(pair: Pair) -> Source:
    """`pair` as text, the Service first."""
    if pair.service is None:
        return Source(yaml_emit.dump(pair.manifest), pair, ("",))
    text = f"{yaml_emit.dump(pair.service)}---\n{yaml_emit.dump(pair.manifest)}"
    return Source(text, pair, ("service", ""))


def _word(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _line_of(root: Node, key: str, default: int) -> int:
    found = _below(root, key)
    return found[0].line + 1 if found else default


def _behind_marker(text: str, document: Document) -> int:
    """Where the document begins behind its `---` line, comments above its first key included."""
    marker = text.rfind("---", 0, document.root.start)
    return text.index("\n", marker) + 1 if marker >= 0 else document.root.start


def _below(node: Node, step: paths.Step) -> tuple[Node, Node] | None:
    """The node that marks what stands at `step` (a key, or an item), and that thing itself."""
    if node.kind == "alias" and node.target is not None:
        node = node.target
    if node.kind == "map":
        return next(((key, below) for key, below in node.entries if yaml_nodes.key_of(key) == str(step)), None)
    if node.kind == "list" and isinstance(step, int) and step < len(node.items):
        return node.items[step], node.items[step]
    return None
