"""Lists over HTTP: pages, selectors, versions, and forms of output."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

MAPS = "/api/v1/namespaces/default/configmaps"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@pytest.fixture
def three(site: Any) -> Any:
    for name in "abc":
        metadata = {"name": name, "labels": {"n": name, "app": "x"}}
        site.ask("POST", MAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    return site


def names(answer: Any) -> list[str]:
    return [item["metadata"]["name"] for item in answer.json["items"]]


def test_items_of_a_list_carry_no_kind_of_their_own(three: Any) -> None:
    assert "kind" not in three.ask("GET", MAPS).json["items"][0]


def test_pages_are_of_one_moment(three: Any) -> None:
    first = three.ask("GET", f"{MAPS}?limit=2").json
    three.ask("DELETE", f"{MAPS}/c")
    second = three.ask("GET", f"{MAPS}?limit=2&continue={first['metadata']['continue']}")
    assert first["metadata"]["remainingItemCount"] == 1
    assert names(second) == ["c"]
    assert second.json["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


def test_a_page_of_a_forgotten_moment_is_a_410_with_a_way_on(three: Any) -> None:
    token = three.ask("GET", f"{MAPS}?limit=1").json["metadata"]["continue"]
    three.write(three.api.store.forget)
    answer = three.ask("GET", f"{MAPS}?continue={token}")
    assert (answer.status, answer.json["reason"]) == (410, "Expired")
    assert names(three.ask("GET", f"{MAPS}?continue={answer.json['metadata']['continue']}")) == ["b", "c"]


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ("n=a", "a"),
        ("n==a", "a"),
        ("n!=a", "bc"),
        ("n in (a,b)", "ab"),
        ("n notin (a)", "bc"),
        ("app", "abc"),
        ("!app", ""),
        ("app=x,n!=a", "bc"),
        ("nope!=x", "abc"),
    ],
)
def test_labels_select(three: Any, selector: str, wanted: str) -> None:
    assert names(three.ask("GET", f"{MAPS}?labelSelector={quote(selector)}")) == list(wanted)


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("n in (a", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("app=x y", "found 'y', expected: ',' or 'end of string'"),
        ("=x", "found '=', expected: !, identifier, or 'end of string'"),
        ("app=x,,", "found ',', expected: identifier after ','"),
    ],
)
def test_a_selector_that_is_none_is_refused(three: Any, selector: str, why: str) -> None:
    answer = three.ask("GET", f"{MAPS}?labelSelector={quote(selector)}")
    assert (answer.status, answer.json["message"]) == (400, why)


def test_fields_select(three: Any) -> None:
    assert names(three.ask("GET", f"{MAPS}?fieldSelector=metadata.name!=a")) == ["b", "c"]


def test_an_unknown_field_is_refused(three: Any) -> None:
    answer = three.ask("GET", f"{MAPS}?fieldSelector=foo=bar")
    known = '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"'
    assert (answer.status, answer.json["message"]) == (400, known)


def test_a_version_that_is_still_to_come_is_a_504(three: Any) -> None:
    answer = three.ask("GET", f"{MAPS}?resourceVersion=999999&resourceVersionMatch=NotOlderThan")
    assert (answer.status, answer.json["reason"]) == (504, "Timeout")


def test_a_table_has_columns_cells_and_metadata(three: Any) -> None:
    table = three.ask("GET", MAPS, Accept=TABLE).json
    assert table["kind"] == "Table"
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert [row["cells"][:2] for row in table["rows"]] == [["a", 0], ["b", 0], ["c", 0]]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


@pytest.mark.parametrize(("include", "kind"), [("Object", "ConfigMap"), ("Metadata", "PartialObjectMetadata")])
def test_a_table_includes_what_is_asked(three: Any, include: str, kind: str) -> None:
    table = three.ask("GET", f"{MAPS}?includeObject={include}", Accept=TABLE).json
    assert table["rows"][0]["object"]["kind"] == kind


def test_metadata_alone_can_be_listed(three: Any) -> None:
    accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
    answer = three.ask("GET", MAPS, Accept=accept)
    assert answer.json["kind"] == "PartialObjectMetadataList"
    assert names(answer) == ["a", "b", "c"]


def test_what_cannot_be_given_is_a_406(three: Any) -> None:
    assert three.ask("GET", f"{MAPS}/a", Accept="text/html").status == 406
