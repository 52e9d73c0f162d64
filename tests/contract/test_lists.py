"""Lists: paging, selectors, versions."""

from __future__ import annotations

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace

LABELS = {"a": {"app": "web", "tier": "front"}, "b": {"app": "web", "tier": "back"}, "c": {"app": "db"}, "d": {}}
OWN = "case=lists"


@pytest.fixture
def filled(namespace: Namespace) -> Namespace:
    """Four ConfigMaps, a to d, in a namespace."""
    for name, labels in LABELS.items():
        namespace.post("configmaps", manifests.configmap(name, {"case": "lists", **labels})).ok()
    return namespace


def test_a_list_has_a_version_and_items_without_kind(filled: Namespace) -> None:
    body = filled.get("configmaps", labelSelector=OWN).ok()
    assert (body["apiVersion"], body["kind"]) == ("v1", "ConfigMapList")
    assert int(body["metadata"]["resourceVersion"]) > 0
    assert [item["metadata"]["name"] for item in body["items"]] == ["a", "b", "c", "d"]
    assert "kind" not in body["items"][0]


def test_a_list_without_objects_has_an_empty_array(namespace: Namespace) -> None:
    assert namespace.get("statefulsets").ok()["items"] == []


def test_pages_are_one_snapshot(filled: Namespace) -> None:
    first = filled.get("configmaps", limit=2, labelSelector=OWN).ok()
    filled.post("configmaps", manifests.configmap("bb", {"case": "lists"})).ok()
    filled.delete("configmaps", "d").ok()
    pages = [first]
    # A page may be empty and have a next one all the same: what is not selected is passed over a page at a time.
    while token := pages[-1]["metadata"].get("continue"):
        pages.append(filled.get("configmaps", limit=2, labelSelector=OWN, **{"continue": token}).ok())
    names = [item["metadata"]["name"] for page in pages for item in page["items"]]
    assert names == ["a", "b", "c", "d"]
    assert {page["metadata"]["resourceVersion"] for page in pages} == {first["metadata"]["resourceVersion"]}


def test_a_page_says_how_many_remain(namespace: Namespace) -> None:
    for name in ("a", "b", "c"):
        namespace.post("secrets", {"metadata": {"name": name}}).ok()
    metadata = namespace.get("secrets", limit=1).ok()["metadata"]
    assert metadata["remainingItemCount"] == 2


def test_a_page_of_a_selection_does_not_say_how_many_remain(filled: Namespace) -> None:
    metadata = filled.get("configmaps", limit=2, labelSelector=OWN).ok()["metadata"]
    assert metadata["continue"]
    assert "remainingItemCount" not in metadata


def test_a_made_up_continue_token_is_refused(namespace: Namespace) -> None:
    status = namespace.get("configmaps", limit=1, **{"continue": "made-up"}).failure(400, "BadRequest")
    assert status["message"].startswith("invalid continue token: continue key is not valid: ")


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("app=web", "ab"),
        ("app==web", "ab"),
        ("app!=web", "cd"),
        ("app in (web,db)", "abc"),
        ("app notin (web)", "cd"),
        ("app", "abc"),
        ("!app", "d"),
        ("app=web,tier!=front", "b"),
        ("app=web,tier in (front, back),tier notin (back)", "a"),
        ("tier in ()", ""),
        ("app=", ""),
    ],
)
def test_label_selectors(filled: Namespace, selector: str, names: str) -> None:
    assert "".join(filled.names("configmaps", labelSelector=f"{OWN},{selector}")) == names


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("app in web", "unable to parse requirement: found 'web' expected: '('"),
        ("app=a b", "found 'b', expected: ',' or 'end of string'"),
        (",", "found ',', expected: !, identifier, or 'end of string'"),
    ],
)
def test_a_label_selector_that_cannot_be_read(namespace: Namespace, selector: str, message: str) -> None:
    status = namespace.get("configmaps", labelSelector=selector).failure(400, "BadRequest")
    assert status["message"] == message


def test_field_selectors_find_by_name_and_namespace(filled: Namespace) -> None:
    selector = f"metadata.namespace={filled.name},metadata.name!=a"
    assert filled.names("configmaps", labelSelector=OWN, fieldSelector=selector) == ["b", "c", "d"]


def test_a_field_that_cannot_be_selected_is_refused(namespace: Namespace) -> None:
    status = namespace.get("configmaps", fieldSelector="data.key=value").failure(400, "BadRequest")
    assert status["message"] == ('"data.key" is not a known field selector: only "metadata.name", "metadata.namespace"')


def test_pods_can_be_selected_by_phase(namespace: Namespace) -> None:
    namespace.post("pods", manifests.pod(nodeSelector={"no": "such-node"})).ok()
    assert namespace.names("pods", fieldSelector="status.phase=Pending,spec.nodeName=") == ["one"]
    assert namespace.names("pods", fieldSelector="status.phase=Running") == []


def test_a_list_of_all_namespaces_is_sorted_by_namespace_and_name(filled: Namespace) -> None:
    body = filled.client.request("GET", "/api/v1/configmaps", labelSelector=OWN).ok()
    keys = [(item["metadata"]["namespace"], item["metadata"]["name"]) for item in body["items"]]
    assert keys == sorted(keys)
    assert (filled.name, "a") in keys


def test_an_exact_version_lists_what_was_there(filled: Namespace) -> None:
    version = filled.get("configmaps").ok()["metadata"]["resourceVersion"]
    filled.delete("configmaps", "a").ok()
    then = filled.names("configmaps", labelSelector=OWN, resourceVersion=version, resourceVersionMatch="Exact")
    assert then == ["a", "b", "c", "d"]


def test_a_match_without_a_version_is_refused(namespace: Namespace) -> None:
    causes = namespace.get("configmaps", resourceVersionMatch="Exact").causes()
    assert causes == [
        (
            "resourceVersionMatch",
            "FieldValueForbidden",
            "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
        )
    ]


def test_a_version_of_the_future_times_out(namespace: Namespace) -> None:
    status = namespace.get("configmaps", resourceVersion="900000000000").failure(504, "Timeout")
    assert status["message"].startswith("Timeout: Too large resource version: 900000000000, current: ")
