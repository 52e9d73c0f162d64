"""The text format (Prometheus' exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

MEDIA = "text/plain; version=0.0.4; charset=utf-8"

Labels = Mapping[str, str]


class Family(msgspec.Struct):
    """All samples of one name. `help` is a sentence without a line break."""

    name: str
    help: str
    type: Literal["counter", "gauge"] = "gauge"
    samples: list[tuple[Labels, float]] = []

    def add(self, value: float, **labels: str) -> None:
        """A sample. An underscore behind a label's name is left out (`class_`)."""
        self.samples.append(({name.rstrip("_"): text for name, text in labels.items()}, value))


def write(families: Iterable[Family]) -> bytes:
    """The text of families that have samples."""
    lines: list[str] = []
    for family in families:
        if not family.samples:
            continue
        lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.type}"]
        lines += [f"{family.name}{_labels(labels)} {_number(value)}" for labels, value in family.samples]
    return "\n".join([*lines, ""]).encode()


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    """A number without an exponent where it is whole."""
    return str(int(value)) if value == int(value) else repr(float(value))
