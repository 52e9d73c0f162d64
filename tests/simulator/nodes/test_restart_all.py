"""Exit codes that begin a whole pod anew (RestartAllContainers)."""

from __future__ import annotations

from stswidgets.simulator.kinds import pods

RULE = {"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [42]}}
REMOVED = "The container is removed because RestartAllContainers in place"


def start(world, policy="Never"):
    """A pod `one`: it prepares, has a helper, and begins anew when its container `main` exits with 42."""
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "one", "namespace": "default"},
        "spec": {
            "restartPolicy": policy,
            "initContainers": [{"name": "prepare", "image": "prepare:1"}],
            "containers": [
                {"name": "main", "image": "app:1", "restartPolicy": "Never", "restartPolicyRules": [RULE]},
                {"name": "other", "image": "app:2"},
            ],
        },
    }
    world.api.create(pods.KIND, pod)
    world.wait(5)


def reports(world):
    status = world.pod("one")["status"]
    return {item["name"]: item for item in [*status["initContainerStatuses"], *status["containerStatuses"]]}


def restarting(world):
    return next(item for item in world.pod("one")["status"]["conditions"] if item["type"] == "AllContainersRestarting")


def test_a_pod_with_such_a_rule_says_that_it_does_not_begin_anew(world):
    start(world)
    assert restarting(world)["status"] == "False"


def test_other_pods_do_not_speak_of_it(world):
    world.a_set(replicas=1)
    world.settle()
    types = {item["type"] for item in world.pod("db-0")["status"]["conditions"]}
    assert "AllContainersRestarting" not in types


def test_the_condition_says_that_a_pod_begins_anew(world):
    start(world)
    world.cluster.finish(world.pod("one"), "main", 42)
    world.wait(0.1)
    found = restarting(world)
    assert (found["status"], found["reason"], found["message"]) == (
        "True",
        "RestartAllContainersStarted",
        "container exited with restart policy rule",
    )


def test_all_containers_run_once_more_the_init_containers_first(world):
    start(world)
    world.cluster.finish(world.pod("one"), "main", 42)
    world.wait(10)
    found = reports(world)
    assert {name: item["restartCount"] for name, item in found.items()} == {"prepare": 1, "main": 1, "other": 1}
    assert found["prepare"]["state"]["terminated"]["finishedAt"] <= found["main"]["state"]["running"]["startedAt"]
    assert world.ready() == ["one"]
    assert restarting(world)["status"] == "False"


def test_all_containers_say_that_they_were_taken_away(world):
    start(world)
    world.cluster.finish(world.pod("one"), "main", 42)
    world.wait(10)
    last = {"exitCode": 137, "reason": "RestartingAllContainers", "message": REMOVED}
    for item in reports(world).values():
        assert last.items() <= item["lastState"]["terminated"].items()


def test_the_others_are_killed_without_grace(world):
    start(world)
    world.cluster.finish(world.pod("one"), "main", 42)
    world.wait(10)
    (event,) = world.events("Killing", "one")
    assert event["message"] == "killing"
    assert event["involvedObject"]["fieldPath"] == "spec.containers{other}"


def test_a_pod_that_begins_anew_stays_initialized(world):
    start(world)
    world.cluster.finish(world.pod("one"), "main", 42)
    for _ in range(40):
        world.wait(0.1)
        conditions = {item["type"]: item["status"] for item in world.pod("one")["status"]["conditions"]}
        assert conditions["Initialized"] == "True"
        assert world.pod("one")["status"]["phase"] in ("Running", "Pending")


def test_another_exit_code_ends_the_container_for_good(world):
    start(world)
    world.cluster.finish(world.pod("one"), "main", 1)
    world.wait(10)
    found = reports(world)
    assert found["main"]["state"]["terminated"]["exitCode"] == 1
    assert found["other"]["restartCount"] == 0
