"""The form's tree: what the front end gets to show."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stswidgets import errors, messages
from stswidgets.domain import fields, form, starters, validation
from stswidgets.domain.draft import Draft
from tests.domain import corpus

EVERY_FIELD = (corpus.OWN / "every-field.yaml").read_text("utf-8")


def nodes(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All nodes with a path, by path."""
    found: dict[str, dict[str, Any]] = {}

    def walk(below: list[dict[str, Any]]) -> None:
        for node in below:
            found.setdefault(node["path"], node)
            for item in node.get("items", ()):
                walk(item["nodes"])

    for section in tree["sections"]:
        walk(section["nodes"])
    return found


def states(draft: Draft) -> dict[str, str]:
    return {section["id"]: section["state"] for section in form.tree(draft)["sections"]}


def test_a_tree_is_plain_json() -> None:
    tree = form.tree(Draft.from_yaml(EVERY_FIELD), "zh")
    assert json.loads(json.dumps(tree)) == tree


def test_the_manifest_with_every_field_shows_a_value_in_every_field() -> None:
    shown = {node["id"] for node in nodes(form.tree(Draft.from_yaml(EVERY_FIELD))).values() if node.get("value")}
    init_only = {row.id for row in fields.FIELDS if row.id.startswith("init_container.")}
    assert {row.id for row in fields.FIELDS} - init_only <= shown


def test_every_row_has_its_words_in_both_languages() -> None:
    for row in fields.ROWS:
        assert messages.has(fields.words(row)), row.id
        for choice in getattr(row, "choices", ()) if not row.id.endswith("protocol") else ():
            assert messages.has(f"{fields.words(row)}.{choice}"), (row.id, choice)
        if isinstance(row, fields.Group):
            assert messages.has(f"{fields.words(row)}.add"), row.id


def test_a_new_draft_says_what_is_missing_and_cannot_be_planned() -> None:
    tree = form.tree(Draft.new())
    assert tree["missing"] == ["Name", "Image of main"]
    assert tree["can_plan"] is False
    assert [section["state"] for section in tree["sections"]] == ["todo", "todo", "ok", "ok", "ok", "ok"]


def test_what_is_wrong_weighs_more_than_what_is_missing() -> None:
    assert states(Draft.new().set("spec.replicas", "1.5"))["pods"] == "problem"


def test_a_text_that_is_no_value_stands_in_its_field_with_its_problem() -> None:
    node = nodes(form.tree(Draft.new().set("spec.replicas", "1.5")))["spec.replicas"]
    assert node["value"] == "1.5"
    assert node["problem"] == {"severity": "error", "text": '"1.5" is not a whole number.'}


def test_the_form_speaks_chinese() -> None:
    tree = form.tree(Draft.new(), "zh-CN")
    assert [section["title"] for section in tree["sections"]][:3] == ["基本信息", "容器组设置", "存储设置"]
    assert nodes(tree)["spec.replicas"]["label"] == "容器组副本数量"


def test_what_cannot_be_changed_says_why_in_an_edit() -> None:
    draft = Draft.from_yaml(EVERY_FIELD)
    tree = nodes(form.tree(Draft(draft.manifest, draft.service, original=draft.manifest)))
    assert tree["metadata.name"]["readonly"]
    assert tree["spec.serviceName"]["readonly"] == "Cannot be changed after creation."
    assert tree["spec.volumeClaimTemplates"]["add"] is None
    assert tree["spec.replicas"]["readonly"] is None


def test_a_variable_from_a_secret_is_said_and_not_edited() -> None:
    node = nodes(form.tree(Draft.from_yaml(EVERY_FIELD)))["spec.template.spec.containers[0].env[2].value"]
    assert node["value"] == "From Secret ledger, key password"
    assert node["readonly"]


