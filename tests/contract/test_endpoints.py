"""Endpoints and EndpointSlices: which change of pods or Services a change of them is due to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract import waiting
from tests.contract.client import Namespace, Object

TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"
SERVICE: Object = {
    "metadata": {"name": "web", "labels": {"tier": "one"}},
    "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]},
}


def addresses(namespace: Namespace) -> list[str]:
    """What stands in the Endpoints, ready or not; unready ones end with `?`."""
    body = namespace.get("endpoints", "web").body
    found = []
    for subset in body.get("subsets") or ():
        found += [item["ip"] for item in subset.get("addresses") or ()]
        found += [f"{item['ip']}?" for item in subset.get("notReadyAddresses") or ()]
    return found


def triggered(namespace: Namespace) -> str | None:
    """The time that the last change of the Endpoints was due to."""
    found: str | None = (namespace.read("endpoints", "web")["metadata"].get("annotations") or {}).get(TRIGGERED)
    return found


@pytest.fixture
def serving(namespace: Namespace) -> Iterator[Namespace]:
    """A namespace with a Service and its Endpoints. No kubelet ends the pods of a case."""
    namespace.post("services", SERVICE).ok()
    waiting.until(lambda: namespace.exists("endpoints", "web"), what="endpoints")
    yield namespace
    namespace.delete("pods", "", {"gracePeriodSeconds": 0}).ok()


def a_pod(namespace: Namespace, name: str) -> None:
    """A pod on a node that nobody runs: what it says of itself is what a case says."""
    spec = {"nodeName": "nowhere", "containers": [{"name": "main", "image": "main:1"}]}
    namespace.post("pods", {"metadata": {"name": name, "labels": {"app": "web"}}, "spec": spec}).ok()


def says(namespace: Namespace, name: str, address: str, *, ready: bool, since: str) -> None:
    """Let a pod have an address, and be ready or not since a time; wait until its Endpoints know."""
    condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": since}
    status = {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "conditions": [condition]}
    namespace.patch("pods", name, "merge", {"status": status}, "status").ok()
    shown = address if ready else f"{address}?"
    waiting.until(lambda: shown in addresses(namespace), what=shown)


def test_the_first_endpoints_are_due_to_the_service(serving: Namespace) -> None:
    created = serving.read("services", "web")["metadata"]["creationTimestamp"]
    waiting.until(lambda: serving.items("endpointslices"), what="a slice")
    (piece,) = serving.items("endpointslices")
    assert (triggered(serving), piece["metadata"]["annotations"]) == (created, {TRIGGERED: created})


def test_a_pod_s_turn_is_what_a_change_is_due_to(serving: Namespace) -> None:
    a_pod(serving, "one")
    says(serving, "one", "10.1.1.1", ready=True, since="2026-01-02T03:04:05Z")
    assert triggered(serving) == "2026-01-02T03:04:05Z"
    says(serving, "one", "10.1.1.1", ready=False, since="2026-01-02T03:04:06Z")
    assert triggered(serving) == "2026-01-02T03:04:06Z"


def test_a_turn_that_was_seen_is_not_told_again(serving: Namespace) -> None:
    for name, address, since in (
        ("one", "10.1.1.1", "2026-01-02T03:04:05Z"),
        ("two", "10.1.1.2", "2026-01-01T00:00:00Z"),
    ):
        a_pod(serving, name)
        says(serving, name, address, ready=True, since=since)
    assert triggered(serving) == "2026-01-01T00:00:00Z"


def test_a_pod_that_goes_is_no_turn(serving: Namespace) -> None:
    a_pod(serving, "one")
    says(serving, "one", "10.1.1.1", ready=True, since="2026-01-02T03:04:05Z")
    serving.delete("pods", "one", {"gracePeriodSeconds": 0}).ok()
    waiting.until(lambda: not addresses(serving), what="no addresses")
    assert triggered(serving) is None


def test_a_change_of_the_service_is_no_turn(serving: Namespace) -> None:
    serving.patch("services", "web", "merge", {"metadata": {"labels": {"tier": "two"}}}).ok()
    waiting.until(lambda: serving.read("endpoints", "web")["metadata"]["labels"]["tier"] == "two", what="the label")
    assert triggered(serving) is None
