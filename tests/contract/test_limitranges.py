"""LimitRanges: what pods get that ask for nothing, and what is too much or too little."""

from __future__ import annotations

import pytest

from tests.contract import manifests, waiting
from tests.contract.client import Namespace, Object


def limit(namespace: Namespace, *limits: Object) -> None:
    """Create a limit range. A server that looks at a copy sees it a moment later."""
    namespace.post("limitranges", {"metadata": {"name": "limits"}, "spec": {"limits": list(limits)}}).ok()
    marked = {"type": "Container", "default": {"example.com/marker": "1"}}
    namespace.post("limitranges", {"metadata": {"name": "marker"}, "spec": {"limits": [marked]}}).ok()

    def seen() -> bool:
        probe = {"metadata": {"name": "probe"}, "spec": {"containers": [{"name": "c", "image": "app:1"}]}}
        answer = namespace.post("pods", probe, dryRun="All")
        return answer.code == 403 or "example.com/marker" in str(answer.body["spec"])

    waiting.until(seen, what="limits in force")
    namespace.delete("limitranges", "marker").ok()

    def forgotten() -> bool:
        probe = {"metadata": {"name": "probe"}, "spec": {"containers": [{"name": "c", "image": "app:1"}]}}
        answer = namespace.post("pods", probe, dryRun="All")
        return answer.code == 403 or "example.com/marker" not in str(answer.body["spec"])

    waiting.until(forgotten, what="only these limits in force")


def pod(requests: Object | None = None, limits: Object | None = None, *, count: int = 1) -> Object:
    resources = {"requests": requests or {}, "limits": limits or {}}
    containers = [{"name": f"c{index}", "image": "app:1", "resources": resources} for index in range(count)]
    return {"metadata": {"name": "p"}, "spec": {"containers": containers}}


def test_containers_get_default_requests_and_limits(namespace: Namespace) -> None:
    limit(
        namespace,
        {"type": "Container", "default": {"cpu": "500m", "memory": "1Gi"}, "defaultRequest": {"cpu": "100m"}},
    )
    body = pod()
    body["spec"]["initContainers"] = [{"name": "first", "image": "app:1"}]
    stored = namespace.post("pods", body).ok()
    expected = {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "1Gi"}}
    assert stored["spec"]["containers"][0]["resources"] == expected
    assert stored["spec"]["initContainers"][0]["resources"] == expected
    assert stored["metadata"]["annotations"]["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: cpu, memory request for container c0; cpu, memory limit for container c0; "
        "cpu, memory request for init container first; cpu, memory limit for init container first"
    )
    assert stored["status"]["qosClass"] == "Burstable"


def test_what_a_container_names_stays(namespace: Namespace) -> None:
    limit(namespace, {"type": "Container", "default": {"cpu": "500m"}, "defaultRequest": {"cpu": "100m"}})
    stored = namespace.post("pods", pod({"cpu": "200m"}, {"cpu": "300m"})).ok()
    assert stored["spec"]["containers"][0]["resources"] == {"limits": {"cpu": "300m"}, "requests": {"cpu": "200m"}}
    assert "kubernetes.io/limit-ranger" not in stored["metadata"].get("annotations", {})


def with_init(body: Object, *containers: tuple[str, str, str]) -> Object:
    """With init containers: name, CPU limit, restart policy."""
    body["spec"]["initContainers"] = [
        {"name": name, "image": "app:1", "resources": {"limits": {"cpu": cpu}}}
        | ({"restartPolicy": policy} if policy else {})
        for name, cpu, policy in containers
    ]
    return body


def whole(requests: Object, limits: Object) -> Object:
    """A pod that names resources for all its containers together."""
    body = pod()
    body["spec"]["resources"] = {"requests": requests, "limits": limits}
    return body


