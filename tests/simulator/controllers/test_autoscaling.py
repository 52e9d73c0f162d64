"""Autoscalers on the simulated metrics, second by second."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets.simulator.kinds import autoscalers
from stswidgets.simulator.nodes import demand

Json = dict[str, Any]


def autoscale(world: Any, *, least: int = 1, most: int = 10, percent: int = 50, **spec: Any) -> None:
    manifest = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "db"},
        "spec": {
            "minReplicas": least,
            "maxReplicas": most,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"},
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}},
                }
            ],
            **spec,
        },
    }
    world.create(manifest, namespace="default")


def load(world: Any, text: str) -> None:
    world.change("default", "db", {"metadata": {"annotations": {demand.LOAD: text}}})


def ready_for_long(world: Any, **more: Any) -> None:
    """A set whose pods' first readings are no longer doubted."""
    world.a_set(cpu=("100m", "1"), spec={"podManagementPolicy": "Parallel"}, **more)
    world.settle()
    world.wait(400)


def status(world: Any) -> Json:
    found: Json = world.api.read(autoscalers.KIND, "default", "db").obj["status"]
    return found


def condition(world: Any, kind: str) -> tuple[str, str, str]:
    (found,) = [item for item in status(world)["conditions"] if item["type"] == kind]
    return found["status"], found["reason"], found["message"]


def replicas(world: Any) -> int:
    count: int = world.statefulset()["spec"]["replicas"]
    return count


def test_more_load_makes_more_pods_until_each_has_its_share(world):
    ready_for_long(world, replicas=1)
    load(world, "270m")
    autoscale(world, percent=60)
    world.wait(400)
    assert replicas(world) == 5
    assert 50 <= status(world)["currentMetrics"][0]["resource"]["current"]["averageUtilization"] <= 66
    (event, *_) = world.events("SuccessfulRescale", "db")
    assert event["message"] == "New size: 4; reason: cpu resource utilization (percentage of request) above target"
    assert event["source"] == {"component": "horizontal-pod-autoscaler"}


def test_less_load_takes_pods_away_only_after_five_minutes(world):
    ready_for_long(world, replicas=4)
    load(world, "200m")
    autoscale(world)
    world.wait(60)
    load(world, "50m")
    world.wait(240)
    assert replicas(world) == 4
    assert condition(world, "AbleToScale") == (
        "True",
        "ScaleDownStabilized",
        "recent recommendations were higher than current one, applying the highest recent recommendation",
    )
    world.wait(90)
    assert replicas(world) == 2
    assert world.events("SuccessfulRescale")[-1]["message"] == "New size: 2; reason: All metrics below target"


def test_near_the_target_nothing_changes(world):
    ready_for_long(world, replicas=2)
    load(world, "106m")
    autoscale(world, percent=55)
    world.wait(400)
    assert replicas(world) == 2
    assert condition(world, "AbleToScale")[1] == "ReadyForNewScale"
    assert condition(world, "ScalingLimited") == (
        "False",
        "DesiredWithinRange",
        "the desired count is within the acceptable range",
    )
    assert world.events("SuccessfulRescale") == []


def test_the_largest_count_limits_and_is_said(world):
    ready_for_long(world, replicas=1)
    load(world, "1")
    autoscale(world, most=3)
    world.wait(60)
    assert replicas(world) == 3
    assert condition(world, "ScalingLimited") == (
        "True",
        "TooManyReplicas",
        "the desired replica count is more than the maximum replica count",
    )


def test_the_smallest_count_is_gone_to_at_once(world):
    ready_for_long(world, replicas=1)
    autoscale(world, least=3)
    world.wait(1)
    assert replicas(world) == 3
    (event,) = world.events("SuccessfulRescale")
    assert event["message"] == "New size: 3; reason: Current number of replicas below Spec.MinReplicas"


def test_without_a_behavior_a_count_at_most_doubles_at_a_time(world):
    ready_for_long(world, replicas=3)
    load(world, "2")
    autoscale(world, most=30)
    world.wait(1)
    assert replicas(world) == 6
    assert condition(world, "ScalingLimited")[1] == "ScaleUpLimit"


def test_a_scaling_policy_limits_the_pace(world):
    ready_for_long(world, replicas=1)
    load(world, "2")
    slow = {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}
    autoscale(world, most=30, behavior={"scaleUp": slow})
    seen = []
    for _ in range(4):
        world.wait(58)
        seen.append(replicas(world))
    assert seen == [2, 3, 4, 5]
    assert condition(world, "ScalingLimited")[:2] == ("True", "ScaleUpLimit")


def test_a_disabled_direction_stays(world):
    ready_for_long(world, replicas=3)
    load(world, "10m")
    autoscale(world, behavior={"scaleDown": {"selectPolicy": "Disabled", "stabilizationWindowSeconds": 0}})
    world.wait(120)
    assert replicas(world) == 3
    assert condition(world, "ScalingLimited")[1] == "ScaleDownLimit"


def test_a_stabilization_window_of_its_own_is_kept(world):
    ready_for_long(world, replicas=4)
    load(world, "200m")
    autoscale(world, behavior={"scaleDown": {"stabilizationWindowSeconds": 60}})
    world.wait(60)
    load(world, "80m")
    world.wait(55)
    assert replicas(world) == 4
    world.wait(45)
    assert replicas(world) == 2


def test_pods_that_have_just_started_do_not_count(world):
    world.a_set(replicas=1, cpu=("100m", "1"))
    world.settle()
    load(world, "1")
    autoscale(world)
    world.wait(1)
    assert condition(world, "ScalingActive") == (
        "False",
        "FailedGetResourceMetric",
        (
            "the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics "
            "for targeted pods (pods might be unready)"
        ),
    )
    world.wait(45)
    assert replicas(world) > 1


def test_a_count_of_zero_turns_scaling_off(world):
    ready_for_long(world, replicas=1)
    autoscale(world)
    world.scale("default", "db", 0)
    world.wait(20)
    assert replicas(world) == 0
    assert condition(world, "ScalingActive") == (
        "False",
        "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero",
    )


def test_memory_has_targets_too(world):
    ready_for_long(world, replicas=2, memory=("100Mi", "400Mi"))
    target = {"type": "AverageValue", "averageValue": "10Mi"}
    autoscale(world, most=3, metrics=[{"type": "Resource", "resource": {"name": "memory", "target": target}}])
    world.wait(1)
    assert replicas(world) == 3
    current = status(world)["currentMetrics"][0]["resource"]["current"]
    assert list(current) == ["averageValue"]
    assert condition(world, "ScalingActive")[2].endswith("a replica count from memory resource")


def test_a_request_that_is_missing_is_named(world):
    world.a_set(replicas=1, container={"resources": {}})
    world.settle()
    world.wait(400)
    autoscale(world)
    world.wait(1)
    why = "failed to get cpu utilization: missing request for cpu in container postgres of Pod db-0"
    assert condition(world, "ScalingActive")[2] == f"the HPA was unable to compute the replica count: {why}"
    (event,) = world.events("FailedComputeMetricsReplicas")
    assert event["message"] == (
        f"invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: {why}"
    )


@pytest.mark.parametrize("text", ["much", "1..2", "1+2", "5m/10m", ""])
def test_a_load_that_cannot_be_read_is_as_none(world, text):
    ready_for_long(world, replicas=1)
    before = world.cluster.usage.pods("default")
    load(world, text)
    assert world.cluster.usage.pods("default") == before
