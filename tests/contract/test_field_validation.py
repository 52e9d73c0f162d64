"""Unknown and repeated fields, and dry runs."""

from __future__ import annotations

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace

REPEATED = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"a":"1","a":"2"}}'


def test_strict_refuses_an_unknown_field(namespace: Namespace) -> None:
    answer = namespace.post("statefulsets", manifests.statefulset(paused=True), fieldValidation="Strict")
    status = answer.failure(400, "BadRequest")
    assert status["message"] == (
        'StatefulSet in version "v1" cannot be handled as a StatefulSet: '
        'strict decoding error: unknown field "spec.paused"'
    )


def test_strict_names_every_unknown_field_in_the_bodys_order(namespace: Namespace) -> None:
    manifest = manifests.statefulset(paused=True)
    manifest["spec"]["template"]["spec"]["containers"][0]["imagePolicy"] = "Always"
    status = namespace.post("statefulsets", manifest, fieldValidation="Strict").failure(400, "BadRequest")
    assert status["message"].endswith(
        'unknown field "spec.template.spec.containers[0].imagePolicy", unknown field "spec.paused"'
    )


def test_warn_stores_without_the_field_and_says_so(namespace: Namespace) -> None:
    answer = namespace.post("statefulsets", manifests.statefulset(replicas=0, paused=True), fieldValidation="Warn")
    assert "paused" not in answer.ok()["spec"]
    assert answer.warnings == ['unknown field "spec.paused"']


def test_warn_is_the_default(namespace: Namespace) -> None:
    answer = namespace.post("statefulsets", manifests.statefulset(replicas=0, paused=True))
    assert answer.warnings == ['unknown field "spec.paused"']


def test_ignore_is_silent(namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=0, paused=True)
    answer = namespace.post("statefulsets", manifest, fieldValidation="Ignore")
    assert "paused" not in answer.ok()["spec"]
    assert answer.warnings == []


def test_a_repeated_field_is_told(namespace: Namespace) -> None:
    answer = namespace.post("configmaps", REPEATED)
    assert answer.ok()["data"] == {"a": "2"}
    assert answer.warnings == ['duplicate field "data.a"']


def test_strict_refuses_a_repeated_field(namespace: Namespace) -> None:
    status = namespace.post("configmaps", REPEATED, fieldValidation="Strict").failure(400, "BadRequest")
    assert status["message"].endswith('strict decoding error: duplicate field "data.a"')


def test_an_unknown_validation_is_refused(namespace: Namespace) -> None:
    answer = namespace.post("configmaps", manifests.configmap(), fieldValidation="Perhaps")
    assert answer.causes() == [
        (
            "fieldValidation",
            "FieldValueNotSupported",
            'Unsupported value: "Perhaps": supported values: "", "Ignore", "Strict", "Warn"',
        )
    ]


def test_strict_looks_at_patches_as_well(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    patch = {"spec": {"paused": True}}
    answer = namespace.patch("statefulsets", "web", "merge", patch, fieldValidation="Strict")
    assert answer.causes()[0][2].endswith('strict decoding error: unknown field "spec.paused"')


def test_a_changed_template_is_warned_of(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    env = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "app", "env": env}]}}}}
    answer = namespace.patch("statefulsets", "web", "merge", patch)
    answer.ok()
    path = "spec.template.spec.containers[0].env[1]"
    assert answer.warnings == [f'{path}: hides previous definition of "A", which may be dropped when using apply']
    assert namespace.patch("statefulsets", "web", "merge", {"metadata": {"labels": {"a": "b"}}}).warnings == []


def test_a_dry_run_creates_nothing(namespace: Namespace) -> None:
    answer = namespace.post("statefulsets", manifests.statefulset(), dryRun="All")
    assert answer.code == 201
    assert answer.ok()["metadata"]["uid"]
    namespace.get("statefulsets", "web").failure(404)


def test_a_dry_run_validates(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=-1), dryRun="All").failure(422, "Invalid")


def test_a_dry_run_of_a_taken_name_conflicts(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.post("configmaps", manifests.configmap(), dryRun="All").failure(409, "AlreadyExists")


@pytest.mark.parametrize("verb", ["put", "patch"])
def test_a_dry_run_updates_nothing(namespace: Namespace, verb: str) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    changed = manifests.configmap(key="new")
    if verb == "put":
        answer = namespace.put("configmaps", changed, dryRun="All")
    else:
        answer = namespace.patch("configmaps", "settings", "merge", changed, dryRun="All")
    assert answer.ok()["data"] == {"key": "new"}
    assert namespace.read("configmaps", "settings")["data"] == {"key": "value"}


def test_a_dry_run_deletes_nothing(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.delete("configmaps", "settings", dryRun="All").ok()
    assert namespace.exists("configmaps", "settings")


def test_another_dry_run_is_refused(namespace: Namespace) -> None:
    answer = namespace.post("configmaps", manifests.configmap(), dryRun="Some")
    message = 'Unsupported value: ["Some"]: supported values: "All"'
    assert answer.causes() == [("dryRun", "FieldValueNotSupported", message)]
