"""Ways to spoil a manifest. A step is JSON: `["set", path, value]`, `["drop", path]` or `["twice", path]`.

Every choice is made by a `random.Random`, so that hypothesis can choose (and shrink) as well as a seed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

Json = dict[str, Any]
Path = list[str | int]
Step = list[Any]

TYPES: list[Any] = [7, "text", True, [], {}, 1.5, ["x"], {"a": "b"}, [{}], [None], None]
NAMES = [
    "", "UPPER", "a_b", "-a", "a-", "a" * 64, "a" * 254, "a..b", "a.b", "a/b", "A/b/c", "a b", "1a", "..", "../a", "/a",
    "ü", "a\nb", "12", "http", "x" * 16, "10.0.0.1", "300.1.1.1", "::1", "example.com/x", "kubernetes.io/x", "100%",
    "$(A)",
]  # fmt: skip
QUANTITIES = [
    "12Gx", "-1", "1.5.5", "", "1e3", "0.1m", "1Ei", "100000000Ei", 5, 1.5, " 1Gi", "+1", ".5", "5.", "1E", "0", "1n",
    "-1m", "9223372036854775808", "1.23456789123", "1Ki", "500m", 1e30, "1e-3", "i",
]  # fmt: skip
NUMBERS = [
    -1, 0, 1, 2, 101, 65535, 65536, 2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, 1.5, 1.0, 1e3, 10**20, 86401, 512,
]  # fmt: skip
QUANTITY_FIELDS = frozenset({
    "limits", "requests", "hard", "capacity", "allocatable", "max", "min", "default", "defaultRequest", "sizeLimit",
    "divisor", "maxLimitRequestRatio", "averageValue",
})  # fmt: skip


def nodes(value: Any, path: Path | None = None) -> Iterator[tuple[Path, Any]]:
    """Every value of a manifest with its path, parents first; the manifest itself is left out."""
    here = path or []
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield [*here, key], child
        yield from nodes(child, [*here, key])


def apply(manifest: Json, steps: list[Step]) -> Json:
    """A copy of the manifest with the steps taken. A step whose place is gone is left out."""
    changed = copy.deepcopy(manifest)
    for name, path, *value in steps:
        *parents, last = path
        try:
            here: Any = changed
            for key in parents:
                here = here[key]
            if name == "drop":
                del here[last]
            elif name == "twice":
                here.append(copy.deepcopy(here[last]))
            else:
                here[last] = copy.deepcopy(value[0])
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    return changed


def _is_quantity(path: Path) -> bool:
    return any(key in QUANTITY_FIELDS for key in path[-2:])


def _step(path: Path, value: Any, random: Random) -> Step:
    ways = ["drop", "type", "null"]
    if isinstance(value, str):
        ways += ["name", "name", "enum"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        ways += ["number", "number"]
    if _is_quantity(path) and not isinstance(value, dict):
        ways += ["quantity", "quantity", "quantity"]
    if isinstance(value, dict):
        ways += ["unknown", "empty", "key"]
    if isinstance(value, list):
        ways += ["empty"]
    if isinstance(path[-1], int):
        ways += ["twice", "twice"]
    way = random.choice(ways)
    if way in ("drop", "twice"):
        return [way, path]
    if way == "unknown":
        return ["set", [*path, "surprise"], random.choice([1, "x", {"a": 1}, None])]
    if way == "key":
        return ["set", [*path, random.choice(NAMES)], random.choice(["1", "x", "a b", 1])]
    choices: dict[str, list[Any]] = {
        "type": TYPES, "null": [None], "name": NAMES, "enum": ["Wrong"], "number": NUMBERS, "quantity": QUANTITIES,
        "empty": [type(value)()],
    }  # fmt: skip
    return ["set", path, random.choice(choices[way])]


def spoil(manifest: Json, random: Random) -> list[Step]:
    """One or two steps that make something of the manifest wrong, or at least different."""
    places = list(nodes(manifest))
    steps = []
    for _ in range(random.choice([1, 1, 1, 2])):
        path, value = random.choice(places)
        steps.append(_step(path, value, random))
    return steps
