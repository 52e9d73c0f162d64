"""HorizontalPodAutoscalers: defaults, both versions, what they say of their target, and that they scale it.

The test rig's pods use at least 25m of CPU each; the simulator's at least 2 % of what they request.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import PATCH, Answer, Namespace, Object

V1 = "/apis/autoscaling/v1"
ZERO = "Forbidden: must specify at least one Object or External metric to support scaling to zero replicas"
TYPES = '"ContainerResource", "External", "Object", "Pods", "Resource"'


@pytest.fixture(scope="module", autouse=True)
def measured(new_namespace: Callable[[], Namespace]) -> Namespace:
    """A pod each of sets whose use is measured while other cases run: `cpu`, `memory`, and `bare` without requests."""
    namespace = new_namespace()
    for name in ("cpu", "memory", "bare"):
        manifest = manifests.statefulset(name, replicas=1)
        (container,) = manifest["spec"]["template"]["spec"]["containers"]
        container["resources"] = {} if name == "bare" else {"requests": {"cpu": "1m", "memory": "1Mi"}}
        namespace.post("statefulsets", manifest).ok()
    return namespace


def measurable(namespace: Namespace, pod: str) -> None:
    """Wait until a pod's use was read, and long enough after it became ready to be believed."""

    def believed() -> bool:
        path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{namespace.name}/pods/{pod}"
        answer = namespace.client.request("GET", path)
        if answer.code != 200:
            return False
        conditions = namespace.read("pods", pod)["status"]["conditions"]
        (ready,) = [item["lastTransitionTime"] for item in conditions if item["type"] == "Ready"]
        age = datetime.fromisoformat(answer.body["timestamp"]) - datetime.fromisoformat(ready)
        return age.total_seconds() > float(answer.body["window"].removesuffix("s"))

    waiting.until(believed, seconds=120, what=f"use of {pod}")


def autoscaler(name: str = "web", of: str = "web", **spec: Any) -> Object:
    target = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": of}
    return {"metadata": {"name": name}, "spec": {"maxReplicas": 3, "scaleTargetRef": target, **spec}}


def by_cpu(percent: int = 50) -> Object:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def by_average(resource: str, value: str) -> Object:
    target = {"type": "AverageValue", "averageValue": value}
    return {"type": "Resource", "resource": {"name": resource, "target": target}}


def in_v1(namespace: Namespace, method: str, name: str = "", body: object = None, **more: Any) -> Answer:
    path = "/".join(filter(None, [V1, "namespaces", namespace.name, "horizontalpodautoscalers", name]))
    return namespace.client.request(method, path, body, **more)


def a_set(namespace: Namespace, *, replicas: int = 1, request: str = "1m") -> None:
    """A set whose pods use more than they request."""
    manifest = manifests.statefulset(replicas=replicas, podManagementPolicy="Parallel")
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    container["resources"] = {"requests": {"cpu": request, "memory": "1Mi"}} if request else {}
    sets.create(namespace, manifest)


def condition(namespace: Namespace, kind: str, name: str = "web") -> dict[str, str]:
    state = namespace.read("horizontalpodautoscalers", name).get("status") or {}
    for item in state.get("conditions") or ():
        if item["type"] == kind:
            return {key: item[key] for key in ("status", "reason", "message")}
    return {}


def said(namespace: Namespace, reason: str, name: str = "") -> Object:
    """The first event with a reason, about an autoscaler if it is named, waited for."""
    wanted = f"reason={reason}" + (f",involvedObject.name={name}" if name else "")
    found = waiting.until(lambda: namespace.items("events", fieldSelector=wanted), what=reason)
    return found[0]


def test_defaults_are_one_replica_and_80_percent_of_the_cpu(namespace: Namespace) -> None:
    stored = namespace.post("horizontalpodautoscalers", autoscaler()).ok()
    assert (stored["spec"]["minReplicas"], stored["spec"]["metrics"]) == (1, [by_cpu(80)])
    assert "behavior" not in stored["spec"]
    assert stored["metadata"]["generation"] == 1
    assert stored["status"] == {"currentMetrics": None, "desiredReplicas": 0}


