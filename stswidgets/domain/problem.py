"""One thing that is wrong with a draft, and where."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from stswidgets import messages

Severity = Literal["error", "warning"]

# What is not wrong, only not there yet.
TODO = "problem.required"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """`path` is a field path ("" for the draft as a whole), `line` counts from 1 in the draft's YAML, or is None."""

    path: str
    key: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: Severity = "error"
    line: int | None = None
    column: int | None = None

    @property
    def is_todo(self) -> bool:
        return self.key == TODO

    def text(self, lang: str = "en") -> str:
        return messages.text(self.key, lang, **self.values)
