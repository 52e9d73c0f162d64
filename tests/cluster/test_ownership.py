"""Who manages which field, read from managedFields."""

from __future__ import annotations

from typing import Any

from stswidgets.cluster import edits, ownership

IMAGE = {"f:spec": {"f:containers": {'k:{"name":"app"}': {".": {}, "f:name": {}, "f:image": {}}}}}


def managed(item: dict[str, Any], **managers: Any) -> dict[str, Any]:
    """The object with an Apply entry for each manager."""
    entries = [
        {"manager": name.replace("_", "-"), "operation": "Apply", "fieldsV1": fields}
        for name, fields in managers.items()
    ]
    return {**item, "metadata": {**item["metadata"], "managedFields": entries}}


def sts(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "db", "namespace": "shop"},
        "spec": {
            "replicas": 3,
            "containers": [{"name": "side", "image": "s:1"}, {"name": "app", "image": "a:1"}],
            **spec,
        },
    }


def test_a_selector_of_a_list_becomes_an_index():
    field = '.spec.containers[name="app"].image'
    assert ownership.concrete(field, sts()) == "spec.containers[1].image"


def test_a_key_with_dots_becomes_a_bracket():
    item = {"metadata": {"labels": {"app.kubernetes.io/name": "db"}}}
    assert ownership.concrete(".metadata.labels.app.kubernetes.io/name", item) == (
        "metadata.labels[app.kubernetes.io/name]"
    )


def test_a_selector_that_meets_nothing_stays_as_it_is():
    assert ownership.concrete('.spec.containers[name="gone"].image', sts()) == 'spec.containers[name="gone"].image'


def test_a_port_is_found_although_its_protocol_is_the_default():
    item = {"ports": [{"containerPort": 80}]}
    assert ownership.concrete('.ports[containerPort=80,protocol="TCP"].name', item) == "ports[0].name"


def test_a_conflict_names_managers_and_fields():
    causes = iter([('.spec.containers[name="app"].image', 'conflict with "helm" using apps/v1')])
    assert ownership.managers(causes, sts()) == {"helm": ("spec.containers[1].image",)}


def test_the_fields_of_others_that_an_edit_changes_are_touched():
    live = managed(sts(), helm=IMAGE, hpa={"f:spec": {"f:replicas": {}}})
    edited = sts(containers=[{"name": "side", "image": "s:1"}, {"name": "app", "image": "a:2"}])
    assert ownership.touched(live, edited) == {"helm": ("spec.containers[1].image",)}


def test_an_item_that_an_edit_removes_is_touched_once():
    live = managed(sts(), helm=IMAGE)
    assert ownership.touched(live, sts(containers=[])) == {"helm": ("spec.containers[1]",)}


def test_intent_holds_what_is_ours_and_what_was_changed_and_nothing_of_others():
    live = managed(sts(), helm=IMAGE, stswidgets={"f:spec": {"f:replicas": {}}})
    edited = sts(containers=[{"name": "side", "image": "s:1"}, {"name": "app", "image": "a:2"}])
    assert ownership.intent(live, sts(), edited) == {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "db", "namespace": "shop"},
        "spec": {"replicas": 3, "containers": [{"name": "app", "image": "a:2"}]},
    }


def test_intent_leaves_out_what_was_ours_and_was_removed():
    live = managed(sts(paused=True), stswidgets={"f:spec": {"f:replicas": {}, "f:paused": {}}})
    assert ownership.intent(live, sts(paused=True), sts())["spec"] == {"replicas": 3}


def test_intent_of_a_list_without_keys_is_the_whole_list_once_it_changes():
    live = managed(sts(args=["a"]), helm={"f:spec": {"f:args": {}}})
    assert ownership.intent(live, sts(args=["a"]), sts(args=["a", "b"]))["spec"] == {"args": ["a", "b"]}


def test_a_map_that_is_owned_as_one_value_is_applied_as_one():
    live = managed(sts(selector={"app": "db", "tier": "x"}), stswidgets={"f:spec": {"f:selector": {}}})
    edited = sts(selector={"app": "db"})
    assert ownership.intent(live, sts(selector={"app": "db", "tier": "x"}), edited)["spec"] == {
        "selector": {"app": "db"}
    }


def test_a_merge_patch_holds_changes_alone_and_null_for_what_is_gone():
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": [1]}
    assert edits.merge_patch(before, {"a": 1, "b": {"c": 5}, "e": [1, 2]}) == {"b": {"c": 5, "d": None}, "e": [1, 2]}


def test_a_field_that_was_sent_and_is_not_stored_is_dropped():
    sent = {"spec": {"maxUnavailable": 2, "empty": {}, "labels": {"a/b": "c"}}}
    assert list(edits.dropped(sent, {"spec": {"labels": {}}})) == ["spec.maxUnavailable", "spec.labels[a/b]"]


def test_cleaned_keeps_what_a_person_means():
    item = {**sts(), "status": {"replicas": 1}}
    item["metadata"] = {**item["metadata"], "uid": "u", "resourceVersion": "5", "generation": 2, "labels": {"a": "b"}}
    assert edits.cleaned(item) == {**sts(), "metadata": {"name": "db", "namespace": "shop", "labels": {"a": "b"}}}
