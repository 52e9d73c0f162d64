"""How sets come up, grow, shrink and are updated (Kubernetes 1.37)."""

from __future__ import annotations

from stswidgets.simulator.kinds import pods


def until(world, condition, within=60.0):
    """Step until a condition holds; what was seen on the way is the answer."""
    seen = []
    for _ in range(int(within / 0.1)):
        if condition():
            return seen
        world.wait(0.1)
        seen.append(sorted(world.ready()))
    raise AssertionError(f"never came true: {seen[-1]}")


def test_pods_become_ready_one_after_the_other(world):
    world.a_set()
    seen = until(world, lambda: len(world.ready()) == 3)
    assert [names for names in seen if names] == sorted(names for names in seen if names)
    assert ["db-1"] not in seen
    assert not any("db-2" in names and "db-1" not in names for names in seen)


def test_no_pod_is_created_before_the_one_before_it_is_ready(world):
    world.a_set(image="postgres:16-slow")
    world.wait(10)
    assert list(world.pods()) == ["db-0"]


def test_a_parallel_set_creates_all_pods_at_once(world):
    world.a_set(replicas=5, spec={"podManagementPolicy": "Parallel"})
    world.wait(0.05)
    assert len(world.pods()) == 5


def test_ordinals_begin_where_the_set_says(world):
    world.a_set(replicas=2, spec={"ordinals": {"start": 5}})
    world.settle()
    assert list(world.pods()) == ["db-5", "db-6"]


def test_a_pod_carries_its_identity(world):
    world.a_set(replicas=1)
    world.settle()
    pod = world.pod("db-0")
    labels = pod["metadata"]["labels"]
    assert labels["apps.kubernetes.io/pod-index"] == "0"
    assert labels["statefulset.kubernetes.io/pod-name"] == "db-0"
    assert labels["controller-revision-hash"] == world.status()["currentRevision"]
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("db-0", "db")
    assert pod["metadata"]["ownerReferences"][0]["name"] == "db"


def test_status_counts_what_there_is(world):
    world.a_set()
    world.settle()
    name = world.revisions()[0]["metadata"]["name"]
    assert world.status() == {
        "observedGeneration": 1,
        "replicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "currentReplicas": 3,
        "updatedReplicas": 3,
        "currentRevision": name,
        "updateRevision": name,
        "collisionCount": 0,
    }


def test_an_update_goes_from_the_highest_ordinal_down_one_at_a_time(world):
    world.a_set()
    world.settle()
    world.set_image("default", "db", "postgres:17")
    order = []
    for _ in range(300):
        world.wait(0.1)
        going = world.terminating()
        assert len(going) <= 1
        order += [name for name in going if name not in order]
    assert order == ["db-2", "db-1", "db-0"]
    assert set(world.images().values()) == {"postgres:17"}


def test_during_an_update_the_status_tells_both_revisions(world):
    world.a_set()
    world.settle()
    world.set_image("default", "db", "postgres:17")
    until(world, lambda: world.status().get("updatedReplicas") == 1)
    status = world.status()
    assert status["currentRevision"] != status["updateRevision"]
    assert status["currentReplicas"] == 2


def test_a_partition_keeps_lower_ordinals_on_the_old_revision(world):
    world.a_set(replicas=4, spec={"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(30)
    assert world.images() == {
        "db-0": "postgres:16",
        "db-1": "postgres:16",
        "db-2": "postgres:17",
        "db-3": "postgres:17",
    }
    assert world.status()["currentRevision"] != world.status()["updateRevision"]


def test_a_pod_below_the_partition_comes_back_on_the_old_revision(world):
    world.a_set(replicas=2, spec={"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(30)
    world.delete_pod("default", "db-0")
    world.wait(30)
    assert world.images()["db-0"] == "postgres:16"


def test_a_partition_counts_from_the_first_ordinal_not_from_zero(world):
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    world.a_set(replicas=2, spec={"ordinals": {"start": 3}, "updateStrategy": strategy})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(30)
    assert world.images() == {"db-3": "postgres:16", "db-4": "postgres:17"}


def test_max_unavailable_lets_several_ordered_pods_go_at_once(world):
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}}
    world.a_set(replicas=4, spec={"updateStrategy": strategy})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(0.1)
    assert world.terminating() == ["db-2", "db-3"]


def test_a_share_of_max_unavailable_is_rounded_down_to_at_least_one(world):
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "20%"}}
    world.a_set(replicas=4, spec={"updateStrategy": strategy})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(0.1)
    assert world.terminating() == ["db-3"]


def test_on_delete_changes_no_pod_until_someone_deletes_it(world):
    world.a_set(spec={"updateStrategy": {"type": "OnDelete"}})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(30)
    assert set(world.images().values()) == {"postgres:16"}
    world.delete_pod("default", "db-1")
    world.wait(30)
    assert world.images() == {"db-0": "postgres:16", "db-1": "postgres:17", "db-2": "postgres:16"}


def test_on_delete_is_complete_once_all_pods_are_updated_and_ready(world):
    world.a_set(replicas=1, spec={"updateStrategy": {"type": "OnDelete"}})
    world.settle()
    world.set_image("default", "db", "postgres:17")
    world.wait(5)
    world.delete_pod("default", "db-0")
    world.wait(10)
    assert world.status()["currentRevision"] == world.status()["updateRevision"]


def test_the_rollback_trap_holds_a_broken_pod_until_it_is_deleted(world):
    world.a_set()
    world.settle()
    world.set_image("default", "db", "postgres:17-broken")
    world.wait(60)
    world.set_image("default", "db", "postgres:16")
    world.wait(600)
    assert world.images()["db-2"] == "postgres:17-broken"
    world.delete_pod("default", "db-2")
    world.settle()
    assert set(world.images().values()) == {"postgres:16"}


