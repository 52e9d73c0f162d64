"""A person's edit on top of somebody else's: the three-way merge of an object that was changed while it was open.

What one of the two changed is taken; where both changed the same field to different values the person's stands, and is
said to clash. Lists of named things are merged by their items, as `diff` compares them; other lists as wholes.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from stswidgets.domain import diff, paths
from stswidgets.domain.paths import MISSING, Steps


@dataclasses.dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed: the person's value, which stands, and the other's. None where it was taken away."""

    path: str
    mine: Any
    theirs: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """The object with both edits. `clashes` are in its order; `value` shares parts with what was merged."""

    value: Any
    clashes: tuple[Clash, ...]


def merge(base: Any, mine: Any, theirs: Any, *, kind: str = "") -> Merged:
    """`mine` and `theirs` are two edits of `base`: JSON values, None where there is no object.

    `kind` is the object's name in paths (`service`).
    """
    clashes: list[Clash] = []
    value = _Merge(kind, clashes).three(base, mine, theirs, ())
    return Merged(value, tuple(clashes))


@dataclasses.dataclass(frozen=True, slots=True)
class _Merge:
    kind: str
    clashes: list[Clash]

    def three(self, base: Any, mine: Any, theirs: Any, steps: Steps) -> Any:
        if _same(mine, theirs) or _same(base, theirs):
            return mine
        if _same(base, mine):
            return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self._maps(base if isinstance(base, dict) else {}, mine, theirs, steps)
        if isinstance(mine, list) and isinstance(theirs, list):
            first = diff.named(base if isinstance(base, list) else [], steps)
            second, third = diff.named(mine, steps), diff.named(theirs, steps)
            if first is not None and second is not None and third is not None:
                return self._lists(first, second, third, steps)
        self.clashes.append(Clash(paths.join(steps, self.kind), _shown(mine), _shown(theirs)))
        return mine

    def _maps(self, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], steps: Steps) -> dict[str, Any]:
        merged = {}
        for key in dict.fromkeys((*mine, *theirs)):
            old, new, other = (each.get(key, MISSING) for each in (base, mine, theirs))
            value = self.three(old, new, other, (*steps, key))
            if value is not MISSING:
                merged[key] = value
        return merged

    def _lists(self, base: diff.Named, mine: diff.Named, theirs: diff.Named, steps: Steps) -> list[Any]:
        """In the person's order; what only the other added comes last."""
        merged: list[Any] = []
        for key in dict.fromkeys((*mine, *theirs)):
            old, new, other = (each[key][1] if key in each else MISSING for each in (base, mine, theirs))
            value = self.three(old, new, other, (*steps, len(merged)))
            if value is not MISSING:
                merged.append(value)
        return merged


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _shown(value: Any) -> Any:
    return None if value is MISSING else value
