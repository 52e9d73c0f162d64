"""Resources changed in place."""

from __future__ import annotations

import pytest

from stswidgets.simulator import status
from stswidgets.simulator.kinds import pods
from tests.simulator.nodes.test_kubelet import state

STRATEGIC = "application/strategic-merge-patch+json"


def conditions(world):
    return {item["type"]: item for item in world.pod("db-0")["status"]["conditions"]}


def resize(world, **requests):
    change = {"spec": {"containers": [{"name": "postgres", "resources": {"requests": requests}}]}}
    return world.api.patch(pods.KIND, "default", "db-0", change, STRATEGIC, subresource="resize").obj


def pod(world, name, cpu, **spec):
    """A pod for the node of `db-0`."""
    container = {"name": "main", "image": "app:1", "resources": {"requests": {"cpu": cpu}}}
    selector = {"kubernetes.io/hostname": world.pod("db-0")["spec"]["nodeName"]}
    spec = {"nodeSelector": selector, "containers": [container], **spec}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"}, "spec": spec}
    world.api.create(pods.KIND, body)


def beside(world, cpu, **spec):
    """The set's one pod, and another on its node."""
    world.a_set(replicas=1, cpu=("100m", "64"))
    world.settle()
    pod(world, "other", cpu, **spec)
    world.wait(10)


def test_a_resize_is_allocated_first_and_given_a_moment_later(world):
    world.a_set(replicas=1, cpu=("100m", "1"))
    world.settle()
    resize(world, cpu="300m")
    world.wait(0.1)
    assert state(world)["allocatedResources"]["cpu"] == "300m"
    assert state(world)["resources"]["requests"]["cpu"] == "100m"
    assert conditions(world)["PodResizeInProgress"]["status"] == "True"
    world.wait(2)
    assert state(world)["resources"]["requests"]["cpu"] == "300m"
    assert "PodResizeInProgress" not in conditions(world)
    assert state(world)["restartCount"] == 0
    assert [item["reason"] for item in world.events("ResizeCompleted", "db-0")] == ["ResizeCompleted"]


def test_a_resize_for_which_there_is_no_room_waits(world):
    beside(world, "4")
    resize(world, cpu="5")
    world.wait(1)
    pending = conditions(world)["PodResizePending"]
    assert pending["reason"] == "Deferred"
    assert pending["message"] == "Node didn't have enough resource: cpu, requested: 5000, used: 4000, capacity: 7900"
    assert state(world)["allocatedResources"]["cpu"] == "100m"


def test_a_resize_that_is_taken_back_waits_no_longer(world):
    beside(world, "4")
    resize(world, cpu="5")
    world.wait(1)
    resize(world, cpu="100m")
    world.wait(1)
    assert "PodResizePending" not in conditions(world)


def test_an_init_container_that_asked_for_more_keeps_its_share_of_the_node(world):
    first = {"name": "first", "image": "app:1", "resources": {"requests": {"cpu": "3"}}}
    beside(world, "1", initContainers=[first])
    resize(world, cpu="5")
    world.wait(1)
    assert "used: 3000" in conditions(world)["PodResizePending"]["message"]


def test_a_resize_may_not_change_the_quality_of_service(world):
    world.a_set(replicas=1, cpu=("100m", "1"), memory=("64Mi", "64Mi"))
    world.settle()
    with pytest.raises(status.ApiError) as refused:
        resize(world, cpu="1")
    assert "Pod QOS Class may not change as a result of resizing" in str(refused.value.message)


def test_a_resize_changes_nothing_else(world):
    world.a_set(replicas=1, cpu=("100m", "1"))
    world.settle()
    change = {"metadata": {"labels": {"new": "yes"}}, "spec": {"containers": [{"name": "postgres", "image": "other"}]}}
    after = world.api.patch(pods.KIND, "default", "db-0", change, STRATEGIC, subresource="resize").obj
    assert after["spec"]["containers"][0]["image"] == "postgres:16"
    assert "new" not in after["metadata"]["labels"]


def test_a_pod_that_waits_for_room_gets_it_when_another_is_resized(world):
    world.a_set(replicas=1, cpu=("7", "7900m"))
    world.settle()
    pod(world, "late", "2")
    world.wait(5)
    assert "nodeName" not in world.pod("late")["spec"]
    resize(world, cpu="100m")
    world.wait(5)
    assert world.pod("late")["spec"]["nodeName"] == world.pod("db-0")["spec"]["nodeName"]