def test_a_claim_shows_where_each_container_mounts_it() -> None:
    tree = nodes(form.tree(Draft.from_yaml(EVERY_FIELD)))
    values = [tree[f"spec.template.spec.containers[{at}].volumeMounts[data].mountPath"]["value"] for at in (0, 1)]
    assert values == ["/data", ""]


def test_annotations_with_a_field_of_their_own_stand_there_alone() -> None:
    entries = nodes(form.tree(Draft.from_yaml(EVERY_FIELD)))["metadata.annotations"]["entries"]
    assert [entry["key"] for entry in entries] == ["example.com/owner"]


def test_a_problem_without_a_field_becomes_a_note() -> None:
    draft = starters.draft("web").with_yaml(
        starters.text("web").replace("  replicas: 3", "  replicas: 3\n  paused: true")
    )
    notes = [node for section in form.tree(draft)["sections"] for node in section["nodes"] if node["type"] == "note"]
    assert [note["severity"] for note in notes] == ["warning"]
    assert notes[0]["text"].startswith("spec.paused: ")


def test_every_problem_is_shown_somewhere() -> None:
    draft = Draft(
        {"kind": "StatefulSet", "spec": {"template": {"spec": {"containers": ["x", {"ports": {"a": 1}}]}}, "x": 1}}
    )
    shown = json.dumps(form.tree(draft))
    assert [problem for problem in draft.problems() if json.dumps(problem.text())[1:-1] not in shown] == []


def test_what_the_server_refused_stands_at_its_field_and_lets_plan_again() -> None:
    cause = errors.Cause("spec.template.spec.containers[0].image", "FieldValueInvalid", "no such registry")
    tree = form.tree(starters.draft("web"), "en", validation.from_server([cause]))
    assert nodes(tree)["spec.template.spec.containers[0].image"]["problem"]["text"] == "no such registry"
    assert tree["can_plan"] is True
    assert [section["id"] for section in tree["sections"] if section["state"] == "problem"] == ["pods"]


def test_a_cluster_suggests_its_storage_classes() -> None:
    draft = starters.draft("web")
    tree = nodes(form.tree(draft, suggestions={"claim.storage_class": ["fast"]}))
    assert tree["spec.volumeClaimTemplates[0].spec.storageClassName"]["suggestions"] == ["fast"]


def test_a_choice_that_the_table_does_not_know_stays_choosable() -> None:
    text = starters.text("web").replace("  replicas: 3", "  replicas: 3\n  updateStrategy: {type: Recreate}")
    node = nodes(form.tree(Draft.from_yaml(text)))["spec.updateStrategy.type"]
    assert node["value"] == "Recreate"
    assert "Recreate" in [choice["value"] for choice in node["choices"]]


ODD: list[Any] = [
    None,
    "text",
    3,
    [],
    {"metadata": None},
    {"metadata": []},
    {"spec": 1},
    {"spec": {"template": []}},
    {"spec": {"template": {"spec": {"containers": "no"}}}},
    {"spec": {"template": {"spec": {"containers": [None, 1, [], {"env": [1], "ports": [None], "resources": 3}]}}}},
    {"spec": {"volumeClaimTemplates": [1, {"metadata": 2}], "updateStrategy": "x", "selector": []}},
    {"metadata": {"labels": ["a"], "annotations": {"a": {"b": 1}}, "name": {"x": 1}}},
    {"spec": {"replicas": {"x": 1}, "serviceName": [1]}},
]


@pytest.mark.parametrize("odd", [each for each in ODD if isinstance(each, dict)], ids=json.dumps)
@pytest.mark.parametrize("service", [None, {}, {"spec": {"ports": [1, {"port": "x"}]}}, {"metadata": 3, "spec": []}])
def test_no_manifest_is_too_odd_to_show(odd: dict[str, Any], service: dict[str, Any] | None) -> None:
    draft = Draft(odd, service)
    assert form.tree(draft)["sections"]
    assert draft.manifest == odd
    assert form.tree(Draft(odd, service, original=odd))["sections"]
