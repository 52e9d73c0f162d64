"""What postStart hooks hold up, and what comes of one that fails."""

from __future__ import annotations

import pytest

from stswidgets.simulator.kinds import pods

SLOW_SIDECAR = {
    "name": "proxy",
    "image": "envoy:1",
    "restartPolicy": "Always",
    "lifecycle": {"postStart": {"sleep": {"seconds": 10}}},
}


def start(world, hook, containers=(), image="app:1", spec=(), **more):
    """A pod `one` whose first container has the hook."""
    main = {"name": "main", "image": image, "lifecycle": {"postStart": hook}, **more}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "one", "namespace": "default"},
        "spec": {"containers": [main, *containers], **dict(spec)},
    }
    world.api.create(pods.KIND, pod)


def report(world, number=0):
    return world.pod("one")["status"]["containerStatuses"][number]


def texts(world, reason):
    return {item["message"] for item in world.events(reason, "one")}


@pytest.mark.parametrize(
    "hook",
    [{"sleep": {"seconds": 20}}, {"exec": {"command": ["sh", "-c", "echo begun; sleep 20"]}}],
    ids=["sleep", "exec"],
)
def test_a_container_is_not_said_to_run_before_its_hook_is_over(world, hook):
    start(world, hook)
    world.wait(15)
    assert report(world)["state"] == {"waiting": {"reason": "ContainerCreating"}}
    assert world.pod("one")["status"]["phase"] == "Pending"
    assert texts(world, "Started") == {"Container started"}
    world.wait(10)
    assert world.ready() == ["one"]


def test_a_container_runs_since_before_its_hook(world):
    start(world, {"sleep": {"seconds": 20}})
    world.wait(30)
    (event,) = world.events("Started", "one")
    assert report(world)["state"]["running"]["startedAt"] == event["firstTimestamp"]


def test_the_containers_behind_a_hook_wait_for_it(world):
    start(world, {"sleep": {"seconds": 20}}, containers=[{"name": "other", "image": "app:2"}])
    world.wait(15)
    assert "waiting" in report(world, 1)["state"]
    assert len(world.events("Pulling", "one")) == 1
    world.wait(10)
    assert world.ready() == ["one"]


def test_the_containers_behind_a_hook_do_not_wait_for_an_image_that_cannot_be_had(world):
    start(world, {"sleep": {"seconds": 20}}, image="app:broken", containers=[{"name": "other", "image": "app:2"}])
    world.wait(10)
    assert "running" in report(world, 1)["state"]


def test_a_request_to_a_port_that_the_container_has_is_answered(world):
    start(world, {"httpGet": {"path": "/warm", "port": "web"}}, ports=[{"name": "web", "containerPort": 8080}])
    world.wait(3)
    assert world.ready() == ["one"]


NO = r', message: "no\n"'


@pytest.mark.parametrize(
    ("hook", "more", "why"),
    [
        (
            {"exec": {"command": ["sh", "-c", "echo no; false"]}},
            {},
            "Exec lifecycle hook ([sh -c echo no; false]) {}command 'sh -c echo no; false' exited with 1: " + NO,
        ),
        (
            {"httpGet": {"path": "/warm", "port": 81}},
            {"ports": [{"containerPort": 80}]},
            'HTTP lifecycle hook (/warm) {}Get "http://IP:81/warm": dial tcp IP:81: connect: connection refused',
        ),
        ({"httpGet": {"path": "/", "port": "web"}}, {}, 'HTTP lifecycle hook (/) {}port "web" not found'),
    ],
    ids=["exec", "request", "name"],
)
def test_a_container_whose_hook_fails_is_killed_and_says_why(world, hook, more, why):
    start(world, hook, **more)
    world.wait(2.5)
    uid, ip = world.pod("one")["metadata"]["uid"], world.pod("one")["status"]["podIP"]
    about = f'for Container "main" in Pod "one_default({uid})" failed - error: '
    said = why.replace("{}", about).replace("IP", ip)
    seen = [report(world)["state"].get("waiting")]
    for _ in range(20):
        world.wait(0.1)
        seen.append(report(world)["state"].get("waiting"))
    assert {"reason": "PostStartHookError", "message": said} in seen
    assert texts(world, "FailedPostStartHook") == {"PostStartHook failed"}
    assert texts(world, "Killing") == {"FailedPostStartHook"}


def test_a_container_whose_hook_fails_again_and_again_backs_off(world):
    start(world, {"exec": {"command": ["false"]}})
    world.wait(120)
    assert report(world)["restartCount"] in (3, 4)
    assert report(world)["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert not report(world)["ready"]


def test_a_request_to_a_server_that_does_not_listen_yet_fails(world):
    start(world, {"httpGet": {"path": "/", "port": 80}}, image="app:slow", ports=[{"containerPort": 80}])
    world.wait(30)
    assert texts(world, "FailedPostStartHook") == {"PostStartHook failed"}
    assert world.ready() == []


def test_a_command_whose_container_ends_before_it_fails(world):
    start(world, {"exec": {"command": ["sleep", "30"]}}, image="app:crash")
    world.wait(10)
    assert texts(world, "FailedPostStartHook") == {"PostStartHook failed"}


def test_a_pod_whose_hook_has_failed_and_that_is_never_restarted_has_ended(world):
    start(world, {"exec": {"command": ["false"]}}, spec={"restartPolicy": "Never"})
    world.wait(10)
    assert world.pod("one")["status"]["phase"] == "Succeeded"  # it ended well when it was asked to
    assert report(world)["restartCount"] == 0


def test_the_end_of_a_pod_waits_for_a_hook(world):
    start(world, {"sleep": {"seconds": 20}})
    world.wait(5)
    world.delete_pod("default", "one")
    world.wait(10)
    assert "one" in world.pods()
    assert texts(world, "Killing") == set()
    world.wait(15)
    assert "one" not in world.pods()


def test_a_sidecar_s_hook_holds_up_what_comes_after_it(world):
    world.a_set(replicas=1, pod={"initContainers": [SLOW_SIDECAR]})
    world.wait(8)
    assert world.pod("db-0")["status"]["containerStatuses"][0]["state"] == {"waiting": {"reason": "PodInitializing"}}
    world.wait(10)
    assert world.ready() == ["db-0"]


def test_nothing_begins_behind_a_sidecar_s_hook_in_a_pod_that_ends(world):
    world.a_set(replicas=1, pod={"initContainers": [SLOW_SIDECAR]})
    world.wait(5)
    uid = world.pod("db-0")["metadata"]["uid"]
    world.delete_pod("default", "db-0")
    world.wait(6.5)
    said = {
        (item["involvedObject"]["fieldPath"], item["reason"])
        for reason in ("Pulling", "Started", "Killing")
        for item in world.events(reason, "db-0")
        if item["involvedObject"]["uid"] == uid
    }
    assert said == {("spec.initContainers{proxy}", reason) for reason in ("Pulling", "Started", "Killing")}
