"""What a write would do, before it is done. Values only; the `plan_*` modules make them, `writing` carries them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stswidgets import messages
from stswidgets.cluster import kinds
from stswidgets.cluster.decoding import Object
from stswidgets.domain import diff

Verb = Literal["create", "update", "unchanged", "delete", "patch"]

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"


@dataclass(frozen=True)
class Note:
    """A sentence about a plan; `path` is the field that it is about, as the API server writes it, or ""."""

    key: str
    values: dict[str, object] = field(default_factory=dict)
    path: str = ""

    def text(self, lang: str = "en") -> str:
        return messages.text(self.key, lang, **self.values)


@dataclass(frozen=True)
class Request:
    """A write as it will be sent. `query` has no dryRun: that is added to ask, and left out to do.

    `versioned`: when it is done the body gets the metadata.resourceVersion at which the object was seen unchanged, so
    that the server refuses it otherwise. A dry run needs none: it would only fail on changes of status meanwhile.
    """

    method: Literal["POST", "PATCH", "DELETE"]
    resource: kinds.Resource
    namespace: str | None
    name: str
    body: object
    content_type: str = "application/json"
    query: dict[str, str] = field(default_factory=dict)
    subresource: str = ""
    versioned: bool = False

    @property
    def path(self) -> str:
        return self.resource.path(self.namespace, self.name, self.subresource)


@dataclass(frozen=True)
class Step:
    """One object's part. `before` is what is stored (None: nothing), `after` what the server says it would store
    (None: nothing); both without what the server keeps for itself. `uid` is the stored object's. `request` is None
    where nothing is to be done.
    """

    verb: Verb
    kind: str
    namespace: str
    name: str
    before: Object | None
    after: Object | None
    changes: tuple[diff.Change, ...]
    request: Request | None
    uid: str = ""


@dataclass(frozen=True)
class Conflict:
    """Fields that somebody else manages, or has changed since the object was opened (`since_opened`).

    The first kind may be taken over (`force`); the second never: the edit is put on what is stored now (`rebase`).
    """

    manager: str
    fields: tuple[str, ...]
    kind: str = "StatefulSet"
    since_opened: bool = False
    changes: tuple[diff.Change, ...] = ()

    def text(self, lang: str = "en") -> str:
        key = "plan.conflict.since_opened" if self.since_opened else "plan.conflict.manager"
        return messages.text(key, lang, manager=self.manager, kind=self.kind, fields=", ".join(self.fields))


@dataclass(frozen=True)
class Plan:
    """What would happen. `problems` and `conflicts` forbid it; `warnings` do not.

    `dropped` are paths that were asked for and that the server would not store. `goes` and `stays` say what a delete
    takes and leaves. `confirm` is the name that must be typed before, "" where none. `further` are steps that are only
    offered. `forced` says that fields of other managers are taken over.
    """

    title: str
    values: dict[str, object]
    steps: tuple[Step, ...]
    warnings: tuple[Note, ...] = ()
    problems: tuple[Note, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    dropped: tuple[str, ...] = ()
    goes: tuple[Note, ...] = ()
    stays: tuple[Note, ...] = ()
    confirm: str = ""
    further: tuple[Step, ...] = ()
    forced: bool = False

    @property
    def has_changes(self) -> bool:
        return any(step.verb != "unchanged" for step in self.steps)

    @property
    def can_apply(self) -> bool:
        return not self.problems and not self.conflicts and self.has_changes

    @property
    def can_force(self) -> bool:
        """Whether taking fields over would be enough."""
        return bool(self.conflicts) and not self.problems and not any(item.since_opened for item in self.conflicts)

    @property
    def can_rebase(self) -> bool:
        """Whether it was planned on what is not stored any more."""
        return any(item.since_opened for item in self.conflicts)

    def text(self, lang: str = "en") -> str:
        """The title."""
        return messages.text(self.title, lang, **self.values)
