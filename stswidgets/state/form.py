"""The form: a draft, shown as a tree of fields and as YAML text, which follow each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import traitlets as t

from stswidgets import errors
from stswidgets.domain import form, starters
from stswidgets.domain.couplings import Pair
from stswidgets.domain.draft import Draft
from stswidgets.domain.problem import Problem
from stswidgets.domain.rebase import Clash
from stswidgets.state import merging
from stswidgets.state.desk import Desk, Topic

Object = dict[str, Any]
_REMEMBERED = 50
"""How many editor texts are kept to merge with: some seconds of typing on a slow line."""


class FormState(Topic):
    """`value` is the FormTree; `editor` is the text beside it.

    A version numbers each text that the editor should show. What a person types comes with the version that the typing
    began on: when the form has written since, both edits are merged by lines, so that neither is lost.
    """

    value: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)
    editor: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.draft: Draft | None = None
        self.opened: tuple[Object, ...] = ()
        self._version = 0
        self._texts: dict[int, tuple[str, str]] = {}
        self._server_problems: tuple[Problem, ...] = ()
        self._suggestions: dict[str, list[str]] = {}

    def new(self, namespace: str, name: str = "") -> None:
        """Begin a StatefulSet of its own."""
        self._open(Draft.new(namespace=namespace, name=name), ())

    def edit(self, manifest: Object, service: Object | None = None) -> None:
        """Open a stored set (with its Service) to change it."""
        stored = tuple(each for each in (service, manifest) if each is not None)
        self._open(Draft(manifest, service, original=manifest), stored)

    def rebase(self, manifest: Object, service: Object | None) -> tuple[Clash, ...]:
        """Put the edit on top of what is stored now, and answer the fields that somebody else changed as well."""
        kinds = {str(each.get("kind")): each for each in self.opened}
        opened = Pair(kinds.get("StatefulSet", {}), kinds.get("Service"))
        draft, clashes = self._now.rebased(opened, Pair(manifest, service))
        self.opened = tuple(each for each in (service, manifest) if each is not None)
        self._take(draft)
        return clashes

    def close(self) -> None:
        """Show no form."""
        self.draft, self.opened, self._texts = None, (), {}
        self.value = self.editor = None

    def set(self, path: str, text: str) -> None:
        """Type `text` at a field path."""
        self._edit(path, lambda draft: draft.set(path, text))

    def add(self, path: str) -> None:
        """One more item or entry in the list or map at `path`."""
        self._edit(path, lambda draft: draft.add(path))

    def remove(self, path: str) -> None:
        self._edit(path, lambda draft: draft.remove(path))

    def rename(self, path: str, key: str) -> None:
        """Give a map's entry another key."""
        self._edit(path, lambda draft: draft.rename(path, key))

    def yaml(self, text: str, version: int) -> None:
        """Take what was typed in the editor, begun on the text `version`."""
        base = self._texts.get(version)
        written_since = any(origin != "editor" for number, (_, origin) in self._texts.items() if number > version)
        if base is not None and written_since:
            merged = merging.merge(base[0], self._now.yaml, text)
            self._take(self._now.with_yaml(merged), origin="editor" if merged == text else "form")
        else:
            self._take(self._now.with_yaml(text), origin="editor", text=text)

    def use_starter(self, identifier: str) -> None:
        """Begin again from one of the gallery's manifests, in this namespace."""
        namespace = str((self._now.manifest.get("metadata") or {}).get("namespace") or "default")
        if identifier not in starters.IDS:
            raise errors.StsWidgetsError("state.form.no_starter", starter=identifier)
        self._open(starters.draft(identifier, namespace=namespace), ())

    def refused(self, problems: Iterable[tuple[str, str]]) -> None:
        """Show at their fields what the server refused (path, its words), until the draft changes."""
        self._server_problems = tuple(
            Problem(path, "problem.server", {"message": said}) for path, said in problems if path
        )
        self.render()

    def suggest(self, field: str, values: list[str]) -> None:
        """Offer values of the cluster in a field, by the field's id (`claim.storage_class`)."""
        self._suggestions = {**self._suggestions, field: values}
        self.render()

    @property
    def _now(self) -> Draft:
        if self.draft is None:
            self.new(self.desk.connected.namespace if self.desk.connected else "default")
        assert self.draft is not None
        return self.draft

    def _edit(self, path: str, change: Callable[[Draft], Draft]) -> None:
        try:
            draft = change(self._now)
        except (KeyError, IndexError) as error:  # the browser showed a field that is not there any more
            raise errors.StsWidgetsError("state.form.no_place", path=path) from error
        self._take(draft)

    def _open(self, draft: Draft, opened: tuple[Object, ...]) -> None:
        self.opened = opened
        self._take(draft, origin="server")

    def _take(self, draft: Draft, *, origin: str = "form", text: str | None = None) -> None:
        self.draft = draft
        self._server_problems = ()
        shown = draft.yaml if text is None else text
        if self.editor is None or shown != self.editor["text"]:
            self._version += 1
            self._texts[self._version] = (shown, origin)
            self._texts.pop(self._version - _REMEMBERED, None)
        self._show(shown, origin)

    def render(self) -> None:
        if self.draft is not None and self.editor is not None:
            self._show(self.editor["text"], self.editor["origin"])

    def _show(self, text: str, origin: str) -> None:
        assert self.draft is not None
        self.value = form.tree(self.draft, self.desk.lang, self._server_problems, suggestions=self._suggestions)
        self.editor = {
            "text": text,
            "version": self._version,
            "origin": origin,
            "readonly": False,
            "problems": [self._at_line(problem) for problem in self._all_problems() if problem.line is not None],
        }

    def _all_problems(self) -> tuple[Problem, ...]:
        assert self.draft is not None
        return (*self.draft.problems(), *self._server_problems)

    def _at_line(self, problem: Problem) -> dict[str, Any]:
        lang = self.desk.lang
        return {
            "line": problem.line,
            "column": problem.column or 1,
            # A line may lack several fields: what is needed is named by its path, as nothing stands there yet.
            "text": f"{problem.path}: {problem.text(lang)}" if problem.is_todo else problem.text(lang),
            # What is merely not typed yet is no error in the text.
            "severity": "info" if problem.is_todo else problem.severity,
        }
