"""ResourceQuotas: what is counted, what is refused, in which words, and for which pods."""

from __future__ import annotations

from typing import Any

from tests.contract import manifests, sets, waiting
from tests.contract.client import Answer, Namespace, Object


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


def holding(*containers: Object, **spec: Any) -> Object:
    """A pod that is never scheduled, so that nobody but the case says what becomes of it."""
    gates = [{"name": "example.com/held"}]
    return {"metadata": {"name": "p"}, "spec": {"schedulingGates": gates, "containers": list(containers), **spec}}


def container(name: str = "main", cpu: str = "", *, requests: Object | None = None, **more: Any) -> Object:
    """A container that is limited to what it asks for."""
    amounts = requests or {"cpu": cpu}
    return {"name": name, "image": "app:1", "resources": {"requests": amounts, "limits": amounts}, **more}


def resize(namespace: Namespace, cpu: str) -> Answer:
    """Change what the container `main` of the pod `p` asks for."""
    change = {"spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": cpu}}}]}}
    return namespace.patch("pods", "p", "strategic", change, "resize")


def report(namespace: Namespace, allocated: str, given: str, limit: str, **condition: str) -> None:
    """Write into the status of the pod `p` what a kubelet would say of its CPU.

    A quota's controller counts again when what a container has was reported before and is now another.
    """
    state = {"name": "main", "image": "app:1", "imageID": "", "ready": False, "restartCount": 0}
    namespace.patch("pods", "p", "merge", {"status": {"containerStatuses": [state]}}, "status").ok()
    state |= {"allocatedResources": {"cpu": allocated}}
    state |= {"resources": {"requests": {"cpu": given}, "limits": {"cpu": limit}}}
    conditions = [{"type": "PodResizePending", "status": "True", **condition}] if condition else []
    status = {"containerStatuses": [state], "conditions": conditions}
    namespace.patch("pods", "p", "merge", {"status": status}, "status").ok()


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


# A pod as a whole


def test_the_largest_init_container_counts_if_it_asks_for_more(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "10", "limits.cpu": "10"})
    init = [container("first", "3"), container("second", "2")]
    namespace.post("pods", holding(container(cpu="1"), container("other", "1"), initContainers=init)).ok()
    uses(namespace, requests_cpu="3", limits_cpu="3")


def test_sidecars_count_beside_the_containers_and_beside_later_init_containers(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "20", "requests.ephemeral-storage": "20Gi"})
    init = [
        container("first", requests={"cpu": "1", "ephemeral-storage": "5Gi"}),
        container("proxy", requests={"cpu": "2", "ephemeral-storage": "1Gi"}, restartPolicy="Always"),
        container("second", requests={"cpu": "4", "ephemeral-storage": "2Gi"}),
    ]
    body = holding(container(requests={"cpu": "1", "ephemeral-storage": "1Gi"}), initContainers=init)
    namespace.post("pods", body).ok()
    waiting.until(lambda: state(namespace)["used"] == {"requests.cpu": "6", "requests.ephemeral-storage": "5Gi"})


def test_what_a_pod_names_itself_counts_instead_of_its_containers(namespace: Namespace) -> None:
    hard = {"requests.cpu": "10", "limits.cpu": "10", "hugepages-2Mi": "1Gi", "limits.memory": "10Gi"}
    quota(namespace, hard)
    whole = {
        "requests": {"cpu": "1", "memory": "1Gi", "hugepages-2Mi": "4Mi"},
        "limits": {"cpu": "2", "memory": "2Gi", "hugepages-2Mi": "4Mi"},
    }
    body = holding(container(cpu="100m"), {"name": "other", "image": "app:1"}, resources=whole)
    namespace.post("pods", body).ok()
    wanted = {"requests.cpu": "1", "limits.cpu": "2", "hugepages-2Mi": "4Mi", "limits.memory": "2Gi"}
    waiting.until(lambda: state(namespace)["used"] == wanted)


def test_huge_pages_count_by_both_names(namespace: Namespace) -> None:
    quota(namespace, {"hugepages-2Mi": "1Gi", "requests.hugepages-2Mi": "1Gi"})
    own = {"cpu": "1", "hugepages-2Mi": "4Mi"}
    namespace.post("pods", holding(container(requests=own), container("other", requests=own))).ok()
    waiting.until(lambda: state(namespace)["used"] == {"hugepages-2Mi": "8Mi", "requests.hugepages-2Mi": "8Mi"})


def test_a_resize_that_would_exceed_a_quota_is_refused(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "2", "pods": "1"})
    namespace.post("pods", pod("p", "500m", schedulingGates=[{"name": "example.com/held"}])).ok()
    uses(namespace, requests_cpu="500m", pods="1")
    assert resize(namespace, "2500m").failure(403, "Forbidden")["message"] == (
        'pods "p" is forbidden: exceeded quota: team, requested: requests.cpu=2, used: requests.cpu=500m, '
        "limited: requests.cpu=2"
    )
    resize(namespace, "1500m").ok()
    uses(namespace, requests_cpu="1500m", pods="1")


def test_a_resize_counts_as_the_most_of_what_is_wanted_allocated_and_given(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "20", "limits.cpu": "20"})
    namespace.post("pods", pod("p", "2", "4", schedulingGates=[{"name": "example.com/held"}])).ok()
    report(namespace, allocated="5", given="3", limit="6")
    uses(namespace, requests_cpu="5", limits_cpu="6")
    report(namespace, allocated="1", given="3", limit="1")
    uses(namespace, requests_cpu="3", limits_cpu="4")


def test_what_a_resize_wants_does_not_count_if_it_can_never_be(namespace: Namespace) -> None:
    quota(namespace, {"requests.cpu": "20", "limits.cpu": "20"})
    namespace.post("pods", pod("p", "9", "9", schedulingGates=[{"name": "example.com/held"}])).ok()
    report(namespace, allocated="2", given="1", limit="3", reason="Infeasible")
    uses(namespace, requests_cpu="2", limits_cpu="3")


def test_a_pod_that_gets_a_deadline_comes_under_another_scope(namespace: Namespace) -> None:
    quota(namespace, {"pods": "0"}, scopes=["Terminating"])
    namespace.post("pods", holding({"name": "main", "image": "app:1"})).ok()
    answer = namespace.patch("pods", "p", "merge", {"spec": {"activeDeadlineSeconds": 60}})
    assert answer.failure(403, "Forbidden")["message"] == (
        'pods "p" is forbidden: exceeded quota: team, requested: pods=1, used: pods=0, limited: pods=0'
    )
