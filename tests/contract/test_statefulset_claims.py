"""The StatefulSet controller: claims that come, go and change hands."""

from __future__ import annotations

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object

KEEP = {"whenDeleted": "Retain", "whenScaled": "Retain"}


def claimed(replicas: int = 2, **retention: str) -> Object:
    """A set with a claim for each pod."""
    templates = [manifests.claim_template()]
    policy = {**KEEP, **retention}
    return manifests.statefulset(
        replicas=replicas, volumeClaimTemplates=templates, persistentVolumeClaimRetentionPolicy=policy
    )


def owners(namespace: Namespace, name: str = "data-web-0") -> list[str]:
    """The owners of a claim, as KIND/NAME."""
    held = namespace.read("persistentvolumeclaims", name)["metadata"].get("ownerReferences", [])
    return [f"{owner['kind']}/{owner['name']}" for owner in held]


def test_a_changed_retention_changes_the_owners(namespace: Namespace) -> None:
    sets.create(namespace, claimed(1))
    assert owners(namespace) == []
    sets.update(namespace, persistentVolumeClaimRetentionPolicy={**KEEP, "whenDeleted": "Delete"})
    waiting.until(lambda: owners(namespace) == ["StatefulSet/web"], what="owned")
    sets.update(namespace, persistentVolumeClaimRetentionPolicy=KEEP)
    waiting.until(lambda: owners(namespace) == [], what="owned by nobody")


def test_a_changed_retention_is_told_of_each_pod(namespace: Namespace) -> None:
    sets.create(namespace, claimed(1))
    sets.update(namespace, persistentVolumeClaimRetentionPolicy={**KEEP, "whenDeleted": "Delete"})

    def told() -> list[str]:
        events = namespace.items("events", fieldSelector="reason=SuccessfulUpdate")
        return [event["message"] for event in events if event["involvedObject"]["kind"] == "StatefulSet"]

    messages = waiting.until(told, what="told")
    assert messages == ["Update Pod web-0 in StatefulSet web successful"]


def test_a_pod_that_comes_back_after_its_claim_went_gets_a_new_one(namespace: Namespace) -> None:
    sets.create(namespace, claimed(whenScaled="Delete"))
    uid = namespace.read("persistentvolumeclaims", "data-web-1")["metadata"]["uid"]
    sets.update(namespace, replicas=1)
    waiting.until(lambda: not namespace.exists("persistentvolumeclaims", "data-web-1"), what="without claim")
    sets.update(namespace, replicas=2)
    sets.settle(namespace)
    assert namespace.read("persistentvolumeclaims", "data-web-1")["metadata"]["uid"] != uid


def test_a_claim_that_is_deleted_with_its_pod_is_made_anew(namespace: Namespace) -> None:
    sets.create(namespace, claimed(1))
    uid = namespace.read("persistentvolumeclaims", "data-web-0")["metadata"]["uid"]
    namespace.delete("persistentvolumeclaims", "data-web-0").ok()
    namespace.delete("pods", "web-0").ok()

    def renewed() -> bool:
        answer = namespace.get("persistentvolumeclaims", "data-web-0")
        return answer.code == 200 and answer.body["metadata"]["uid"] != uid

    waiting.until(renewed, what="renewed")
    sets.settle(namespace)


def held(namespace: Namespace, name: str, finalizers: list[str] | None) -> None:
    """Put a finalizer on a claim that keeps it, or (None) take all away."""
    namespace.patch("persistentvolumeclaims", name, "merge", {"metadata": {"finalizers": finalizers}}).ok()


def deleted(namespace: Namespace, name: str) -> Object:
    """A claim that is being deleted and no pod uses; empty if it is not so far."""
    claim = namespace.read("persistentvolumeclaims", name)
    ends = "deletionTimestamp" in claim["metadata"]
    return claim if ends and "kubernetes.io/pvc-protection" not in claim["metadata"]["finalizers"] else {}


def test_a_pod_waits_for_a_claim_that_is_being_deleted(namespace: Namespace) -> None:
    sets.create(namespace, claimed(1))
    held(namespace, "data-web-0", ["contract.example/hold"])
    namespace.delete("persistentvolumeclaims", "data-web-0").ok()
    namespace.delete("pods", "web-0").ok()
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"]["replicas"] == 0, what="without pod")
    assert namespace.items("pods") == []
    held(namespace, "data-web-0", None)
    sets.settle(namespace)


def test_a_pod_waits_for_its_predecessor_s_claim_to_be_collected(namespace: Namespace) -> None:
    # Nothing is told, and nothing wakes the controller when the claim is gone: it must look at the set again.
    sets.create(namespace, claimed(whenScaled="Delete"))
    held(namespace, "data-web-1", ["contract.example/hold"])
    sets.update(namespace, replicas=1)
    sets.settle(namespace)
    waiting.until(
        lambda: "deletionTimestamp" in namespace.read("persistentvolumeclaims", "data-web-1")["metadata"],
        what="deleted",
    )
    generation = sets.update(namespace, replicas=2)["metadata"]["generation"]
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"]["observedGeneration"] == generation)
    assert list(sets.pods(namespace)) == ["web-0"]
    held(namespace, "data-web-1", None)
    waiting.until(lambda: not namespace.exists("persistentvolumeclaims", "data-web-1"), what="without claim")
    namespace.patch("statefulsets", "web", "merge", {"metadata": {"annotations": {"look": "again"}}}).ok()
    sets.settle(namespace)


def test_a_claim_s_owner_is_dropped_by_an_orphaning_delete(namespace: Namespace) -> None:
    sets.create(namespace, claimed(1, whenDeleted="Delete"))
    assert owners(namespace) == ["StatefulSet/web"]
    namespace.delete("statefulsets", "web", {"propagationPolicy": "Orphan"}).ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    assert owners(namespace) == []


def test_a_set_made_again_with_more_claims_cannot_change_its_pods(namespace: Namespace) -> None:
    # The claim is made, but a pod's volumes cannot change: the controller fails to update the adopted pod for ever.
    sets.create(namespace, manifests.statefulset())
    namespace.delete("statefulsets", "web", {"propagationPolicy": "Orphan"}).ok()
    waiting.until(lambda: not namespace.exists("statefulsets", "web"), what="without set")
    namespace.post("statefulsets", claimed(1)).ok()
    events = waiting.until(lambda: namespace.items("events", fieldSelector="reason=FailedUpdate"), what="told")
    failed = (
        'Update Pod web-0 in StatefulSet web failed error: Pod "web-0" is invalid: spec: Forbidden: pod updates may'
    )
    assert events[0]["message"].startswith(failed)
    assert namespace.names("persistentvolumeclaims") == ["data-web-0"]
