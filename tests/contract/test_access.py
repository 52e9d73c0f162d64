"""Who may do what, and how a refusal reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract import manifests
from tests.contract.client import Client, Namespace, Object, path_of

Become = Callable[[str], Namespace]


def may(namespace: Namespace, verb: str, resource: str = "statefulsets", **attributes: str) -> bool:
    """Ask the server."""
    asked = {"verb": verb, "group": "apps", "resource": resource, "namespace": namespace.name, **attributes}
    review: Object = {"spec": {"resourceAttributes": asked}}
    answer = namespace.client.request("POST", path_of("selfsubjectaccessreviews"), review)
    allowed: bool = answer.ok()["status"]["allowed"]
    return allowed


def test_an_unknown_token_is_unauthorized(kubeconfig: Path) -> None:
    stranger = Client(kubeconfig, token="no-such-token")
    status = stranger.request("GET", path_of("namespaces")).failure(401, "Unauthorized")
    assert status["message"] == "Unauthorized"


def test_who_may_nothing_is_told_what_was_refused(identity: Become) -> None:
    nobody = identity("nobody")
    status = nobody.get("statefulsets").failure(403, "Forbidden")
    assert status["message"] == (
        'statefulsets.apps is forbidden: User "nobody" cannot list resource "statefulsets" in API group "apps" '
        f'in the namespace "{nobody.name}"'
    )
    assert status["details"] == {"group": "apps", "kind": "statefulsets"}


def test_a_refusal_of_one_object_names_it(identity: Become) -> None:
    nobody = identity("nobody")
    status = nobody.get("pods", "web-0").failure(403, "Forbidden")
    assert status["message"] == (
        'pods "web-0" is forbidden: User "nobody" cannot get resource "pods" in API group "" '
        f'in the namespace "{nobody.name}"'
    )
    assert status["details"] == {"name": "web-0", "kind": "pods"}


def test_a_refusal_of_all_namespaces_says_so(identity: Become) -> None:
    nobody = identity("nobody")
    status = nobody.client.request("GET", "/apis/apps/v1/statefulsets").failure(403, "Forbidden")
    assert status["message"].endswith('cannot list resource "statefulsets" in API group "apps" at the cluster scope')


def test_a_refusal_of_a_subresource_names_it(identity: Become) -> None:
    nobody = identity("nobody")
    status = nobody.patch("statefulsets", "web", "merge", {}, "scale").failure(403, "Forbidden")
    assert 'cannot patch resource "statefulsets/scale" in API group "apps"' in status["message"]


def test_a_viewer_reads_and_writes_not(namespace: Namespace, identity: Become) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    viewer = identity("viewer")
    assert viewer.names("statefulsets") == ["web"]
    viewer.patch("statefulsets", "web", "merge", {"spec": {"replicas": 1}}).failure(403, "Forbidden")
    viewer.delete("statefulsets", "web").failure(403, "Forbidden")


def test_a_viewer_reads_no_secrets(identity: Become) -> None:
    viewer = identity("viewer")
    status = viewer.get("secrets").failure(403, "Forbidden")
    assert 'User "viewer" cannot list resource "secrets"' in status["message"]


def test_an_editor_writes(identity: Become) -> None:
    editor = identity("editor")
    editor.post("statefulsets", manifests.statefulset(replicas=0)).ok()
    editor.patch("statefulsets", "web", "merge", {"spec": {"replicas": 0}}).ok()
    editor.delete("statefulsets", "web").ok()


def test_an_editor_gives_no_rights(identity: Become) -> None:
    editor = identity("editor")
    editor.get("rolebindings").failure(403, "Forbidden")


@pytest.mark.parametrize(
    ("user", "verbs"),
    [
        ("viewer", ["get", "list", "watch"]),
        ("editor", ["get", "list", "watch", "create", "patch", "delete"]),
        ("nobody", []),
    ],
)
def test_one_can_ask_what_one_may(identity: Become, user: str, verbs: list[str]) -> None:
    other = identity(user)
    asked = ["get", "list", "watch", "create", "patch", "delete"]
    assert [verb for verb in asked if may(other, verb)] == verbs


def test_asking_knows_subresources_and_wildcards(namespace: Namespace, identity: Become) -> None:
    viewer = identity("viewer")
    assert may(viewer, "get", subresource="scale")
    assert not may(viewer, "patch", subresource="scale")
    assert may(namespace, "*", "*", group="*")


def test_a_question_about_a_path_is_answered(namespace: Namespace, identity: Become) -> None:
    nobody = identity("nobody")
    review = {"spec": {"nonResourceAttributes": {"verb": "get", "path": "/version"}}}
    answers = [
        each.client.request("POST", path_of("selfsubjectaccessreviews"), review).ok()["status"]["allowed"]
        for each in (namespace, nobody)
    ]
    assert answers == [True, True]


def test_one_can_ask_who_one_is(identity: Become) -> None:
    review = identity("viewer").client.request("POST", path_of("selfsubjectreviews"), {}).ok()
    info = review["status"]["userInfo"]
    assert info["username"] == "viewer"
    assert "system:authenticated" in info["groups"]


def test_one_can_ask_for_all_ones_rights(identity: Become) -> None:
    viewer = identity("viewer")
    review = {"spec": {"namespace": viewer.name}}
    status = viewer.client.request("POST", path_of("selfsubjectrulesreviews"), review).ok()["status"]
    verbs = {verb for rule in status["resourceRules"] if "statefulsets" in rule["resources"] for verb in rule["verbs"]}
    assert verbs == {"get", "list", "watch"}
