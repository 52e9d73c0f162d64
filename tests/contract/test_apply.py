"""Server-side apply: who owns which field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import manifests
from tests.contract.client import PATCH, Namespace, Object


def entries(stored: Object) -> dict[tuple[str, str], Object]:
    """The managed fields by manager and operation (and subresource, after a slash)."""
    found = {}
    for entry in stored["metadata"]["managedFields"]:
        manager = entry["manager"] + (f"/{entry['subresource']}" if "subresource" in entry else "")
        found[manager, entry["operation"]] = entry
    return found


def owned(stored: Object, manager: str, operation: str = "Apply") -> Object:
    fields: Object = entries(stored)[manager, operation]["fieldsV1"]
    return fields


def data(**values: str) -> Object:
    """An applied ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": values}


def test_apply_creates_and_records_its_fields(namespace: Namespace) -> None:
    answer = namespace.apply("configmaps", data(a="1"))
    (entry,) = answer.ok()["metadata"]["managedFields"]
    assert answer.code == 201
    assert (entry["manager"], entry["operation"], entry["apiVersion"]) == ("contract", "Apply", "v1")
    assert entry["fieldsType"] == "FieldsV1"
    assert entry["fieldsV1"] == {"f:data": {"f:a": {}}}


def test_apply_again_changes_nothing(namespace: Namespace) -> None:
    first = namespace.apply("configmaps", data(a="1")).ok()
    second = namespace.apply("configmaps", data(a="1"))
    assert second.code == 200
    assert second.ok()["metadata"] == first["metadata"]


