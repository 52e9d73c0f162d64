"""Pods on their nodes: phases, failures, the end."""

from __future__ import annotations

import pytest

from stswidgets.simulator import api as apis
from stswidgets.simulator.kinds import nodes, pods


def state(world, pod="db-0", group="containerStatuses"):
    return world.pod(pod)["status"][group][0]


def condition(world, kind, pod="db-0"):
    return next(item for item in world.pod(pod)["status"]["conditions"] if item["type"] == kind)


def test_a_pod_runs_and_is_ready_within_two_seconds(world):
    world.a_set(replicas=1)
    world.wait(2)
    status = world.pod("db-0")["status"]
    assert status["phase"] == "Running"
    assert condition(world, "Ready")["status"] == "True"
    assert status["podIP"].startswith("10.244.")
    assert status["containerStatuses"][0]["image"] == "docker.io/library/postgres:16"


def test_a_new_pod_waits_for_its_containers(world):
    world.a_set(replicas=1)
    world.wait(0.05)
    assert state(world)["state"] == {"waiting": {"reason": "ContainerCreating"}}
    assert condition(world, "ContainersReady")["message"] == "containers with unready status: [postgres]"


def test_an_image_that_does_not_exist_backs_off_ever_longer(world):
    world.a_set(replicas=1, image="postgres:broken")
    world.wait(1.5)
    assert state(world)["state"]["waiting"]["reason"] == "ErrImagePull"
    world.wait(3)
    waiting = state(world)["state"]["waiting"]
    assert waiting["reason"] == "ImagePullBackOff"
    assert waiting["message"].startswith('Back-off pulling image "postgres:broken": ErrImagePull: ')
    assert world.pod("db-0")["status"]["phase"] == "Pending"
    world.wait(3600)
    assert 12 <= world.events("Pulling", "db-0")[0]["count"] <= 18


def test_a_container_that_crashes_is_restarted_ever_later(world):
    world.a_set(replicas=1, image="postgres:crash")
    world.wait(120)
    status = state(world)
    assert status["restartCount"] in (4, 5)
    assert status["lastState"]["terminated"]["exitCode"] == 1
    waiting = status["state"]["waiting"]
    assert waiting["reason"] == "CrashLoopBackOff"
    assert "restarting failed container=postgres pod=db-0_default(" in waiting["message"]
    assert world.pod("db-0")["status"]["phase"] == "Running"


def test_a_container_that_takes_too_much_memory_is_killed(world):
    world.a_set(replicas=1, image="postgres:oom")
    world.wait(20)
    assert state(world)["lastState"]["terminated"]["reason"] == "OOMKilled"
    assert state(world)["lastState"]["terminated"]["exitCode"] == 137


def test_a_container_whose_probe_fails_runs_but_is_not_ready(world):
    world.a_set(replicas=1, image="nginx:unready", port=80)
    world.wait(30)
    assert world.pod("db-0")["status"]["phase"] == "Running"
    assert world.ready() == []
    assert world.events("Unhealthy", "db-0")[0]["count"] >= 2


def test_a_slow_container_is_ready_after_twenty_seconds(world):
    world.a_set(replicas=1, image="postgres:slow")
    world.wait(15)
    assert world.ready() == []
    world.wait(10)
    assert world.ready() == ["db-0"]


def test_the_readiness_probe_s_delay_is_waited_for(world):
    world.a_set(replicas=1, container={"readinessProbe": {"tcpSocket": {"port": 5432}, "initialDelaySeconds": 12}})
    world.wait(15)
    assert world.ready() == []  # it is asked every ten seconds: at 0 and 10 it is too early
    world.wait(7)
    assert world.ready() == ["db-0"]


def test_init_containers_run_one_after_the_other_before_the_others(world):
    first, second = {"name": "one", "image": "busybox:1"}, {"name": "two", "image": "busybox:2"}
    world.a_set(replicas=1, pod={"initContainers": [first, second]})
    world.wait(0.9)
    waiting = state(world)["state"]["waiting"]
    assert waiting == {"reason": "PodInitializing"}
    world.wait(5)
    inits = world.pod("db-0")["status"]["initContainerStatuses"]
    assert [item["state"]["terminated"]["reason"] for item in inits] == ["Completed", "Completed"]
    assert world.ready() == ["db-0"]