def test_a_behavior_is_filled_in(namespace: Namespace) -> None:
    body = autoscaler(behavior={"scaleDown": {"stabilizationWindowSeconds": 60}})
    behavior = namespace.post("horizontalpodautoscalers", body).ok()["spec"]["behavior"]
    percent = {"type": "Percent", "value": 100, "periodSeconds": 15}
    pods = {"type": "Pods", "value": 4, "periodSeconds": 15}
    assert behavior == {
        "scaleUp": {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": [pods, percent]},
        "scaleDown": {"stabilizationWindowSeconds": 60, "selectPolicy": "Max", "policies": [percent]},
    }


@pytest.mark.parametrize(
    ("spec", "causes"),
    [
        pytest.param(
            {"minReplicas": 5},
            [("spec.maxReplicas", "Invalid value: 3: must be greater than or equal to `minReplicas`")],
            id="more at least than at most",
        ),
        pytest.param(
            {"minReplicas": 0},
            [
                (
                    "spec.metrics",
                    ZERO,
                )
            ],
            id="zero without a metric from outside",
        ),
        pytest.param(
            {"metrics": [{"type": "Resource"}]},
            [("spec.metrics[0].resource", "Required value: must populate information for the given metric source")],
            id="a metric without a source",
        ),
        pytest.param(
            {"metrics": [{"type": "Guess"}]},
            [
                (
                    "spec.metrics[0].type",
                    f'Unsupported value: "Guess": supported values: {TYPES}',
                )
            ],
            id="a metric of no type",
        ),
        pytest.param(
            {"behavior": {"scaleUp": {"selectPolicy": "Most", "policies": [{"type": "Pods", "periodSeconds": 1801}]}}},
            [
                (
                    "spec.behavior.scaleUp.selectPolicy",
                    'Unsupported value: "Most": supported values: "Disabled", "Max", "Min"',
                ),
                ("spec.behavior.scaleUp.policies[0].value", "Invalid value: 0: must be greater than zero"),
                (
                    "spec.behavior.scaleUp.policies[0].periodSeconds",
                    "Invalid value: 1801: must be less than or equal to 1800",
                ),
            ],
            id="a behavior",
        ),
        pytest.param(
            {"behavior": {"scaleDown": {"policies": [], "selectPolicy": "Disabled"}}},
            [("spec.behavior.scaleDown.policies", "Required value: must specify at least one Policy")],
            id="an empty list of policies",
        ),
        *(
            pytest.param(
                {"scaleTargetRef": {"apiVersion": version, "kind": "StatefulSet", "name": "web"}},
                [
                    (
                        "spec.scaleTargetRef.apiVersion",
                        f'Invalid value: "{version}": apiVersion must specify API group',
                    )
                ],
                id=f"a target of version {version!r}",
            )
            for version in ("", "v1", "/v1", "apps")
        ),
    ],
)
def test_rules_about_autoscalers(namespace: Namespace, spec: Object, causes: list[tuple[str, str]]) -> None:
    answer = namespace.post("horizontalpodautoscalers", autoscaler(**spec))
    assert [(field, message) for field, _, message in answer.causes()] == causes


def test_a_missing_target_is_said(namespace: Namespace) -> None:
    namespace.post("horizontalpodautoscalers", autoscaler()).ok()
    found = waiting.until(lambda: condition(namespace, "AbleToScale"), what="AbleToScale")
    why = 'statefulsets.apps "web" not found'
    assert found == {
        "status": "False",
        "reason": "FailedGetScale",
        "message": f"the HPA controller was unable to get the target's current scale: {why}",
    }
    event = said(namespace, "FailedGetScale")
    assert (event["type"], event["message"]) == ("Warning", why)
    assert event["source"] == {"component": "horizontal-pod-autoscaler"}


def test_a_target_of_an_unknown_kind_is_said(namespace: Namespace) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Guess", "name": "web"}
    namespace.post("horizontalpodautoscalers", autoscaler(scaleTargetRef=target)).ok()
    assert said(namespace, "FailedGetScale")["message"] == 'no matches for kind "Guess" in group "apps"'


@pytest.mark.parametrize("version", ["v1", ""])
def test_a_replication_controller_needs_no_group(namespace: Namespace, version: str) -> None:
    target = {"apiVersion": version, "kind": "ReplicationController", "name": "web"}
    namespace.post("horizontalpodautoscalers", autoscaler(scaleTargetRef=target)).ok()
    assert said(namespace, "FailedGetScale")["message"] == 'replicationcontrollers "web" not found'


def test_a_target_that_cannot_be_scaled_is_said(namespace: Namespace) -> None:
    target = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "name": "web"}
    namespace.post("horizontalpodautoscalers", autoscaler(scaleTargetRef=target)).ok()
    assert said(namespace, "FailedGetScale")["message"] == "the server could not find the requested resource"


