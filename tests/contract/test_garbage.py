"""Garbage collection: which references are to an owner, and what becomes of dependents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract import manifests, waiting
from tests.contract.client import Namespace, Object

FINALIZER = "contract.example/hold"


def owner_of(owner: Object, **changes: Any) -> Object:
    """A reference to an owner."""
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": owner["metadata"]["name"]}
    return {**reference, "uid": owner["metadata"]["uid"], **changes}


def made(namespace: Namespace, name: str, *references: Object, finalizers: tuple[str, ...] = ()) -> Object:
    """A ConfigMap with owners."""
    manifest = manifests.configmap(name)
    manifest["metadata"] |= {"ownerReferences": list(references), "finalizers": list(finalizers)}
    return namespace.post("configmaps", manifest).ok()


def gone(namespace: Namespace, name: str) -> None:
    """Wait until there is no such ConfigMap."""
    waiting.until(lambda: not namespace.exists("configmaps", name), what=f"without {name}")


def collected(namespace: Namespace) -> None:
    """Wait until the collector has seen all that was there before this call: what it can delete at once is gone."""
    gone(
        namespace,
        made(namespace, "last", owner_of({"metadata": {"name": "none", "uid": "no-uid"}}))["metadata"]["name"],
    )


def foreground(namespace: Namespace, name: str) -> None:
    """Delete in the foreground."""
    namespace.delete("configmaps", name, {"propagationPolicy": "Foreground"}).ok()


def owners(namespace: Namespace, name: str) -> list[str]:
    """The names of a ConfigMap's owners."""
    held = namespace.read("configmaps", name)["metadata"].get("ownerReferences", [])
    return [reference["name"] for reference in held]


def test_an_owner_of_another_name_is_none(namespace: Namespace) -> None:
    made(namespace, "owned", owner_of(made(namespace, "owner"), name="other"))
    gone(namespace, "owned")


def test_an_owner_of_another_kind_is_none(namespace: Namespace) -> None:
    made(namespace, "owned", owner_of(made(namespace, "owner"), kind="Secret"))
    gone(namespace, "owned")


def test_an_owner_in_another_namespace_is_none_and_told_of(
    namespace: Namespace, new_namespace: Callable[[], Namespace]
) -> None:
    owner = made(new_namespace(), "owner")
    made(namespace, "owned", owner_of(owner))
    gone(namespace, "owned")
    fields = "reason=OwnerRefInvalidNamespace"
    events = waiting.until(lambda: namespace.items("events", fieldSelector=fields), what="told")
    where = f"namespace: {namespace.name}, name: owner, uid: {owner['metadata']['uid']}"
    assert events[0]["message"] == f'ownerRef [v1/ConfigMap, {where}] does not exist in namespace "{namespace.name}"'


def test_nothing_is_known_of_an_owner_of_an_unknown_kind(namespace: Namespace) -> None:
    made(namespace, "owned", owner_of(made(namespace, "owner"), apiVersion="contract.example/v1", kind="Thing"))
    collected(namespace)
    assert namespace.exists("configmaps", "owned")


def test_an_owner_of_a_kind_without_an_object_is_none(namespace: Namespace) -> None:
    made(namespace, "owned", owner_of(made(namespace, "owner"), apiVersion="apps/v1", kind="ReplicaSet"))
    gone(namespace, "owned")


def test_one_owner_of_two_is_enough(namespace: Namespace) -> None:
    made(namespace, "owned", owner_of(made(namespace, "first")), owner_of(made(namespace, "second")))
    namespace.delete("configmaps", "first").ok()
    waiting.until(lambda: owners(namespace, "owned") == ["second"], what="owned by one")


def test_one_owner_that_stays_is_enough_in_the_foreground(namespace: Namespace) -> None:
    first, second = made(namespace, "first"), made(namespace, "second")
    made(namespace, "owned", owner_of(first, blockOwnerDeletion=True), owner_of(second, blockOwnerDeletion=True))
    foreground(namespace, "first")
    gone(namespace, "first")
    assert owners(namespace, "owned") == ["second"]


def test_in_the_foreground_the_last_dependent_goes_first(namespace: Namespace) -> None:
    owner = made(namespace, "one")
    middle = made(namespace, "two", owner_of(owner, blockOwnerDeletion=True))
    made(namespace, "three", owner_of(middle, blockOwnerDeletion=True))
    version = namespace.get("configmaps").ok()["metadata"]["resourceVersion"]
    foreground(namespace, "one")
    order: list[str] = []
    for event in namespace.watch("configmaps", resourceVersion=version, timeoutSeconds=20):
        if event["type"] == "DELETED":
            order.append(event["object"]["metadata"]["name"])
        if len(order) == 3:
            break
    assert order == ["three", "two", "one"]


def test_a_dependent_that_does_not_block_goes_too_and_is_not_waited_for(namespace: Namespace) -> None:
    made(namespace, "owned", owner_of(made(namespace, "owner")), finalizers=(FINALIZER,))
    foreground(namespace, "owner")
    gone(namespace, "owner")
    waiting.until(lambda: "deletionTimestamp" in namespace.read("configmaps", "owned")["metadata"], what="deleted")


def test_a_dependent_that_blocks_is_waited_for(namespace: Namespace) -> None:
    owner = made(namespace, "owner")
    made(namespace, "owned", owner_of(owner, blockOwnerDeletion=True), finalizers=(FINALIZER,))
    foreground(namespace, "owner")
    waiting.until(lambda: "deletionTimestamp" in namespace.read("configmaps", "owned")["metadata"], what="deleted")
    collected(namespace)
    assert namespace.exists("configmaps", "owner")
    # It does so for as long as its reference says that it blocks.
    unblocked = [owner_of(owner, blockOwnerDeletion=False)]
    namespace.patch("configmaps", "owned", "merge", {"metadata": {"ownerReferences": unblocked}}).ok()
    gone(namespace, "owner")


def test_a_circle_of_owners_is_broken(namespace: Namespace) -> None:
    one = made(namespace, "one")
    two = made(namespace, "two", owner_of(one, blockOwnerDeletion=True))
    circle = [owner_of(two, blockOwnerDeletion=True)]
    namespace.patch("configmaps", "one", "merge", {"metadata": {"ownerReferences": circle}}).ok()
    foreground(namespace, "one")
    gone(namespace, "one")
    gone(namespace, "two")
