"""Watches over HTTP. Each ends by its own `timeoutSeconds`, so a test reads it whole."""

from __future__ import annotations

import json
from typing import Any

MAPS = "/api/v1/namespaces/default/configmaps"
MERGE = "application/merge-patch+json"


def create(site: Any, name: str, **labels: str) -> str:
    metadata = {"name": name, "labels": labels}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    version: str = site.ask("POST", MAPS, body).json["metadata"]["resourceVersion"]
    return version


def seen(answer: Any) -> list[tuple[str, str]]:
    return [(line["type"], line["object"]["metadata"].get("name", "")) for line in answer.lines]


def test_a_watch_without_a_version_begins_with_what_is_there(site: Any) -> None:
    create(site, "a")
    assert seen(site.ask("GET", f"{MAPS}?watch=true&timeoutSeconds=1")) == [("ADDED", "a")]


def test_a_watch_from_a_version_tells_what_came_after_it(site: Any) -> None:
    version = create(site, "a")
    site.ask("PATCH", f"{MAPS}/a", {"data": {"x": "1"}}, media=MERGE)
    site.ask("DELETE", f"{MAPS}/a")
    answer = site.ask("GET", f"{MAPS}?watch=1&resourceVersion={version}&timeoutSeconds=1")
    assert seen(answer) == [("MODIFIED", "a"), ("DELETED", "a")]


def test_versions_of_events_only_grow(site: Any) -> None:
    version = create(site, "a")
    create(site, "b")
    site.ask("DELETE", f"{MAPS}/a")
    lines = site.ask("GET", f"{MAPS}?watch=1&resourceVersion={version}&timeoutSeconds=1").lines
    versions = [int(line["object"]["metadata"]["resourceVersion"]) for line in lines]
    assert versions == sorted(set(versions))
    assert versions[0] > int(version)


def test_an_object_that_leaves_a_selector_is_deleted_for_its_watch(site: Any) -> None:
    version = create(site, "a", app="x")
    site.ask("PATCH", f"{MAPS}/a", {"metadata": {"labels": {"app": "y"}}}, media=MERGE)
    site.ask("PATCH", f"{MAPS}/a", {"metadata": {"labels": {"app": "x"}}}, media=MERGE)
    answer = site.ask("GET", f"{MAPS}?watch=1&resourceVersion={version}&labelSelector=app%3Dx&timeoutSeconds=1")
    assert seen(answer) == [("DELETED", "a"), ("ADDED", "a")]


def test_a_version_that_is_forgotten_is_a_410_inside_the_stream(site: Any) -> None:
    create(site, "a")
    site.write(site.api.store.forget)
    answer = site.ask("GET", f"{MAPS}?watch=1&resourceVersion=1&timeoutSeconds=1")
    assert answer.status == 200
    assert [(line["type"], line["object"]["code"], line["object"]["reason"]) for line in answer.lines] == [
        ("ERROR", 410, "Expired")
    ]


def test_a_list_by_watch_ends_with_a_marked_bookmark(site: Any) -> None:
    create(site, "a")
    query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1"
    last = site.ask("GET", f"{MAPS}?{query}").lines[-1]
    assert last["type"] == "BOOKMARK"
    assert last["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_list_by_watch_must_say_how_old_it_may_be(site: Any) -> None:
    answer = site.ask("GET", f"{MAPS}?watch=1&sendInitialEvents=true")
    assert (answer.status, answer.json["details"]["causes"][0]["field"]) == (422, "resourceVersionMatch")


def test_a_bookmark_comes_before_a_watch_ends(site: Any) -> None:
    version = create(site, "a")
    query = f"watch=1&resourceVersion={version}&allowWatchBookmarks=true&timeoutSeconds=5"
    lines = site.ask("GET", f"{MAPS}?{query}").lines
    assert [(line["type"], line["object"]["metadata"]["resourceVersion"]) for line in lines] == [("BOOKMARK", version)]


def test_columns_of_a_watched_table_come_once(site: Any) -> None:
    for name in "ab":
        create(site, name)
    accept = "application/json;as=Table;v=v1;g=meta.k8s.io"
    lines = site.ask("GET", f"{MAPS}?watch=1&timeoutSeconds=1", Accept=accept).lines
    assert [bool(line["object"]["columnDefinitions"]) for line in lines] == [True, False]


def test_a_change_reaches_an_open_watch(site: Any) -> None:
    headers = {"Authorization": f"Bearer {site.server.identities.tokens['admin']}"}
    url = f"{site.address}{MAPS}?watch=1&timeoutSeconds=20"
    response = site.pool.request("GET", url, headers=headers, preload_content=False, timeout=20)
    create(site, "a")
    line = json.loads(next(iter(response.stream(amt=None, decode_content=True))).splitlines()[0])
    response.close()
    assert (line["type"], line["object"]["metadata"]["name"]) == ("ADDED", "a")
