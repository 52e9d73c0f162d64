"""`Kind`: everything that the server asks about a kind of object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from stswidgets.simulator.status import Cause

Json = dict[str, Any]
Cell = Callable[[Json, datetime], Any]


class Column(msgspec.Struct, frozen=True):
    """A column of Table output.

    `cell(obj, now)` gives a string, number or boolean; priority 1 shows with `-o wide` alone.
    """

    name: str
    cell: Cell
    type: str = "string"
    format: str = ""
    priority: int = 0
    description: str = ""


def nothing(_obj: Json) -> None:
    """A hook that changes nothing."""


def unchanged(_new: Json, _old: Json, _subresource: str) -> None:
    """A hook of updates that changes nothing."""


def no_causes(_obj: Json) -> list[Cause]:
    """Every object is right."""
    return []


def no_update_causes(_new: Json, _old: Json, _subresource: str) -> list[Cause]:
    """Every change is right."""
    return []


class Form(msgspec.Struct, frozen=True):
    """Another form of objects that are stored as `of`: in another group (events.k8s.io) or version (autoscaling/v1).

    `shown(obj)` makes a new object of this form from a stored one, `stored(obj)` one to store. What a client sends is
    decoded and defaulted in this form; the other hooks are those of the kind that is stored.
    """

    of: Kind
    shown: Callable[[Json], Json]
    stored: Callable[[Json], Json]


class Kind(msgspec.Struct, frozen=True):
    """A kind of object and its rules.

    Hooks that change an object get a dict of the caller's own and change it in place. A write goes through them in this
    order:

    decode (schema.codec)   types, unknown fields, quantities
    default(obj)            what the API fills in when it reads an object, on create and on update
    prepare_create(obj)     what a client may not set: status, generation
    prepare_update(new, old, subresource)
                            spec alone on the main resource, status alone on `status`; generation + 1 when spec changes
    allocate(obj, others, dry_run)
                            what must be unique in the cluster (a Service's cluster IP and node ports); `others` are the
                            stored objects of the kind in all namespaces
    validate(obj), validate_update(new, old, subresource)
                            causes for a 422; validate_update includes what validate says
    warnings(obj), update_warnings(new, old)
                            texts for Warning headers, on create and on update
    """

    group: str
    version: str
    kind: str
    plural: str
    singular: str
    definition: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
    columns: tuple[Column, ...] = ()
    selectable: Mapping[str, Callable[[Json], str]] = {}
    default: Callable[[Json], None] = nothing
    prepare_create: Callable[[Json], None] = nothing
    prepare_update: Callable[[Json, Json, str], None] = unchanged
    allocate: Callable[[Json, Iterable[Json], bool], None] | None = None
    validate: Callable[[Json], list[Cause]] = no_causes
    validate_update: Callable[[Json, Json, str], list[Cause]] = no_update_causes
    warnings: Callable[[Json], Sequence[str]] = lambda _obj: ()
    update_warnings: Callable[[Json, Json], Sequence[str]] = lambda _new, _old: ()
    form: Form | None = None
    """What these are another form of; None for most."""

    @property
    def storage(self) -> Kind:
        """The kind that the objects are stored as."""
        return self.form.of if self.form else self

    def shown(self, obj: Json) -> Json:
        """A stored object as this kind shows it; the same one if this is how it is stored."""
        return self.form.shown(obj) if self.form else obj

    def stored(self, obj: Json) -> Json:
        """An object of this kind as it is stored."""
        return self.form.stored(obj) if self.form else obj

    @property
    def api_version(self) -> str:
        """As objects carry it: `v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def has_status(self) -> bool:
        """Whether status is a subresource."""
        return "status" in self.subresources

    @property
    def list_kind(self) -> str:
        """The kind of a list of these."""
        return f"{self.kind}List"
