"""PodDisruptionBudgets: what they count, and which evictions they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Answer, Namespace, Object

HELD = {"metadata": {"finalizers": ["example.com/held"]}}


def budget(namespace: Namespace, name: str = "web", app: str = "web", **spec: Any) -> None:
    body = {"metadata": {"name": name}, "spec": {"selector": {"matchLabels": {"app": app}}, **spec}}
    namespace.post("poddisruptionbudgets", body).ok()


def counts(namespace: Namespace, name: str = "web") -> dict[str, int]:
    state = namespace.read("poddisruptionbudgets", name).get("status") or {}
    if state.get("observedGeneration", 0) < 1:
        return {}
    fields = {"expectedPods": "expected", "desiredHealthy": "desired", "currentHealthy": "healthy"}
    return {short: state[field] for field, short in fields.items()} | {"allowed": state["disruptionsAllowed"]}


def settled(namespace: Namespace, name: str = "web", **wanted: int) -> None:
    waiting.until(lambda: counts(namespace, name) == wanted, what=f"a budget of {wanted}")


def evict(namespace: Namespace, pod: str, **query: Any) -> Answer:
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}}
    return namespace.client.request("POST", namespace.path("pods", pod, "eviction"), body, **query)


def refusal(answer: Answer) -> str:
    body = answer.failure(429, "TooManyRequests")
    assert body["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
    (cause,) = body["details"]["causes"]
    assert cause["reason"] == "DisruptionBudget"
    text: str = cause["message"]
    return text


@pytest.mark.parametrize(
    ("spec", "desired", "allowed"),
    [
        ({"minAvailable": 2}, 2, 1),
        ({"minAvailable": "50%"}, 2, 1),
        ({"maxUnavailable": 1}, 2, 1),
        ({"maxUnavailable": "40%"}, 1, 2),
        ({"minAvailable": "100%"}, 3, 0),
        ({"minAvailable": 0}, 0, 3),
    ],
    ids=str,
)
def test_a_budget_counts_a_set_s_pods(namespace: Namespace, spec: Object, desired: int, allowed: int) -> None:
    budget(namespace, **spec)
    sets.create(namespace, manifests.statefulset(replicas=3))
    settled(namespace, expected=3, desired=desired, healthy=3, allowed=allowed)


def test_its_condition_says_whether_a_pod_may_go(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    sets.create(namespace, manifests.statefulset(replicas=1))
    settled(namespace, expected=1, desired=1, healthy=1, allowed=0)
    (condition,) = namespace.read("poddisruptionbudgets", "web")["status"]["conditions"]
    found = {key: condition[key] for key in ("type", "status", "reason", "message", "observedGeneration")}
    assert found == {
        "type": "DisruptionAllowed",
        "status": "False",
        "reason": "InsufficientPods",
        "message": "",
        "observedGeneration": 1,
    }
    namespace.patch("poddisruptionbudgets", "web", "merge", {"spec": {"minAvailable": 0}}).ok()
    waiting.until(lambda: counts(namespace)["allowed"] == 1)
    (condition,) = namespace.read("poddisruptionbudgets", "web")["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("True", "SufficientPods")


def test_a_budget_without_pods_allows_nothing_and_says_so(namespace: Namespace) -> None:
    budget(namespace, minAvailable=0)
    settled(namespace, expected=0, desired=0, healthy=0, allowed=0)
    found = waiting.until(lambda: namespace.items("events"), what="an event")
    assert (found[0]["type"], found[0]["reason"], found[0]["message"]) == (
        "Normal",
        "NoPods",
        "No matching pods found",
    )
    assert found[0]["source"] == {"component": "controllermanager"}


def test_a_share_of_pods_without_a_controller_cannot_be_counted(namespace: Namespace) -> None:
    body = {"metadata": {"name": "lone", "labels": {"app": "web"}}}
    namespace.post("pods", body | {"spec": {"containers": [{"name": "main", "image": "app:1"}]}}).ok()
    budget(namespace, maxUnavailable=1)
    settled(namespace, expected=0, desired=0, healthy=1, allowed=0)
    events = waiting.until(lambda: namespace.items("events", fieldSelector="reason=UnmanagedPods"), what="an event")
    assert events[0]["message"] == (
        "Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: web,},"
        "MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged. As a result, the status of the "
        "PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please "
        'set ".spec.minAvailable" field of the PDB to an integer value.'
    )


def test_an_eviction_takes_one_disruption(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    sets.create(namespace, manifests.statefulset(replicas=2))
    settled(namespace, expected=2, desired=1, healthy=2, allowed=1)
    namespace.patch("pods", "web-1", "merge", HELD).ok()
    answer = evict(namespace, "web-1")
    assert (answer.code, answer.ok()["status"]) == (201, "Success")
    pod = namespace.read("pods", "web-1")
    assert "deletionTimestamp" in pod["metadata"]
    (why,) = [item for item in pod["status"]["conditions"] if item["type"] == "DisruptionTarget"]
    assert (why["status"], why["reason"], why["message"]) == (
        "True",
        "EvictionByEvictionAPI",
        "Eviction API: evicting",
    )
    settled(namespace, expected=2, desired=1, healthy=1, allowed=0)
    assert refusal(evict(namespace, "web-0")) == ("The disruption budget web needs 1 healthy pods and has 1 currently")


def test_a_second_eviction_at_once_is_refused(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    sets.create(namespace, manifests.statefulset(replicas=2))
    settled(namespace, expected=2, desired=1, healthy=2, allowed=1)
    evict(namespace, "web-1").ok()
    refusal(evict(namespace, "web-0"))
    assert "deletionTimestamp" not in namespace.read("pods", "web-0")["metadata"]


def test_a_dry_run_of_an_eviction_asks_the_budget_and_spends_nothing(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    sets.create(namespace, manifests.statefulset(replicas=2))
    settled(namespace, expected=2, desired=1, healthy=2, allowed=1)
    evict(namespace, "web-1", dryRun="All").ok()
    evict(namespace, "web-0", dryRun="All").ok()
    assert counts(namespace)["allowed"] == 1
    assert "deletionTimestamp" not in namespace.read("pods", "web-0")["metadata"]


def test_two_budgets_for_one_pod_are_one_too_many(namespace: Namespace) -> None:
    budget(namespace, "one", minAvailable=0)
    budget(namespace, "two", minAvailable=0)
    sets.create(namespace, manifests.statefulset(replicas=1))
    answer = evict(namespace, "web-0")
    assert answer.code == 500
    assert answer.body["message"] == (
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
    )


def test_a_pod_that_does_not_run_yet_may_always_go(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    namespace.post("statefulsets", manifests.statefulset(replicas=1, image="app:broken")).ok()
    waiting.until(lambda: namespace.exists("pods", "web-0"), what="web-0")
    uid = namespace.read("pods", "web-0")["metadata"]["uid"]
    evict(namespace, "web-0").ok()

    def replaced() -> bool:
        answer = namespace.get("pods", "web-0")
        return answer.code == 200 and answer.body["metadata"]["uid"] != uid

    waiting.until(replaced, what="another web-0")


def running(namespace: Namespace, name: str) -> None:
    def runs() -> bool:
        answer = namespace.get("pods", name)
        return answer.code == 200 and answer.body["status"].get("phase") == "Running"

    waiting.until(runs, what=f"{name} running")


def test_an_unready_pod_is_kept_while_too_few_are_healthy(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    namespace.post("statefulsets", manifests.statefulset(replicas=1, image="app:unready")).ok()
    running(namespace, "web-0")
    settled(namespace, expected=1, desired=1, healthy=0, allowed=0)
    assert refusal(evict(namespace, "web-0")) == ("The disruption budget web needs 1 healthy pods and has 0 currently")


def test_an_unready_pod_may_go_if_the_budget_says_always(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1, unhealthyPodEvictionPolicy="AlwaysAllow")
    namespace.post("statefulsets", manifests.statefulset(replicas=1, image="app:unready")).ok()
    running(namespace, "web-0")
    settled(namespace, expected=1, desired=1, healthy=0, allowed=0)
    evict(namespace, "web-0").ok()


def test_an_unready_pod_may_go_while_enough_others_are_healthy(namespace: Namespace) -> None:
    budget(namespace, minAvailable=1)
    sets.create(namespace, manifests.statefulset(replicas=1))
    body = {"metadata": {"name": "ill", "labels": {"app": "web"}}}
    namespace.post("pods", body | {"spec": {"containers": [{"name": "main", "image": "app:unready"}]}}).ok()
    running(namespace, "ill")
    settled(namespace, expected=2, desired=1, healthy=1, allowed=0)
    evict(namespace, "ill").ok()


def test_an_eviction_names_its_pod(namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=1))
    body = {"metadata": {"name": "another"}}
    answer = namespace.client.request("POST", namespace.path("pods", "web-0", "eviction"), body)
    assert answer.failure(400, "BadRequest")["message"] == "name in URL does not match name in Eviction object"


def test_a_missing_pod_cannot_be_evicted(namespace: Namespace) -> None:
    evict(namespace, "web-0").failure(404, "NotFound")