@pytest.mark.parametrize(
    ("limits", "body", "why"),
    [
        pytest.param(
            {"type": "Container", "min": {"memory": "100Mi"}},
            pod({"memory": "50Mi"}, {"memory": "200Mi"}),
            "minimum memory usage per Container is 100Mi, but request is 50Mi",
            id="request below the minimum",
        ),
        pytest.param(
            {"type": "Container", "max": {"cpu": "1"}},
            pod({"cpu": "1"}, {"cpu": "2"}),
            "maximum cpu usage per Container is 1, but limit is 2",
            id="limit above the maximum",
        ),
        pytest.param(
            {"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}},
            pod({"cpu": "100m"}, {"cpu": "500m"}),
            "cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000",
            id="limit too far from the request",
        ),
        pytest.param(
            {"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}},
            pod(),
            "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
            id="ratio without a request",
        ),
        pytest.param(
            {"type": "Pod", "max": {"cpu": "1"}},
            pod({"cpu": "1m"}, {"cpu": "600m"}, count=2),
            "maximum cpu usage per Pod is 1, but limit is 1200m",
            id="containers together above the pod's maximum",
        ),
        pytest.param(
            {"type": "Pod", "max": {"cpu": "1"}},
            pod({"cpu": "1m"}),
            "maximum cpu usage per Pod is 1.  No limit is specified",
            id="pod without a limit",
        ),
        pytest.param(
            {"type": "Pod", "min": {"memory": "1Gi"}},
            pod({"memory": "512Mi"}),
            "minimum memory usage per Pod is 1Gi, but request is 512Mi",
            id="pod below the minimum",
        ),
        pytest.param(
            {"type": "Pod", "max": {"cpu": "10"}},
            with_init(pod({"cpu": "1"}, {"cpu": "3"}), ("proxy", "4", "Always"), ("first", "8", "")),
            "maximum cpu usage per Pod is 10, but limit is 12",
            id="an init container beside a sidecar above the pod's maximum",
        ),
        pytest.param(
            {"type": "Pod", "max": {"memory": "1Gi"}},
            whole({"memory": "512Mi"}, {"memory": "2Gi"}),
            "maximum memory usage per Pod is 1Gi, but limit is 2Gi",
            id="what the pod itself names above the maximum",
        ),
        pytest.param(
            {"type": "Pod", "max": {"hugepages-2Mi": "8Mi"}},
            whole({"cpu": "1", "hugepages-2Mi": "4Mi"}, {"cpu": "1", "hugepages-2Mi": "4Mi"}),
            "maximum hugepages-2Mi usage per Pod is 8Mi.  No limit is specified",
            id="huge pages that only the pod itself names",
        ),
    ],
)
def test_pods_beyond_the_limits_are_refused(namespace: Namespace, limits: Object, body: Object, why: str) -> None:
    limit(namespace, limits)
    answer = namespace.post("pods", body)
    assert answer.failure(403, "Forbidden")["message"] == f'pods "p" is forbidden: {why}'


def test_several_reasons_are_given_at_once(namespace: Namespace) -> None:
    limit(namespace, {"type": "Container", "max": {"cpu": "1"}, "min": {"memory": "1Gi"}})
    answer = namespace.post("pods", pod({"memory": "1Mi"}, {"cpu": "2"}))
    assert answer.failure(403, "Forbidden")["message"] == (
        'pods "p" is forbidden: [minimum memory usage per Container is 1Gi, but request is 1Mi, '
        "maximum cpu usage per Container is 1, but limit is 2]"
    )


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ("512Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi"),
        ("3Gi", "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"),
    ],
)
def test_claims_have_a_smallest_and_a_largest_size(namespace: Namespace, size: str, why: str) -> None:
    limit(namespace, {"type": "PersistentVolumeClaim", "min": {"storage": "1Gi"}, "max": {"storage": "2Gi"}})
    claim = manifests.claim_template("data", size, storageClassName="none-such")
    answer = namespace.post("persistentvolumeclaims", claim)
    assert answer.failure(403, "Forbidden")["message"] == f'persistentvolumeclaims "data" is forbidden: {why}'


def test_a_pod_that_runs_is_not_asked_again(namespace: Namespace) -> None:
    namespace.post("pods", pod()).ok()
    limit(namespace, {"type": "Pod", "max": {"cpu": "1"}})
    namespace.patch("pods", "p", "merge", {"metadata": {"labels": {"a": "b"}}}).ok()


def test_a_resize_beyond_the_limits_is_refused(namespace: Namespace) -> None:
    limit(namespace, {"type": "Pod", "max": {"cpu": "2"}})
    body = pod({"cpu": "1"}, {"cpu": "1500m"})
    body["spec"]["schedulingGates"] = [{"name": "example.com/held"}]
    namespace.post("pods", body).ok()
    change = {"spec": {"containers": [{"name": "c0", "resources": {"limits": {"cpu": "3"}}}]}}
    answer = namespace.patch("pods", "p", "strategic", change, "resize")
    assert answer.failure(403, "Forbidden")["message"] == (
        'pods "p" is forbidden: maximum cpu usage per Pod is 2, but limit is 3'
    )


def test_a_resize_gets_the_defaults_too(namespace: Namespace) -> None:
    body = pod({"cpu": "1"}, {"cpu": "2"})
    body["spec"]["schedulingGates"] = [{"name": "example.com/held"}]
    namespace.post("pods", body).ok()
    limit(namespace, {"type": "Container", "defaultRequest": {"memory": "64Mi"}})
    change = {"spec": {"containers": [{"name": "c0", "resources": {"requests": {"cpu": "1500m"}}}]}}
    resized = namespace.patch("pods", "p", "strategic", change, "resize").ok()
    assert resized["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "1500m", "memory": "64Mi"}
