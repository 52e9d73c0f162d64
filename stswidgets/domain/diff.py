"""What differs between two objects, by field path.

Lists of named things (containers, variables, ports, volumes, mounts, claim templates) are compared by what names their
items, as Kubernetes merges them: an item that moved is not a change of all that follow. A path's index is the item's
place after the change; before it where the item is gone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Literal

from stswidgets.domain import paths
from stswidgets.domain.paths import MISSING, Steps

Op = Literal["add", "remove", "change"]
Named = dict[tuple[Any, ...], tuple[int, Any]]
"""A list's items with their places, by what names them."""

# What names an item, by the list's own name: the merge keys of the API.
_KEYS: dict[str, tuple[Steps, ...]] = {
    "containers": (("name",),),
    "initContainers": (("name",),),
    "ephemeralContainers": (("name",),),
    "env": (("name",),),
    "volumes": (("name",),),
    "volumeMounts": (("mountPath",),),
    "volumeDevices": (("devicePath",),),
    "volumeClaimTemplates": (("metadata", "name"),),
    "imagePullSecrets": (("name",),),
    "ports": (("containerPort",), ("port",), ("protocol",)),
    "conditions": (("type",),),
    "ownerReferences": (("uid",),),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` is None for an addition, `after` for a removal."""

    path: str
    op: Op
    before: Any
    after: Any


def changes(before: Any, after: Any) -> tuple[Change, ...]:
    """All differences, in the order of `before`; a map or an item that is new or gone is one change."""
    return tuple(_compare(before, after, ()))


def _compare(before: Any, after: Any, steps: Steps) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from _pair(before.get(key, MISSING), after.get(key, MISSING), (*steps, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, steps)
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield Change(paths.join(steps), "change", before, after)


def _pair(before: Any, after: Any, steps: Steps) -> Iterator[Change]:
    if before is MISSING:
        yield Change(paths.join(steps), "add", None, after)
    elif after is MISSING:
        yield Change(paths.join(steps), "remove", before, None)
    else:
        yield from _compare(before, after, steps)


def _lists(before: list[Any], after: list[Any], steps: Steps) -> Iterator[Change]:
    old, new = (named(items, steps) for items in (before, after))
    if old is None or new is None:
        for at in range(max(len(before), len(after))):
            old_item, new_item = (items[at] if at < len(items) else MISSING for items in (before, after))
            yield from _pair(old_item, new_item, (*steps, at))
        return
    for key, (at, item) in old.items():
        if key in new:
            yield from _compare(item, new[key][1], (*steps, new[key][0]))
        else:
            yield Change(paths.join((*steps, at)), "remove", item, None)
    for key, (at, item) in new.items():
        if key not in old:
            yield Change(paths.join((*steps, at)), "add", None, item)
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        yield Change(paths.join(steps), "change", [_word(key) for key in old], [_word(key) for key in new])


def named(items: list[Any], steps: Steps) -> Named | None:
    """The items of the list at `steps` by what names them, or None where they are not all named, or two alike."""
    keys = _KEYS.get(next((step for step in reversed(steps) if isinstance(step, str)), ""))
    if keys is None:
        return None
    found: Named = {}
    for at, item in enumerate(items):
        key = tuple(paths.get(item, steps, None) for steps in keys)
        if any(isinstance(part, dict | list) for part in key) or all(part is None for part in key) or key in found:
            return None
        found[key] = (at, item)
    return found


def _word(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key if part is not None)
