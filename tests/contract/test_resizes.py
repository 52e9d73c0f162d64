"""What a change of a pod's resources in place may not be, and what a pod may not bring along."""

from __future__ import annotations

from tests.contract import manifests, waiting
from tests.contract.client import Answer, Namespace, Object


def held(cpu: str, limit: str) -> Object:
    """A pod that is never scheduled."""
    body = manifests.pod(schedulingGates=[{"name": "example.com/held"}])
    body["spec"]["containers"][0]["resources"] = {"requests": {"cpu": cpu}, "limits": {"cpu": limit}}
    return body


def resize(namespace: Namespace, **resources: Object) -> Answer:
    change = {"spec": {"containers": [{"name": "main", "resources": resources}]}}
    return namespace.patch("pods", "one", "strategic", change, "resize")


def test_a_resized_pod_keeps_the_rules_of_a_new_one(namespace: Namespace) -> None:
    namespace.post("pods", held("1", "2")).ok()
    assert resize(namespace, requests={"cpu": "3"}).causes() == [
        (
            "spec.containers[0].resources.requests",
            "FieldValueInvalid",
            'Invalid value: "3": must be less than or equal to cpu limit of 2',
        )
    ]


def test_a_resize_beyond_what_the_node_has_is_refused(namespace: Namespace) -> None:
    body = manifests.pod(image=manifests.BROKEN_IMAGE)  # never runs, so that no kubelet has to tell what it has
    body["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "1m", "memory": "1Mi"}}
    namespace.post("pods", body).ok()
    waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")
    failure = resize(namespace, requests={"cpu": "9000", "memory": "900Ti"}).failure(403, "Forbidden")
    told = failure["message"].partition(": node didn't have enough allocatable resources: ")
    assert told[0] == 'pods "one" is forbidden'
    assert told[2].startswith("cpu, requested: 9000000, allocatable: ")
    assert "; memory, requested: 989560464998400, allocatable: " in told[2]
    assert [cause["reason"] for cause in failure["details"]["causes"]] == ["NodeCapacity"]


def test_a_runtime_class_that_is_not_there_is_refused(namespace: Namespace) -> None:
    answer = namespace.post("pods", manifests.pod(runtimeClassName="none-such"))
    assert answer.failure(403, "Forbidden")["message"] == (
        'pods "one" is forbidden: pod rejected: RuntimeClass "none-such" not found'
    )


def test_overhead_is_a_runtime_class_s_to_say(namespace: Namespace) -> None:
    answer = namespace.post("pods", manifests.pod(overhead={"cpu": "100m"}))
    assert answer.failure(403, "Forbidden")["message"] == (
        'pods "one" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'
    )
