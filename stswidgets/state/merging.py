"""Two edits of one text, by lines: what the form wrote and what a person typed meanwhile into the editor."""

from __future__ import annotations

import difflib

_Edit = tuple[int, int, list[str]]
"""Lines `start:end` of the base are replaced by these."""


def merge(base: str, ours: str, typed: str) -> str:
    """The text with both edits of `base`. Where they touch the same lines, what was typed stands."""
    lines = base.splitlines(keepends=True)
    typed_edits = _edits(lines, typed)
    kept = [edit for edit in _edits(lines, ours) if not any(_touch(edit, other) for other in typed_edits)]
    merged: list[str] = []
    at = 0
    for start, end, put in sorted([*kept, *typed_edits], key=lambda edit: edit[:2]):
        merged += [*lines[at:start], *put]
        at = end
    return "".join([*merged, *lines[at:]])


def _edits(base: list[str], text: str) -> list[_Edit]:
    after = text.splitlines(keepends=True)
    steps = difflib.SequenceMatcher(None, base, after, autojunk=False).get_opcodes()
    return [(i, j, after[k:end]) for operation, i, j, k, end in steps if operation != "equal"]


def _touch(one: _Edit, other: _Edit) -> bool:
    """Whether two edits meet: they share a line, or one begins where the other ends."""
    return one[0] <= other[1] and other[0] <= one[1]
