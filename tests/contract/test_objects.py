"""Create, read, update, delete, and how each is refused."""

from __future__ import annotations

import re

from tests.contract import manifests
from tests.contract.client import Namespace, path_of


def test_a_created_object_gets_its_identity(namespace: Namespace) -> None:
    answer = namespace.post("statefulsets", manifests.statefulset(replicas=0))
    metadata = answer.ok()["metadata"]
    assert answer.code == 201
    assert metadata["namespace"] == namespace.name
    assert metadata["generation"] == 1
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", metadata["uid"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", metadata["creationTimestamp"])
    assert int(metadata["resourceVersion"]) > 0


def test_a_missing_object_is_not_found(namespace: Namespace) -> None:
    status = namespace.get("statefulsets", "web").failure(404, "NotFound")
    assert status["message"] == 'statefulsets.apps "web" not found'
    assert status["details"] == {"name": "web", "group": "apps", "kind": "statefulsets"}


def test_a_missing_object_of_the_core_group_is_named_without_group(namespace: Namespace) -> None:
    status = namespace.get("configmaps", "settings").failure(404, "NotFound")
    assert status["message"] == 'configmaps "settings" not found'
    assert status["details"] == {"name": "settings", "kind": "configmaps"}


def test_creating_a_taken_name_conflicts(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    status = namespace.post("configmaps", manifests.configmap()).failure(409, "AlreadyExists")
    assert status["message"] == 'configmaps "settings" already exists'


def test_creating_in_a_missing_namespace_is_not_found(namespace: Namespace) -> None:
    missing = Namespace(namespace.client, "no-such-namespace")
    status = missing.post("configmaps", manifests.configmap()).failure(404, "NotFound")
    assert status["message"] == 'namespaces "no-such-namespace" not found'


def test_generate_name_appends_five_characters(namespace: Namespace) -> None:
    manifest = manifests.configmap()
    manifest["metadata"] = {"generateName": "settings-"}
    name = namespace.post("configmaps", manifest).ok()["metadata"]["name"]
    assert re.fullmatch(r"settings-[bcdfghjklmnpqrstvwxz2456789]{5}", name)


def test_an_object_without_any_name_is_invalid(namespace: Namespace) -> None:
    manifest = manifests.configmap()
    manifest["metadata"] = {}
    causes = namespace.post("configmaps", manifest).causes()
    assert causes == [("metadata.name", "FieldValueRequired", "Required value: name or generateName is required")]


def test_another_namespace_in_the_body_is_refused(namespace: Namespace) -> None:
    manifest = manifests.configmap()
    manifest["metadata"]["namespace"] = "elsewhere"
    status = namespace.post("configmaps", manifest).failure(400, "BadRequest")
    assert status["message"] == "the namespace of the provided object does not match the namespace sent on the request"


def test_another_name_in_the_body_is_refused(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    stored["metadata"]["name"] = "other"
    status = namespace.put("configmaps", stored, name="settings").failure(400, "BadRequest")
    assert status["message"] == "the name of the object (other) does not match the name on the URL (settings)"


def test_a_resource_version_on_create_is_refused(namespace: Namespace) -> None:
    manifest = manifests.configmap()
    manifest["metadata"]["resourceVersion"] = "1"
    status = namespace.post("configmaps", manifest).failure(500)
    assert status["message"] == "resourceVersion should not be set on objects to be created"


def test_another_kind_in_the_body_is_refused(namespace: Namespace) -> None:
    status = namespace.post("configmaps", manifests.pod()).failure(400, "BadRequest")
    assert status["message"] == (
        'Pod in version "v1" cannot be handled as a ConfigMap: '
        "converting (v1.Pod) to (core.ConfigMap): unknown conversion"
    )


def test_an_update_with_an_old_version_conflicts(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    namespace.put("configmaps", {**stored, "data": {"key": "new"}}).ok()
    status = namespace.put("configmaps", {**stored, "data": {"key": "newer"}}).failure(409, "Conflict")
    assert status["message"] == (
        'Operation cannot be fulfilled on configmaps "settings": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )
    assert status["details"] == {"name": "settings", "kind": "configmaps"}


def test_an_update_without_a_version_is_unconditional(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    assert namespace.put("configmaps", manifests.configmap(key="new")).ok()["data"] == {"key": "new"}


def test_an_update_of_a_missing_object_is_not_found(namespace: Namespace) -> None:
    status = namespace.put("configmaps", manifests.configmap()).failure(404, "NotFound")
    assert status["message"] == 'configmaps "settings" not found'


def test_an_update_that_changes_nothing_keeps_the_version(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    again = namespace.put("configmaps", stored).ok()
    assert again["metadata"]["resourceVersion"] == stored["metadata"]["resourceVersion"]


def test_an_update_cannot_change_what_identifies_an_object(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    stored["metadata"]["uid"] = "00000000-0000-0000-0000-000000000000"
    status = namespace.put("configmaps", stored).failure(409, "Conflict")
    assert "Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000" in status["message"]


def test_generation_counts_changes_of_the_spec_alone(namespace: Namespace) -> None:
    stored = namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    labels = {"metadata": {"labels": {"tier": "back"}}}
    labelled = namespace.patch("statefulsets", "web", "merge", labels).ok()
    changed = namespace.patch("statefulsets", "web", "merge", {"spec": {"minReadySeconds": 5}}).ok()
    generations = [item["metadata"]["generation"] for item in (stored, labelled, changed)]
    assert generations == [1, 1, 2]


def test_a_status_sent_on_create_is_dropped(namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=0) | {"status": {"replicas": 9, "readyReplicas": 9}}
    status = namespace.post("statefulsets", manifest).ok()["status"]
    assert status["replicas"] == 0
    assert "readyReplicas" not in status


def test_a_label_that_is_no_label_is_invalid(namespace: Namespace) -> None:
    answer = namespace.post("configmaps", manifests.configmap(labels={"app": "not a label"}))
    ((field, reason, message),) = answer.causes()
    assert (field, reason) == ("metadata.labels", "FieldValueInvalid")
    assert message == (
        'Invalid value: "not a label": a valid label must be an empty string or consist of alphanumeric characters, '
        "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
        "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    )


def test_deleting_answers_with_what_was_deleted(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    status = namespace.delete("configmaps", "settings").ok()
    assert (status["kind"], status["status"]) == ("Status", "Success")
    assert status["details"] == {"name": "settings", "kind": "configmaps", "uid": stored["metadata"]["uid"]}


def test_deleting_a_missing_object_is_not_found(namespace: Namespace) -> None:
    namespace.delete("configmaps", "settings").failure(404, "NotFound")


def test_deleting_a_collection_honours_the_selector(namespace: Namespace) -> None:
    for name in ("a", "b", "c"):
        namespace.post("configmaps", manifests.configmap(name, {"group": "ab" if name in "ab" else "c"})).ok()
    deleted = namespace.delete("configmaps", labelSelector="group=ab").ok()
    assert deleted["kind"] == "ConfigMapList"
    assert [name for name in namespace.names("configmaps") if len(name) == 1] == ["c"]


def test_a_body_that_is_no_json_is_refused(namespace: Namespace) -> None:
    status = namespace.post("configmaps", "{not json").failure(400, "BadRequest")
    assert "json" in status["message"]


def test_a_yaml_body_is_read(namespace: Namespace) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: value}\n"
    stored = namespace.post("configmaps", text, content_type="application/yaml").ok()
    assert stored["data"] == {"key": "value"}


def test_an_unknown_media_type_of_a_body_is_refused(namespace: Namespace) -> None:
    status = namespace.post("configmaps", "<a/>", content_type="text/xml").failure(415, "UnsupportedMediaType")
    assert status["message"].startswith(
        "the body of the request was in an unknown format - accepted media types include: "
    )


def test_an_unknown_media_type_of_an_answer_is_refused(namespace: Namespace) -> None:
    status = namespace.get("configmaps", accept="text/xml").failure(406, "NotAcceptable")
    assert status["message"].startswith("406: Not Acceptable\n\nAvailable representations: application/json, ")


def test_a_resource_that_does_not_exist_is_not_found(namespace: Namespace) -> None:
    answer = namespace.client.request("GET", f"/apis/apps/v1/namespaces/{namespace.name}/petsets")
    assert answer.code == 404
    assert answer.body == "404 page not found\n" or answer.body["reason"] == "NotFound"


def test_creating_at_an_objects_address_is_not_allowed(namespace: Namespace) -> None:
    address = namespace.path("configmaps", "settings")
    answer = namespace.client.request("POST", address, manifests.configmap())
    status = answer.failure(405, "MethodNotAllowed")
    assert status["message"] == "the server does not allow this method on the requested resource"


def test_a_namespace_is_active_and_labelled_with_its_name(namespace: Namespace) -> None:
    stored = namespace.client.request("GET", path_of("namespaces", name=namespace.name)).ok()
    assert stored["status"]["phase"] == "Active"
    assert stored["metadata"]["labels"]["kubernetes.io/metadata.name"] == namespace.name
    assert stored["spec"]["finalizers"] == ["kubernetes"]


def test_a_namespace_starts_with_an_account_and_the_authority(namespace: Namespace) -> None:
    assert namespace.read("serviceaccounts", "default")["metadata"]["name"] == "default"
