"""Probes over time, and what follows from them."""

from __future__ import annotations

from stswidgets.simulator.kinds import leases
from stswidgets.simulator.scenarios import manifests
from tests.simulator.nodes.test_kubelet import condition, state

HTTP = {"httpGet": {"path": "/healthz", "port": 80}}


def messages(world, reason, pod="db-0"):
    return [item["message"] for item in world.events(reason, pod)]


def told(world, word, *, container=None, pod=None, name=""):
    """A set of one pod whose fate stands in an annotation."""
    made = manifests.statefulset("db", "postgres:16", replicas=1, container=container or {}, pod=pod or {})
    key = "simulator.stswidgets.io/fate" + (f".{name}" if name else "")
    made["spec"]["template"]["metadata"].setdefault("annotations", {})[key] = word
    world.create(made, namespace="default")


def test_an_unready_container_says_what_its_probe_heard(world):
    world.a_set(replicas=1, image="nginx:unready", container={"readinessProbe": HTTP})
    world.wait(5)
    assert messages(world, "Unhealthy") == ["Readiness probe failed: HTTP probe failed with statuscode: 503"]


def test_a_hung_container_is_restarted_again_and_again(world):
    world.a_set(replicas=1, image="nginx:hung", container={"livenessProbe": HTTP})
    world.wait(900)
    assert state(world)["restartCount"] >= 3
    ended = state(world)["lastState"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "Error")
    assert messages(world, "Killing") == ["Container nginx failed liveness probe, will be restarted"]
    (unhealthy,) = messages(world, "Unhealthy")
    assert unhealthy.startswith('Liveness probe failed: Get "http://10.244.')
    assert unhealthy.endswith(
        ':80/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    )


def test_a_hung_container_without_a_liveness_probe_stays(world):
    world.a_set(replicas=1, image="nginx:hung")
    world.wait(900)
    assert state(world)["restartCount"] == 0
    assert world.ready() == ["db-0"]


def test_as_many_failures_as_the_threshold_allows_change_nothing(world):
    probe = {**HTTP, "periodSeconds": 10, "failureThreshold": 30}
    world.a_set(replicas=1, image="nginx:hung", container={"livenessProbe": probe})
    world.wait(300)
    assert messages(world, "Unhealthy")
    assert messages(world, "Killing") == []


def test_a_slow_container_with_a_startup_probe_is_not_killed(world):
    probes = {"startupProbe": {**HTTP, "failureThreshold": 30, "periodSeconds": 5}, "livenessProbe": HTTP}
    world.a_set(replicas=1, image="nginx:slow", container=probes)
    world.wait(10)
    assert state(world)["started"] is False
    world.wait(30)
    assert (state(world)["started"], state(world)["restartCount"]) == (True, 0)
    assert world.ready() == ["db-0"]


def test_a_startup_probe_that_gives_up_restarts_the_container(world):
    probe = {**HTTP, "failureThreshold": 2, "periodSeconds": 2}
    world.a_set(replicas=1, image="nginx:slow", container={"startupProbe": probe})
    world.wait(6)
    assert messages(world, "Killing") == ["Container nginx failed startup probe, will be restarted"]
    assert state(world)["restartCount"] == 1


def test_readiness_is_lost_after_three_failures(world):
    world.a_set(replicas=1, image="nginx:hung", container={"readinessProbe": HTTP})
    world.wait(20)
    assert world.ready() == ["db-0"]
    world.wait(45)
    assert world.ready() == []


def test_an_annotation_gives_a_fate(world):
    told(world, "crash")
    world.wait(60)
    assert state(world)["state"]["waiting"]["reason"] == "CrashLoopBackOff"


def test_an_annotation_gives_one_container_a_fate(world):
    told(world, "unready", name="other")
    world.wait(5)
    assert world.ready() == ["db-0"]


def test_a_readiness_gate_holds_a_pod_back_until_its_condition_is_true(world):
    world.a_set(replicas=1, pod={"readinessGates": [{"conditionType": "example.com/ok"}]})
    world.wait(5)
    ready = condition(world, "Ready")
    assert (ready["status"], ready["reason"]) == ("False", "ReadinessGatesNotReady")
    assert ready["message"] == 'corresponding condition of pod readiness gate "example.com/ok" does not exist.'
    assert condition(world, "ContainersReady")["status"] == "True"


def test_sidecars_end_after_the_others(world):
    sidecar = {"name": "proxy", "image": "envoy:1", "restartPolicy": "Always"}
    main = {"lifecycle": {"preStop": {"sleep": {"seconds": 5}}}}
    world.a_set(replicas=1, container=main, pod={"initContainers": [sidecar]})
    world.settle()
    world.delete_pod("default", "db-0")
    world.wait(5.5)
    assert "running" in state(world, group="initContainerStatuses")["state"]
    world.wait(0.45)
    assert "terminated" in state(world)["state"]


def test_a_hook_is_waited_for_as_long_as_the_grace_allows(world):
    hook = {"lifecycle": {"preStop": {"exec": {"command": ["sleep", "20"]}}}}
    world.a_set(replicas=1, container=hook)
    world.settle()
    uid = world.pod("db-0")["metadata"]["uid"]
    world.delete_pod("default", "db-0")
    world.wait(19)
    assert world.pod("db-0")["metadata"]["uid"] == uid
    world.wait(5)
    assert world.pod("db-0")["metadata"]["uid"] != uid


def bare(world, image, word=None, **container):
    spec = {"restartPolicy": "Never", "containers": [{"name": "main", "image": image, **container}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "once"}, "spec": spec}
    if word:
        pod["metadata"]["annotations"] = {"simulator.stswidgets.io/fate": word}
    world.create(pod, namespace="default")


def test_a_pod_that_is_not_restarted_succeeds(world):
    bare(world, "job:1", "done")
    world.wait(10)
    assert world.pod("once")["status"]["phase"] == "Succeeded"
    assert condition(world, "Ready", "once")["reason"] == "PodCompleted"


def test_a_pod_that_is_not_restarted_fails(world):
    bare(world, "job:crash")
    world.wait(10)
    assert world.pod("once")["status"]["phase"] == "Failed"
    assert state(world, "once")["restartCount"] == 0


def test_a_container_s_rule_restarts_it_in_a_pod_that_is_not_restarted(world):
    rule = {"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}
    bare(world, "job:crash", restartPolicy="Never", restartPolicyRules=[rule])
    world.wait(60)
    assert world.pod("once")["status"]["phase"] == "Running"
    assert state(world, "once")["restartCount"] >= 2


def test_an_image_that_must_be_there_already_is_not_pulled(world):
    world.a_set(replicas=1, container={"imagePullPolicy": "Never"})
    world.wait(3)
    assert state(world)["state"]["waiting"]["reason"] == "ErrImageNeverPull"


def test_every_node_has_a_lease(world):
    world.wait(1)
    held = {item.name: item.obj["spec"]["holderIdentity"] for item in world.api.store.list(leases.KIND)}
    assert held == {name: name for name in ("worker-1", "worker-2", "worker-3")}
