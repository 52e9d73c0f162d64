"""What is wrong with a draft: every row of the table by its kind and rules, then what several places say together.

It says early what the server would say, and some things that the server would not (a name that leaves no room for the
revision hash, a field that Kubernetes does not know). The server has the last word: a plan is its dry run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stswidgets import errors
from stswidgets.domain import consistency, fields, paths, quantity, rules, typed
from stswidgets.domain.fields import Field, Group
from stswidgets.domain.paths import Steps
from stswidgets.domain.problem import TODO, Problem
from stswidgets.domain.rules import Finding


def problems(
    manifest: dict[str, Any],
    service: dict[str, Any] | None,
    *,
    original: dict[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
) -> tuple[Problem, ...]:
    """All problems of a draft, in the order of the form. `texts` are typed texts that are no values, by path."""
    found: dict[str, Problem] = {problem.path: problem for problem in _of_texts(texts or {})}
    every = [*found.values(), *_of_rows(manifest, service, is_edit=original is not None)]
    every += consistency.problems(manifest, service, original)
    for problem in every:
        known = found.get(problem.path)
        if known is None or (known.severity == "warning" and problem.severity == "error"):
            found[problem.path] = problem
    return tuple(found.values())


def from_server(causes: Iterable[errors.Cause]) -> tuple[Problem, ...]:
    """The server's causes as problems, each at its field."""
    return tuple(
        Problem(paths.canonical(cause.field), "problem.server", {"message": cause.message}) for cause in causes
    )


def _of_texts(texts: Mapping[str, str]) -> Iterator[Problem]:
    for path, text in texts.items():
        row = fields.at(paths.parse(path))
        kind = row.kind if isinstance(row, Field) else "text" if row else "integer"
        try:
            typed.value_of(text, kind)
        except typed.NotAValue as error:
            yield Problem(path, error.key, {"value": text})
        else:
            yield Problem(path, "problem.yaml_first", {"value": text})


def _of_rows(manifest: Any, service: Any, *, is_edit: bool) -> Iterator[Problem]:
    for row in fields.ROWS:
        kind, pattern = fields.pattern(row)
        tree = service if kind else manifest
        if tree is None or (is_edit and row.id in {"name", "namespace"}):
            continue
        for steps in expand(tree, pattern):
            value = paths.get(tree, steps, None)
            path = paths.join(steps, kind)
            if isinstance(row, Group):
                yield from _of_group(row, path, steps, kind, value)
            elif (finding := _of_field(row, value)) is not None:
                yield Problem(path, finding.key, finding.values, finding.severity)


def expand(tree: Any, pattern: Steps) -> list[Steps]:
    """The places in `tree` that a row's pattern means: one for each item of the lists that it goes through."""
    found: list[Steps] = [()]
    for step in pattern:
        if step != "*":
            found = [(*steps, step) for steps in found]
            continue
        counted = [(steps, paths.get(tree, steps, None)) for steps in found]
        found = [(*steps, at) for steps, items in counted if isinstance(items, list) for at in range(len(items))]
    return found


def _of_field(row: Field, value: Any) -> Finding | None:
    if value is None or value == "":
        return Finding(TODO) if row.required else None
    if (wrong := _kind_problem(row, value)) is not None:
        return wrong
    return next((found for name in row.rules if (found := rules.RULES[name](value)) is not None), None)


def _kind_problem(row: Field, value: Any) -> Finding | None:
    """Whether a value that stands in the manifest is one of the row's kind."""
    said = {"value": typed.shown(value)}
    if row.kind == "quantity":
        return Finding("problem.quantity", said) if quantity.problem(value) else None
    if row.kind == "boolean":
        return None if isinstance(value, bool) else Finding("problem.boolean", said)
    if row.kind in {"integer", "int_or_text"} and isinstance(value, int) and not isinstance(value, bool):
        return None if -(2**31) <= value < 2**31 else Finding("problem.integer_too_large", said)
    if row.kind == "integer":
        return Finding("problem.integer", said)
    if not isinstance(value, str):
        return Finding("problem.not_text", said)
    if row.kind == "choice" and value not in row.choices:
        return Finding("problem.choice", {**said, "choices": ", ".join(row.choices)})
    return None


def _of_group(row: Group, path: str, steps: Steps, kind: str, value: Any) -> Iterator[Problem]:
    if value is None:
        return
    if row.shape == "map":
        if not isinstance(value, dict):
            yield Problem(path, "problem.map_expected")
            return
        rule = rules.ENTRY_RULES[row.rules[0]]
        for key, below in value.items():
            if (found := rule(key, below)) is not None:
                yield Problem(paths.join((*steps, key), kind), found.key, found.values, found.severity)
    elif not isinstance(value, list):
        yield Problem(path, "problem.list_expected")
    else:
        wanted, key = (str, "problem.not_text") if row.shape == "strings" else (dict, "problem.map_expected")
        for at, item in enumerate(value):
            if not isinstance(item, wanted):
                yield Problem(paths.join((*steps, at), kind), key, {"value": typed.shown(item)})
