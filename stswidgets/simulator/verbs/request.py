"""What a verb is asked with, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from stswidgets.simulator import clock as clocks
    from stswidgets.simulator import store as stores
    from stswidgets.simulator.kinds import kind as kinds

Json = dict[str, Any]


class Options(msgspec.Struct, frozen=True):
    """How a write is made.

    `manager` is the field manager (empty: managedFields are left alone). `field_validation` is Strict, Warn, Ignore, or
    empty for callers inside the simulator, whose objects are not decoded again. `problems` is what was wrong
    with the body for a strict reader.
    """

    manager: str = ""
    user: str = "system:kube-controller-manager"
    dry_run: bool = False
    field_validation: str = ""
    force: bool = False
    problems: tuple[str, ...] = ()


class Deletion(msgspec.Struct, frozen=True):
    """DeleteOptions. `grace` in seconds; `propagation` is Orphan, Background, Foreground or empty."""

    grace: int | None = None
    propagation: str = ""
    uid: str = ""
    resource_version: str = ""


class Result(msgspec.Struct, frozen=True):
    """What a write answers. `obj` must not be changed. `deleted`: the object is gone from the store."""

    obj: Json
    warnings: tuple[str, ...] = ()
    created: bool = False
    deleted: bool = False


class Admission(Protocol):
    """A rule that sees every write before it is stored, after defaulting: it may raise ApiError.

    Those that come before validation may change `new`; those after it may not.

    `operation` is CREATE, UPDATE or DELETE; `old` is None for CREATE, `new` is None for DELETE.
    """

    def __call__(
        self, operation: str, kind: kinds.Kind, new: Json | None, old: Json | None, subresource: str, /
    ) -> None: ...


class Context(msgspec.Struct, frozen=True):
    """What every verb works on."""

    store: stores.Store
    clock: clocks.Clock
    admission: list[Admission]
    validation: list[Admission]
    new_uid: Callable[[], str]

    def admit(
        self, operation: str, kind: kinds.Kind, new: Json | None, old: Json | None, subresource: str = ""
    ) -> None:
        """Ask every admission rule that may change objects."""
        for rule in self.admission:
            rule(operation, kind, new, old, subresource)

    def check(self, operation: str, kind: kinds.Kind, new: Json, old: Json | None, subresource: str = "") -> None:
        """Ask every admission rule that only refuses: after validation, as the API server does."""
        for rule in self.validation:
            rule(operation, kind, new, old, subresource)
