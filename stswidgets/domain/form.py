"""The form of a draft as plain JSON: sections with their nodes, in the reader's language (docs/architecture.md,
FormTree).

The front end renders it and knows no rule: what is shown, in which words, with which problem, and what may still be
done stands here. A problem whose place has no field becomes a note in the section next to it; none is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stswidgets import messages
from stswidgets.domain import fields, paths, starters, typed
from stswidgets.domain.draft import Draft
from stswidgets.domain.fields import Field, Group
from stswidgets.domain.paths import SERVICE, Place, Steps
from stswidgets.domain.problem import Problem

Json = dict[str, Any]

_POD: Steps = ("spec", "template", "spec")


def tree(
    draft: Draft,
    lang: str = "en",
    problems_extra: Iterable[Problem] = (),
    *,
    suggestions: Mapping[str, Sequence[str]] | None = None,
) -> Json:
    """The FormTree. `problems_extra` are the server's (`validation.from_server`): shown, but no hindrance to plan
    again.

    `suggestions` are values to offer by field id, where the cluster knows them (`namespace`, `claim.storage_class`).
    """
    return _Form(draft, messages.language(lang), tuple(problems_extra), suggestions or {}).tree()


class _Form:
    def __init__(
        self, draft: Draft, lang: str, extra: tuple[Problem, ...], suggestions: Mapping[str, Sequence[str]]
    ) -> None:
        self._draft = draft
        self._lang = lang
        self._own = draft.problems()
        self._suggestions = suggestions
        self._problems: dict[str, Problem] = {}
        for problem in (*extra, *self._own):
            self._problems.setdefault(problem.path, problem)
        self._shown: set[str] = set()
        self._labels: dict[str, str] = {}

    def tree(self) -> Json:
        sections = [self._section(name) for name in fields.SECTIONS]
        for section in sections:
            section["nodes"] = [*self._notes(section["id"], sections), *section["nodes"]]
        for section in sections:
            section["state"] = self._state(section.pop("problems"))
        name = typed.shown(paths.get(self._draft.manifest, ("metadata", "name"), ""))
        return {
            "title": self._say("form.title.edit" if self._draft.is_edit else "form.title.new", name=name),
            "is_edit": self._draft.is_edit,
            "sections": sections,
            "missing": self._missing(),
            "can_plan": not any(problem.severity == "error" for problem in self._own),
            "starters": [] if self._draft.is_edit else starters.gallery(self._lang),
        }

    def _say(self, key: str, /, **values: Any) -> str:
        return messages.text(key, self._lang, **values)

    def _maybe(self, key: str, /, **values: Any) -> str:
        return self._say(key, **values) if messages.has(key) else ""

    # ------------------------------------------------------------------ sections

    def _section(self, name: str) -> Json:
        before = set(self._shown)
        nodes = [node for row in fields.rows_of(name) for node in self._row(row, ())]
        if name == "network":
            nodes = self._network(nodes)
        found = [self._problems[path] for path in self._shown - before if path in self._problems]
        return {"id": name, "title": self._say(f"form.section.{name}"), "nodes": nodes, "problems": found}

    def _state(self, found: list[Problem]) -> str:
        wrong = [problem for problem in found if problem.severity == "error"]
        if not wrong:
            return "ok"
        return "todo" if all(problem.is_todo for problem in wrong) else "problem"

    def _network(self, nodes: list[Json]) -> list[Json]:
        """The set's own field, then whether the Service comes with it, and its fields where it does."""
        has_service = self._draft.service is not None
        choice = self._node("service", SERVICE, "boolean", "true" if has_service else "false")
        own = [node for node in nodes if not node["path"].startswith(SERVICE)]
        if has_service:
            return [*own, choice, *(node for node in nodes if node["path"].startswith(SERVICE))]
        key = "form.service_elsewhere" if paths.get(self._draft.manifest, ("spec", "serviceName"), None) else ""
        name = typed.shown(paths.get(self._draft.manifest, ("spec", "serviceName"), ""))
        return [*own, choice, *([_note("info", self._say(key, name=name))] if key else [])]

    def _notes(self, section: str, sections: list[Json]) -> list[Json]:
        """Problems that no node shows, in the section whose rows are nearest to their place."""
        found = []
        for path, problem in self._problems.items():
            if path not in self._shown and _section_near(paths.parse(path)) == section:
                said = problem.text(self._lang)
                found.append(_note(problem.severity, f"{path}: {said}" if path else said))
                next(each for each in sections if each["id"] == section)["problems"].append(problem)
        return found

    def _missing(self) -> list[str]:
        """What stands between the draft and a plan: the name of what is not there yet, what is wrong in words."""
        found = []
        for problem in self._own:
            if problem.severity == "error":
                label = self._labels.get(problem.path, problem.path)
                said = problem.text(self._lang)
                if label and problem.is_todo:
                    found.append(label)  # that it is needed is what the list is about
                else:
                    found.append(self._say("form.missing", label=label, text=said) if label else said)
        return found

    # ------------------------------------------------------------------ rows

    def _row(self, row: fields.Row, above: Steps, owner: str = "") -> list[Json]:
        place = paths.parse(row.path)
        if place.object and self._draft.service is None:
            return []
        steps, kind = (*above, *place.steps), self._kind_of(row)
        if isinstance(row, Field):
            return [self._field(row, steps, kind, owner)]
        return [self._map(row, steps, kind) if row.shape == "map" else self._list(row, steps, kind)]

    def _kind_of(self, row: fields.Row) -> str:
        return fields.pattern(row)[0]

    def _get(self, kind: str, steps: Steps) -> Any:
        return paths.get(self._draft.service if kind else self._draft.manifest, steps, None)

    def _field(self, row: Field, steps: Steps, kind: str, owner: str) -> Json:
        path = paths.join(steps, kind)
        value = self._get(kind, steps)
        held = self._draft.texts.get(path)
        node = self._node(row.id, path, row.kind, typed.shown(value) if held is None else held, row=row, owner=owner)
        node["readonly"] = self._why_fixed(row)
        if row.words == "container.env.value":
            self._value_from(node, self._get(kind, steps[:-1]))
        return node

    def _node(self, name: str, path: str, kind: str, value: str, *, row: Field | None = None, owner: str = "") -> Json:
        words = fields.words(row) if row else f"fields.{name}"
        label = self._say(words)
        self._labels[path] = self._say("form.of", label=label, owner=owner) if owner else label
        default = row.default if row else ""
        if kind == "boolean" and not value:
            value = default or "false"
        if kind == "text" and "\n" in value:
            kind = "multiline"
        return {
            "type": "field",
            "path": path,
            "id": name,
            "label": label,
            "help": self._maybe(f"{words}.help"),
            "kind": "text" if kind == "int_or_text" else kind,
            "value": value,
            "placeholder": self._maybe(f"{words}.example") or default,
            "unit": row.unit if row else "",
            "required": row.required if row else False,
            "readonly": None,
            "choices": self._choices(row, words, value) if row and row.kind == "choice" else [],
            "suggestions": list(self._offers(row)) if row else [],
            "problem": self._problem(path),
            "width": "half" if row and row.half else "full",
            "advanced": row.advanced if row else False,
        }

    def _choices(self, row: Field, words: str, value: str) -> list[Json]:
        first = []
        if not row.required:
            label = self._say("form.default_choice", value=row.default) if row.default else self._say("form.no_choice")
            first = [{"value": "", "label": label}]
        strange = [value] if value and value not in row.choices else []
        offered = [{"value": one, "label": self._maybe(f"{words}.{one}") or one} for one in (*row.choices, *strange)]
        return [*first, *offered]

    def _offers(self, row: Field) -> Sequence[str]:
        if row.words == "container.mount.name":
            claims = paths.get(self._draft.manifest, ("spec", "volumeClaimTemplates"), None)
            volumes = paths.get(self._draft.manifest, (*_POD, "volumes"), None)
            return [*_names(claims, ("metadata", "name")), *_names(volumes, ("name",))]
        return self._suggestions.get(row.id, row.suggestions)

    def _why_fixed(self, row: fields.Row) -> str | None:
        """Why a row cannot be changed, or None."""
        if self._draft.is_edit and row.immutable:
            return self._say("form.readonly.name" if row.id in {"name", "namespace"} else "form.readonly.immutable")
        return None

    def _problem(self, path: str) -> Json | None:
        self._shown.add(path)
        problem = self._problems.get(path)
        return {"severity": problem.severity, "text": problem.text(self._lang)} if problem else None

    def _value_from(self, node: Json, variable: Any) -> None:
        """A variable that comes from elsewhere: said, not edited."""
        source = variable.get("valueFrom") if isinstance(variable, dict) else None
        if not isinstance(source, dict):
            return
        node["readonly"] = self._say("form.readonly.value_from")
        for key, message in (("configMapKeyRef", "form.from_config_map"), ("secretKeyRef", "form.from_secret")):
            if isinstance(ref := source.get(key), dict):
                node["value"] = self._say(message, name=typed.shown(ref.get("name")), key=typed.shown(ref.get("key")))
                return
        for key, field in (("fieldRef", "fieldPath"), ("resourceFieldRef", "resource")):
            if isinstance(ref := source.get(key), dict):
                node["value"] = self._say("form.from_field", name=typed.shown(ref.get(field)))
                return
        node["value"] = typed.shown(source)

    # ------------------------------------------------------------------ lists and maps

    def _group(self, row: Group, steps: Steps, kind: str) -> Json:
        words, path = fields.words(row), paths.join(steps, kind)
        fixed = self._why_fixed(row)
        self._labels[path] = self._say(words)
        return {
            "path": path,
            "id": row.id,
            "title": self._say(words),
            "help": self._maybe(f"{words}.help"),
            "add": None if fixed else self._say(f"{words}.add"),
            "readonly": fixed,
            "problem": self._problem(path),
            "advanced": row.advanced,
        }

    def _map(self, row: Group, steps: Steps, kind: str) -> Json:
        held = self._get(kind, steps)
        entries = []
        for key, value in held.items() if isinstance(held, dict) else ():
            path = paths.join((*steps, key), kind)
            if key in fields.OWN_ANNOTATIONS and row.id == "annotations":
                continue
            self._labels[path] = self._say("form.of", label=key, owner=self._say(fields.words(row)))
            shown = self._draft.texts.get(path, typed.shown(value))
            entries.append({"path": path, "key": key, "value": shown, "problem": self._problem(path)})
        return {"type": "map", **self._group(row, steps, kind), "entries": entries}

    def _list(self, row: Group, steps: Steps, kind: str) -> Json:
        held = self._get(kind, steps)
        node = {"type": "list", **self._group(row, steps, kind)}
        count = len(held) if isinstance(held, list) else 0
        node["items"] = [self._item(row, (*steps, at), kind, node["readonly"] is None) for at in range(count)]
        return node

    def _item(self, row: Group, steps: Steps, kind: str, removable: bool) -> Json:
        value, path = self._get(kind, steps), paths.join(steps, kind)
        if row.shape == "strings":
            node = self._node(row.id, path, "text", self._draft.texts.get(path, typed.shown(value)))
            node["label"], node["help"], title = f"{node['label']} {int(steps[-1]) + 1}", "", ""
            return {"path": path, "title": title, "removable": removable, "nodes": [node]}
        named = typed.shown(paths.get(value, paths.parse(row.title).steps, None))
        title = named or self._say("form.item", number=int(steps[-1]) + 1)
        nodes = [node for below in fields.rows_of(row.section, row.id) for node in self._row(below, steps, title)]
        if row.id == "claims":
            nodes += self._mounts(named)
        return {"path": path, "title": title, "removable": removable, "nodes": nodes}

    def _mounts(self, claim: str) -> list[Json]:
        """Where each container mounts a claim: fields of the mounts, shown with the claim too."""
        containers = paths.get(self._draft.manifest, (*_POD, "containers"), None)
        if not claim or claim.isdigit() or not isinstance(containers, list):
            return []
        nodes = []
        for at, container in enumerate(containers):
            steps: Steps = (*_POD, "containers", at, "volumeMounts", claim, "mountPath")
            exact = paths.join(paths.resolve(self._draft.manifest, steps))
            held = self._draft.texts.get(exact, typed.shown(paths.get(self._draft.manifest, steps, None)))
            node = self._node("claim.mount", paths.join(steps), "text", held)
            name = typed.shown(container.get("name")) if isinstance(container, dict) else ""
            node["label"] = self._say("fields.claim.mount", container=name or at + 1)
            node["problem"], node["width"] = self._problem(exact), "half"
            nodes.append(node)
        return nodes


def _note(severity: str, text: str) -> Json:
    return {"type": "note", "path": "", "severity": severity, "text": text}


def _names(items: Any, steps: Steps) -> list[str]:
    found = (paths.get(item, steps, None) for item in (items if isinstance(items, list) else ()))
    return [name for name in found if isinstance(name, str) and name]


def _section_near(place: Place) -> str:
    """The section of the row that shares most of `place`'s beginning."""
    if place.object:
        return "network"
    best, section = 0, fields.SECTIONS[0]
    for row in fields.ROWS:
        kind, pattern = fields.pattern(row)
        if not kind:
            shared = _shared(pattern, place.steps)
            if shared > best:
                best, section = shared, row.section
    return section


def _shared(pattern: Steps, steps: Steps) -> int:
    count = 0
    for wanted, step in zip(pattern, steps, strict=False):
        if wanted not in {step, "*"}:
            break
        count += 1
    return count
