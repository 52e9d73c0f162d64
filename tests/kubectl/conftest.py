"""kubectl on the cluster under test, with a namespace of the case's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace
from tests.contract.fixtures import client, namespace, new_namespace
from tests.kubectl.runner import Kubectl

__all__ = ["client", "namespace", "new_namespace"]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """kubectl's cache of what the server can do: not the user's, which would remember other clusters' ports."""
    return tmp_path_factory.mktemp("kubectl")


@pytest.fixture
def run(kubectl: str, kubeconfig: Path, namespace: Namespace, cache: Path) -> Kubectl:
    """kubectl in a new namespace."""
    return Kubectl(kubectl, kubeconfig, namespace.name, cache)


@pytest.fixture(scope="session")
def settled(kubectl: str, kubeconfig: Path, new_namespace: Callable[[], Namespace], cache: Path) -> Kubectl:
    """kubectl in a namespace that cases only read: `web`, two ready pods that have logged something."""
    room = new_namespace()
    sets.create(room, manifests.statefulset(replicas=2))
    waiting.until(lambda: all(len(_log(room, pod)) > 1 for pod in ("web-0", "web-1")), what="logs of some lines")
    return Kubectl(kubectl, kubeconfig, room.name, cache)


def _log(room: Namespace, pod: str) -> list[str]:
    return str(room.get("pods", pod, "log", accept="*/*").body).splitlines()
