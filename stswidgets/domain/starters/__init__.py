"""Starting points for a draft: manifests that run as they are. `NAME.yaml` is one, with its words in the catalog
`starters`.
"""

from __future__ import annotations

import functools
import importlib.resources
from typing import Any

from stswidgets import messages
from stswidgets.domain import draft as drafts

IDS = ("web", "postgresql", "redis", "rabbitmq")


def gallery(lang: str = "en") -> list[dict[str, Any]]:
    """What is offered: `[{id, title, text}]`."""
    return [
        {
            "id": name,
            "title": messages.text(f"starters.{name}", lang),
            "text": messages.text(f"starters.{name}.text", lang),
        }
        for name in IDS
    ]


@functools.cache
def text(name: str) -> str:
    """The YAML of a starter. Raises KeyError where there is none of that name."""
    if name not in IDS:
        raise KeyError(name)
    return importlib.resources.files(__name__).joinpath(f"{name}.yaml").read_text("utf-8")


def draft(name: str, *, namespace: str = "") -> drafts.Draft:
    """A new draft of the starter `name`, with its comments, in `namespace`."""
    begun = drafts.Draft.begun(text(name))
    return begun.set("metadata.namespace", namespace) if namespace else begun
