"""ResourceQuotas: what is counted, what is refused, in which words, and for which pods."""

from __future__ import annotations

from typing import Any

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace, Object


def quota(namespace: Namespace, hard: dict[str, str], **spec: Any) -> None:
    """Create a quota and wait until its controller has counted: before that it is not enforced."""
    body = {"metadata": {"name": "team"}, "spec": {"hard": hard, **spec}}
    namespace.post("resourcequotas", body).ok()
    waiting.until(lambda: state(namespace).get("used"), what="counted")


def state(namespace: Namespace) -> Object:
    found: Object = namespace.read("resourcequotas", "team").get("status") or {}
    return found


def uses(namespace: Namespace, **used: str) -> None:
    """Wait until the quota counts this; names with underscores for dots."""
    wanted = {name.replace("_", "."): amount for name, amount in used.items()}
    waiting.until(lambda: state(namespace)["used"] == wanted, what=f"{wanted} in use")


def pod(name: str = "p", cpu: str = "", limit: str = "", **spec: Any) -> Object:
    resources: Object = {"requests": {"cpu": cpu} if cpu else {}, "limits": {"cpu": limit} if limit else {}}
    container = {"name": "main", "image": "app:1", "resources": resources}
    return {"metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def refusal(namespace: Namespace, plural: str, body: Object) -> str:
    message: str = namespace.post(plural, body).failure(403, "Forbidden")["message"]
    return message


def test_what_would_exceed_a_quota_is_refused_with_the_numbers(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "1", "pods": "5"})
    namespace.post("pods", pod("a", "600m")).ok()
    assert refusal(namespace, "pods", pod("b", "500m")) == (
        'pods "b" is forbidden: exceeded quota: team, requested: requests.cpu=500m, used: requests.cpu=600m, '
        "limited: requests.cpu=1"
    )


def test_all_resources_that_are_exceeded_are_named(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "100m", "pods": "0"})
    assert refusal(namespace, "pods", pod("a", "200m")) == (
        'pods "a" is forbidden: exceeded quota: team, requested: pods=1,requests.cpu=200m, '
        "used: pods=0,requests.cpu=0, limited: pods=0,requests.cpu=100m"
    )


def test_a_quota_of_cpu_asks_every_container_to_name_it(namespace: Namespace) -> None:
    quota(namespace, {"limits.cpu": "1", "requests.memory": "1Gi"})
    body = pod("a")
    body["spec"]["initContainers"] = [{"name": "first", "image": "app:1"}]
    assert refusal(namespace, "pods", body) == (
        'pods "a" is forbidden: failed quota: team: must specify limits.cpu for: first,main; '
        "requests.memory for: first,main"
    )


def test_use_is_counted_and_given_back_on_delete(namespace: Namespace) -> None:
    quota(namespace, {"pods": "3", "requests.cpu": "1"})
    namespace.post("pods", pod("a", "300m")).ok()
    namespace.post("pods", pod("b", "200m")).ok()
    uses(namespace, pods="2", requests_cpu="500m")
    namespace.delete("pods", "a", gracePeriodSeconds=0)
    uses(namespace, pods="1", requests_cpu="200m")


def test_objects_of_any_kind_can_be_counted(namespace: Namespace) -> None:
    quota(namespace, {"count/statefulsets.apps": "1", "count/configmaps": "2"})
    namespace.post("statefulsets", manifests.statefulset("one", replicas=0)).ok()
    assert refusal(namespace, "statefulsets", manifests.statefulset("two", replicas=0)) == (
        'statefulsets.apps "two" is forbidden: exceeded quota: team, requested: count/statefulsets.apps=1, '
        "used: count/statefulsets.apps=1, limited: count/statefulsets.apps=1"
    )


def test_configmaps_count_by_their_plain_name_too(namespace: Namespace) -> None:
    waiting.until(lambda: namespace.exists("configmaps", "kube-root-ca.crt"))
    quota(namespace, {"configmaps": "1"})
    assert refusal(namespace, "configmaps", manifests.configmap()).endswith(
        "exceeded quota: team, requested: configmaps=1, used: configmaps=1, limited: configmaps=1"
    )


def test_storage_is_counted_in_all_and_by_class(namespace: Namespace) -> None:
    by_class = "none-such.storageclass.storage.k8s.io/requests.storage"
    quota(namespace, {"requests.storage": "5Gi", by_class: "2Gi"})
    claim = manifests.claim_template("small", "1Gi", storageClassName="none-such")
    namespace.post("persistentvolumeclaims", claim).ok()
    waiting.until(lambda: state(namespace)["used"] == {"requests.storage": "1Gi", by_class: "1Gi"})
    large = manifests.claim_template("large", "2Gi", storageClassName="none-such")
    assert refusal(namespace, "persistentvolumeclaims", large) == (
        f'persistentvolumeclaims "large" is forbidden: exceeded quota: team, requested: {by_class}=2Gi, '
        f"used: {by_class}=1Gi, limited: {by_class}=2Gi"
    )


