"""JSON patch, merge patch and strategic merge patch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace, Object


@pytest.fixture
def web(namespace: Namespace) -> Namespace:
    """A namespace with a StatefulSet `web` of no pods: two containers, ports and variables."""
    manifest = manifests.statefulset(replicas=0)
    manifest["spec"]["template"]["spec"]["containers"] = [
        {
            "name": "main",
            "image": "main:1",
            "args": ["a", "b"],
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            "ports": [{"containerPort": 80, "name": "http"}],
        },
        {"name": "side", "image": "side:1"},
    ]
    namespace.post("statefulsets", manifest).ok()
    return namespace


def containers(stored: Object) -> list[Object]:
    found: list[Object] = stored["spec"]["template"]["spec"]["containers"]
    return found


def strategic(web: Namespace, pod_spec: Object) -> list[Object]:
    """The containers after a strategic merge of the pod template's spec."""
    return containers(web.patch("statefulsets", "web", "strategic", {"spec": {"template": {"spec": pod_spec}}}).ok())


def test_json_patch_adds_replaces_and_removes(web: Namespace) -> None:
    operations = [
        {"op": "add", "path": "/metadata/labels", "value": {"tier": "back"}},
        {"op": "replace", "path": "/spec/template/spec/containers/1/image", "value": "side:2"},
        {"op": "remove", "path": "/spec/template/spec/containers/0/env/0"},
    ]
    stored = web.patch("statefulsets", "web", "json", operations).ok()
    assert stored["metadata"]["labels"] == {"tier": "back"}
    assert containers(stored)[1]["image"] == "side:2"
    assert containers(stored)[0]["env"] == [{"name": "B", "value": "2"}]


def test_json_patch_escapes_a_slash_in_a_key(web: Namespace) -> None:
    operations: list[Object] = [
        {"op": "add", "path": "/metadata/annotations", "value": {}},
        {"op": "add", "path": "/metadata/annotations/example.com~1owner", "value": "me"},
    ]
    stored = web.patch("statefulsets", "web", "json", operations).ok()
    assert stored["metadata"]["annotations"] == {"example.com/owner": "me"}


def test_json_patch_moves_and_copies(web: Namespace) -> None:
    operations = [
        {"op": "copy", "from": "/metadata/name", "path": "/spec/template/metadata/labels/copied"},
        {
            "op": "move",
            "from": "/spec/template/spec/containers/0/args/0",
            "path": "/spec/template/spec/containers/0/args/1",
        },
    ]
    stored = web.patch("statefulsets", "web", "json", operations).ok()
    assert stored["spec"]["template"]["metadata"]["labels"] == {"app": "web", "copied": "web"}
    assert containers(stored)[0]["args"] == ["b", "a"]


def test_a_failing_json_patch_test_changes_nothing(web: Namespace) -> None:
    operations = [
        {"op": "replace", "path": "/spec/replicas", "value": 3},
        {"op": "test", "path": "/metadata/name", "value": "other"},
    ]
    status = web.patch("statefulsets", "web", "json", operations).failure(422, "Invalid")
    assert status["message"] == "the server rejected our request due to an error in our request"
    assert web.read("statefulsets", "web")["spec"]["replicas"] == 0


def test_json_patch_of_a_missing_path_is_invalid(web: Namespace) -> None:
    operations = [{"op": "remove", "path": "/spec/paused"}]
    status = web.patch("statefulsets", "web", "json", operations).failure(422, "Invalid")
    assert "the server rejected our request due to an error in our request" in status["message"]


def test_merge_patch_sets_and_null_removes(web: Namespace) -> None:
    web.patch("statefulsets", "web", "merge", {"metadata": {"labels": {"a": "1", "b": "2"}}}).ok()
    stored = web.patch("statefulsets", "web", "merge", {"metadata": {"labels": {"a": None, "c": "3"}}}).ok()
    assert stored["metadata"]["labels"] == {"b": "2", "c": "3"}


def test_merge_patch_replaces_a_list(web: Namespace) -> None:
    only = [{"name": "only", "image": "only:1"}]
    stored = web.patch("statefulsets", "web", "merge", {"spec": {"template": {"spec": {"containers": only}}}}).ok()
    assert [container["name"] for container in containers(stored)] == ["only"]


def test_null_brings_a_default_back(web: Namespace) -> None:
    web.patch("statefulsets", "web", "merge", {"spec": {"revisionHistoryLimit": 3}}).ok()
    stored = web.patch("statefulsets", "web", "merge", {"spec": {"revisionHistoryLimit": None}}).ok()
    assert stored["spec"]["revisionHistoryLimit"] == 10


def test_strategic_merge_finds_a_container_by_its_name(web: Namespace) -> None:
    main, side = strategic(web, {"containers": [{"name": "side", "image": "side:2"}]})
    assert (main["image"], side["image"]) == ("main:1", "side:2")


