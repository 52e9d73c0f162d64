"""The store: versions, lists, history and subscriptions."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stswidgets.simulator import store
from stswidgets.simulator.kinds import config

KIND = config.CONFIGMAPS


def put(objects: store.Store, name: str, namespace: str = "a", **data: str) -> store.Stored:
    metadata = {"name": name, "namespace": namespace}
    return objects.put(KIND, {"kind": "ConfigMap", "apiVersion": "v1", "metadata": metadata, "data": data})


def test_every_write_has_a_version_of_its_own() -> None:
    objects = store.Store()
    assert [put(objects, "x").version, put(objects, "y").version, put(objects, "x").version] == [1, 2, 3]


def test_what_was_read_stays_as_it_was() -> None:
    objects = store.Store()
    before = put(objects, "x", key="1")
    put(objects, "x", key="2")
    assert before.obj["data"] == {"key": "1"}


def test_lists_are_by_namespace_and_name() -> None:
    objects = store.Store()
    for namespace, name in (("b", "x"), ("a", "z"), ("a", "y")):
        put(objects, name, namespace)
    assert [(item.namespace, item.name) for item in objects.list(KIND)] == [("a", "y"), ("a", "z"), ("b", "x")]
    assert [item.name for item in objects.list(KIND, "a")] == ["y", "z"]


WRITES = st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.sampled_from("xyz")), max_size=12)


@given(WRITES)
def test_a_list_is_what_was_put_and_not_removed(writes: list[tuple[bool, str, str]]) -> None:
    objects = store.Store()
    there: set[tuple[str, str]] = set()
    for puts, namespace, name in writes:
        if puts:
            put(objects, name, namespace)
            there.add((namespace, name))
        elif (namespace, name) in there:
            objects.remove(KIND, namespace, name)
            there.remove((namespace, name))
        assert [(item.namespace, item.name) for item in objects.list(KIND)] == sorted(there)
        assert [item.name for item in objects.list(KIND, "a")] == sorted(name for space, name in there if space == "a")


def test_a_list_that_was_taken_does_not_change() -> None:
    objects = store.Store()
    put(objects, "x")
    taken = objects.list(KIND)
    put(objects, "y")
    assert len(taken) == 1


def test_a_subscriber_hears_every_change_until_it_ends() -> None:
    objects = store.Store()
    heard: list[tuple[str, Any, int]] = []
    end = objects.subscribe(KIND, lambda event: heard.append((event.type, event.old is None, event.new.version)))
    put(objects, "x")
    put(objects, "x")
    objects.remove(KIND, "a", "x")
    end()
    put(objects, "y")
    assert heard == [("ADDED", True, 1), ("MODIFIED", False, 2), ("DELETED", False, 3)]


def test_history_reaches_back_to_what_was_forgotten() -> None:
    objects = store.Store()
    for number in range(store.HISTORY + 2):
        put(objects, "x", n=str(number))
    assert objects.since(KIND, 1) is None
    assert len(objects.since(KIND, 2) or []) == store.HISTORY


def test_an_object_is_encoded_once_for_all_who_read_it() -> None:
    stored = put(store.Store(), "x")
    assert stored.item is stored.item
    assert stored.raw.startswith(b'{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x"')


def test_old_snapshots_make_room_for_new_ones() -> None:
    objects = store.Store()
    versions = []
    for number in range(store.SNAPSHOTS + 1):
        put(objects, str(number))
        versions.append(objects.snapshot(KIND, None)[0])
    assert objects.snapshot_at(KIND, None, versions[0]) is None
    assert objects.snapshot_at(KIND, None, versions[-1]) is not None
