"""A control plane's answers, kept in a file: of each manifest and verb the plain one, of spoiled ones what differs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.parity import asking, mutations

Json = dict[str, Any]

FILE = Path(__file__).with_name("recorded.json.gz")
Answers = list[tuple[asking.Case, Json]]


def changes(before: Any, after: Any, path: mutations.Path | None = None) -> Iterator[mutations.Step]:
    """The steps from one value to another."""
    here = path or []
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key not in after:
                yield ["drop", [*here, key]]
        for key, value in after.items():
            if key not in before:
                yield ["set", [*here, key], value]
            else:
                yield from changes(before[key], value, [*here, key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from changes(*pair, [*here, index])
    elif before != after:
        yield ["set", here, after]


def write(answers: Answers) -> None:
    """Keep answers; of each manifest and verb the plain case comes first."""
    plain: dict[tuple[str, str], Json] = {}
    kept = []
    for case, answer in answers:
        key = (case.title, case.verb)
        first = plain.setdefault(key, answer)
        shown = answer if first is answer else {"changes": [*changes(first, answer)]}
        kept.append([case.title, case.verb, case.validation, case.steps, shown])
    lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in kept)
    FILE.write_bytes(gzip.compress(f"[\n{lines}\n]\n".encode(), 9, mtime=0))


def read() -> dict[tuple[str, asking.Verb], Answers]:
    """The answers by manifest and verb."""
    found: dict[tuple[str, asking.Verb], Answers] = {}
    for title, verb, validation, steps, shown in json.loads(gzip.decompress(FILE.read_bytes())):
        known = found.setdefault((title, verb), [])
        answer = mutations.apply(known[0][1], shown["changes"]) if "changes" in shown else shown
        known.append((asking.Case(title, steps, verb, validation), answer))
    return found
