"""The StatefulSet controller: which pods an update takes, how many, and what comes back at which revision."""

from __future__ import annotations

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object

OLD, NEW, BROKEN, UNREADY = manifests.IMAGE, manifests.NEXT_IMAGE, manifests.BROKEN_IMAGE, manifests.UNREADY_IMAGE


def rolling(**block: object) -> Object:
    return {"type": "RollingUpdate", "rollingUpdate": block}


def replaced(namespace: Namespace, name: str) -> str:
    """Delete a pod, wait for the next one of its name, and say its image."""
    uid = namespace.read("pods", name)["metadata"]["uid"]
    namespace.delete("pods", name).ok()
    return again(namespace, name, uid)


def again(namespace: Namespace, name: str, uid: str) -> str:
    """Wait until a pod of this name has another uid, and say its image."""

    def there() -> str:
        pod = sets.pods(namespace).get(name)
        return "" if pod is None or pod["metadata"]["uid"] == uid else str(sets.images(namespace).get(name, ""))

    return waiting.until(there, what=f"another {name}")


def observed(namespace: Namespace, generation: int) -> None:
    """Wait until the controller has seen a generation."""
    waiting.until(
        lambda: namespace.read("statefulsets", "web")["status"]["observedGeneration"] == generation, what="observed"
    )


def test_a_partition_counts_from_the_first_ordinal(namespace: Namespace) -> None:
    sets.create(
        namespace, manifests.statefulset(replicas=2, ordinals={"start": 5}, updateStrategy=rolling(partition=1))
    )
    sets.set_image(namespace, NEW)
    waiting.until(lambda: sets.images(namespace) == {"web-5": OLD, "web-6": NEW}, what="the upper one updated")
    sets.settle(namespace)
    assert sets.images(namespace) == {"web-5": OLD, "web-6": NEW}


@pytest.mark.parametrize(
    ("share", "halted"),
    [
        ("70%", {"web-0": OLD, "web-1": UNREADY}),  # 2.1 of 3: two go, and the lower one is made again first
        ("30%", {"web-0": OLD, "web-1": OLD, "web-2": UNREADY}),  # 0.9 of 3: still one
    ],
)
def test_a_share_that_may_be_unavailable_is_rounded_down_to_at_least_one(
    namespace: Namespace, share: str, halted: dict[str, str]
) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3, updateStrategy=rolling(maxUnavailable=share)))
    sets.set_image(namespace, UNREADY)
    waiting.until(lambda: sets.images(namespace) == halted, what=str(halted))


def test_a_parallel_update_takes_no_more_ready_pods_than_it_may(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3, podManagementPolicy="Parallel"))
    sets.set_image(namespace, UNREADY)
    halted = {"web-0": OLD, "web-1": OLD, "web-2": UNREADY}
    waiting.until(lambda: sets.images(namespace) == halted, what="one replaced")
    sets.settle(namespace, ready=2)
    assert sets.images(namespace) == halted


def test_a_parallel_update_takes_all_pods_that_are_down_at_once(namespace: Namespace) -> None:
    manifest = manifests.statefulset(image=UNREADY, replicas=3, podManagementPolicy="Parallel")
    sets.create(namespace, manifest, ready=0)
    version = namespace.get("pods").ok()["metadata"]["resourceVersion"]
    sets.set_image(namespace, OLD)
    gone: set[str] = set()
    for event in namespace.watch("pods", resourceVersion=version, timeoutSeconds=20):
        if event["type"] == "ADDED":
            break
        if "deletionTimestamp" in event["object"]["metadata"]:
            gone.add(event["object"]["metadata"]["name"])
    assert gone == {"web-0", "web-1", "web-2"}
    sets.updated(namespace)


def test_a_pod_comes_back_new_during_a_halted_update(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2))
    sets.set_image(namespace, BROKEN)
    waiting.until(lambda: sets.images(namespace).get("web-1") == BROKEN, what="broken pod")
    sets.settle(namespace, ready=1)
    assert replaced(namespace, "web-0") == BROKEN


