"""Planning what a manifest would do: a new object, or an edit of one that was opened.

**New objects** are applied server-side under the field manager `stswidgets`. A StatefulSet whose name is taken is a
problem, never a merge into somebody else's.

**Edits** must do exactly what the user did: nothing of anybody else's is lost, what was removed is gone. Server-side
apply of the whole edited manifest does neither. It leaves a removed field in place as long as another manager owns it,
and it makes `stswidgets` an owner of every field of an object that Helm or kubectl made, so that their next change is
refused or undone by halves. So the edit is asked for twice, both as dry runs:

1. as the *exact* change, a JSON merge patch from what was opened to what it is now. This is the outcome that the
   user asked for, and the only judge;
2. as server-side apply of those fields that `stswidgets` owns already or the user has changed (`ownership.intent`). The
   server names the managers whose fields that would take over.

When apply's outcome is the exact one, apply is what is sent: ownership is recorded as it should be. When it is not (a
removed field that others own too, an order of items that a merge does not keep), the exact patch is sent, under the
same manager, and the managers of the touched fields are asked about first, as a conflict.

A change of status alone is no change; a change of anything else since the object was opened is a conflict that shows
what changed, and is never overwritten. When the plan is applied, the object must be what it was in it, and the request
carries the resourceVersion at which that was seen.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stswidgets import errors
from stswidgets.cluster import edits, kinds, outsiders, ownership, plans, reading, refusals, transport, writing
from stswidgets.cluster.decoding import Object
from stswidgets.domain import diff

_QUERY = {"fieldManager": ownership.MANAGER, "fieldValidation": "Warn"}


@dataclass(frozen=True)
class _Outcome:
    """What one object adds to the plan."""

    step: plans.Step
    problems: tuple[plans.Note, ...] = ()
    conflicts: tuple[plans.Conflict, ...] = ()
    warnings: tuple[plans.Note, ...] = ()
    dropped: tuple[str, ...] = ()


def plan(
    connection: transport.Transport,
    objects: Sequence[Object],
    *,
    opened: Sequence[Object] | Object | None = None,
    force: bool = False,
    namespace: str = "default",
) -> plans.Plan:
    """The plan of applying these manifests in this order. `namespace` is for those that name none.

    `opened` are the objects as they were read before the user edited them: those are edits, others are new. `force`
    takes over fields of other managers. Raises only errors that are not about the manifests.
    """
    originals = {_key(item, namespace): item for item in _several(opened)}
    outcomes = [
        _outcome(connection, _placed(item, namespace), originals.get(_key(item, namespace)), force) for item in objects
    ]
    main = next((item for item in objects if item.get("kind") == "StatefulSet"), objects[-1] if objects else {})
    return plans.Plan(
        title="plan.title.edit" if originals else "plan.title.create",
        values={"kind": main.get("kind"), "name": (main.get("metadata") or {}).get("name")},
        steps=tuple(item.step for item in outcomes),
        warnings=_unique(note for item in outcomes for note in item.warnings),
        problems=_unique(note for item in outcomes for note in item.problems),
        conflicts=tuple(conflict for item in outcomes for conflict in item.conflicts),
        dropped=tuple(path for item in outcomes for path in item.dropped),
        forced=force,
    )


def _outcome(connection: transport.Transport, manifest: Object, original: Object | None, force: bool) -> _Outcome:
    resource = kinds.of(str(manifest.get("apiVersion")), str(manifest.get("kind")))
    if resource is None:
        note = plans.Note("plan.problem.kind", {"kind": manifest.get("kind") or "?"}, "kind")
        return _Outcome(_nothing(manifest), problems=(note,))
    name = manifest["metadata"].get("name")
    if not isinstance(name, str) or not name:
        return _Outcome(_nothing(manifest), problems=(plans.Note("plan.problem.no_name", path="metadata.name"),))
    live = reading.find(connection, resource, manifest["metadata"].get("namespace"), name)
    target = _Target(connection, resource, manifest, live)
    if original is None:
        return target.new(force)
    return target.edit(original, force)


class _Target:
    """One manifest and what is stored under its name."""

    def __init__(
        self, connection: transport.Transport, resource: kinds.Resource, manifest: Object, live: Object | None
    ) -> None:
        self._connection = connection
        self._resource = resource
        self._manifest = edits.cleaned(manifest)
        self._live = live
        self._before = None if live is None else edits.cleaned(live)

    def new(self, force: bool) -> _Outcome:
        """Server-side apply of the whole manifest. A Service that is there already is joined, and that is said."""
        if self._live is not None and self._resource.kind == "StatefulSet":
            return _Outcome(_nothing(self._manifest), problems=(refusals.taken(self._manifest),))
        warnings: tuple[plans.Note, ...] = ()
        if self._live is not None:
            values = {"kind": self._resource.kind, "name": self._manifest["metadata"]["name"]}
            warnings = (plans.Note("plan.warning.exists", values),)
        outcome = self._ask_apply(self._manifest, force)
        if outcome.step.verb == "unchanged":
            return outcome
        return replace(outcome, warnings=warnings + outcome.warnings)

    def edit(self, original: Object, force: bool) -> _Outcome:
        """The exact change, sent as server-side apply where that comes to the same."""
        if self._live is None or self._before is None:
            values = {"kind": self._resource.kind, "name": self._manifest["metadata"]["name"]}
            return _Outcome(_nothing(self._manifest), problems=(plans.Note("plan.problem.gone", values),))
        opened = edits.cleaned(original)
        if _uid(original) not in {"", _uid(self._live)} or opened != self._before:
            return self._changed_since(opened)
        patch = edits.merge_patch(opened, self._manifest)
        if not patch:
            return _Outcome(self._step("unchanged", self._before, None))
        exact = self._ask(self._patch_request(patch), self._manifest)
        if exact.problems or exact.step.verb == "unchanged":
            return exact
        warnings = (*outsiders.reverters(self._live), *exact.warnings)
        applied = self._ask_apply(ownership.intent(self._live, opened, self._manifest), force)
        if not applied.problems and not applied.conflicts and applied.step.after == exact.step.after:
            return replace(applied, warnings=warnings, dropped=exact.dropped)
        conflicts = applied.conflicts or (() if force else self._touched())
        return replace(exact, warnings=warnings, conflicts=conflicts)

    def _touched(self) -> tuple[plans.Conflict, ...]:
        """Whose fields the exact patch changes: it would not be refused, so it is asked about here."""
        found = ownership.touched(self._live or {}, self._manifest)
        return tuple(plans.Conflict(manager, paths, self._resource.kind) for manager, paths in found.items())

    def _changed_since(self, opened: Object) -> _Outcome:
        changes = diff.changes(opened, self._before or {})
        who = ownership.touched(self._live or {}, opened)
        conflict = plans.Conflict(
            manager=", ".join(who) or "-",
            fields=tuple(change.path for change in changes) or ("metadata.uid",),
            kind=self._resource.kind,
            since_opened=True,
            changes=changes,
        )
        return _Outcome(self._step("unchanged", self._before, None), conflicts=(conflict,))

    def _ask_apply(self, body: Object, force: bool) -> _Outcome:
        """Server-side apply. What stswidgets wrote in other ways (a patch, the scale subresource) is not somebody
        else's: a conflict with itself alone is taken over without asking."""
        outcome = self._ask(self._apply_request(body, force), self._manifest)
        others = tuple(conflict for conflict in outcome.conflicts if conflict.manager != ownership.MANAGER)
        if outcome.conflicts and not others:
            return self._ask(self._apply_request(body, force=True), self._manifest)
        return replace(outcome, conflicts=others)

    def _ask(self, request: plans.Request, sent: Object) -> _Outcome:
        """The dry run's outcome."""
        verb: plans.Verb = "create" if self._live is None else "update"
        try:
            answer = writing.ask(self._connection, request)
        except errors.ConflictError as error:
            conflicts = refusals.conflicts(error, sent, self._live)
            problems = () if conflicts else refusals.problems(error, sent)
            return _Outcome(self._step(verb, sent, request), problems, conflicts)
        except errors.ServerError as error:
            problems = refusals.problems(error, sent)
            if refusals.is_about_schema(error) and self._live is None:
                problems = _unique((*problems, *self._strict(sent)))
            return _Outcome(self._step(verb, sent, request), problems)
        after = edits.cleaned(answer.json())
        unknown = refusals.unknown_fields(answer.warnings)
        dropped = tuple(dict.fromkeys((*unknown, *edits.dropped(sent, after))))
        problems = tuple(plans.Note("plan.problem.unknown_field", {"path": path}, path) for path in unknown)
        if after == self._before:
            return _Outcome(self._step("unchanged", after, None), problems, dropped=dropped)
        step = self._step(verb, after, request)
        return _Outcome(step, problems, warnings=refusals.said(answer.warnings), dropped=dropped)

    def _strict(self, manifest: Object) -> tuple[plans.Note, ...]:
        """All that a strict reading refuses: apply stops at the first field."""
        metadata = manifest["metadata"]
        query = {**_QUERY, "fieldValidation": "Strict"}
        try:
            writing.ask(
                self._connection,
                plans.Request("POST", self._resource, metadata.get("namespace"), "", manifest, query=query),
            )
        except errors.ServerError as error:
            return refusals.strict(error)
        return ()

    def _apply_request(self, body: Object, force: bool) -> plans.Request:
        query = {**_QUERY, "force": "true"} if force else dict(_QUERY)
        return self._request(body, plans.APPLY, query)

    def _patch_request(self, patch: Object) -> plans.Request:
        return self._request(patch, plans.MERGE, dict(_QUERY))

    def _request(self, body: Object, content_type: str, query: dict[str, str]) -> plans.Request:
        metadata = self._manifest["metadata"]
        return plans.Request(
            "PATCH",
            self._resource,
            metadata.get("namespace"),
            metadata["name"],
            copy.deepcopy(body),
            content_type,
            query,
            versioned=self._live is not None,
        )

    def _step(self, verb: plans.Verb, after: Object | None, request: plans.Request | None) -> plans.Step:
        metadata = self._manifest["metadata"]
        return plans.Step(
            verb,
            self._resource.kind,
            metadata.get("namespace", ""),
            metadata["name"],
            self._before,
            after,
            () if verb == "unchanged" else diff.changes(self._before or {}, after or {}),
            request,
            _uid(self._live or {}),
        )


