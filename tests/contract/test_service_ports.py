"""Node ports and addresses of Services: each has one owner in the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.client import Namespace, Object

ALLOCATED = "provided port is already allocated"


def service(name: str, *numbers: int, kind: str = "NodePort", **spec: Any) -> Object:
    """A Service with a port for each of the numbers outside; 0 means any."""
    ports = [
        {"name": f"p{index}", "port": 80 + index, **({"nodePort": number} if number else {})}
        for index, number in enumerate(numbers or (0,))
    ]
    return {"metadata": {"name": name}, "spec": {"type": kind, "selector": {"app": name}, "ports": ports, **spec}}


def numbers(namespace: Namespace, name: str) -> list[int]:
    """The node ports of a Service."""
    return [port["nodePort"] for port in namespace.read("services", name)["spec"]["ports"]]


@pytest.fixture
def taken(namespace: Namespace) -> int:
    """A node port that another Service has."""
    namespace.post("services", service("other")).ok()
    (number,) = numbers(namespace, "other")
    return number


@pytest.fixture
def free(namespace: Namespace) -> int:
    """A node port that nobody has."""
    namespace.post("services", service("gone")).ok()
    (number,) = numbers(namespace, "gone")
    namespace.delete("services", "gone").ok()
    return number


@pytest.mark.parametrize("query", [{}, {"dryRun": "All"}], ids=["for good", "as a dry run"])
def test_a_new_service_cannot_have_anothers_node_port(namespace: Namespace, taken: int, query: Object) -> None:
    assert namespace.post("services", service("web", 0, taken), **query).causes() == [
        ("spec.ports[1].nodePort", "FieldValueInvalid", f"Invalid value: {taken}: {ALLOCATED}")
    ]


def test_a_new_service_cannot_have_a_node_port_twice(namespace: Namespace, free: int) -> None:
    assert namespace.post("services", service("web", free, free)).causes() == [
        ("spec.ports[1].nodePort", "FieldValueInvalid", f"Invalid value: {free}: {ALLOCATED}")
    ]


def test_a_node_port_outside_of_the_range_is_refused(namespace: Namespace) -> None:
    text = "provided port is not in the valid range. The range of valid ports is 30000-32767"
    assert namespace.post("services", service("web", 80)).causes() == [
        ("spec.ports[0].nodePort", "FieldValueInvalid", f"Invalid value: 80: {text}")
    ]


def test_a_dry_run_does_not_ask_whether_a_node_port_is_in_the_range(namespace: Namespace) -> None:
    made = namespace.post("services", service("web", 80), dryRun="All").ok()
    assert made["spec"]["ports"][0]["nodePort"] == 80


def test_a_changed_service_cannot_have_anothers_node_port(namespace: Namespace, taken: int) -> None:
    namespace.post("services", service("web")).ok()
    assert namespace.put("services", service("web", taken)).causes() == [
        ("spec.ports[0].nodePort", "FieldValueInvalid", f"Invalid value: {taken}: {ALLOCATED}")
    ]


def test_a_changed_service_cannot_have_a_node_port_twice(namespace: Namespace, free: int) -> None:
    namespace.post("services", service("web")).ok()
    answer = namespace.put("services", service("web", free, free))
    assert answer.failure(500)["message"] == f"duplicate nodePort: {{TCP {free}}}"


def test_two_protocols_share_a_node_port_when_a_service_changes(namespace: Namespace, free: int) -> None:
    namespace.post("services", service("web")).ok()
    body = service("web", free, free)
    body["spec"]["ports"][1]["protocol"] = "UDP"
    namespace.put("services", body).ok()
    assert numbers(namespace, "web") == [free, free]


def test_a_service_may_swap_its_node_ports(namespace: Namespace) -> None:
    namespace.post("services", service("web", 0, 0)).ok()
    one, other = numbers(namespace, "web")
    namespace.put("services", service("web", other, one)).ok()
    assert numbers(namespace, "web") == [other, one]


def test_a_port_for_health_checks_may_not_be_anothers(namespace: Namespace, taken: int) -> None:
    body = service("web", kind="LoadBalancer", externalTrafficPolicy="Local", healthCheckNodePort=taken)
    assert namespace.post("services", body).failure(500, "InternalError")["message"] == (
        f"Internal error occurred: failed to allocate requested HealthCheck NodePort {taken}: {ALLOCATED}"
    )


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("10.96.0.1", "provided IP is already allocated"),
        ("10.96.0.0", "the provided network does not match the current range"),
        ("10.0.0.1", "the provided network does not match the current range"),
    ],
)
def test_an_address_that_cannot_be_had_is_refused(namespace: Namespace, address: str, why: str) -> None:
    body = service("web", kind="ClusterIP", clusterIP=address)
    assert namespace.post("services", body).causes() == [
        (
            "spec.clusterIPs",
            "FieldValueInvalid",
            f'Invalid value: ["{address}"]: failed to allocate IP {address}: {why}',
        )
    ]
