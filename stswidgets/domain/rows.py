"""What a row of the form's table is."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

Kind = Literal["text", "integer", "int_or_text", "quantity", "choice", "boolean", "multiline"]
Shape = Literal["list", "strings", "map"]


@dataclasses.dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field:
    """One value. `rules` are names in `rules.RULES`; `default` is what Kubernetes takes where nothing is said."""

    id: str
    section: str
    path: str
    group: str = ""
    kind: Kind = "text"
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    immutable: bool = False
    advanced: bool = False
    half: bool = True
    unit: str = ""
    keeps_empty: bool = False  # an emptied text stays as "" instead of leaving the manifest
    suggestions: tuple[str, ...] = ()
    words: str = ""


@dataclasses.dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Group:
    """A list of items with rows of their own ("list"), of bare texts ("strings"), or a map of keys and texts ("map").

    `new` is what the add button puts in; a text in it that begins with `*` is made unique among its neighbours.
    `title` is the path below an item of what names it.
    """

    id: str
    section: str
    path: str
    shape: Shape
    group: str = ""
    new: Any = None
    title: str = "name"
    rules: tuple[str, ...] = ()
    immutable: bool = False
    advanced: bool = False
    words: str = ""


Row = Field | Group
