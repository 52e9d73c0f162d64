"""The end of a namespace, and what it says meanwhile; endpoints of Services."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract import manifests, sets, waiting
from tests.contract.client import Client, Namespace, Object, path_of

FINE = {
    "NamespaceDeletionDiscoveryFailure": ("False", "ResourcesDiscovered", "All resources successfully discovered"),
    "NamespaceDeletionGroupVersionParsingFailure": (
        "False",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    "NamespaceDeletionContentFailure": (
        "False",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    "NamespaceContentRemaining": ("False", "ContentRemoved", "All content successfully removed"),
    "NamespaceFinalizersRemaining": (
        "False",
        "ContentHasNoFinalizers",
        "All content-preserving finalizers finished",
    ),
}


def said(client: Client, name: str) -> dict[str, tuple[str, str, str]]:
    """The conditions of a namespace by type: (status, reason, message)."""
    answer = client.request("GET", path_of("namespaces", name=name))
    conditions = answer.body["status"].get("conditions", []) if answer.code == 200 else []
    return {item["type"]: (item["status"], item["reason"], item["message"]) for item in conditions}


def test_a_namespace_says_what_keeps_it(client: Client, new_namespace: Callable[[], Namespace]) -> None:
    namespace = new_namespace()
    held = manifests.configmap()
    held["metadata"]["finalizers"] = ["example.com/held"]
    namespace.post("configmaps", held).ok()
    ended = client.request("DELETE", path_of("namespaces", name=namespace.name)).ok()
    assert ended["status"]["phase"] == "Terminating"
    expected = FINE | {
        "NamespaceContentRemaining": (
            "True",
            "SomeResourcesRemain",
            "Some resources are remaining: configmaps. has 1 resource instances",
        ),
        "NamespaceFinalizersRemaining": (
            "True",
            "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances",
        ),
    }
    waiting.until(lambda: said(client, namespace.name) == expected, what="what keeps it")
    namespace.patch("configmaps", "settings", "merge", {"metadata": {"finalizers": None}}).ok()
    waiting.until(lambda: client.request("GET", path_of("namespaces", name=namespace.name)).code == 404, what="its end")


def test_pods_go_first_and_all_else_waits(client: Client, new_namespace: Callable[[], Namespace]) -> None:
    namespace = new_namespace()
    pod = {"metadata": {"name": "held", "finalizers": ["example.com/held"]}}
    spec = {"terminationGracePeriodSeconds": 1, "containers": [{"name": "main", "image": "app:1"}]}
    namespace.post("pods", pod | {"spec": spec}).ok()
    namespace.post("configmaps", manifests.configmap()).ok()
    client.request("DELETE", path_of("namespaces", name=namespace.name)).ok()
    waiting.until(lambda: said(client, namespace.name) == FINE, what="conditions")
    assert "deletionTimestamp" in namespace.read("pods", "held")["metadata"]
    assert "deletionTimestamp" not in namespace.read("configmaps", "settings")["metadata"]
    namespace.patch("pods", "held", "merge", {"metadata": {"finalizers": None}}).ok()


def slices(namespace: Namespace, service: str) -> list[Object]:
    return namespace.items("endpointslices", labelSelector=f"kubernetes.io/service-name={service}")


def test_a_headless_service_has_an_endpoint_with_a_name_for_each_pod(namespace: Namespace) -> None:
    namespace.post("services", manifests.service()).ok()
    sets.create(namespace, manifests.statefulset(replicas=2))

    def complete() -> bool:
        found = slices(namespace, "web")
        return bool(found) and [item["conditions"]["ready"] for item in found[0]["endpoints"] or ()] == [True, True]

    waiting.until(complete, what="two endpoints")
    (found,) = slices(namespace, "web")
    assert sorted(item["hostname"] for item in found["endpoints"]) == ["web-0", "web-1"]
    assert found["ports"] == [{"name": "http", "port": 80, "protocol": "TCP"}]
    assert found["metadata"]["labels"] == {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
        "service.kubernetes.io/headless": "",
    }
    (owner,) = found["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("Service", "web", True)


def test_a_service_without_pods_has_an_empty_slice(namespace: Namespace) -> None:
    namespace.post("services", manifests.service()).ok()
    (found,) = waiting.until(lambda: slices(namespace, "web"), what="a slice")
    assert (found["endpoints"], found["ports"]) == (None, None)
    waiting.until(lambda: namespace.exists("endpoints", "web"), what="endpoints")
    assert "subsets" not in namespace.read("endpoints", "web")


def test_unready_pods_are_published_if_the_service_asks(namespace: Namespace) -> None:
    namespace.post("services", manifests.service(publishNotReadyAddresses=True)).ok()
    namespace.post("statefulsets", manifests.statefulset(replicas=1, image="app:unready")).ok()

    def known() -> bool:
        found = slices(namespace, "web")
        return bool(found) and bool(found[0]["endpoints"])

    waiting.until(known, what="an endpoint")
    (endpoint,) = slices(namespace, "web")[0]["endpoints"]
    assert endpoint["conditions"] == {"ready": True, "serving": False, "terminating": False}


def test_a_service_without_a_selector_is_left_alone(namespace: Namespace) -> None:
    namespace.post("services", {"metadata": {"name": "bare"}, "spec": {"ports": [{"port": 80}]}}).ok()
    namespace.post("services", manifests.service()).ok()
    waiting.until(lambda: slices(namespace, "web"), what="the other's slice")
    assert slices(namespace, "bare") == []
    assert not namespace.exists("endpoints", "bare")
