"""The StatefulSet controller: identity, order, claims, scaling."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object, path_of


def watched(namespace: Namespace) -> str:
    version: str = namespace.get("pods").ok()["metadata"]["resourceVersion"]
    return version


def test_a_pod_has_its_identity(namespace: Namespace) -> None:
    stored = sets.create(namespace, manifests.statefulset())
    pod = namespace.read("pods", "web-0")
    labels = pod["metadata"]["labels"]
    # A node's zone and region come along (see below).
    own = {key: value for key, value in labels.items() if not key.startswith("topology.kubernetes.io/")}
    assert own == {
        "app": "web",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": stored["status"]["updateRevision"],
        "statefulset.kubernetes.io/pod-name": "web-0",
    }
    assert pod["metadata"]["generateName"] == "web-"
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("web-0", "web")
    assert pod["metadata"]["ownerReferences"] == [
        {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "name": "web",
            "uid": stored["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]


def test_a_host_name_in_the_template_gives_way_to_the_pod_s(namespace: Namespace) -> None:
    manifest = manifests.statefulset()
    manifest["spec"]["template"]["spec"] |= {"hostname": "other", "subdomain": "elsewhere"}
    sets.create(namespace, manifest)
    spec = namespace.read("pods", "web-0")["spec"]
    assert (spec["hostname"], spec["subdomain"]) == ("web-0", "web")


def test_a_pod_is_labelled_with_its_nodes_zone(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    pod = namespace.read("pods", "web-0")
    node = namespace.client.request("GET", path_of("nodes", name=pod["spec"]["nodeName"])).ok()
    zone = "topology.kubernetes.io/zone"
    assert pod["metadata"]["labels"].get(zone) == node["metadata"]["labels"].get(zone)


def test_pods_are_made_one_after_another(namespace: Namespace) -> None:
    # The first never gets ready (by its image's name, or because a real node cannot pull it): no second one is made.
    namespace.post("statefulsets", manifests.statefulset(image=manifests.UNREADY_IMAGE, replicas=3)).ok()
    waiting.until(lambda: namespace.exists("pods", "web-0"), what="first pod")
    waiting.until(lambda: namespace.read("pods", "web-0")["status"].get("containerStatuses"), what="seen by its node")
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"].get("observedGeneration") == 1)
    assert list(sets.pods(namespace)) == ["web-0"]


def test_the_next_pod_is_made_when_the_one_before_is_ready(namespace: Namespace) -> None:
    version = watched(namespace)
    sets.create(namespace, manifests.statefulset(replicas=3))
    ready: list[str] = []
    seen: list[str] = []
    for event in islice(namespace.watch("pods", resourceVersion=version, timeoutSeconds=3), 200):
        pod = event["object"]
        name = pod["metadata"]["name"]
        if event["type"] == "ADDED":
            assert ready == seen, f"{name} came before {seen} were ready"
            seen.append(name)
        elif sets.is_ready(pod) and name not in ready:
            ready.append(name)
    assert seen == ["web-0", "web-1", "web-2"]


def test_parallel_makes_all_pods_at_once(namespace: Namespace) -> None:
    manifest = manifests.statefulset(image=manifests.UNREADY_IMAGE, replicas=3, podManagementPolicy="Parallel")
    namespace.post("statefulsets", manifest).ok()
    waiting.until(lambda: len(sets.pods(namespace)) == 3, what="three pods")


def test_ordinals_can_start_elsewhere(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2, ordinals={"start": 5}))
    assert sorted(sets.pods(namespace)) == ["web-5", "web-6"]
    assert namespace.read("pods", "web-6")["metadata"]["labels"]["apps.kubernetes.io/pod-index"] == "6"


def test_a_deleted_pod_comes_back_with_its_name(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    uid = namespace.read("pods", "web-0")["metadata"]["uid"]
    namespace.delete("pods", "web-0").ok()

    def replaced() -> bool:
        answer = namespace.get("pods", "web-0")
        return answer.code == 200 and answer.body["metadata"]["uid"] != uid

    waiting.until(replaced, what="replaced")


def test_the_status_counts(namespace: Namespace) -> None:
    stored = sets.create(namespace, manifests.statefulset(replicas=2))
    status = stored["status"]
    revision = status["updateRevision"]
    assert status == {
        "observedGeneration": 1,
        "replicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "currentReplicas": 2,
        "updatedReplicas": 2,
        "currentRevision": revision,
        "updateRevision": revision,
        "collisionCount": 0,
    }


def test_a_wait_after_ready_delays_the_next_pod(namespace: Namespace) -> None:
    namespace.post("statefulsets", manifests.statefulset(replicas=2, minReadySeconds=3600)).ok()
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"].get("readyReplicas") == 1, what="one ready")
    assert namespace.read("statefulsets", "web")["status"]["availableReplicas"] == 0
    assert list(sets.pods(namespace)) == ["web-0"]


def test_scaling_down_removes_the_highest_ordinal_first(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3))
    version = watched(namespace)
    sets.update(namespace, replicas=1)
    events = namespace.watch("pods", resourceVersion=version, timeoutSeconds=20)
    deleted = (event for event in events if event["type"] == "DELETED")
    assert sets.order(islice(deleted, 2), "DELETED") == ["web-2", "web-1"]
    sets.settle(namespace)
    assert list(sets.pods(namespace)) == ["web-0"]


def test_scaling_down_waits_for_an_unhealthy_pod(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3))
    # The lowest one gets unhealthy: replaced from a template that cannot run.
    sets.update(namespace, updateStrategy={"type": "OnDelete", "rollingUpdate": None})
    sets.set_image(namespace, manifests.BROKEN_IMAGE)
    sets.settle(namespace)
    namespace.delete("pods", "web-0").ok()
    waiting.until(lambda: sets.images(namespace).get("web-0") == manifests.BROKEN_IMAGE, what="broken pod")
    before = sorted(sets.pods(namespace))
    generation = sets.update(namespace, replicas=1)["metadata"]["generation"]
    waiting.until(
        lambda: namespace.read("statefulsets", "web")["status"]["observedGeneration"] == generation, what="observed"
    )
    assert (before, sorted(sets.pods(namespace))) == (["web-0", "web-1", "web-2"], ["web-0", "web-1", "web-2"])


def test_scaling_up_continues_the_ordinals(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=1))
    sets.update(namespace, replicas=3)
    sets.settle(namespace)
    assert sorted(sets.pods(namespace)) == ["web-0", "web-1", "web-2"]


def claimed(**spec: Any) -> Object:
    return manifests.statefulset(replicas=2, volumeClaimTemplates=[manifests.claim_template()], **spec)


def test_each_pod_gets_its_claim(namespace: Namespace) -> None:
    sets.create(namespace, claimed())
    assert namespace.names("persistentvolumeclaims") == ["data-web-0", "data-web-1"]
    claim = namespace.read("persistentvolumeclaims", "data-web-1")
    assert claim["metadata"]["labels"] == {"app": "web"}
    assert claim["status"]["phase"] == "Bound"
    assert claim["status"]["capacity"] == {"storage": "1Gi"}
    volumes = namespace.read("pods", "web-1")["spec"]["volumes"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": "data-web-1"}} in volumes


def test_claims_stay_by_default(namespace: Namespace) -> None:
    sets.create(namespace, claimed())
    sets.update(namespace, replicas=1)
    sets.settle(namespace)
    namespace.delete("statefulsets", "web").ok()
    waiting.until(lambda: not namespace.items("pods"), what="without pods")
    assert namespace.names("persistentvolumeclaims") == ["data-web-0", "data-web-1"]


def test_claims_can_go_when_scaled_down(namespace: Namespace) -> None:
    sets.create(
        namespace, claimed(persistentVolumeClaimRetentionPolicy={"whenScaled": "Delete", "whenDeleted": "Retain"})
    )
    sets.update(namespace, replicas=1)
    waiting.until(lambda: namespace.names("persistentvolumeclaims") == ["data-web-0"], what="without second claim")


def test_claims_can_go_with_the_set(namespace: Namespace) -> None:
    sets.create(
        namespace, claimed(persistentVolumeClaimRetentionPolicy={"whenScaled": "Retain", "whenDeleted": "Delete"})
    )
    owners = namespace.read("persistentvolumeclaims", "data-web-0")["metadata"]["ownerReferences"]
    assert [(owner["kind"], owner["name"]) for owner in owners] == [("StatefulSet", "web")]
    namespace.delete("statefulsets", "web").ok()
    waiting.until(lambda: not namespace.items("persistentvolumeclaims"), what="without claims")


def test_a_claim_that_is_there_is_used(namespace: Namespace) -> None:
    claim = manifests.claim_template("data-web-0", "2Gi") | {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    namespace.post("persistentvolumeclaims", claim).ok()
    sets.create(namespace, manifests.statefulset(volumeClaimTemplates=[manifests.claim_template()]))
    stored = namespace.read("persistentvolumeclaims", "data-web-0")
    assert stored["spec"]["resources"]["requests"]["storage"] == "2Gi"


def test_pods_of_an_orphaning_delete_are_adopted(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2))
    uids = {name: pod["metadata"]["uid"] for name, pod in sets.pods(namespace).items()}
    namespace.delete("statefulsets", "web", {"propagationPolicy": "Orphan"}).ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    stored = sets.create(namespace, manifests.statefulset(replicas=2, podManagementPolicy="Parallel"))
    pods = sets.pods(namespace)
    assert {name: pod["metadata"]["uid"] for name, pod in pods.items()} == uids
    assert {pod["metadata"]["ownerReferences"][0]["uid"] for pod in pods.values()} == {stored["metadata"]["uid"]}


def test_a_pod_that_loses_its_label_is_released(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    namespace.patch("pods", "web-0", "merge", {"metadata": {"labels": {"app": "other"}}}).ok()
    waiting.until(lambda: "ownerReferences" not in namespace.read("pods", "web-0")["metadata"], what="released")


@pytest.mark.parametrize("policy", ["OrderedReady", "Parallel"])
def test_a_stopped_set_has_no_pods(namespace: Namespace, policy: str) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2, podManagementPolicy=policy))
    sets.update(namespace, replicas=0)
    sets.settle(namespace)
    assert sets.pods(namespace) == {}