def test_a_sidecar_keeps_running_beside_the_others(world):
    sidecar = {"name": "proxy", "image": "envoy:1", "restartPolicy": "Always"}
    world.a_set(replicas=1, pod={"initContainers": [sidecar]})
    world.wait(5)
    assert "running" in state(world, group="initContainerStatuses")["state"]
    assert world.ready() == ["db-0"]


def test_a_failing_init_container_holds_the_pod_up(world):
    world.a_set(replicas=1, pod={"initContainers": [{"name": "migrate", "image": "migrate:crash"}]})
    world.wait(30)
    assert world.pod("db-0")["status"]["phase"] == "Pending"
    assert state(world, group="initContainerStatuses")["state"]["waiting"]["reason"] == "CrashLoopBackOff"


def test_a_pod_that_is_deleted_ends_gracefully(world):
    world.a_set(replicas=1)
    world.settle()
    world.delete_pod("default", "db-0")
    pod = world.pod("db-0")
    assert pod["metadata"]["deletionGracePeriodSeconds"] == 30
    world.wait(0.05)
    assert world.events("Killing", "db-0")[0]["message"] == "Stopping container postgres"
    world.settle()
    assert world.pod("db-0")["metadata"]["uid"] != pod["metadata"]["uid"]


def test_a_pod_of_a_lost_node_stays_terminating_until_the_node_is_back(world):
    world.a_set(replicas=2)
    world.settle()
    node = world.pod("db-1")["spec"]["nodeName"]
    world.cluster.kubelets.lose(node)
    world.wait(60)
    ready = next(
        item for item in world.api.read(nodes.KIND, None, node).obj["status"]["conditions"] if item["type"] == "Ready"
    )
    assert (ready["status"], ready["reason"]) == ("Unknown", "NodeStatusUnknown")
    assert world.ready() == ["db-0"]
    world.wait(300)
    assert world.terminating() == ["db-1"]
    world.wait(600)
    assert world.terminating() == ["db-1"]
    world.cluster.kubelets.find(node)
    world.settle()
    assert world.ready() == ["db-0", "db-1"]


def test_a_force_deleted_pod_of_a_lost_node_comes_back_elsewhere(world):
    world.a_set(replicas=1)
    world.settle()
    node = world.pod("db-0")["spec"]["nodeName"]
    world.cluster.kubelets.lose(node)
    world.wait(400)
    world.api.delete(pods.KIND, "default", "db-0", deletion=apis.Deletion(grace=0))
    world.wait(5)
    assert world.pod("db-0")["spec"]["nodeName"] != node
    assert world.ready() == ["db-0"]


def test_a_changed_image_restarts_the_container_in_place(world):
    world.a_set(replicas=1)
    world.settle()
    change = {"spec": {"containers": [{"name": "postgres", "image": "postgres:17"}]}}
    world.api.patch(pods.KIND, "default", "db-0", change, "application/strategic-merge-patch+json")
    world.wait(3)
    assert state(world)["restartCount"] == 1
    assert state(world)["image"] == "docker.io/library/postgres:17"


