"""Preconditions, finalizers, and what happens to what an object owns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract import manifests, waiting
from tests.contract.client import Namespace, path_of

HOLD = {"metadata": {"finalizers": ["example.com/hold"]}}
RELEASE = {"metadata": {"finalizers": None}}


def with_pod(namespace: Namespace) -> None:
    """A StatefulSet with its pod there."""
    namespace.post("statefulsets", manifests.statefulset()).ok()
    waiting.until(lambda: namespace.exists("pods", "web-0"), what="pod")


def test_another_uid_as_precondition_conflicts(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    options = {"preconditions": {"uid": "other"}}
    status = namespace.delete("configmaps", "settings", options).failure(409, "Conflict")
    assert status["message"] == (
        'Operation cannot be fulfilled on ConfigMap "settings": the UID in the precondition (other) does not match '
        f"the UID in record ({stored['metadata']['uid']}). The object might have been deleted and then recreated"
    )


def test_another_version_as_precondition_conflicts(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    options = {"preconditions": {"resourceVersion": "1"}}
    status = namespace.delete("configmaps", "settings", options).failure(409, "Conflict")
    version = stored["metadata"]["resourceVersion"]
    assert status["message"] == (
        'Operation cannot be fulfilled on ConfigMap "settings": the ResourceVersion in the precondition (1) does not '
        f"match the ResourceVersion in record ({version}). The object might have been modified"
    )


def test_a_finalizer_holds_a_deleted_object(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.patch("configmaps", "settings", "merge", HOLD).ok()
    held = namespace.delete("configmaps", "settings").ok()
    assert held["metadata"]["deletionTimestamp"]
    assert held["metadata"]["deletionGracePeriodSeconds"] == 0
    namespace.patch("configmaps", "settings", "merge", RELEASE).ok()
    assert not namespace.exists("configmaps", "settings")


def test_no_finalizer_can_be_added_to_a_deleted_object(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.patch("configmaps", "settings", "merge", HOLD).ok()
    namespace.delete("configmaps", "settings").ok()
    more = {"metadata": {"finalizers": ["example.com/hold", "example.com/more"]}}
    ((field, reason, message),) = namespace.patch("configmaps", "settings", "merge", more).causes()
    assert (field, reason) == ("metadata.finalizers", "FieldValueForbidden")
    assert message.startswith("Forbidden: no new finalizers can be added if the object is being deleted")
    namespace.patch("configmaps", "settings", "merge", RELEASE).ok()


def test_a_dry_run_deletes_nothing(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.delete("configmaps", "settings", {"dryRun": ["All"]}).ok()
    assert namespace.exists("configmaps", "settings")


def test_a_dry_run_in_the_query_is_not_heard_beside_a_body(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
    namespace.delete("configmaps", "settings", options, dryRun="All").ok()
    assert not namespace.exists("configmaps", "settings")


def test_a_finalizer_without_a_domain_is_told(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    answer = namespace.patch("configmaps", "settings", "merge", {"metadata": {"finalizers": ["hold"]}})
    assert answer.causes()[0][:2] == ("metadata.finalizers[0]", "FieldValueInvalid")


def test_in_the_background_the_pods_follow(namespace: Namespace) -> None:
    with_pod(namespace)
    namespace.delete("statefulsets", "web", {"propagationPolicy": "Background"}).ok()
    assert not namespace.exists("statefulsets", "web")
    waiting.until(lambda: not namespace.items("pods"), what="without pods")


def test_by_default_the_pods_follow(namespace: Namespace) -> None:
    with_pod(namespace)
    namespace.delete("statefulsets", "web").ok()
    waiting.until(lambda: not namespace.items("pods"), what="without pods")


def test_in_the_foreground_the_set_waits_for_its_pods(namespace: Namespace) -> None:
    with_pod(namespace)
    namespace.patch("pods", "web-0", "merge", HOLD).ok()
    held = namespace.delete("statefulsets", "web", {"propagationPolicy": "Foreground"}).ok()
    assert held["metadata"]["finalizers"] == ["foregroundDeletion"]
    waiting.until(lambda: "deletionTimestamp" in namespace.read("pods", "web-0")["metadata"], what="deleted pod")
    assert namespace.exists("statefulsets", "web")
    namespace.patch("pods", "web-0", "merge", RELEASE).ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    assert not namespace.items("pods")


def test_orphaned_pods_stay_without_owner(namespace: Namespace) -> None:
    with_pod(namespace)
    namespace.delete("statefulsets", "web", {"propagationPolicy": "Orphan"}).ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    assert "ownerReferences" not in namespace.read("pods", "web-0")["metadata"]
    assert "deletionTimestamp" not in namespace.read("pods", "web-0")["metadata"]


def test_propagation_may_stand_in_the_query(namespace: Namespace) -> None:
    with_pod(namespace)
    namespace.delete("statefulsets", "web", propagationPolicy="Orphan").ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    assert namespace.exists("pods", "web-0")


def test_an_unknown_propagation_is_refused(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    answer = namespace.delete("configmaps", "settings", propagationPolicy="Sideways")
    ((field, reason, message),) = answer.causes()
    assert (field, reason) == ("propagationPolicy", "FieldValueNotSupported")
    assert message.startswith('Unsupported value: "Sideways": supported values: ')


def test_what_a_missing_owner_owned_is_collected(namespace: Namespace) -> None:
    owner = namespace.post("configmaps", manifests.configmap("owner")).ok()["metadata"]
    owned = manifests.configmap("owned")
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["uid"]}
    owned["metadata"]["ownerReferences"] = [reference]
    namespace.post("configmaps", owned).ok()
    namespace.delete("configmaps", "owner").ok()
    waiting.until(lambda: not namespace.exists("configmaps", "owned"), what="collected")


def test_a_pod_ends_gracefully(namespace: Namespace) -> None:
    pod = manifests.pod()
    pod["spec"]["terminationGracePeriodSeconds"] = 7
    pod["metadata"]["finalizers"] = ["example.com/hold"]
    namespace.post("pods", pod).ok()
    waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")
    ending = namespace.delete("pods", "one").ok()
    assert ending["kind"] == "Pod"
    assert ending["metadata"]["deletionGracePeriodSeconds"] == 7
    assert ending["metadata"]["deletionTimestamp"]
    namespace.patch("pods", "one", "merge", RELEASE).ok()


def test_a_pod_without_a_node_is_gone_at_once(namespace: Namespace) -> None:
    namespace.post("pods", manifests.pod(nodeSelector={"no": "such-node"}, terminationGracePeriodSeconds=30)).ok()
    namespace.delete("pods", "one").ok()
    assert not namespace.exists("pods", "one")


def test_a_pod_can_be_removed_by_force(namespace: Namespace) -> None:
    namespace.post("pods", manifests.pod(terminationGracePeriodSeconds=30)).ok()
    waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")
    namespace.delete("pods", "one", {"gracePeriodSeconds": 0}).ok()
    assert not namespace.exists("pods", "one")


def test_a_claim_in_use_waits_for_its_pod(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(volumeClaimTemplates=[manifests.claim_template()])).ok()
    waiting.until(lambda: namespace.exists("pods", "web-0"), what="pod")
    waiting.until(lambda: namespace.read("pods", "web-0")["spec"].get("nodeName"), what="scheduled")
    namespace.delete("persistentvolumeclaims", "data-web-0").ok()
    held = namespace.read("persistentvolumeclaims", "data-web-0")
    assert held["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    namespace.delete("statefulsets", "web").ok()
    waiting.until(lambda: not namespace.items("persistentvolumeclaims"), what="without claims")


@pytest.fixture
def ending(new_namespace: Callable[[], Namespace]) -> Namespace:
    """A deleted namespace that a finalizer of one of its objects keeps."""
    namespace = new_namespace()
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.patch("configmaps", "settings", "merge", HOLD).ok()
    namespace.client.request("DELETE", path_of("namespaces", name=namespace.name)).ok()
    return namespace


def test_a_deleted_namespace_takes_nothing_new(ending: Namespace) -> None:
    status = ending.post("configmaps", manifests.configmap("late")).failure(403, "Forbidden")
    assert status["message"] == (
        f'configmaps "late" is forbidden: unable to create new content in namespace {ending.name} '
        "because it is being terminated"
    )
    assert status["details"]["causes"][0]["reason"] == "NamespaceTerminating"
    ending.patch("configmaps", "settings", "merge", RELEASE).ok()


def test_a_deleted_namespace_ends_with_its_last_object(ending: Namespace) -> None:
    stored = ending.client.request("GET", path_of("namespaces", name=ending.name)).ok()
    assert stored["status"]["phase"] == "Terminating"
    waiting.until(lambda: ending.names("configmaps") == ["settings"], what="emptied but for the held one")
    ending.patch("configmaps", "settings", "merge", RELEASE).ok()
    waiting.until(
        lambda: ending.client.request("GET", path_of("namespaces", name=ending.name)).code == 404, what="ended"
    )