def test_a_parallel_set_gets_out_of_a_bad_update_by_itself(world):
    world.a_set(spec={"podManagementPolicy": "Parallel"})
    world.settle()
    world.set_image("default", "db", "postgres:17-broken")
    world.wait(60)
    world.set_image("default", "db", "postgres:16")
    world.wait(60)
    assert set(world.images().values()) == {"postgres:16"}
    assert len(world.ready()) == 3


def test_scaling_down_removes_the_highest_ordinals_first_one_by_one(world):
    world.a_set(replicas=4)
    world.settle()
    world.scale("default", "db", 1)
    order = []
    for _ in range(200):
        world.wait(0.1)
        going = world.terminating()
        assert len(going) <= 1
        order += [name for name in going if name not in order]
    assert order == ["db-3", "db-2", "db-1"]
    assert list(world.pods()) == ["db-0"]


def test_scaling_down_stalls_while_another_pod_is_unhealthy(world):
    world.a_set(replicas=3)
    world.settle()
    broken = {"spec": {"containers": [{"name": "postgres", "image": "postgres:16-unready"}]}}
    world.api.patch(pods.KIND, "default", "db-0", broken, "application/strategic-merge-patch+json")
    world.wait(10)
    world.scale("default", "db", 1)
    world.wait(30)
    assert "db-2" in world.pods()


def test_scaling_takes_precedence_over_updating(world):
    world.a_set(replicas=2)
    world.settle()
    template = world.statefulset()["spec"]["template"]
    container = {**template["spec"]["containers"][0], "image": "postgres:17"}
    spec = {"replicas": 3, "template": {"spec": {"containers": [container]}}}
    world.change("default", "db", {"spec": spec})
    world.wait(0.1)
    assert world.terminating() == []
    assert world.images()["db-2"] == "postgres:17"


def test_a_pod_that_is_deleted_comes_back_with_its_name_and_claim(world):
    world.a_set(storage="1Gi")
    world.settle()
    before = world.pod("db-1")["metadata"]["uid"]
    volume = world.claims()["data-db-1"]["spec"]["volumeName"]
    world.delete_pod("default", "db-1")
    world.settle()
    assert world.pod("db-1")["metadata"]["uid"] != before
    assert world.claims()["data-db-1"]["spec"]["volumeName"] == volume


def test_a_pod_is_available_only_after_min_ready_seconds(world):
    world.a_set(replicas=2, spec={"minReadySeconds": 30})
    until(world, lambda: world.ready() == ["db-0"])
    world.wait(20)
    assert (world.status()["readyReplicas"], world.status()["availableReplicas"]) == (1, 0)
    assert list(world.pods()) == ["db-0"]
    world.wait(15)
    assert "db-1" in world.pods()
    world.wait(60)
    assert world.status()["availableReplicas"] == 2


def test_a_set_being_deleted_in_the_foreground_waits_for_its_pods(world):
    world.a_set()
    world.settle()
    world.delete_set(propagation="Foreground")
    world.wait(0.1)
    assert world.statefulset()["metadata"]["finalizers"] == ["foregroundDeletion"]
    world.wait(5)
    assert world.pods() == {}
    assert world.revisions() == []


def test_a_deleted_set_leaves_its_claims(world):
    world.a_set(storage="1Gi")
    world.settle()
    world.delete_set()
    world.wait(5)
    assert world.pods() == {}
    assert list(world.claims()) == ["data-db-0", "data-db-1", "data-db-2"]


def test_orphaned_pods_keep_running_and_are_adopted_by_a_new_set(world):
    world.a_set()
    world.settle()
    before = {name: pod["metadata"]["uid"] for name, pod in world.pods().items()}
    world.delete_set(propagation="Orphan")
    world.wait(5)
    assert all("ownerReferences" not in pod["metadata"] for pod in world.pods().values())
    world.a_set()
    world.wait(5)
    assert {name: pod["metadata"]["uid"] for name, pod in world.pods().items()} == before
    uid = world.statefulset()["metadata"]["uid"]
    assert {pod["metadata"]["ownerReferences"][0]["uid"] for pod in world.pods().values()} == {uid}


def test_a_pod_whose_labels_no_longer_fit_is_let_go_and_blocks_its_name(world):
    world.a_set(replicas=1)
    world.settle()
    world.change("default", "db-0", {"metadata": {"labels": {"app.kubernetes.io/name": "other"}}}, of=pods.KIND)
    world.wait(5)
    assert "ownerReferences" not in world.pod("db-0")["metadata"]
    assert world.status()["replicas"] == 0


def test_events_say_what_the_controller_did(world):
    world.a_set(replicas=1, storage="1Gi")
    world.settle()
    world.scale("default", "db", 0)
    world.wait(5)
    said = [event["message"] for event in world.events("SuccessfulCreate", "db")]
    assert sorted(said) == [
        "Create Claim data-db-0 Pod db-0 in StatefulSet db success",
        "Create Pod db-0 in StatefulSet db successful",
    ]
    assert [event["message"] for event in world.events("SuccessfulDelete", "db")] == [
        "Delete Pod db-0 in StatefulSet db successful"
    ]


def test_a_pod_that_cannot_be_created_is_told_in_an_event_and_tried_again(world):
    world.a_set(replicas=1, pod={"serviceAccountName": "missing"})
    world.wait(5)
    (event,) = world.events("FailedCreate", "db")
    assert event["type"] == "Warning"
    assert event["count"] > 1
    assert event["message"].startswith('Create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden')
