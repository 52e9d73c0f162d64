"""An edit on top of another person's edit."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stswidgets.domain import rebase
from stswidgets.domain.couplings import Pair
from stswidgets.domain.draft import Draft

Object = dict[str, Any]

STORED: Object = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": {"name": "db", "namespace": "shop", "resourceVersion": "7", "labels": {"app": "db"}},
    "spec": {
        "replicas": 3,
        "template": {
            "spec": {
                "containers": [
                    {"name": "db", "image": "postgres:16", "args": ["-c", "a=1"]},
                    {"name": "exporter", "image": "exporter:1"},
                ]
            }
        },
    },
}
IMAGE = "spec.template.spec.containers[db].image"


def theirs(**spec: Any) -> Object:
    stored = copy.deepcopy(STORED)
    stored["metadata"]["resourceVersion"] = "9"
    stored["spec"].update(spec)
    return stored


def rebased(draft: Draft, stored: Object) -> tuple[Draft, list[str]]:
    fresh, clashes = draft.rebased(Pair(STORED, None), Pair(stored, None))
    return fresh, [clash.path for clash in clashes]


@pytest.fixture
def draft() -> Draft:
    return Draft(STORED, original=STORED).set(IMAGE, "postgres:17")


def test_both_edits_are_kept_where_they_do_not_touch(draft: Draft) -> None:
    fresh, clashes = rebased(draft, theirs(replicas=5))
    assert (fresh.shown(IMAGE), fresh.manifest["spec"]["replicas"], clashes) == ("postgres:17", 5, [])


def test_what_is_stored_now_is_what_the_edit_stands_on(draft: Draft) -> None:
    fresh, _ = rebased(draft, theirs(replicas=5))
    assert fresh.original == theirs(replicas=5)
    assert fresh.manifest["metadata"]["resourceVersion"] == "9"


def test_the_persons_value_stands_where_both_changed_one_field_and_it_is_said(draft: Draft) -> None:
    stored = theirs()
    stored["spec"]["template"]["spec"]["containers"][0]["image"] = "postgres:18"
    fresh, clashes = rebased(draft, stored)
    assert fresh.shown(IMAGE) == "postgres:17"
    assert clashes == ["spec.template.spec.containers[0].image"]


def test_the_same_change_by_both_is_no_clash(draft: Draft) -> None:
    stored = theirs()
    stored["spec"]["template"]["spec"]["containers"][0]["image"] = "postgres:17"
    assert rebased(draft, stored)[1] == []


def test_a_container_that_the_other_added_is_kept(draft: Draft) -> None:
    stored = theirs()
    stored["spec"]["template"]["spec"]["containers"].insert(0, {"name": "proxy", "image": "proxy:1"})
    fresh, clashes = rebased(draft, stored)
    containers = fresh.manifest["spec"]["template"]["spec"]["containers"]
    assert [each["name"] for each in containers] == ["db", "exporter", "proxy"]
    assert (containers[0]["image"], clashes) == ("postgres:17", [])


def test_a_container_that_the_person_removed_stays_away(draft: Draft) -> None:
    removed = draft.remove("spec.template.spec.containers[1]")
    fresh, _ = rebased(removed, theirs(replicas=5))
    assert [each["name"] for each in fresh.manifest["spec"]["template"]["spec"]["containers"]] == ["db"]


def test_a_container_that_one_removed_and_the_other_changed_clashes(draft: Draft) -> None:
    stored = theirs()
    del stored["spec"]["template"]["spec"]["containers"][0]
    fresh, clashes = rebased(draft, stored)
    assert fresh.shown(IMAGE) == "postgres:17"
    assert clashes == ["spec.template.spec.containers[0]"]


def test_comments_in_the_editor_stay() -> None:
    opened = Draft(STORED, original=STORED)
    typed = opened.with_yaml(opened.yaml.replace("  replicas: 3\n", "  replicas: 4  # for the sale\n"))
    stored = theirs()
    stored["metadata"]["labels"]["tier"] = "gold"
    fresh, clashes = rebased(typed, stored)
    assert "  replicas: 4  # for the sale\n" in fresh.yaml
    assert (fresh.manifest["metadata"]["labels"]["tier"], clashes) == ("gold", [])


def test_a_text_that_is_no_value_yet_stays(draft: Draft) -> None:
    fresh, _ = rebased(draft.set("spec.replicas", "1.5"), theirs(replicas=5))
    assert fresh.shown("spec.replicas") == "1.5"


def test_a_service_that_the_other_changed_is_taken() -> None:
    service: Object = {"kind": "Service", "metadata": {"name": "db"}, "spec": {"ports": [{"port": 5432}]}}
    changed = copy.deepcopy(service)
    changed["spec"]["ports"].append({"port": 9187})
    draft = Draft(STORED, service, original=STORED).set(IMAGE, "postgres:17")
    fresh, clashes = draft.rebased(Pair(STORED, service), Pair(theirs(), changed))
    assert (fresh.service, clashes) == (changed, ())


JSON = st.recursive(
    st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from("xyz"), below, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_an_edit_on_what_nobody_changed_is_itself(base: Any, mine: Any) -> None:
    assert rebase.merge(base, mine, base) == rebase.Merged(mine, ())


@given(JSON, JSON)
def test_no_edit_is_what_the_other_made(base: Any, other: Any) -> None:
    assert rebase.merge(base, base, other) == rebase.Merged(other, ())
