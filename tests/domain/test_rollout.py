"""What a set is doing, which pod it waits for, and why."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets.domain import rollout, status
from tests.domain import clusters
from tests.domain.clusters import NEW, NOW, OLD, pod, statefulset, waiting


def said(sts: dict[str, Any], pods: list[dict[str, Any]], **more: Any) -> rollout.Rollout:
    return rollout.status(sts, pods, now=NOW, **more)


def test_all_ready_on_the_new_revision_is_running() -> None:
    found = said(statefulset(), [pod(0), pod(1), pod(2)])
    assert (found.phase, found.ready, found.updated, found.is_done) == ("Running", 3, 3, True)
    assert found.text() == "3 of 3 pods are ready."


def test_no_replicas_and_no_pods_is_stopped() -> None:
    assert said(statefulset(0), []).phase == "Stopped"


def test_a_change_that_the_controller_has_not_seen_is_an_update() -> None:
    found = said(statefulset(status={"observedGeneration": 1}), [pod(0), pod(1), pod(2)])
    assert (found.phase, found.sentence.key) == ("Updating", "rollout.observing")


def test_a_deleted_set_is_terminating() -> None:
    sts = statefulset()
    sts["metadata"]["deletionTimestamp"] = "2026-11-24T11:00:00Z"
    assert said(sts, [pod(0)]).phase == "Terminating"


def test_a_missing_pod_is_waited_for_by_name() -> None:
    found = said(statefulset(), [pod(0)])
    assert found.text() == "1 of 3 updated, 1 of 3 ready. Waiting for db-1 to be created."


def test_a_starting_pod_is_waited_for_with_what_it_does() -> None:
    found = said(statefulset(), [pod(0), waiting(1, "ContainerCreating")])
    assert found.text() == "2 of 3 updated, 1 of 3 ready. Waiting for db-1: its containers are being created."


def test_an_update_says_which_pod_is_next() -> None:
    found = said(statefulset(), [pod(0, OLD), pod(1, OLD), pod(2)])
    assert found.text() == "1 of 3 updated. db-1 is replaced next."


def test_a_pod_that_ends_is_waited_for() -> None:
    ending = pod(1, OLD, metadata__deletionTimestamp="2026-11-24T12:00:10Z")
    assert said(statefulset(), [pod(0, OLD), ending, pod(2)]).sentence.key == "rollout.waits_terminating"


def test_a_parallel_set_waits_for_several_at_once() -> None:
    found = said(statefulset(podManagementPolicy="Parallel"), [pod(0)])
    assert found.text().endswith("Waiting for 2 pods: db-1, db-2.")


def test_scaling_down_names_the_highest() -> None:
    found = said(statefulset(1), [pod(0), pod(1), pod(2)])
    assert found.text() == "Scaling down: db-2 goes next, 2 to go."


def test_an_image_that_cannot_be_pulled_is_stuck() -> None:
    found = said(statefulset(), [pod(0), pod(1), waiting(2, "ImagePullBackOff")])
    assert (found.phase, found.reason) == ("Stuck", "ImagePullBackOff")
    assert found.text() == "db-2 does not become ready: the image postgres:16 cannot be pulled (ImagePullBackOff)."


def test_a_crash_loop_says_the_exit_code() -> None:
    crash = waiting(0, "CrashLoopBackOff", last={"exitCode": 3, "reason": "Error"}, restarts=4)
    assert "exit code 3, 4 restarts" in said(statefulset(1), [crash]).text()


def test_a_container_out_of_memory_is_said_to_be() -> None:
    killed = waiting(0, "CrashLoopBackOff", last={"exitCode": 137, "reason": "OOMKilled"}, restarts=1)
    assert "runs out of memory (OOMKilled), 1 restart." in said(statefulset(1), [killed]).text()


def test_a_pod_that_no_node_takes_is_stuck_with_the_schedulers_words() -> None:
    conditions = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]
    unschedulable = pod(0, ready=False, status__conditions=conditions, status__phase="Pending")
    assert said(statefulset(1), [unschedulable]).text() == "db-0 does not become ready: no node takes it: 0/3 nodes."


def test_a_claim_without_a_volume_is_named() -> None:
    conditions = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "unbound"}]
    unschedulable = pod(0, ready=False, status__conditions=conditions)
    claim = {"metadata": {"name": "data-db-0"}, "status": {"phase": "Pending"}}
    events = [clusters.event("PersistentVolumeClaim", "data-db-0", "ProvisioningFailed", "no class fast")]
    found = said(statefulset(1), [unschedulable], claims=[claim], events=events)
    assert found.reason == "VolumeUnbound"
    assert "its claim data-db-0 has no volume: no class fast" in found.text()


def test_a_quota_that_is_used_up_is_stuck() -> None:
    message = 'create Pod db-1 in StatefulSet db failed error: pods "db-1" is forbidden: exceeded quota'
    events = [clusters.event("StatefulSet", "db", "FailedCreate", message)]
    found = said(statefulset(2), [pod(0)], events=events)
    assert (found.phase, found.reason) == ("Stuck", "FailedCreate")
    assert "exceeded quota" in found.text()


def test_a_failing_probe_is_a_wait_at_first_and_trouble_later() -> None:
    events = [clusters.event("Pod", "db-0", "Unhealthy", "Readiness probe failed: 500", "pod-0")]
    young = pod(0, ready=False)
    assert said(statefulset(1), [young], events=events).phase == "Updating"
    state = {"running": {"startedAt": "2026-11-24T11:00:00Z"}}
    old = pod(0, ready=False, status__containerStatuses=[{"name": "pg", "ready": False, "state": state}])
    found = said(statefulset(1), [old], events=events)
    assert found.phase == "Stuck"
    assert "Readiness probe failed: 500" in found.text()


def test_an_event_of_an_earlier_pod_of_the_same_name_is_not_this_ones() -> None:
    events = [clusters.event("Pod", "db-0", "FailedMount", "no volume", "another")]
    assert said(statefulset(1), [waiting(0, "ContainerCreating")], events=events).phase == "Updating"


def test_a_volume_that_cannot_be_mounted_is_stuck() -> None:
    events = [clusters.event("Pod", "db-0", "FailedMount", 'secret "x" not found', "pod-0")]
    assert said(statefulset(1), [waiting(0, "ContainerCreating")], events=events).reason == "FailedMount"


# ---------------------------------------------------------------- the rollback trap (kubernetes issue 67250)


def test_a_broken_pod_of_an_older_revision_traps_an_ordered_set() -> None:
    found = said(statefulset(), [pod(0), pod(1), waiting(2, "ImagePullBackOff", OLD)])
    assert found.trapped == ("db-2",)
    assert "delete db-2 to let it be made anew" in found.text()


@pytest.mark.parametrize(
    ("spec", "broken"),
    [
        ({}, waiting(2, "ImagePullBackOff", NEW)),
        ({"podManagementPolicy": "Parallel"}, waiting(2, "ImagePullBackOff", OLD)),
        ({"updateStrategy": {"type": "OnDelete"}}, waiting(2, "ImagePullBackOff", OLD)),
        ({"updateStrategy": {"rollingUpdate": {"partition": 3}}}, waiting(2, "ImagePullBackOff", OLD)),
        ({}, pod(2, OLD, ready=False)),
        ({}, pod(2, OLD, ready=False, status__phase="Failed")),
        ({}, pod(2, OLD, ready=False, metadata__deletionTimestamp="2026-11-24T12:00:10Z")),
    ],
    ids=["new revision", "parallel", "on delete", "held", "starting", "failed", "ending"],
)
def test_no_trap_is_seen_where_there_is_none(spec: dict[str, Any], broken: dict[str, Any]) -> None:
    assert said(statefulset(**spec), [pod(0), pod(1), broken]).trapped == ()


# ---------------------------------------------------------------- partition, OnDelete, first ordinal


def test_a_partition_that_is_reached_is_done() -> None:
    found = said(statefulset(updateStrategy={"rollingUpdate": {"partition": 2}}), [pod(0, OLD), pod(1, OLD), pod(2)])
    assert (found.phase, found.target, found.updated, found.is_done) == ("Running", 1, 1, True)
    assert [each.state for each in found.ordinals] == ["held", "held", "ready"]


def test_a_partition_counts_from_the_first_ordinal() -> None:
    sts = statefulset(ordinals={"start": 5}, updateStrategy={"rollingUpdate": {"partition": 2}})
    found = said(sts, [pod(5, OLD), pod(6, OLD), pod(7)])
    assert [(each.ordinal, each.state) for each in found.ordinals] == [(5, "held"), (6, "held"), (7, "ready")]
    assert found.phase == "Running"


def test_a_pod_before_the_first_ordinal_is_surplus() -> None:
    found = said(statefulset(1, ordinals={"start": 1}), [pod(0), pod(1)])
    assert (found.phase, found.ordinals[0].state) == ("Updating", "surplus")


def test_on_delete_waits_for_a_person() -> None:
    found = said(statefulset(updateStrategy={"type": "OnDelete"}), [pod(0, OLD), pod(1), pod(2, OLD)])
    assert found.phase == "Waiting"
    assert found.text() == "2 pods stay on the old revision until deleted: db-0, db-2."


def test_min_ready_seconds_holds_the_verdict_back() -> None:
    sts = statefulset(minReadySeconds=30, status={"availableReplicas": 2})
    assert said(sts, [pod(0), pod(1), pod(2)]).sentence.key == "rollout.min_ready"


def test_a_pod_that_should_have_ended_long_ago_is_stuck() -> None:
    late = pod(1, metadata__deletionTimestamp="2026-11-24T11:00:00Z")
    assert said(statefulset(2), [pod(0), late]).reason == "Terminating"


def test_without_pods_the_sets_own_counts_are_read() -> None:
    found = said(statefulset(status={"readyReplicas": 3, "updatedReplicas": 1}), [])
    assert (found.phase, found.ready, found.updated) == ("Updating", 3, 1)


def test_the_model_speaks_both_languages() -> None:
    model = said(statefulset(1), [waiting(0, "ErrImagePull")]).model("zh", {NEW: 4})
    assert model["word"] == "受阻"
    assert model["ordinals"][0]["revision"] == 4
    assert "无法拉取镜像" in model["sentence"]


@pytest.mark.parametrize("odd", [{}, {"spec": None, "status": None}, {"spec": [], "status": "x", "metadata": 1}])
def test_an_odd_set_is_still_something(odd: dict[str, Any]) -> None:
    assert said(odd, [{}, {"metadata": {"name": "x-0"}}]).phase in status.PHASES


# ---------------------------------------------------------------- the word that kubectl prints


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (pod(0), "Running"),
        (waiting(0, "ImagePullBackOff"), "ImagePullBackOff"),
        (pod(0, metadata__deletionTimestamp="2026-11-24T12:00:00Z"), "Terminating"),
        (
            pod(0, ready=False, status__phase="Failed", status__reason="Evicted", status__containerStatuses=[]),
            "Evicted",
        ),
        (
            pod(
                0,
                ready=False,
                spec__initContainers=[{"name": "a"}, {"name": "b"}],
                status__initContainerStatuses=[
                    {"name": "a", "state": {"terminated": {"exitCode": 0}}},
                    {"name": "b", "state": {"running": {}}},
                ],
            ),
            "Init:1/2",
        ),
        (
            pod(
                0,
                ready=False,
                status__containerStatuses=[{"name": "pg", "state": {"terminated": {"exitCode": 2, "reason": "Error"}}}],
            ),
            "Error",
        ),
    ],
)
def test_a_pods_word_is_kubectls(found: dict[str, Any], word: str) -> None:
    assert status.pod(found).word == word