def test_without_a_block_a_pod_comes_back_old_while_the_status_counts_it_as_current(namespace: Namespace) -> None:
    # `rollingUpdate` is filled in only where the whole strategy is left out; without it there is no partition, and the
    # pods below `currentReplicas` are made from the current revision.
    sets.create(namespace, manifests.statefulset(replicas=3, updateStrategy={"type": "RollingUpdate"}))
    sets.set_image(namespace, BROKEN)
    waiting.until(lambda: sets.images(namespace).get("web-2") == BROKEN, what="broken pod")
    sets.settle(namespace, ready=2)
    assert replaced(namespace, "web-0") == OLD


def test_a_failed_pod_is_replaced(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset())
    uid = namespace.read("pods", "web-0")["metadata"]["uid"]
    # What a kubelet reports when it has evicted a pod.
    namespace.patch("pods", "web-0", "merge", {"status": {"phase": "Failed", "reason": "Evicted"}}, "status").ok()
    assert again(namespace, "web-0", uid) == OLD


def test_a_parallel_set_without_a_block_does_not_keep_what_it_makes_old(namespace: Namespace) -> None:
    # The pod is made from the current revision, as above, and deleted at once, for it is not available yet.
    policy = {"podManagementPolicy": "Parallel", "updateStrategy": {"type": "RollingUpdate"}}
    sets.create(namespace, manifests.statefulset(replicas=2, **policy))
    sets.set_image(namespace, UNREADY)
    waiting.until(lambda: sets.images(namespace) == {"web-0": OLD, "web-1": UNREADY}, what="one replaced")
    sets.settle(namespace, ready=1)
    namespace.patch("pods", "web-0", "merge", {"status": {"phase": "Failed"}}, "status").ok()
    both = {"web-0": UNREADY, "web-1": UNREADY}
    waiting.until(lambda: sets.images(namespace) == both, what="both replaced")
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"].get("updatedReplicas") == 2, what="counted")
    assert namespace.read("statefulsets", "web")["status"].get("currentReplicas", 0) == 0


def test_two_unhealthy_pods_too_many_block_each_other(namespace: Namespace) -> None:
    # The highest goes first, but an unhealthy pod goes only if it is the first unhealthy one, from below.
    sets.create(namespace, manifests.statefulset(replicas=3, updateStrategy={"type": "OnDelete"}))
    observed(namespace, sets.set_image(namespace, BROKEN)["metadata"]["generation"])
    assert [replaced(namespace, name) for name in ("web-2", "web-1")] == [BROKEN, BROKEN]
    sets.settle(namespace, ready=1)
    observed(namespace, sets.update(namespace, replicas=1)["metadata"]["generation"])
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"]["replicas"] == 3)
    assert sorted(sets.pods(namespace)) == ["web-0", "web-1", "web-2"]
    namespace.delete("pods", "web-2").ok()
    waiting.until(lambda: list(sets.pods(namespace)) == ["web-0"], what="scaled down")


def test_a_higher_first_ordinal_makes_new_pods_before_the_old_ones_go(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2))
    version = namespace.get("pods").ok()["metadata"]["resourceVersion"]
    sets.update(namespace, ordinals={"start": 2})
    order: list[str] = []
    for event in namespace.watch("pods", resourceVersion=version, timeoutSeconds=20):
        if event["type"] in ("ADDED", "DELETED"):
            order.append(f"{event['type']} {event['object']['metadata']['name']}")
        if len(order) == 4:
            break
    assert order == ["ADDED web-2", "ADDED web-3", "DELETED web-1", "DELETED web-0"]


def test_an_update_that_cannot_begin_counts_no_pod_less(namespace: Namespace) -> None:
    # A pod that was let go of keeps its name, so a Parallel set cannot make it, and does nothing else before.
    sets.create(namespace, manifests.statefulset(replicas=2, podManagementPolicy="Parallel"))
    namespace.patch("pods", "web-0", "merge", {"metadata": {"labels": {"app": "other"}}}).ok()
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"]["replicas"] == 1, what="let go")
    observed(namespace, sets.set_image(namespace, NEW)["metadata"]["generation"])
    status = namespace.read("statefulsets", "web")["status"]
    assert (status["replicas"], status["currentReplicas"], status.get("updatedReplicas", 0)) == (1, 1, 0)
    assert sets.images(namespace) == {"web-0": OLD, "web-1": OLD}
