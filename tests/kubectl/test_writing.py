"""What is left to write besides `sessions`: what is stored afterwards, and a List."""

from __future__ import annotations

import pytest

from tests.contract import manifests, sets
from tests.contract.client import Namespace
from tests.kubectl.runner import Kubectl

OLD, NEXT = manifests.IMAGE, manifests.NEXT_IMAGE


@pytest.fixture
def web(run: Kubectl, namespace: Namespace) -> Kubectl:
    """kubectl in a namespace with the set `web` of no pods, made by apply."""
    run("apply", "-f", "-", data=manifests.statefulset(replicas=0)).ok()
    sets.settle(namespace)
    return run


def image(namespace: Namespace) -> str:
    found: str = namespace.read("statefulsets", "web")["spec"]["template"]["spec"]["containers"][0]["image"]
    return found


def test_a_list_s_objects_are_applied_in_its_order(run: Kubectl) -> None:
    both = {"apiVersion": "v1", "kind": "List", "items": [manifests.service(), manifests.statefulset(replicas=0)]}
    assert run("apply", "-f", "-", data=both).ok().lines == ["service/web created", "statefulset.apps/web created"]


def test_apply_removes_what_only_the_last_apply_had(web: Kubectl, namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=0)
    manifest["metadata"]["labels"] = {"tier": "back"}
    web("apply", "-f", "-", data=manifest).ok()
    web("apply", "-f", "-", data=manifests.statefulset(replicas=0)).ok()
    assert "labels" not in namespace.read("statefulsets", "web")["metadata"]


def test_a_set_is_created(run: Kubectl) -> None:
    assert run("create", "-f", "-", data=manifests.statefulset(replicas=0)).ok().out == "statefulset.apps/web created\n"


def test_what_an_editor_leaves_is_stored(web: Kubectl, namespace: Namespace) -> None:
    output = web("edit", "sts", "web", KUBE_EDITOR=f"sed -i s#{OLD}#{NEXT}#")
    assert output.ok().out == "statefulset.apps/web edited\n"
    assert image(namespace) == NEXT


def test_rollout_status_waits_until_the_pods_are_ready(run: Kubectl, namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=2)).ok()
    lines = run("rollout", "status", "sts/web").ok().lines
    assert lines[-1] == "partitioned roll out complete: 2 new pods have been updated..."
    assert len(lines) > 1


def test_a_restart_annotates_the_template_and_nothing_else(web: Kubectl, namespace: Namespace) -> None:
    assert web("rollout", "restart", "sts/web").ok().out == "statefulset.apps/web restarted\n"
    annotations = namespace.read("statefulsets", "web")["spec"]["template"]["metadata"]["annotations"]
    assert set(annotations) == {"kubectl.kubernetes.io/restartedAt"}
