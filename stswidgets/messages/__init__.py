"""Message catalogs: every sentence that a person reads, by key, in English and Chinese.

Bottom of the layers: imports nothing. `text(key, lang, **values)` formats one message.

A catalog is `catalogs/<topic>.<lang>.json`, a flat object of `"topic.rest": "sentence with {name}"`; a key's first part
is its topic. It is read on first use. In a sentence `{name}` stands for a value, and `{count|pod|pods}` for the first
word when the value is 1 and for the second otherwise. A value is never looked at again: braces in a name from a cluster
stay braces.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Iterator

LANGUAGES = ("en", "zh")

_SLOT = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")


def text(key: str, lang: str = "en", /, **values: object) -> str:
    """The message `key` in `lang`; in English where the language lacks it; the key itself where no catalog has it."""
    template = template_of(key, lang)
    return key if template is None else _fill(template, values)


def template_of(key: str, lang: str = "en") -> str | None:
    """The unfilled sentence, English where the language lacks it, or None where no catalog has the key."""
    topic = key.partition(".")[0]
    found = _load(topic, language(lang)).get(key)
    return _load(topic, "en").get(key) if found is None else found


def has(key: str) -> bool:
    return key in _load(key.partition(".")[0], "en")


def catalog(lang: str, prefix: str = "") -> dict[str, str]:
    """All messages below `prefix`, unfilled, for the front end; English where the language lacks one."""
    topic = prefix.partition(".")[0] if "." in prefix else ""
    found: dict[str, str] = {}
    for name in [topic] if topic else topics():
        found |= _load(name, "en") | _load(name, language(lang))
    return {key: sentence for key, sentence in found.items() if key.startswith(prefix)}


def language(asked: str) -> str:
    """The language shown to a reader who asked for `asked`: `zh-CN`, `zh_Hans` and `ZH` are `zh`; unknown is `en`."""
    short = re.split(r"[-_.]", asked.strip().lower(), maxsplit=1)[0]
    return short if short in LANGUAGES else "en"


def topics() -> list[str]:
    return sorted(set(_topics()))


def _topics() -> Iterator[str]:
    for entry in importlib.resources.files(__name__).joinpath("catalogs").iterdir():
        if entry.name.endswith(".json"):
            yield entry.name.split(".")[0]


@functools.cache
def _load(topic: str, lang: str) -> dict[str, str]:
    if not re.fullmatch(r"[a-z_]+", topic):
        return {}
    try:
        raw = importlib.resources.files(__name__).joinpath("catalogs", f"{topic}.{lang}.json").read_text("utf-8")
    except FileNotFoundError:
        return {}
    messages: dict[str, str] = json.loads(raw)
    return messages


def _fill(template: str, values: dict[str, object]) -> str:
    def slot(match: re.Match[str]) -> str:
        name, one, other = match.groups()
        if name not in values:
            return match.group(0)
        if one is None:
            return str(values[name])
        return str(one) if values[name] in {1, "1"} else str(other)

    return _SLOT.sub(slot, template)
