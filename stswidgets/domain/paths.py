"""Field paths as the API server writes them, and reading and changing plain JSON by them.

A path is text (`spec.template.spec.containers[0].ports[1].containerPort`, `metadata.labels[app.kubernetes.io/name]`)
or a tuple of steps: a name, or an index. Brackets around anything but digits mean a key, so `requests[cpu]` and
`requests.cpu` are the same steps. A name step on a list means the item that has this name (`volumeMounts[data]`), as
Kubernetes' own merge keys do. `service:` before a path means the draft's Service.

Changing returns new containers along the path and shares everything else: nothing is changed in place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

Step = str | int
Steps = tuple[Step, ...]

SERVICE = "service:"
MISSING: Any = type("Missing", (), {"__repr__": lambda _self: "MISSING", "__bool__": lambda _self: False})()

# Below these the API server writes a key in brackets.
_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector", "selector", "requests", "limits"})
# Lists whose items have names of their own; a step that is text means the item of that name.
_NAMED_LISTS = frozenset({"containers", "initContainers", "env", "ports", "volumeMounts", "volumes"})
_TOKEN = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


class Place(NamedTuple):
    """A path's object ("" is the StatefulSet, "service" its Service) and its steps."""

    object: str
    steps: Steps


def parse(path: str) -> Place:
    """The object and the steps of `path`. Digits in brackets are an index, or a key where they meet a map."""
    kind, rest = ("service", path[len(SERVICE) :]) if path.startswith(SERVICE) else ("", path)
    steps: list[Step] = []
    for bracket, name in _TOKEN.findall(rest):
        steps.append(name or (int(bracket) if bracket.isascii() and bracket.isdigit() else bracket))
    return Place(kind, tuple(steps))


def join(steps: Steps, kind: str = "") -> str:
    """The text of `steps`, prefixed with `service:` for the Service."""
    parts: list[str] = []
    for position, step in enumerate(steps):
        if isinstance(step, int) or _is_bracketed(steps, position) or not _NAME.fullmatch(step):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if parts else step)
    return f"{kind}:{''.join(parts)}" if kind else "".join(parts)


def _is_bracketed(steps: Steps, position: int) -> bool:
    """Whether a step is a free key or an item's name: below a set's `spec.selector` it is a field's own name."""
    above = steps[position - 1] if position else None
    if above == "selector" and steps[position] in {"matchLabels", "matchExpressions"}:
        return False
    return above in _MAPS or above in _NAMED_LISTS


def canonical(path: str) -> str:
    place = parse(path)
    return join(place.steps, place.object)


def get(tree: Any, steps: Steps, default: Any = MISSING) -> Any:
    """What stands at `steps`, or `default` where there is nothing."""
    for step in steps:
        if isinstance(tree, dict):
            tree = tree.get(step if isinstance(step, str) else str(step), MISSING)
        elif isinstance(tree, list):
            index = _index(tree, step)
            tree = MISSING if index is None else tree[index]
        else:
            return default
        if tree is MISSING:
            return default
    return tree


def resolve(tree: Any, steps: Steps) -> Steps:
    """`steps` with names on lists turned into indices and digits on maps into keys, as far as `tree` reaches."""
    found: list[Step] = []
    for step in steps:
        exact: Step = step
        if isinstance(tree, dict):
            exact = str(step)
        elif isinstance(tree, list):
            index = _index(tree, step)
            exact = step if index is None else index
        found.append(exact)
        tree = get(tree, (exact,), None)
    return tuple(found)


def put(tree: Any, steps: Steps, value: Any, order: Mapping[str, tuple[str, ...]] | None = None) -> Any:
    """`tree` with `value` at `steps`. Missing maps and lists are made; a missing list item is appended.

    `order` gives for a container's name (the last name step above) the order in which its keys are usually written; a
    new key goes behind its nearest predecessor. Raises KeyError where a scalar is in the way.
    """
    return _put(tree, steps, 0, value, order or {})


def _put(tree: Any, steps: Steps, at: int, value: Any, order: Mapping[str, tuple[str, ...]]) -> Any:
    if at == len(steps):
        return value
    step = steps[at]
    if tree is None or tree is MISSING:
        tree = [] if isinstance(step, int) or (at > 0 and steps[at - 1] in _NAMED_LISTS) else {}
    if isinstance(tree, list):
        index = _index(tree, step)
        if index is None:
            fresh = {"name": step} if isinstance(step, str) else MISSING
            return [*tree, _put(fresh, steps, at + 1, value, order)]
        return [*tree[:index], _put(tree[index], steps, at + 1, value, order), *tree[index + 1 :]]
    if not isinstance(tree, dict):
        raise KeyError(join(steps[:at]))
    key = str(step)
    below = _put(tree.get(key, MISSING), steps, at + 1, value, order)
    if key in tree:
        return {name: below if name == key else old for name, old in tree.items()}
    return _insert(tree, key, below, order.get(_above(steps, at), ()))


def _above(steps: Steps, at: int) -> str:
    return next((step for step in reversed(steps[:at]) if isinstance(step, str)), "")


def _insert(tree: dict[str, Any], key: str, value: Any, usual: tuple[str, ...]) -> dict[str, Any]:
    if key not in usual:
        return {**tree, key: value}
    before = set(usual[: usual.index(key)])
    names = list(tree)
    places = [position for position, name in enumerate(names) if name in before]
    at = places[-1] + 1 if places else 0 if set(names) & set(usual) else len(names)
    items = list(tree.items())
    return dict([*items[:at], (key, value), *items[at:]])


def drop(tree: Any, steps: Steps) -> Any:
    """`tree` without what stands at `steps`; the same `tree` where nothing stands there."""
    if not steps or get(tree, steps) is MISSING:
        return tree
    step, rest = steps[0], steps[1:]
    if isinstance(tree, list):
        index = _index(tree, step)
        if index is None:
            return tree
        middle = [drop(tree[index], rest)] if rest else []
        return [*tree[:index], *middle, *tree[index + 1 :]]
    key = str(step)
    if not rest:
        return {name: value for name, value in tree.items() if name != key}
    return {name: drop(value, rest) if name == key else value for name, value in tree.items()}


def rename(tree: Any, steps: Steps, key: str) -> Any:
    """`tree` with the last step's key called `key`, at the same position. Nothing happens where `key` is taken."""
    above = get(tree, steps[:-1])
    old = str(steps[-1])
    if not isinstance(above, dict) or old not in above or key in above:
        return tree
    return put(tree, steps[:-1], {key if name == old else name: value for name, value in above.items()})


def _index(items: list[Any], step: Step) -> int | None:
    if isinstance(step, int):
        return step if 0 <= step < len(items) else None
    return next((at for at, item in enumerate(items) if isinstance(item, dict) and item.get("name") == step), None)
