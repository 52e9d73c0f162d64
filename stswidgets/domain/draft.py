"""A draft: a StatefulSet, its Service, and what was typed into form and editor on the way to a plan.

A manifest is never rebuilt: an edit changes one path in what was given, and everything else, known to the form or not,
stays. Where the draft came as YAML, the text stays as well, but for the lines that say the changed value.

Nothing that was typed is lost. A text that is no value (`1.5` replicas, `12Gx`) is kept in `texts` by its path, with
its problem, while the manifest keeps the last value. YAML that cannot be read is kept as it is, with its problem;
manifest and form show the last that could be read, and what is typed into the form meanwhile waits in `texts`.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from stswidgets import errors
from stswidgets.domain import couplings, documents, fields, naming, paths, rebase, typed, validation
from stswidgets.domain.couplings import Pair
from stswidgets.domain.paths import MISSING, Place, Steps
from stswidgets.domain.problem import Problem

_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclasses.dataclass(frozen=True, init=False, eq=False)
class Draft:
    """Frozen; every edit answers with a new draft. `manifest` and `service` are not to be changed in place.

    `original` is the stored object that is edited; a draft without one is of something new.
    """

    manifest: dict[str, Any]
    service: dict[str, Any] | None
    original: dict[str, Any] | None
    texts: Mapping[str, str]
    _source: documents.Source | None  # the YAML that says manifest and service, where the draft came as YAML
    _unread: documents.Unread | None  # newer YAML that cannot be read
    _opened: Pair  # what stood here before the form changed it: its empty maps and lists are not tidied away
    _follows: bool  # whether couplings apply

    def __init__(
        self,
        manifest: dict[str, Any] | None = None,
        service: dict[str, Any] | None = None,
        *,
        original: dict[str, Any] | None = None,
    ) -> None:
        given = couplings.new_pair("", "") if manifest is None else Pair(manifest, service)
        pair = Pair(copy.deepcopy(given.manifest), copy.deepcopy(given.service))
        values: dict[str, Any] = {
            "manifest": pair.manifest,
            "service": pair.service,
            "original": copy.deepcopy(original),
            "texts": _NO_TEXTS,
            "_source": None,
            "_unread": None,
            "_opened": pair,
            "_follows": manifest is None,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def new(cls, *, namespace: str = "", name: str = "") -> Draft:
        """The wizard's starting point."""
        pair = couplings.new_pair(namespace, name)
        return _with(cls(pair.manifest, pair.service), _follows=True)

    @classmethod
    def from_yaml(cls, text: str, *, original: dict[str, Any] | None = None) -> Draft:
        """The draft that `text` says, with its comments. Raises ManifestError where it cannot be read."""
        source = documents.read(text)
        return _with(cls(source.pair.manifest, source.pair.service, original=original), _source=source)

    @classmethod
    def begun(cls, text: str) -> Draft:
        """A new draft that begins with the YAML `text`: what mirrors the name follows it, as in `new`."""
        return _with(cls.from_yaml(text), _follows=True)

    @property
    def is_edit(self) -> bool:
        return self.original is not None

    @property
    def objects(self) -> tuple[dict[str, Any], ...]:
        """What is to be applied, the Service first as Kubernetes advises."""
        return (self.manifest,) if self.service is None else (self.service, self.manifest)

    @property
    def yaml(self) -> str:
        """The text of the editor: what was typed there last, or the manifests."""
        return self._unread.text if self._unread else self._readable.text

    @property
    def yaml_error(self) -> errors.ManifestError | None:
        """Why the editor's text cannot be read, or None."""
        return self._unread.error if self._unread else None

    @functools.cached_property
    def _readable(self) -> documents.Source:
        """The YAML of manifest and service."""
        return self._source or documents.written(Pair(self.manifest, self.service))

    def problems(self, lang: str = "en") -> tuple[Problem, ...]:  # noqa: ARG002 - a problem speaks every language
        """What is wrong, errors and warnings, each with its path and its line in `yaml`."""
        return self._located

    @functools.cached_property
    def _located(self) -> tuple[Problem, ...]:
        if self._unread:
            return (self._unread.problem, *self._found)
        return tuple(self._readable.located(problem) for problem in self._found)

    @functools.cached_property
    def _found(self) -> tuple[Problem, ...]:
        return validation.problems(self.manifest, self.service, original=self.original, texts=self.texts)

    def shown(self, path: str) -> str:
        """The text that the field at `path` shows: what was typed there, or the value."""
        place = self._resolved(path)
        held = self.texts.get(paths.join(place.steps, place.object))
        return typed.shown(self._get(place, None)) if held is None else held

    def set(self, path: str, text: str) -> Draft:
        """What stands at `path` is what `text` means; an empty text takes it away.

        Raises KeyError where no value can stand: `path` leads through a text or a number.
        """
        if path == paths.SERVICE:
            return self.add(path) if text == "true" else self.remove(path)
        place = self._resolved(path)
        name = paths.join(place.steps, place.object)
        if self._unread:
            return _with(self, texts={**self.texts, name: text})
        current = self._get(place, None)
        row = fields.at(place)
        untouched = row.default if isinstance(row, fields.Field) and row.kind == "boolean" and current is None else ""
        if text == (typed.shown(current) or untouched) and not isinstance(current, dict | list):
            return _without_text(self, name)
        kind = row.kind if isinstance(row, fields.Field) else "text" if row else typed.kind_of(current)
        keeps_empty = row.keeps_empty if isinstance(row, fields.Field) else isinstance(row, fields.Group)
        if not text and not keeps_empty:
            emptied = self._unmounted(place) if _names_a_mount(path) else self._taken_away(place)
            return _without_text(emptied, name)
        try:
            value = typed.value_of(text, kind, current)
        except typed.NotAValue:
            return _with(self, texts={**self.texts, name: text})
        return _without_text(self._put(place, value), name)

    def add(self, path: str) -> Draft:
        """One item more at the end of the list, or entry of the map, at `path`; at `service:` the Service itself."""
        if path == paths.SERVICE:
            fresh = self._fresh_service()
            return self if self.service is not None else self._changed(Pair(self.manifest, fresh))
        place = self._resolved(path)
        row = fields.at(place)
        current = self._get(place, None) or ({} if isinstance(row, fields.Group) and row.shape == "map" else [])
        if isinstance(current, dict):
            return self._put(place, {**current, "": ""} if "" not in current else current)
        if not isinstance(current, list):
            raise KeyError(path)
        new = row.new if isinstance(row, fields.Group) else None
        return self._put(place, [*current, _unique(new, current)])

    def remove(self, path: str) -> Draft:
        """Without what stands at `path`: an item, an entry, a value, or with `service:` the Service."""
        if path == paths.SERVICE:
            return _without_texts_below(self._changed(Pair(self.manifest, None)), "service", ())
        place = self._resolved(path)
        return _without_texts_below(self._taken_away(place), place.object, place.steps)

    def rename(self, path: str, key: str) -> Draft:
        """The map's entry at `path` under another key, at the same position. A key that is taken changes nothing."""
        place = self._resolved(path)
        tree = self._tree(place.object)
        renamed = paths.rename(tree, place.steps, key)
        return _without_texts_below(self._replaced(place, renamed), place.object, place.steps)

    def with_yaml(self, text: str) -> Draft:
        """The draft that the editor's `text` says. A text typed into the form stays only where the value beneath is
        the same.

        Where `text` cannot be read it is kept, with its problem, and so is the last manifest that could be.
        """
        try:
            source = documents.read(text)
        except errors.ManifestError as error:
            return _with(self, _unread=documents.Unread(text, error))
        draft = _with(
            self,
            manifest=source.pair.manifest,
            service=source.pair.service,
            texts=_NO_TEXTS,
            _source=source,
            _unread=None,
            _opened=source.pair,
        )
        for path, typed_text in self.texts.items():
            place = paths.parse(path)
            trees = (self._tree(place.object), draft.service if place.object else draft.manifest)
            if paths.get(trees[0], place.steps) == paths.get(trees[1], place.steps):
                draft = draft.set(path, typed_text)
        return draft

    def rebased(self, opened: Pair, stored: Pair) -> tuple[Draft, tuple[rebase.Clash, ...]]:
        """This edit of what was `opened`, on top of what is `stored` now, and the fields that both changed."""
        set_merged = rebase.merge(opened.manifest, self.manifest, stored.manifest)
        service = rebase.merge(opened.service, self.service, stored.service, kind="service")
        draft = self._changed(Pair(set_merged.value, service.value))
        return _with(draft, original=stored.manifest, _opened=stored), (*set_merged.clashes, *service.clashes)

    # ------------------------------------------------------------------ how an edit is made

    def _tree(self, kind: str) -> Any:
        return self.service if kind else self.manifest

    def _get(self, place: Place, default: Any) -> Any:
        return paths.get(self._tree(place.object), place.steps, default)

    def _resolved(self, path: str) -> Place:
        place = paths.parse(path)
        return Place(place.object, paths.resolve(self._tree(place.object), place.steps))

    def _put(self, place: Place, value: Any) -> Draft:
        tree = self._tree(place.object)
        if place.object and tree is None:
            tree = self._fresh_service()
        return self._replaced(place, paths.put(tree, place.steps, value, fields.ORDER))

    def _taken_away(self, place: Place) -> Draft:
        """Without the value, and without the maps and lists around it that the form had made and that are empty now."""
        tree = paths.drop(self._tree(place.object), place.steps)
        opened = self._opened.service if place.object else self._opened.manifest
        for length in range(len(place.steps) - 1, 0, -1):
            above = place.steps[:length]
            if paths.get(tree, above, None) not in ({}, []) or paths.get(opened, above) is not MISSING:
                break
            tree = paths.drop(tree, above)
        return self._replaced(place, tree)

    def _unmounted(self, place: Place) -> Draft:
        """Without the mount whose path was emptied."""
        mount = Place(place.object, place.steps[:-1])
        return self if self._get(mount, None) is None else self.remove(paths.join(mount.steps, mount.object))

    def _replaced(self, place: Place, tree: Any) -> Draft:
        if tree is self._tree(place.object):
            return self
        return self._changed(Pair(self.manifest, tree) if place.object else Pair(tree, self.service))

    def _changed(self, pair: Pair) -> Draft:
        if self._follows:
            pair = couplings.follow(Pair(self.manifest, self.service), pair)
        source = self._source.rewritten(pair) if self._source else None
        return _with(self, manifest=pair.manifest, service=pair.service, _source=source)

    def _fresh_service(self) -> dict[str, Any]:
        """A headless Service as the set's own fields describe it."""
        meta = self.manifest.get("metadata")
        name = paths.get(self.manifest, ("spec", "serviceName"), None) or paths.get(meta, ("name",), "")
        namespace = paths.get(meta, ("namespace",), "")
        service = couplings.new_pair(str(namespace), str(name)).service
        assert service is not None
        labels = paths.get(self.manifest, ("spec", "selector", "matchLabels"), None)
        if isinstance(labels, dict):
            service = paths.put(service, ("spec", "selector"), dict(labels))
        ports = couplings.service_ports(self.manifest)
        fresh: dict[str, Any] = paths.put(service, ("spec", "ports"), ports) if ports else service
        return fresh