def test_node_ports_are_counted_when_a_service_changes_its_type(namespace: Namespace) -> None:
    quota(namespace, {"services.nodeports": "0", "services": "1"})
    namespace.post("services", manifests.service(clusterIP=None, type="ClusterIP")).ok()
    answer = namespace.patch("services", "web", "merge", {"spec": {"type": "NodePort"}})
    assert answer.failure(403, "Forbidden")["message"].endswith(
        "exceeded quota: team, requested: services.nodeports=1, used: services.nodeports=0, "
        "limited: services.nodeports=0"
    )


def test_a_best_effort_scope_counts_pods_that_ask_for_nothing(namespace: Namespace) -> None:
    quota(namespace, {"pods": "1"}, scopes=["BestEffort"])
    namespace.post("pods", pod("asks", "1m")).ok()
    namespace.post("pods", pod("modest")).ok()
    assert "used: pods=1" in refusal(namespace, "pods", pod("another"))
    uses(namespace, pods="1")


def test_a_not_terminating_scope_leaves_out_pods_with_a_deadline(namespace: Namespace) -> None:
    quota(namespace, {"pods": "0"}, scopes=["NotTerminating"])
    namespace.post("pods", pod("brief", activeDeadlineSeconds=60)).ok()
    assert "exceeded quota: team" in refusal(namespace, "pods", pod("lasting"))


def test_a_scope_selector_picks_pods_by_priority_class(namespace: Namespace) -> None:
    wanted = {"scopeName": "PriorityClass", "operator": "In", "values": ["system-node-critical"]}
    quota(namespace, {"pods": "0"}, scopeSelector={"matchExpressions": [wanted]})
    namespace.post("pods", pod("usual")).ok()
    body = pod("important", priorityClassName="system-node-critical")
    assert "exceeded quota: team" in refusal(namespace, "pods", body)


def test_a_quota_is_checked_after_the_object(namespace: Namespace) -> None:
    quota(namespace, {"pods": "0"})
    namespace.post("pods", {"metadata": {"name": "bare"}, "spec": {"containers": []}}).failure(422, "Invalid")


def test_a_quota_s_new_limits_take_effect(namespace: Namespace) -> None:
    quota(namespace, {"pods": "0"})
    namespace.patch("resourcequotas", "team", "merge", {"spec": {"hard": {"pods": "1"}}}).ok()
    waiting.until(lambda: state(namespace)["hard"] == {"pods": "1"}, what="new limits")
    namespace.post("pods", pod("a")).ok()


def test_scopes_must_fit_the_resources_and_each_other(namespace: Namespace) -> None:
    spec = {"hard": {"requests.cpu": "1"}, "scopes": ["BestEffort", "NotBestEffort", "Sometimes"]}
    answer = namespace.post("resourcequotas", {"metadata": {"name": "odd"}, "spec": spec})
    value = 'Invalid value: ["BestEffort","NotBestEffort","Sometimes"]'
    assert answer.causes() == [
        ("spec.scopes", "FieldValueInvalid", f"{value}: unsupported scope applied to resource"),
        ("spec.scopes", "FieldValueInvalid", f"{value}: unsupported scope"),
        ("spec.scopes", "FieldValueInvalid", f"{value}: conflicting scopes"),
    ]


def test_scope_selectors_have_rules(namespace: Namespace) -> None:
    wanted = [
        {"scopeName": "Terminating", "operator": "In", "values": ["x"]},
        {"scopeName": "PriorityClass", "operator": "In"},
        {"scopeName": "PriorityClass", "operator": "Exists", "values": ["x"]},
    ]
    spec = {"hard": {"pods": "1"}, "scopeSelector": {"matchExpressions": wanted}}
    answer = namespace.post("resourcequotas", {"metadata": {"name": "odd"}, "spec": spec})
    path = "spec.scopeSelector.matchExpressions"
    assert [(field, reason) for field, reason, _ in answer.causes()] == [
        (f"{path}.operator", "FieldValueInvalid"),
        (f"{path}.values", "FieldValueRequired"),
        (f"{path}.values", "FieldValueInvalid"),
    ]


def test_scopes_cannot_change(namespace: Namespace) -> None:
    quota(namespace, {"pods": "1"}, scopes=["BestEffort"])
    answer = namespace.patch("resourcequotas", "team", "merge", {"spec": {"scopes": ["NotBestEffort"]}})
    assert answer.causes() == [
        ("spec.scopes", "FieldValueInvalid", 'Invalid value: ["NotBestEffort"]: field is immutable')
    ]


def test_a_set_says_that_a_quota_stops_it(namespace: Namespace) -> None:
    quota(namespace, {"pods": "1"})
    namespace.post("statefulsets", manifests.statefulset(replicas=2)).ok()

    def refused() -> bool:
        return any(
            item["reason"] == "FailedCreate" and "exceeded quota: team, requested: pods=1" in item["message"]
            for item in namespace.items("events")
        )

    waiting.until(refused, what="FailedCreate")
    assert list(sets.pods(namespace)) == ["web-0"]