def test_a_field_no_longer_applied_is_removed(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1", b="2")).ok()
    assert namespace.apply("configmaps", data(b="2")).ok()["data"] == {"b": "2"}


def test_another_value_for_an_owned_field_conflicts(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1")).ok()
    status = namespace.apply("configmaps", data(a="2"), manager="other").failure(409, "Conflict")
    assert status["message"] == 'Apply failed with 1 conflict: conflict with "contract": .data.a'
    assert status["details"]["causes"] == [
        {"reason": "FieldManagerConflict", "message": 'conflict with "contract"', "field": ".data.a"}
    ]


def test_several_conflicts_are_told_by_manager(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1", b="1")).ok()
    namespace.apply("configmaps", data(c="1"), manager="third").ok()
    status = namespace.apply("configmaps", data(a="2", b="2", c="2"), manager="other").failure(409, "Conflict")
    assert status["message"] == (
        "Apply failed with 3 conflicts: "
        'conflicts with "contract":\n- .data.a\n- .data.b\nconflicts with "third":\n- .data.c'
    )
    assert {(cause["message"], cause["field"]) for cause in status["details"]["causes"]} == {
        ('conflict with "contract"', ".data.a"),
        ('conflict with "contract"', ".data.b"),
        ('conflict with "third"', ".data.c"),
    }


def test_force_takes_the_field_over(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1", b="1")).ok()
    stored = namespace.apply("configmaps", data(a="2"), manager="other", force="true").ok()
    assert stored["data"] == {"a": "2", "b": "1"}
    assert owned(stored, "other") == {"f:data": {"f:a": {}}}
    assert owned(stored, "contract") == {"f:data": {"f:b": {}}}


def test_the_same_value_is_owned_by_both(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1")).ok()
    stored = namespace.apply("configmaps", data(a="1"), manager="other").ok()
    assert owned(stored, "contract") == owned(stored, "other") == {"f:data": {"f:a": {}}}


def test_a_shared_field_stays_until_its_last_owner_leaves_it_out(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1", b="1")).ok()
    namespace.apply("configmaps", data(a="1", c="1"), manager="other").ok()
    assert "a" in namespace.apply("configmaps", data(b="1")).ok()["data"]
    assert namespace.apply("configmaps", data(c="1"), manager="other").ok()["data"] == {"b": "1", "c": "1"}


def test_a_manager_without_fields_is_forgotten(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1")).ok()
    stored = namespace.apply("configmaps", data(a="2"), manager="other", force="true").ok()
    assert set(entries(stored)) == {("other", "Apply")}


def test_apply_needs_a_manager(namespace: Namespace) -> None:
    address = namespace.path("configmaps", "settings")
    answer = namespace.client.request("PATCH", address, data(a="1"), content_type=PATCH["apply"])
    assert answer.causes() == [("fieldManager", "FieldValueRequired", "Required value: is required for apply patch")]


def test_applied_managed_fields_are_refused(namespace: Namespace) -> None:
    stored = namespace.apply("configmaps", data(a="1")).ok()
    status = namespace.apply("configmaps", stored).failure(400, "BadRequest")
    assert status["message"] == "metadata.managedFields must be nil"


def test_an_update_owns_what_it_changed(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1", b="1")).ok()
    patch = {"data": {"a": "2"}}
    stored = namespace.patch("configmaps", "settings", "merge", patch, fieldManager="editor").ok()
    assert owned(stored, "editor", "Update") == {"f:data": {"f:a": {}}}
    assert owned(stored, "contract") == {"f:data": {"f:b": {}}}


def test_an_update_without_a_manager_is_named_by_its_client(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    assert set(entries(stored)) == {("contract", "Update")}


def test_applying_over_an_update_conflicts_with_it(namespace: Namespace) -> None:
    namespace.post("configmaps", data(a="1"), fieldManager="editor").ok()
    status = namespace.apply("configmaps", data(a="2")).failure(409, "Conflict")
    (cause,) = status["details"]["causes"]
    assert cause["field"] == ".data.a"
    assert cause["message"].startswith('conflict with "editor" using v1')


def test_items_of_a_keyed_list_have_owners_of_their_own(namespace: Namespace) -> None:
    namespace.apply("statefulsets", manifests.statefulset(replicas=0)).ok()
    side: Object = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "web"},
        "spec": {"template": {"spec": {"containers": [{"name": "side", "image": "side:1"}]}}},
    }
    stored = namespace.apply("statefulsets", side, manager="injector").ok()
    names = [container["name"] for container in stored["spec"]["template"]["spec"]["containers"]]
    assert names == ["main", "side"]
    containers = owned(stored, "injector")["f:spec"]["f:template"]["f:spec"]["f:containers"]
    assert containers == {'k:{"name":"side"}': {".": {}, "f:image": {}, "f:name": {}}}


def test_defaults_have_no_owner(namespace: Namespace) -> None:
    stored = namespace.apply("statefulsets", manifests.statefulset(replicas=0)).ok()
    spec = owned(stored, "contract")["f:spec"]
    assert set(spec) == {"f:replicas", "f:selector", "f:serviceName", "f:template"}


def test_a_conflict_in_a_keyed_list_names_the_item(namespace: Namespace) -> None:
    namespace.apply("statefulsets", manifests.statefulset(replicas=0)).ok()
    other = manifests.statefulset(replicas=0, image="other:1")
    status = namespace.apply("statefulsets", other, manager="other").failure(409, "Conflict")
    fields = [cause["field"] for cause in status["details"]["causes"]]
    assert fields == ['.spec.template.spec.containers[name="main"].image']


def test_scaling_owns_the_replicas(namespace: Namespace) -> None:
    namespace.apply("statefulsets", manifests.statefulset(replicas=0)).ok()
    scale = {"spec": {"replicas": 1}}
    namespace.patch("statefulsets", "web", "merge", scale, "scale", fieldManager="scaler").ok()
    stored = namespace.read("statefulsets", "web")
    assert owned(stored, "scaler/scale", "Update") == {"f:spec": {"f:replicas": {}}}
    status = namespace.apply("statefulsets", manifests.statefulset(replicas=0)).failure(409, "Conflict")
    assert [cause["field"] for cause in status["details"]["causes"]] == [".spec.replicas"]


def test_leaving_the_replicas_out_keeps_what_the_scaler_set(namespace: Namespace) -> None:
    namespace.apply("statefulsets", manifests.statefulset(replicas=0)).ok()
    scale = {"spec": {"replicas": 1}}
    namespace.patch("statefulsets", "web", "merge", scale, "scale", fieldManager="scaler").ok()
    manifest = manifests.statefulset()
    del manifest["spec"]["replicas"]
    assert namespace.apply("statefulsets", manifest).ok()["spec"]["replicas"] == 1


def test_an_applied_atomic_map_has_one_owner(namespace: Namespace) -> None:
    stored = namespace.apply("statefulsets", manifests.statefulset(replicas=0)).ok()
    assert owned(stored, "contract")["f:spec"]["f:selector"] == {}


def test_an_unknown_applied_field_is_refused(namespace: Namespace) -> None:
    answer = namespace.apply("statefulsets", manifests.statefulset(paused=True))
    status = answer.failure(500)
    assert status["message"] == (
        "failed to create typed patch object (/web; apps/v1, Kind=StatefulSet): "
        ".spec.paused: field not declared in schema"
    )


def test_a_dry_run_apply_stores_nothing(namespace: Namespace) -> None:
    namespace.apply("configmaps", data(a="1")).ok()
    assert namespace.apply("configmaps", data(a="2"), dryRun="All").ok()["data"] == {"a": "2"}
    assert namespace.read("configmaps", "settings")["data"] == {"a": "1"}


def test_apply_with_a_uid_never_creates(namespace: Namespace) -> None:
    manifest = data(a="1")
    manifest["metadata"]["uid"] = "00000000-0000-0000-0000-000000000000"
    namespace.apply("configmaps", manifest).failure(409, "Conflict")


def test_apply_with_an_old_version_conflicts(namespace: Namespace) -> None:
    old = namespace.apply("configmaps", data(a="1")).ok()["metadata"]["resourceVersion"]
    namespace.apply("configmaps", data(a="2")).ok()
    manifest = data(a="3")
    manifest["metadata"]["resourceVersion"] = old
    namespace.apply("configmaps", manifest).failure(409, "Conflict")


@pytest.mark.parametrize("patch", [[{}], []], ids=["one empty entry", "an empty list"])
def test_emptied_managed_fields_are_forgotten(namespace: Namespace, patch: list[Any]) -> None:
    namespace.apply("configmaps", data(a="1")).ok()
    stored = namespace.patch("configmaps", "settings", "merge", {"metadata": {"managedFields": patch}}).ok()
    assert ("contract", "Apply") not in entries(stored) if "managedFields" in stored["metadata"] else True