def _with(draft: Draft, **changes: Any) -> Draft:
    """A copy with other fields; what was computed from the old ones stays behind."""
    fresh = object.__new__(Draft)
    for field in dataclasses.fields(draft):
        object.__setattr__(fresh, field.name, changes.get(field.name, getattr(draft, field.name)))
    return fresh


def _without_text(draft: Draft, name: str) -> Draft:
    if name not in draft.texts:
        return draft
    return _with(draft, texts={key: held for key, held in draft.texts.items() if key != name})


def _without_texts_below(draft: Draft, kind: str, steps: Steps) -> Draft:
    """Without the texts at and below `steps`; those of later items of the same list move up with their items."""
    kept: dict[str, str] = {}
    for path, held in draft.texts.items():
        place = paths.parse(path)
        inside = place.object == kind and place.steps[: max(0, len(steps) - 1)] == steps[:-1]
        own = place.steps[len(steps) - 1] if inside and steps and len(place.steps) >= len(steps) else None
        if not inside or (steps and own is None):
            kept[path] = held
        elif not steps or own == steps[-1]:
            continue
        elif isinstance(own, int) and isinstance(steps[-1], int) and own > steps[-1]:
            kept[paths.join((*steps[:-1], own - 1, *place.steps[len(steps) :]), kind)] = held
        else:
            kept[path] = held
    return _with(draft, texts=kept)


def _names_a_mount(path: str) -> bool:
    """Whether `path` is `...volumeMounts[NAME].mountPath`: a claim's own field, where empty means not mounted."""
    steps = paths.parse(path).steps
    return steps[-3:-2] == ("volumeMounts",) and isinstance(steps[-2], str)


def _unique(new: Any, neighbours: list[Any]) -> Any:
    """A group's `new` with each text that begins with `*` made unique among the neighbours' at the same place."""

    def fill(value: Any, steps: Steps) -> Any:
        if isinstance(value, dict):
            return {key: fill(below, (*steps, key)) for key, below in value.items()}
        if isinstance(value, list):
            return [fill(below, (*steps, at)) for at, below in enumerate(value)]
        if isinstance(value, str) and value.startswith("*"):
            return naming.unique(value[1:], {str(paths.get(item, steps, "")) for item in neighbours})
        return value

    return fill(new, ())
