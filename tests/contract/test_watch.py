"""Watches: which events come, from where on, and how they end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from tests.contract import manifests
from tests.contract.client import Namespace, Object

NAMES = "metadata.name=settings"


def told(events: Iterator[Object], count: int) -> list[tuple[str, str]]:
    """Type and name of the next events."""
    return [(event["type"], event["object"]["metadata"]["name"]) for event in islice(events, count)]


@pytest.fixture
def version(namespace: Namespace) -> str:
    """The namespace's state before the case does anything."""
    version: str = namespace.get("configmaps").ok()["metadata"]["resourceVersion"]
    return version


def test_each_change_is_an_event(namespace: Namespace, version: str) -> None:
    events = namespace.watch("configmaps", resourceVersion=version, fieldSelector=NAMES)
    namespace.post("configmaps", manifests.configmap()).ok()
    namespace.put("configmaps", manifests.configmap(key="new")).ok()
    namespace.delete("configmaps", "settings").ok()
    assert told(events, 3) == [("ADDED", "settings"), ("MODIFIED", "settings"), ("DELETED", "settings")]


def test_a_watch_from_a_version_replays_what_came_after_it(namespace: Namespace) -> None:
    created = namespace.post("configmaps", manifests.configmap()).ok()
    namespace.put("configmaps", manifests.configmap(key="new")).ok()
    version = created["metadata"]["resourceVersion"]
    events = namespace.watch("configmaps", resourceVersion=version, fieldSelector=NAMES)
    assert told(events, 1) == [("MODIFIED", "settings")]


@pytest.mark.parametrize("query", [{}, {"resourceVersion": "0"}], ids=["unset", "zero"])
def test_a_watch_without_a_version_starts_with_what_is_there(namespace: Namespace, query: dict[str, str]) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    # Version 0 may be answered from a cache that is behind for a moment; the event comes, then, a moment later.
    assert told(namespace.watch("configmaps", fieldSelector=NAMES, **query), 1) == [("ADDED", "settings")]


def test_entering_and_leaving_a_selector_are_added_and_deleted(namespace: Namespace, version: str) -> None:
    events = namespace.watch("configmaps", resourceVersion=version, labelSelector="watched=yes")
    namespace.post("configmaps", manifests.configmap()).ok()
    for value in ("yes", "no", "yes"):
        labels = {"metadata": {"labels": {"watched": value}}}
        namespace.patch("configmaps", "settings", "merge", labels).ok()
    namespace.delete("configmaps", "settings").ok()
    assert [kind for kind, _ in told(events, 4)] == ["ADDED", "DELETED", "ADDED", "DELETED"]


def test_an_object_that_leaves_a_selector_is_told_as_it_was(namespace: Namespace, version: str) -> None:
    events = namespace.watch("configmaps", resourceVersion=version, labelSelector="watched=yes")
    namespace.post("configmaps", manifests.configmap(labels={"watched": "yes"})).ok()
    left = namespace.patch("configmaps", "settings", "merge", {"metadata": {"labels": {"watched": "no"}}}).ok()
    _, deleted = islice(events, 2)
    assert deleted["object"]["metadata"]["labels"] == {"watched": "yes"}
    assert deleted["object"]["metadata"]["resourceVersion"] == left["metadata"]["resourceVersion"]


def test_a_deleted_object_comes_with_the_version_of_its_deletion(namespace: Namespace, version: str) -> None:
    events = namespace.watch("configmaps", resourceVersion=version, fieldSelector=NAMES)
    created = namespace.post("configmaps", manifests.configmap()).ok()
    namespace.delete("configmaps", "settings").ok()
    _, deleted = islice(events, 2)
    assert int(deleted["object"]["metadata"]["resourceVersion"]) > int(created["metadata"]["resourceVersion"])
    assert deleted["object"]["data"] == created["data"]


def test_a_write_that_changes_nothing_is_no_event(namespace: Namespace) -> None:
    stored = namespace.post("configmaps", manifests.configmap()).ok()
    events = namespace.watch("configmaps", resourceVersion=stored["metadata"]["resourceVersion"], fieldSelector=NAMES)
    namespace.put("configmaps", stored).ok()
    namespace.put("configmaps", manifests.configmap(key="new")).ok()
    (event,) = islice(events, 1)
    assert event["object"]["data"] == {"key": "new"}


def test_an_event_names_kind_and_version_of_its_object(namespace: Namespace, version: str) -> None:
    events = namespace.watch("configmaps", resourceVersion=version, fieldSelector=NAMES)
    namespace.post("configmaps", manifests.configmap()).ok()
    (event,) = islice(events, 1)
    assert (event["object"]["apiVersion"], event["object"]["kind"]) == ("v1", "ConfigMap")


def test_a_watch_ends_after_its_time(namespace: Namespace, version: str) -> None:
    events = namespace.watch("configmaps", resourceVersion=version, timeoutSeconds=1, labelSelector="none=such")
    assert list(events) == []


def test_a_list_can_be_streamed_and_its_end_is_marked(namespace: Namespace) -> None:
    namespace.post("configmaps", manifests.configmap()).ok()
    events = namespace.watch(
        "configmaps",
        fieldSelector=NAMES,
        sendInitialEvents="true",
        allowWatchBookmarks="true",
        resourceVersionMatch="NotOlderThan",
    )
    added, mark = islice(events, 2)
    assert (added["type"], mark["type"]) == ("ADDED", "BOOKMARK")
    assert mark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert int(mark["object"]["metadata"]["resourceVersion"]) >= int(added["object"]["metadata"]["resourceVersion"])


def test_a_streamed_list_needs_its_match(namespace: Namespace) -> None:
    answer = namespace.get("configmaps", watch="true", sendInitialEvents="true", timeoutSeconds=2)
    assert answer.causes() == [
        (
            "resourceVersionMatch",
            "FieldValueForbidden",
            "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ),
    ]


def test_bookmarks_come_before_a_watch_ends(namespace: Namespace, version: str) -> None:
    # A server sends one a minute, and one shortly before the end.
    events = list(
        namespace.watch(
            "configmaps",
            resourceVersion=version,
            labelSelector="none=such",
            allowWatchBookmarks="true",
            timeoutSeconds=3,
        )
    )
    assert {event["type"] for event in events} == {"BOOKMARK"}
    assert int(events[-1]["object"]["metadata"]["resourceVersion"]) >= int(version)


def test_a_watch_from_long_ago_replays_or_says_that_it_has_expired(namespace: Namespace) -> None:
    # A young server still has its whole history; an older one has forgotten it. Neither starts from now in silence.
    namespace.post("configmaps", {"metadata": {"name": "there-before"}}).ok()
    first = next(namespace.watch("configmaps", resourceVersion="1"))
    status = first["object"]
    expired = (status["kind"], status.get("code"), status.get("reason")) == ("Status", 410, "Expired")
    told = expired and status["message"].startswith("too old resource version: 1 (")
    assert (first["type"], told) in {("ERROR", True), ("ADDED", False)}


def test_a_version_that_is_no_number_is_refused(namespace: Namespace) -> None:
    answer = namespace.get("configmaps", watch="true", resourceVersion="abc", timeoutSeconds=2)
    message = 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax'
    assert answer.failure(500)["message"] == message
