"""The cluster under test, an identity on it, and a namespace of the case's own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract import waiting
from tests.contract.client import Client, Namespace, path_of


@pytest.fixture(scope="session")
def client(kubeconfig: Path) -> Client:
    """The cluster's administrator."""
    return Client(kubeconfig)


@pytest.fixture(scope="session")
def new_namespace(client: Client, request: pytest.FixtureRequest) -> Iterator[Callable[[], Namespace]]:
    """Makes namespaces; they are removed, and waited for, when the session ends and the cluster goes on."""
    made: list[str] = []

    def make() -> Namespace:
        name = f"contract-{secrets.token_hex(4)}"
        client.request("POST", path_of("namespaces"), {"metadata": {"name": name}}).ok()
        made.append(name)
        # Pods are refused before the namespace's service account is there.
        waiting.until(
            lambda: client.request("GET", path_of("serviceaccounts", name, "default")).code == 200,
            what="service account",
        )
        return Namespace(client, name)

    yield make
    if request.config.getoption("--kubeconfig") is None:
        return  # the simulator ends with the session
    for name in made:
        client.request("DELETE", path_of("namespaces", name=name))
        release(Namespace(client, name))
    for name in made:
        waiting.until(
            lambda name=name: client.request("GET", path_of("namespaces", name=name)).code == 404,  # type: ignore[misc]
            seconds=100,
            what=f"without namespace {name}",
        )


def release(namespace: Namespace) -> None:
    """Take away the finalizers that a failed case left: they would keep the namespace for ever."""
    for plural in ("configmaps", "pods", "persistentvolumeclaims"):
        for item in namespace.items(plural):
            if item["metadata"].get("finalizers"):
                namespace.patch(plural, item["metadata"]["name"], "merge", {"metadata": {"finalizers": None}})


@pytest.fixture
def namespace(new_namespace: Callable[[], Namespace], client: Client) -> Iterator[Namespace]:
    """A namespace of the case's own."""
    made = new_namespace()
    yield made
    client.request("DELETE", path_of("namespaces", name=made.name))


@pytest.fixture
def identity(kubeconfig: Path, namespace: Namespace) -> Callable[[str], Namespace]:
    """The case's namespace seen by another user: viewer (ClusterRole view), editor (edit) or nobody (no rights).

    Clusters for tests have a kubeconfig for each beside the administrator's; elsewhere the user is impersonated.
    """

    def become(user: str) -> Namespace:
        role = {"viewer": "view", "editor": "edit"}.get(user)
        if role is not None:
            binding = {
                "metadata": {"name": user},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
                "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
            }
            namespace.post("rolebindings", binding).ok()
        own = kubeconfig.with_name(f"{user}.kubeconfig")
        other = Namespace(Client(own) if own.is_file() else Client(kubeconfig, user=user), namespace.name)
        if role is not None:
            # The authorizer hears of the binding a moment later.
            waiting.until(lambda: other.get("statefulsets").code == 200, what="right")
        return other

    return become