def _nothing(manifest: Object) -> plans.Step:
    metadata = manifest.get("metadata") or {}
    kind, namespace, name = manifest.get("kind"), metadata.get("namespace"), metadata.get("name")
    return plans.Step("unchanged", str(kind or "?"), str(namespace or ""), str(name or ""), None, None, (), None)


def _placed(manifest: Object, namespace: str) -> Object:
    """The manifest, in the current namespace where it names none, as kubectl does; in none where kinds have none."""
    metadata = manifest.get("metadata") or {}
    resource = kinds.of(str(manifest.get("apiVersion")), str(manifest.get("kind")))
    if resource is not None and not resource.namespaced:
        return {**manifest, "metadata": {key: value for key, value in metadata.items() if key != "namespace"}}
    return {**manifest, "metadata": {**metadata, "namespace": metadata.get("namespace") or namespace}}


def _several(opened: Sequence[Object] | Object | None) -> Sequence[Object]:
    if opened is None:
        return ()
    return (opened,) if isinstance(opened, dict) else opened


def _key(item: Object, namespace: str) -> tuple[str, str, str]:
    metadata = item.get("metadata") or {}
    return str(item.get("kind")), str(metadata.get("namespace") or namespace), str(metadata.get("name"))


def _uid(item: Object) -> str:
    return str((item.get("metadata") or {}).get("uid") or "")


def _unique(notes: Iterable[plans.Note]) -> tuple[plans.Note, ...]:
    found: list[plans.Note] = []
    for note in notes:
        if note not in found:
            found.append(note)
    return tuple(found)
