"""No manifest loses anything in the form, and a changed field changes its own path alone."""

from __future__ import annotations

import difflib
import pathlib
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from stswidgets.domain import documents, form, paths, yaml_nodes
from stswidgets.domain.draft import Draft
from tests.domain import corpus

FILES = corpus.files()
every_manifest = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


def read(file: pathlib.Path) -> str:
    return file.read_text("utf-8")


@every_manifest
def test_a_manifest_goes_through_the_form_unchanged(file: pathlib.Path) -> None:
    manifest, service = documents.read(read(file)).pair
    draft = Draft(manifest, service)
    for lang in ("en", "zh"):
        form.tree(draft, lang)
    assert draft.yaml
    assert (draft.manifest, draft.service) == (manifest, service)


@every_manifest
def test_its_yaml_says_the_same_when_it_is_written_anew(file: pathlib.Path) -> None:
    pair = documents.read(read(file)).pair
    assert documents.read(Draft(*pair).yaml).pair == pair


@every_manifest
def test_yaml_that_was_not_edited_stays_to_the_letter(file: pathlib.Path) -> None:
    assert Draft.from_yaml(read(file)).yaml == read(file)


def fields_of(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """All field nodes of a form tree."""
    found: list[dict[str, Any]] = []

    def walk(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            if node["type"] == "field":
                found.append(node)
            for item in node.get("items", ()):
                walk(item["nodes"])

    for section in tree["sections"]:
        walk(section["nodes"])
    return found


@every_manifest
def test_setting_each_field_to_what_it_shows_changes_nothing(file: pathlib.Path) -> None:
    draft = Draft.from_yaml(read(file))
    for node in fields_of(form.tree(draft)):
        if node["readonly"] is None and node["value"]:
            draft = draft.set(node["path"], node["value"])
    assert draft.yaml == read(file)


def says_itself(draft: Draft) -> bool:
    """Whether the draft's text says its objects, whatever kind they claim to be by now."""
    said = [yaml_nodes.value(document.root) for document in yaml_nodes.read(draft.yaml)]
    return said in (list(draft.objects), list(draft.objects)[::-1])


NEW_TEXT = {"integer": "7", "quantity": "3Gi", "boolean": "true", "text": "other-7", "multiline": "one\ntwo"}


@every_manifest
def test_a_changed_field_changes_its_own_path_alone(file: pathlib.Path) -> None:
    draft = Draft.from_yaml(read(file))
    for node in fields_of(form.tree(draft)):
        if node["readonly"] is not None or node["path"] == "service:" or node["id"] == "claim.mount":
            continue
        text = node["choices"][-1]["value"] if node["choices"] else NEW_TEXT[node["kind"]]
        changed = draft.set(node["path"], text)
        place = paths.parse(node["path"])
        for kind, before, after in (
            ("", draft.manifest, changed.manifest),
            ("service", draft.service, changed.service),
        ):
            expected = paths.put(before, place.steps, paths.get(after, place.steps)) if kind == place.object else before
            assert after == expected, node["path"]
        assert says_itself(changed)


@every_manifest
def test_a_changed_value_changes_its_own_line_alone(file: pathlib.Path) -> None:
    text = read(file)
    draft = Draft.from_yaml(text)
    lines = text.split("\n")
    for path, new in (("spec.replicas", "7"), ("spec.template.spec.containers[0].image", "other:7")):
        if not draft.shown(path):
            continue
        changed = draft.set(path, new).yaml.split("\n")
        touched = [line for line in difflib.unified_diff(lines, changed, n=0) if line[:1] in "+-"][2:]
        assert len(touched) <= 2 or "&" in text, touched


@every_manifest
def test_each_scalar_can_be_changed_in_the_text(file: pathlib.Path) -> None:
    draft = Draft.from_yaml(read(file))
    leaves = [steps for steps, value in corpus.leaves(draft.manifest) if isinstance(value, str)][:20]
    for steps in leaves:
        changed = draft.set(paths.join(steps), "a: b #c")
        if not changed.texts:
            assert says_itself(changed)


@every_manifest
def test_each_value_can_be_taken_away_and_only_that_goes(file: pathlib.Path) -> None:
    draft = Draft.from_yaml(read(file))
    for steps, _value in list(corpus.leaves(draft.manifest))[:20]:
        changed = draft.remove(paths.join(steps))
        assert changed.manifest == paths.drop(draft.manifest, steps)
        assert says_itself(changed)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
OWN_TEXTS = [read(file) for file in FILES if file.parent == corpus.OWN]


@hypothesis.given(data=st.data())
@hypothesis.settings(max_examples=80, deadline=None, derandomize=True)
def test_whatever_is_typed_the_text_says_what_the_manifest_says(data: st.DataObject) -> None:
    draft = Draft.from_yaml(data.draw(st.sampled_from(OWN_TEXTS)))
    for _step in range(data.draw(st.integers(1, 4))):
        choices = sorted({paths.join(steps) for steps, _value in corpus.leaves(draft.manifest)})
        path = data.draw(st.sampled_from(choices))
        above = path.rpartition(".")[0] or path
        what = data.draw(st.sampled_from(["set", "remove", "remove above", "add"]))
        if what == "set":
            draft = draft.set(path, data.draw(TEXTS))
        elif what == "add":
            held = paths.get(draft.manifest, paths.parse(above).steps, None)
            draft = draft.add(above) if isinstance(held, dict | list) else draft
        else:
            draft = draft.remove(path if what == "remove" else above)
        assert says_itself(draft)
        form.tree(draft)
