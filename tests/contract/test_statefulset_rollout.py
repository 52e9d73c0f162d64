"""The StatefulSet controller: updates, revisions, going back."""

from __future__ import annotations

from itertools import islice

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object

OLD, NEW, BROKEN = manifests.IMAGE, manifests.NEXT_IMAGE, manifests.BROKEN_IMAGE


def rolling(**block: object) -> Object:
    return {"type": "RollingUpdate", "rollingUpdate": block}


def undo(namespace: Namespace, revision: Object) -> None:
    """What kubectl sends: the revision's data as a strategic merge."""
    namespace.patch("statefulsets", "web", "strategic", revision["data"]).ok()


def one_is_updated(namespace: Namespace) -> None:
    """Wait until one pod, and no more, is of the newest revision."""
    waiting.until(
        lambda: namespace.read("statefulsets", "web")["status"].get("updatedReplicas") == 1, what="one updated"
    )
    sets.settle(namespace)


def test_an_update_replaces_pods_from_the_highest_ordinal(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3))
    version = namespace.get("pods").ok()["metadata"]["resourceVersion"]
    sets.set_image(namespace, NEW)
    events = namespace.watch("pods", resourceVersion=version, timeoutSeconds=25)
    made = (event for event in events if event["type"] == "ADDED")
    assert sets.order(islice(made, 3), "ADDED") == ["web-2", "web-1", "web-0"]
    sets.updated(namespace)
    assert set(sets.images(namespace).values()) == {NEW}


def test_a_finished_update_moves_the_current_revision(namespace: Namespace) -> None:
    before = sets.create(namespace, manifests.statefulset(replicas=2))["status"]["currentRevision"]
    sets.set_image(namespace, NEW)
    sets.updated(namespace)

    def moved() -> bool:
        status = namespace.read("statefulsets", "web")["status"]
        return bool(status["currentRevision"] == status["updateRevision"] != before)

    waiting.until(moved, what="moved")


def test_a_partition_keeps_the_lower_pods(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3, updateStrategy=rolling(partition=2)))
    sets.set_image(namespace, NEW)
    one_is_updated(namespace)
    assert sets.images(namespace) == {"web-0": OLD, "web-1": OLD, "web-2": NEW}
    status = namespace.read("statefulsets", "web")["status"]
    assert status["currentRevision"] != status["updateRevision"]
    assert (status["currentReplicas"], status["updatedReplicas"]) == (2, 1)


def test_a_pod_below_the_partition_comes_back_old(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2, updateStrategy=rolling(partition=1)))
    sets.set_image(namespace, NEW)
    one_is_updated(namespace)
    uid = namespace.read("pods", "web-0")["metadata"]["uid"]
    namespace.delete("pods", "web-0").ok()
    waiting.until(
        lambda: sets.pods(namespace).get("web-0", {}).get("metadata", {}).get("uid", uid) != uid, what="new pod"
    )
    assert sets.images(namespace)["web-0"] == OLD


def test_lowering_the_partition_goes_on(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2, updateStrategy=rolling(partition=2)))
    sets.set_image(namespace, NEW)
    sets.settle(namespace)
    assert set(sets.images(namespace).values()) == {OLD}
    sets.update(namespace, updateStrategy=rolling(partition=0))
    sets.updated(namespace)
    assert set(sets.images(namespace).values()) == {NEW}


def test_on_delete_replaces_nothing_by_itself(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2, updateStrategy={"type": "OnDelete"}))
    generation = sets.set_image(namespace, NEW)["metadata"]["generation"]
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"]["observedGeneration"] == generation)
    assert set(sets.images(namespace).values()) == {OLD}
    namespace.delete("pods", "web-1").ok()
    waiting.until(lambda: sets.images(namespace).get("web-1") == NEW, what="replaced")
    assert sets.images(namespace)["web-0"] == OLD


def test_on_delete_is_done_when_every_pod_was_deleted(namespace: Namespace) -> None:
    # From 1.37 on; before, the current revision of such a set never moved.
    sets.create(namespace, manifests.statefulset(replicas=2, updateStrategy={"type": "OnDelete"}))
    sets.set_image(namespace, NEW)
    waiting.until(lambda: len(sets.revisions(namespace)) == 2, what="second revision")
    for name in ("web-0", "web-1"):
        namespace.delete("pods", name).ok()
    waiting.until(lambda: sets.images(namespace) == {"web-0": NEW, "web-1": NEW}, what="replaced")

    def moved() -> bool:
        status = namespace.read("statefulsets", "web")["status"]
        return bool(status["currentRevision"] == status["updateRevision"])

    waiting.until(moved, what="moved")


def test_several_pods_may_be_replaced_at_a_time(namespace: Namespace) -> None:
    # Stored and honoured from 1.37 on (and by 1.35.0 to 1.35.3).
    manifest = manifests.statefulset(replicas=3, updateStrategy=rolling(maxUnavailable=2))
    sets.create(namespace, manifest)
    # What replaces them never gets ready: both go, and the update stands still with the lower one made again.
    sets.set_image(namespace, manifests.UNREADY_IMAGE)
    halted = {"web-0": OLD, "web-1": manifests.UNREADY_IMAGE}
    waiting.until(lambda: sets.images(namespace) == halted, what="two gone, one made again")


def test_a_broken_update_stops_at_its_first_pod(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=3))
    sets.set_image(namespace, BROKEN)
    waiting.until(lambda: sets.images(namespace).get("web-2") == BROKEN, what="first replaced")
    sets.settle(namespace, ready=2)
    assert sets.images(namespace) == {"web-0": OLD, "web-1": OLD, "web-2": BROKEN}


