"""A sentence that is said later, in the reader's language: a message key and its values, which may be sentences too."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from stswidgets import messages


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    key: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        said = {name: value.text(lang) if isinstance(value, Sentence) else value for name, value in self.values.items()}
        return messages.text(self.key, lang, **said)


def say(key: str, /, **values: Any) -> Sentence:
    return Sentence(key, values)
