"""Who may do what, and how that is said."""

from __future__ import annotations

from typing import Any

import pytest

SETS = "/apis/apps/v1/namespaces/default/statefulsets"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def test_an_unknown_token_is_a_401(site: Any) -> None:
    answer = site.ask("GET", SETS, user="expired")
    assert (answer.status, answer.json["message"]) == (401, "Unauthorized")


def test_nobody_without_a_token_sees_more_than_health_and_version(site: Any) -> None:
    bare = site.pool.request("GET", site.address + SETS)
    assert bare.status == 403
    assert site.pool.request("GET", f"{site.address}/readyz").data == b"ok"


def test_a_secret_path_stands_for_its_users_token(site: Any) -> None:
    token = site.server.identities.tokens["viewer"]
    assert site.pool.request("GET", f"{site.address}/{token}{SETS}").status == 200
    assert site.pool.request("DELETE", f"{site.address}/{token}{SETS}/x").status == 403


@pytest.mark.parametrize(
    ("user", "method", "path", "code"),
    [
        ("viewer", "GET", SETS, 200),
        ("viewer", "GET", "/api/v1/namespaces/default/secrets", 403),
        ("viewer", "DELETE", f"{SETS}/x", 403),
        ("editor", "DELETE", f"{SETS}/x", 404),
        ("editor", "GET", "/apis/apps/v1/namespaces/kube-system/statefulsets", 403),
        ("editor", "GET", "/apis/apps/v1/statefulsets", 403),
        ("nobody", "GET", SETS, 403),
        ("nobody", "GET", "/apis", 200),
        ("admin", "GET", "/api/v1/nodes", 200),
    ],
)
def test_roles_say_who_may_do_what(site: Any, user: str, method: str, path: str, code: int) -> None:
    assert site.ask(method, path, user=user).status == code


def test_a_refusal_says_who_cannot_do_what_where(site: Any) -> None:
    answer = site.ask("DELETE", f"{SETS}/db", user="viewer").json
    assert answer["message"] == (
        'statefulsets.apps "db" is forbidden: User "viewer" cannot delete resource "statefulsets" in API group "apps" '
        'in the namespace "default"'
    )
    assert answer["details"] == {"name": "db", "group": "apps", "kind": "statefulsets"}


def test_a_role_that_is_granted_takes_effect_at_once(site: Any) -> None:
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "more"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "nobody"}],
    }
    site.ask("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", binding)
    assert site.ask("GET", SETS, user="nobody").status == 200


@pytest.mark.parametrize(("user", "allowed"), [("admin", True), ("editor", True), ("viewer", False)])
def test_a_review_answers_without_doing(site: Any, user: str, allowed: bool) -> None:
    attributes = {"verb": "create", "group": "apps", "resource": "statefulsets", "namespace": "default"}
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    answer = site.ask("POST", REVIEWS, body, user=user)
    assert (answer.status, answer.json["status"]["allowed"]) == (201, allowed)


def test_a_user_can_ask_who_they_are(site: Any) -> None:
    answer = site.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, user="viewer").json
    assert answer["status"]["userInfo"]["groups"] == ["viewers", "system:authenticated"]


def test_an_admin_can_act_as_somebody_else(site: Any) -> None:
    assert site.ask("GET", SETS, Impersonate_User="somebody").status == 403
    assert site.ask("GET", SETS, Impersonate_User="somebody", Impersonate_Group="viewers").status == 200
    assert site.ask("GET", SETS, user="viewer", Impersonate_User="admin").status == 403


def test_a_review_of_the_wrong_shape_is_refused(site: Any) -> None:
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": "all"}
    assert site.ask("POST", REVIEWS, body).status == 400