def test_going_back_leaves_the_broken_pod(namespace: Namespace) -> None:
    # The rollback trap: OrderedReady waits for a pod to be ready before it replaces any, this one too.
    sets.create(namespace, manifests.statefulset(replicas=2))
    sets.set_image(namespace, BROKEN)
    waiting.until(lambda: sets.images(namespace).get("web-1") == BROKEN, what="broken pod")
    sets.settle(namespace, ready=1)
    generation = sets.set_image(namespace, OLD)["metadata"]["generation"]
    waiting.until(lambda: namespace.read("statefulsets", "web")["status"]["observedGeneration"] == generation)
    sets.settle(namespace, ready=1)
    assert sets.images(namespace)["web-1"] == BROKEN
    namespace.delete("pods", "web-1").ok()
    sets.updated(namespace)
    assert sets.images(namespace)["web-1"] == OLD


def test_a_parallel_set_heals_when_going_back(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2, podManagementPolicy="Parallel"))
    sets.set_image(namespace, BROKEN)
    waiting.until(lambda: sets.images(namespace).get("web-1") == BROKEN, what="broken pod")
    sets.set_image(namespace, OLD)
    sets.updated(namespace)
    assert set(sets.images(namespace).values()) == {OLD}


def test_a_revision_holds_the_template(namespace: Namespace) -> None:
    stored = sets.create(namespace, manifests.statefulset(replicas=0))
    (revision,) = namespace.items("controllerrevisions")
    assert revision["revision"] == 1
    assert revision["metadata"]["name"] == stored["status"]["updateRevision"]
    assert revision["metadata"]["labels"]["app"] == "web"
    assert revision["metadata"]["labels"]["controller.kubernetes.io/hash"] == revision["metadata"]["name"].removeprefix(
        "web-"
    )
    assert revision["metadata"]["ownerReferences"][0]["uid"] == stored["metadata"]["uid"]
    template = revision["data"]["spec"]["template"]
    assert template == {**stored["spec"]["template"], "$patch": "replace"}
    assert set(revision["data"]["spec"]) == {"template"}


def test_each_template_is_a_revision(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    sets.set_image(namespace, NEW)
    waiting.until(lambda: list(sets.revisions(namespace)) == [1, 2], what="second revision")


def test_replicas_and_strategy_make_no_revision(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    sets.update(namespace, replicas=1, minReadySeconds=1, revisionHistoryLimit=4)
    sets.settle(namespace)
    assert list(sets.revisions(namespace)) == [1]


def test_an_undo_renumbers_the_old_revision(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    sets.set_image(namespace, NEW)
    waiting.until(lambda: list(sets.revisions(namespace)) == [1, 2], what="second revision")
    first = sets.revisions(namespace)[1]
    undo(namespace, first)
    waiting.until(lambda: list(sets.revisions(namespace)) == [2, 3], what="renumbered")
    assert sets.revisions(namespace)[3]["metadata"]["uid"] == first["metadata"]["uid"]
    assert namespace.read("statefulsets", "web")["spec"]["template"]["spec"]["containers"][0]["image"] == OLD


def test_an_undo_to_the_newest_changes_nothing(namespace: Namespace) -> None:
    before = sets.create(namespace, manifests.statefulset(replicas=0))
    undo(namespace, sets.revisions(namespace)[1])
    assert namespace.read("statefulsets", "web")["metadata"] == before["metadata"]


def test_a_changed_label_of_the_set_is_no_revision(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    namespace.patch("statefulsets", "web", "merge", {"metadata": {"annotations": {"a": "b"}}}).ok()
    sets.update(namespace, replicas=1)
    sets.settle(namespace)
    assert list(sets.revisions(namespace)) == [1]


def test_the_change_cause_is_copied_to_the_revision(namespace: Namespace) -> None:
    manifest = manifests.statefulset(replicas=0)
    manifest["metadata"]["annotations"] = {"kubernetes.io/change-cause": "first"}
    sets.create(namespace, manifest)
    (revision,) = namespace.items("controllerrevisions")
    assert revision["metadata"]["annotations"]["kubernetes.io/change-cause"] == "first"


def test_the_history_is_trimmed_to_its_limit(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0, revisionHistoryLimit=1))
    for number in range(2, 5):
        sets.set_image(namespace, f"image:{number}")
        waiting.until(lambda number=number: number in sets.revisions(namespace), what=f"revision {number}")  # type: ignore[misc]
    waiting.until(lambda: list(sets.revisions(namespace)) == [3, 4], what="trimmed")


def test_a_restart_is_a_revision_of_its_own(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=1))
    annotation = {"kubectl.kubernetes.io/restartedAt": "2026-11-24T00:00:00Z"}
    namespace.patch(
        "statefulsets", "web", "strategic", {"spec": {"template": {"metadata": {"annotations": annotation}}}}
    ).ok()
    sets.updated(namespace)
    assert list(sets.revisions(namespace)) == [1, 2]
    assert namespace.read("pods", "web-0")["metadata"]["annotations"] == annotation


def test_scaling_down_comes_before_updating(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=2))
    template = {"spec": {"containers": [{"name": "main", "image": NEW}]}}
    patch = {"spec": {"replicas": 1, "template": template}}
    version = namespace.get("pods").ok()["metadata"]["resourceVersion"]
    namespace.patch("statefulsets", "web", "strategic", patch).ok()
    events = namespace.watch("pods", resourceVersion=version, timeoutSeconds=20)
    deleted = (event for event in events if event["type"] == "DELETED")
    assert sets.order(islice(deleted, 2), "DELETED") == ["web-1", "web-0"]
    sets.updated(namespace)
    assert sets.images(namespace) == {"web-0": NEW}