def test_a_mended_image_runs_and_is_not_disturbed_by_the_back_off_of_the_broken_one(world):
    world.a_set(replicas=1, image="postgres:broken")
    world.wait(20)
    change = {"spec": {"containers": [{"name": "postgres", "image": "postgres:17"}]}}
    world.api.patch(pods.KIND, "default", "db-0", change, "application/strategic-merge-patch+json")
    world.wait(3)
    assert world.ready() == ["db-0"]
    started = state(world)["state"]
    world.wait(600)
    assert state(world)["state"] == started


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"memory": ("64Gi", "64Gi")}, "3 Insufficient memory"),
        ({"pod": {"nodeSelector": {"disk": "ssd"}}}, "3 node(s) didn't match Pod's node affinity/selector"),
    ],
    ids=["memory", "selector"],
)
def test_a_pod_that_fits_nowhere_is_told_why(world, more, why):
    world.a_set(replicas=1, **more)
    world.wait(2)
    (event,) = world.events("FailedScheduling", "db-0")
    assert event["message"] == (
        f"0/3 nodes are available: {why}. "
        "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    assert condition(world, "PodScheduled")["reason"] == "Unschedulable"


def test_a_full_cluster_is_told_from_nodes_that_are_too_small(world):
    world.a_set("filler", replicas=3, memory=("20Gi", "20Gi"))
    world.settle()
    world.a_set(replicas=1, memory=("20Gi", "20Gi"))
    world.wait(2)
    (event,) = world.events("FailedScheduling", "db-0")
    assert event["message"].endswith("3 No preemption victims found for incoming pod.")


def test_a_pod_that_waits_is_placed_once_a_node_fits(world):
    world.a_set(replicas=1, pod={"nodeSelector": {"disk": "ssd"}})
    world.wait(2)
    world.change("", "worker-2", {"metadata": {"labels": {"disk": "ssd"}}}, of=nodes.KIND)
    world.wait(3)
    assert world.pod("db-0")["spec"]["nodeName"] == "worker-2"


def test_a_cordoned_node_gets_no_pods(world):
    for name in ("worker-1", "worker-3"):
        world.change("", name, {"spec": {"unschedulable": True}}, of=nodes.KIND)
    world.a_set(replicas=3)
    world.settle()
    assert {pod["spec"]["nodeName"] for pod in world.pods().values()} == {"worker-2"}


def test_a_tainted_node_gets_no_pods_that_do_not_tolerate_it(world):
    taint = [{"key": "only", "value": "gpu", "effect": "NoSchedule"}]
    for name in ("worker-1", "worker-2", "worker-3"):
        world.change("", name, {"spec": {"taints": taint}}, of=nodes.KIND)
    world.a_set(replicas=1)
    world.wait(2)
    assert "3 node(s) had untolerated taint(s)" in world.events("FailedScheduling", "db-0")[0]["message"]


def test_anti_affinity_spreads_pods_and_leaves_the_last_one_waiting(world):
    term = {
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "db"}},
        "topologyKey": "kubernetes.io/hostname",
    }
    rule = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    world.a_set(replicas=4, pod={"affinity": rule})
    world.wait(30)
    assert {world.pod(f"db-{number}")["spec"]["nodeName"] for number in range(3)} == {
        "worker-1",
        "worker-2",
        "worker-3",
    }
    assert "nodeName" not in world.pod("db-3")["spec"]
    assert "3 node(s) didn't match pod anti-affinity rules" in world.events("FailedScheduling", "db-3")[0]["message"]


def test_pods_of_a_set_are_spread_over_the_nodes(world):
    world.a_set(replicas=3)
    world.settle()
    assert len({pod["spec"]["nodeName"] for pod in world.pods().values()}) == 3


def alone(world, policy, command):
    """A pod of its own with a command and a restart policy, ten seconds later."""
    container = {"name": "main", "image": "busybox", "command": command}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "one"},
        "spec": {"containers": [container], "restartPolicy": policy},
    }
    world.api.create(pods.KIND, pod, namespace="default", options=apis.Options(field_validation="Strict"))
    world.wait(10)
    return world.pod("one")["status"]


@pytest.mark.parametrize(
    ("policy", "command", "phase", "restarts"),
    [
        ("Never", ["echo", "hello"], "Succeeded", 0),
        ("Never", ["sh", "-c", "echo no; exit 3"], "Failed", 0),
        ("OnFailure", ["true"], "Succeeded", 0),
        ("OnFailure", ["sh", "-c", "false"], "Running", 1),
        ("Never", ["sleep", "60"], "Running", 0),
        ("Never", ["nginx"], "Running", 0),
    ],
)
def test_a_command_that_ends_is_restarted_as_its_pod_says(world, policy, command, phase, restarts):
    status = alone(world, policy, command)
    assert status["phase"] == phase
    assert status["containerStatuses"][0]["restartCount"] == restarts


def test_a_pod_that_succeeded_says_so_in_its_conditions(world):
    alone(world, "Never", ["echo", "hello"])
    assert condition(world, "Ready", "one")["reason"] == "PodCompleted"
    assert state(world, "one")["state"]["terminated"]["reason"] == "Completed"


def test_a_log_holds_what_a_command_wrote(world):
    alone(world, "Never", ["sh", "-c", "echo one; echo two"])
    assert [line for _, line in world.cluster.logs(world.pod("one"), "main")] == ["one", "two"]
