"""Bindings of roles: what the server refuses, and in which order it says so."""

from __future__ import annotations

from tests.contract.client import Namespace, Object

GROUP = "rbac.authorization.k8s.io"


def binding(**role: str) -> Object:
    """A binding that gives a role to nobody yet."""
    return {"metadata": {"name": "readers"}, "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": "read", **role}}


def test_a_new_binding_tells_of_names_last(namespace: Namespace) -> None:
    body = binding(name="") | {"subjects": [{"kind": "Robot", "name": ""}]}
    assert [field for field, _, _ in namespace.post("rolebindings", body).causes()] == [
        "subjects[0].kind",
        "subjects[0].name",
        "roleRef.name",
    ]


def test_a_changed_binding_tells_of_its_role_before_its_subjects_names(namespace: Namespace) -> None:
    namespace.post("rolebindings", binding()).ok()
    body = binding(name="") | {"subjects": [{"kind": "Robot", "name": ""}]}
    assert [field for field, _, _ in namespace.put("rolebindings", body).causes()] == [
        "roleRef.name",
        "subjects[0].kind",
        "roleRef",
        "subjects[0].name",
    ]


def test_a_changed_binding_tells_of_labels_first(namespace: Namespace) -> None:
    namespace.post("rolebindings", binding()).ok()
    body = binding() | {"subjects": [{"kind": "Robot", "name": "r2"}]}
    body["metadata"]["labels"] = {"a": "b c"}
    assert [field for field, _, _ in namespace.put("rolebindings", body).causes()] == [
        "metadata.labels",
        "subjects[0].kind",
    ]