@pytest.mark.parametrize("kind", ["json", "merge", "strategic", "apply"])
def test_a_patch_cannot_empty_the_policies(namespace: Namespace, kind: str) -> None:
    namespace.post("horizontalpodautoscalers", autoscaler()).ok()
    body: Object = autoscaler(behavior={"scaleUp": {"policies": []}})
    patch: Any = body
    if kind == "apply":
        patch = body | {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
    elif kind == "json":
        patch = [{"op": "add", "path": "/spec/behavior", "value": body["spec"]["behavior"]}]
    query = {"fieldManager": "contract", "force": "true"} if kind == "apply" else {}
    answer = namespace.patch("horizontalpodautoscalers", "web", kind, patch, **query)
    assert [(field, message) for field, _, message in answer.causes()] == [
        ("spec.behavior.scaleUp.policies", "Required value: must specify at least one Policy")
    ]


def test_a_count_below_the_smallest_is_raised_at_once(namespace: Namespace) -> None:
    a_set(namespace)
    namespace.post("horizontalpodautoscalers", autoscaler(minReplicas=2)).ok()
    waiting.until(lambda: namespace.read("statefulsets", "web")["spec"]["replicas"] == 2, what="two replicas")
    event = said(namespace, "SuccessfulRescale")
    assert event["message"] == "New size: 2; reason: Current number of replicas below Spec.MinReplicas"
    assert event["type"] == "Normal"


def test_a_count_above_the_largest_is_lowered_at_once(namespace: Namespace) -> None:
    a_set(namespace, replicas=3)
    namespace.post("horizontalpodautoscalers", autoscaler(maxReplicas=2)).ok()
    assert said(namespace, "SuccessfulRescale")["message"] == (
        "New size: 2; reason: Current number of replicas above Spec.MaxReplicas"
    )
    state = waiting.until(lambda: namespace.read("horizontalpodautoscalers", "web")["status"].get("lastScaleTime"))
    assert state


def test_metrics_from_elsewhere_fail_without_an_adapter(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=1))
    target = {"type": "AverageValue", "averageValue": "1"}
    metrics = [
        {"type": "Pods", "pods": {"metric": {"name": "hits"}, "target": target}},
        {"type": "External", "external": {"metric": {"name": "queue"}, "target": target}},
    ]
    namespace.post("horizontalpodautoscalers", autoscaler(metrics=metrics)).ok()
    custom = "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"
    assert said(namespace, "FailedGetPodsMetric")["message"] == f"unable to get metric hits: {custom}"
    assert said(namespace, "FailedGetExternalMetric")["message"] == (
        f"unable to get external metric {namespace.name}/queue/nil: unable to fetch metrics from external metrics API: "
        "the server could not find the requested resource (get queue.external.metrics.k8s.io)"
    )


def test_two_autoscalers_for_one_set_stop_each_other(namespace: Namespace) -> None:
    a_set(namespace)
    for name in ("one", "two"):
        namespace.post("horizontalpodautoscalers", autoscaler(name)).ok()
    found = said(namespace, "AmbiguousSelector")
    assert found["message"].startswith("pods by selector app=web are controlled by more than one HPA (e.g. [")
    name = found["involvedObject"]["name"]
    assert condition(namespace, "ScalingActive", name)["reason"] == "AmbiguousSelector"