def test_strategic_merge_puts_a_new_container_first(web: Namespace) -> None:
    merged = strategic(web, {"containers": [{"name": "new", "image": "new:1"}]})
    assert [container["name"] for container in merged] == ["new", "main", "side"]


def test_strategic_merge_merges_variables_by_name(web: Namespace) -> None:
    env = [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}]
    main, _ = strategic(web, {"containers": [{"name": "main", "env": env}]})
    assert {item["name"]: item["value"] for item in main["env"]} == {"A": "1", "B": "3", "C": "4"}


def test_strategic_merge_merges_ports_by_number(web: Namespace) -> None:
    ports = [{"containerPort": 80, "name": "web"}, {"containerPort": 81}]
    main, _ = strategic(web, {"containers": [{"name": "main", "ports": ports}]})
    named = {port["containerPort"]: port.get("name") for port in main["ports"]}
    assert named == {80: "web", 81: None}


def test_strategic_merge_replaces_a_list_without_a_key(web: Namespace) -> None:
    main, _ = strategic(web, {"containers": [{"name": "main", "args": ["c"]}]})
    assert main["args"] == ["c"]


def test_strategic_merge_deletes_an_item(web: Namespace) -> None:
    merged = strategic(web, {"containers": [{"name": "side", "$patch": "delete"}]})
    assert [container["name"] for container in merged] == ["main"]


def test_strategic_merge_replaces_a_list_when_told(web: Namespace) -> None:
    merged = strategic(web, {"containers": [{"$patch": "replace"}, {"name": "only", "image": "only:1"}]})
    assert [container["name"] for container in merged] == ["only"]


def test_strategic_merge_orders_a_list_when_told(web: Namespace) -> None:
    order = [{"name": "side"}, {"name": "new"}, {"name": "main"}]
    merged = strategic(web, {"$setElementOrder/containers": order, "containers": [{"name": "new", "image": "new:1"}]})
    assert [container["name"] for container in merged] == ["side", "new", "main"]


def test_strategic_merge_removes_from_a_plain_list(web: Namespace) -> None:
    finalizers: Any = {"metadata": {"finalizers": ["example.com/a", "example.com/b"]}}
    web.patch("statefulsets", "web", "strategic", finalizers).ok()
    directive = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/a"]}}
    stored = web.patch("statefulsets", "web", "strategic", directive).ok()
    assert stored["metadata"]["finalizers"] == ["example.com/b"]
    web.patch("statefulsets", "web", "merge", {"metadata": {"finalizers": None}}).ok()


def test_strategic_merge_retains_the_named_keys_alone(web: Namespace) -> None:
    strategy = {"$retainKeys": ["type"], "type": "OnDelete"}
    stored = web.patch("statefulsets", "web", "strategic", {"spec": {"updateStrategy": strategy}}).ok()
    assert stored["spec"]["updateStrategy"] == {"type": "OnDelete"}


def test_strategic_merge_replaces_a_template_when_told(web: Namespace) -> None:
    template = {
        "$patch": "replace",
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "only", "image": "only:1"}]},
    }
    stored = web.patch("statefulsets", "web", "strategic", {"spec": {"template": template}}).ok()
    assert [container["name"] for container in containers(stored)] == ["only"]


def test_a_patch_of_a_missing_object_is_not_found(namespace: Namespace) -> None:
    namespace.patch("statefulsets", "web", "merge", {}).failure(404, "NotFound")


def test_a_patch_with_an_old_version_conflicts(web: Namespace) -> None:
    old = web.read("statefulsets", "web")["metadata"]["resourceVersion"]
    web.patch("statefulsets", "web", "merge", {"metadata": {"labels": {"a": "1"}}}).ok()
    patch = {"metadata": {"resourceVersion": old, "labels": {"a": "2"}}}
    web.patch("statefulsets", "web", "merge", patch).failure(409, "Conflict")


def test_a_patch_cannot_change_the_name(web: Namespace) -> None:
    status = web.patch("statefulsets", "web", "merge", {"metadata": {"name": "other"}}).failure(400, "BadRequest")
    assert status["message"] == "the name of the object (other) does not match the name on the URL (web)"


def test_a_patch_of_an_unknown_type_is_refused(web: Namespace) -> None:
    address = web.path("statefulsets", "web")
    answer = web.client.request("PATCH", address, {}, content_type="application/json")
    status = answer.failure(415, "UnsupportedMediaType")
    assert status["message"] == "415: Unsupported Media Type"


def test_a_patch_that_makes_a_wrong_type_is_refused(web: Namespace) -> None:
    answer = web.patch("statefulsets", "web", "merge", {"spec": {"replicas": "three"}})
    ((field, reason, message),) = answer.causes()
    assert (field, reason) == ("patch", "FieldValueInvalid")
    assert message.startswith('Invalid value: "{')
    assert message.endswith(
        '}": json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32'
    )
