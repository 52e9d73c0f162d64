"""Rules that only odd input meets: what `tests.parity.search` found, kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.contract.client import Client, Namespace, Object, path_of


def messages(answer_causes: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Field and message of causes."""
    return [(field, message) for field, _, message in answer_causes]


def volume(name: str = "", **spec: object) -> Object:
    """A volume on a node's disk."""
    term = {"matchExpressions": [{"key": "beta.kubernetes.io/os", "operator": "In", "values": ["linux"]}]}
    return {
        "metadata": {"name": name or f"contract-{secrets.token_hex(4)}"},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "nobody",
            "local": {"path": "/data"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}},
            **spec,
        },
    }


@pytest.fixture
def local(client: Client) -> Iterator[Object]:
    """A volume for Linux, by the label's old name."""
    made = client.request("POST", path_of("persistentvolumes"), volume()).ok()
    yield made
    client.request("DELETE", path_of("persistentvolumes", name=made["metadata"]["name"]))


def test_a_size_just_below_nothing_is_less_than_nothing(client: Client) -> None:
    answer = client.request("POST", path_of("persistentvolumes"), volume(capacity={"storage": "-1m"}), dryRun="All")
    assert messages(answer.causes()) == [
        ("spec.capacity[storage]", "Invalid value: -1: must be a valid resource quantity"),
        ("spec.capacity[storage]", 'Invalid value: "-1m": must be greater than zero'),
    ]


@pytest.mark.parametrize(("key", "code"), [("kubernetes.io/os", 200), ("kubernetes.io/arch", 422)])
def test_a_volume_may_call_its_nodes_labels_by_their_new_names(
    client: Client, local: Object, key: str, code: int
) -> None:
    local["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"][0]["matchExpressions"][0]["key"] = key
    del local["metadata"]["resourceVersion"]  # controllers write as well
    path = path_of("persistentvolumes", name=local["metadata"]["name"])
    assert client.request("PUT", path, local, dryRun="All").code == code


def test_the_first_bad_text_of_a_map_is_told(namespace: Namespace) -> None:
    body = {"metadata": {"name": "pictures"}, "binaryData": {"b": "QUJDRA==A", "a": "!"}}
    assert namespace.post("configmaps", body).failure(400)["message"].endswith("illegal base64 data at input byte 8")


@pytest.mark.parametrize(
    ("text", "place"), [("a\nb", 1), ("QUI=QUI=", 4), ("QUJDRA=", 7), ("=QUJ", 0), ("QU=B", 2), ("QUJ D", 3)]
)
def test_bad_text_is_bad_where_reading_stops(namespace: Namespace, text: str, place: int) -> None:
    body = {"metadata": {"name": "pictures"}, "binaryData": {"a": text}}
    message = namespace.post("configmaps", body).failure(400)["message"]
    assert message.endswith(f"illegal base64 data at input byte {place}")


def test_a_number_that_is_no_port_is_applied_in_the_words_of_its_type(namespace: Namespace) -> None:
    body = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "web"},
        "spec": {"maxUnavailable": 2**31},
    }
    message = namespace.apply("poddisruptionbudgets", body).failure(500)["message"]
    assert message.endswith("PodDisruptionBudget: json: cannot unmarshal number 2147483648 into Go value of type int32")


def test_a_time_that_is_none_is_shown_byte_by_byte(namespace: Namespace) -> None:
    body = {"metadata": {"name": "leader"}, "spec": {"renewTime": "a\nü"}}
    path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace.name}/leases"
    assert (
        namespace.client.request("POST", path, body)
        .failure(400)["message"]
        .endswith(r'cannot parse "a\x0a\xc3\xbc" as "2006"')
    )


def test_a_slice_without_type_and_addresses_tells_of_its_type_first(namespace: Namespace) -> None:
    answer = namespace.post("endpointslices", {"metadata": {"name": "web"}, "endpoints": [{"addresses": []}]})
    assert messages(answer.causes()) == [
        ("addressType", "Required value"),
        ("endpoints[0].addresses", "Required value"),
    ]


def test_a_ratio_too_large_to_count_in_thousandths_is_compared_whole(namespace: Namespace) -> None:
    limits = {"type": "Container", "min": {"cpu": "100m"}, "max": {"cpu": "2"}, "maxLimitRequestRatio": {"cpu": "1Ei"}}
    answer = namespace.post("limitranges", {"metadata": {"name": "odd"}, "spec": {"limits": [limits]}})
    text = 'Invalid value: "1Ei": ratio 1Ei is greater than max/min = 2.000000'
    assert messages(answer.causes()) == [("spec.limits[0].maxLimitRequestRatio[cpu]", text)]


def test_a_set_of_lists_cannot_be_applied(namespace: Namespace) -> None:
    body = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "web"},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [[]]}],
    }
    message = namespace.apply("endpointslices", body).failure(500)["message"]
    assert message.endswith("element 0: not supported: associative list with lists as elements")