def test_a_set_without_replicas_turns_scaling_off(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    namespace.post("horizontalpodautoscalers", autoscaler()).ok()
    found = waiting.until(lambda: condition(namespace, "ScalingActive"), what="ScalingActive")
    assert found == {
        "status": "False",
        "reason": "ScalingDisabled",
        "message": "scaling is disabled since the replica count of the target is zero",
    }


def test_v1_shows_the_cpu_target_as_a_field(namespace: Namespace) -> None:
    namespace.post("horizontalpodautoscalers", autoscaler(metrics=[by_cpu(70)])).ok()
    seen = in_v1(namespace, "GET", "web").ok()
    assert seen["apiVersion"] == "autoscaling/v1"
    assert seen["spec"]["targetCPUUtilizationPercentage"] == 70
    assert "metrics" not in seen["spec"]
    assert {"currentReplicas", "desiredReplicas"} <= set(seen["status"])


def test_v1_keeps_what_it_has_no_field_for_in_annotations(namespace: Namespace) -> None:
    rules = {"scaleDown": {"selectPolicy": "Disabled"}}
    namespace.post("horizontalpodautoscalers", autoscaler(metrics=[by_average("memory", "1Gi")], behavior=rules)).ok()
    waiting.until(lambda: condition(namespace, "AbleToScale"), what="AbleToScale")
    annotations = in_v1(namespace, "GET", "web").ok()["metadata"]["annotations"]
    prefix = "autoscaling.alpha.kubernetes.io"
    assert json.loads(annotations[f"{prefix}/metrics"]) == [
        {"type": "Resource", "resource": {"name": "memory", "targetAverageValue": "1Gi"}}
    ]
    assert json.loads(annotations[f"{prefix}/behavior"])["ScaleDown"] == {
        "StabilizationWindowSeconds": None,
        "SelectPolicy": "Disabled",
        "Policies": [{"Type": "Percent", "Value": 100, "PeriodSeconds": 15}],
        "Tolerance": None,
    }
    (able,) = json.loads(annotations[f"{prefix}/conditions"])
    assert (able["type"], able["reason"]) == ("AbleToScale", "FailedGetScale")
    stored = namespace.read("horizontalpodautoscalers", "web")
    assert not any(key.startswith(prefix) for key in stored["metadata"].get("annotations", {}))


def test_an_autoscaler_of_v1_is_one_of_v2(namespace: Namespace) -> None:
    body = autoscaler(targetCPUUtilizationPercentage=60)
    made = in_v1(namespace, "POST", body=body).ok()
    assert (made["apiVersion"], made["spec"]["minReplicas"]) == ("autoscaling/v1", 1)
    assert made["status"] == {"currentReplicas": 0, "desiredReplicas": 0}
    assert namespace.read("horizontalpodautoscalers", "web")["spec"]["metrics"] == [by_cpu(60)]


def test_v1_without_a_target_means_80_percent(namespace: Namespace) -> None:
    assert in_v1(namespace, "POST", body=autoscaler()).ok()["spec"]["targetCPUUtilizationPercentage"] == 80


@pytest.mark.parametrize("behavior", ['{"ScaleUp":{}}', '{"scaleUp":{"policies":[]}}'])
def test_a_behavior_in_v1_must_have_policies(namespace: Namespace, behavior: str) -> None:
    body = autoscaler()
    body["metadata"]["annotations"] = {"autoscaling.alpha.kubernetes.io/behavior": behavior}
    answer = in_v1(namespace, "POST", body=body)
    assert [(field, message) for field, _, message in answer.causes()] == [
        ("spec.behavior.scaleUp.policies", "Required value: must specify at least one Policy")
    ]


def test_a_behavior_in_v1_is_filled_in_once_it_is_stored(namespace: Namespace) -> None:
    body, name = autoscaler(), "autoscaling.alpha.kubernetes.io/behavior"
    policy = {"Type": "Pods", "Value": 1, "PeriodSeconds": 5}
    body["metadata"]["annotations"] = {name: json.dumps({"ScaleDown": {"Policies": [policy]}})}
    made = json.loads(in_v1(namespace, "POST", body=body).ok()["metadata"]["annotations"][name])
    assert made["ScaleDown"]["SelectPolicy"] == "Max"
    assert [item["Value"] for item in made["ScaleUp"]["Policies"]] == [4, 100]


@pytest.mark.parametrize("behavior", ["{}", '{"ScaleUp":null}', '{"ScaleUp":{"Policies":"x"}}', "nonsense"])
def test_a_behavior_in_v1_that_says_nothing_is_dropped(namespace: Namespace, behavior: str) -> None:
    body = autoscaler()
    body["metadata"]["annotations"] = {"autoscaling.alpha.kubernetes.io/behavior": behavior}
    made = in_v1(namespace, "POST", body=body).ok()["metadata"]
    assert "annotations" not in made
    assert all("f:metadata" not in entry["fieldsV1"] for entry in made["managedFields"])


def test_a_patch_in_v1_keeps_what_only_v2_has(namespace: Namespace) -> None:
    metrics = [by_average("memory", "1Gi"), by_cpu(50)]
    namespace.post("horizontalpodautoscalers", autoscaler(metrics=metrics)).ok()
    patch = {"spec": {"targetCPUUtilizationPercentage": 90, "maxReplicas": 9}}
    in_v1(namespace, "PATCH", "web", patch, content_type=PATCH["merge"]).ok()
    spec = namespace.read("horizontalpodautoscalers", "web")["spec"]
    assert (spec["maxReplicas"], spec["metrics"]) == (9, [by_average("memory", "1Gi"), by_cpu(90)])


def test_v1_and_v2_list_the_same_objects(namespace: Namespace) -> None:
    namespace.post("horizontalpodautoscalers", autoscaler("one")).ok()
    in_v1(namespace, "POST", body=autoscaler("two")).ok()
    listed = in_v1(namespace, "GET").ok()
    assert listed["apiVersion"] == "autoscaling/v1"
    assert [item["metadata"]["name"] for item in listed["items"]] == ["one", "two"]
    assert namespace.names("horizontalpodautoscalers") == ["one", "two"]
    assert all("metrics" not in item["spec"] for item in listed["items"])


def test_applying_in_v1_owns_fields_of_v1(namespace: Namespace) -> None:
    body = autoscaler(targetCPUUtilizationPercentage=60) | {"apiVersion": "autoscaling/v1"}
    body["kind"] = "HorizontalPodAutoscaler"
    query = {"fieldManager": "contract", "content_type": PATCH["apply"]}
    made = in_v1(namespace, "PATCH", "web", body, **query).ok()
    (entry,) = [item for item in made["metadata"]["managedFields"] if item["manager"] == "contract"]
    assert entry["apiVersion"] == "autoscaling/v1"
    assert "f:targetCPUUtilizationPercentage" in entry["fieldsV1"]["f:spec"]


def test_a_body_of_the_other_version_is_refused(namespace: Namespace) -> None:
    body = autoscaler() | {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
    answer = in_v1(namespace, "POST", body=body)
    assert answer.failure(400, "BadRequest")["message"] == (
        "the API version in the data (autoscaling/v2) does not match the expected API version (autoscaling/v1)"
    )


def test_the_table_shows_use_and_target(namespace: Namespace) -> None:
    namespace.post("horizontalpodautoscalers", autoscaler(metrics=[by_cpu(50), by_average("memory", "1Gi")])).ok()
    table = namespace.client.request(
        "GET",
        namespace.path("horizontalpodautoscalers", "web"),
        accept="application/json;as=Table;v=v1;g=meta.k8s.io",
    ).ok()
    columns = [item["name"] for item in table["columnDefinitions"]]
    assert columns == ["Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"]
    targets = "cpu: <unknown>/50%, memory: <unknown>/1Gi"
    assert table["rows"][0]["cells"][:6] == ["web", "StatefulSet/web", targets, "1", 3, 0]


def test_use_above_the_target_adds_pods_up_to_the_largest_count(measured: Namespace) -> None:
    measurable(measured, "cpu-0")
    body = autoscaler("cpu", "cpu", maxReplicas=2, metrics=[by_cpu(10)])
    measured.post("horizontalpodautoscalers", body).ok()

    def scaled() -> bool:
        return bool(measured.read("statefulsets", "cpu")["spec"]["replicas"] == 2)

    waiting.until(scaled, seconds=120, what="two replicas")
    assert said(measured, "SuccessfulRescale", "cpu")["message"] == (
        "New size: 2; reason: cpu resource utilization (percentage of request) above target"
    )
    assert condition(measured, "ScalingActive", "cpu") == {
        "status": "True",
        "reason": "ValidMetricFound",
        "message": (
            "the HPA was able to successfully calculate a replica count from cpu resource utilization "
            "(percentage of request)"
        ),
    }
    assert condition(measured, "ScalingLimited", "cpu") == {
        "status": "True",
        "reason": "TooManyReplicas",
        "message": "the desired replica count is more than the maximum replica count",
    }
    assert condition(measured, "ScaledToZero", "cpu")["reason"] == "NotScaledToZero"
    state = measured.read("horizontalpodautoscalers", "cpu")["status"]
    assert state["observedGeneration"] == 1
    (seen,) = state["currentMetrics"]
    assert seen["resource"]["name"] == "cpu"
    assert set(seen["resource"]["current"]) == {"averageUtilization", "averageValue"}


def test_memory_has_targets_too(measured: Namespace) -> None:
    measurable(measured, "memory-0")
    body = autoscaler("memory", "memory", metrics=[by_average("memory", "1Ki")])
    measured.post("horizontalpodautoscalers", body).ok()
    message = "New size: 3; reason: memory resource above target"
    assert said(measured, "SuccessfulRescale", "memory")["message"] == message


def test_a_request_that_is_missing_is_named(measured: Namespace) -> None:
    measurable(measured, "bare-0")
    measured.post("horizontalpodautoscalers", autoscaler("bare", "bare")).ok()
    why = "failed to get cpu utilization: missing request for cpu in container main of Pod bare-0"
    found = waiting.until(lambda: condition(measured, "ScalingActive", "bare"), what="ScalingActive")
    assert found == {
        "status": "False",
        "reason": "FailedGetResourceMetric",
        "message": f"the HPA was unable to compute the replica count: {why}",
    }
    assert said(measured, "FailedGetResourceMetric", "bare")["message"] == why
    head = "invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value"
    assert said(measured, "FailedComputeMetricsReplicas", "bare")["message"] == f"{head}: {why}"
