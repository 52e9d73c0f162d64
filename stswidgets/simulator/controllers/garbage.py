"""Garbage collection: what an owner leaves behind (`pkg/controller/garbagecollector`, Kubernetes 1.37).

Background: dependents go once their last owner is gone. Foreground: the owner stays until dependents that block it are
gone. Orphan: dependents lose the reference and stay.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status, store
from stswidgets.simulator.controllers import loop, owners
from stswidgets.simulator.kinds import registry

Json = dict[str, Any]
Ref = tuple[str, str, str, str]  # apiVersion, kind, namespace, name

ORPHAN = "orphan"
FOREGROUND = "foregroundDeletion"
OPTIONS = apis.Options(manager="kube-controller-manager")


class Garbage:
    """Follows every kind that can own or be owned."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._dependents: dict[str, dict[Ref, None]] = {}
        self._alive: dict[str, Ref] = {}
        self._items: loop.Queue[Ref] = loop.Queue(api.clock, self._judge)
        self._owners: loop.Queue[Ref] = loop.Queue(api.clock, self._finish)
        self._following = loop.Subscriptions(api.store)

    def start(self) -> None:
        """Learn what is there, then follow changes."""
        for stored in self._api.store:
            if stored.obj["kind"] != "Event":
                self._note(_ref(stored), stored.obj)
        self._following.follow(None, self._changed)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._items.stop()
        self._owners.stop()

    def _note(self, ref: Ref, obj: Json) -> None:
        self._alive[obj["metadata"]["uid"]] = ref
        for reference in owners.references(obj):
            self._dependents.setdefault(reference["uid"], {})[ref] = None

    def _changed(self, event: store.Event) -> None:
        if event.kind.plural == "events":
            return
        ref = _ref(event.new)
        uid = event.obj["metadata"]["uid"]
        before = {item["uid"] for item in owners.references(event.old.obj)} if event.old else set()
        if event.type == "DELETED":
            self._alive.pop(uid, None)
            for owner in before:
                self._forget(owner, ref)
            for dependent in self._dependents.get(uid, {}):
                self._items.add(dependent)
            return
        after = {item["uid"] for item in owners.references(event.obj)}
        for owner in before - after:
            self._forget(owner, ref)
        self._note(ref, event.obj)
        if after and (event.type == "ADDED" or after != before):
            self._items.add(ref)
        if "deletionTimestamp" in event.obj["metadata"] and _pending(event.obj):
            self._owners.add(ref)

    def _get(self, ref: Ref) -> store.Stored | None:
        return self._api.store.get(_kind(ref), ref[2], ref[3])

    def _forget(self, owner: str, ref: Ref) -> None:
        held = self._dependents.get(owner)
        if held is None:
            return
        held.pop(ref, None)
        if not held:
            del self._dependents[owner]
        waiting = self._alive.get(owner)
        if waiting is not None:
            self._owners.add(waiting)

    def _judge(self, ref: Ref) -> None:
        """Delete an object whose owners are all gone; drop references to gone ones if another owner lives."""
        stored = self._get(ref)
        if stored is None or "deletionTimestamp" in stored.obj["metadata"]:
            return
        held = owners.references(stored.obj)
        living = [item for item in held if item["uid"] in self._alive]
        if not held or len(living) == len(held):
            return
        if living:
            self._api.update(_kind(ref), owners.with_list(stored.obj, "ownerReferences", living), options=OPTIONS)
            return
        self._delete(ref, stored.obj)

    def _delete(self, ref: Ref, obj: Json) -> None:
        finalizers = obj["metadata"].get("finalizers") or []
        how = "Orphan" if ORPHAN in finalizers else "Foreground" if FOREGROUND in finalizers else "Background"
        deletion = apis.Deletion(propagation=how, uid=obj["metadata"]["uid"])
        try:
            self._api.delete(_kind(ref), ref[2], ref[3], deletion=deletion, options=OPTIONS)
        except status.ApiError as error:
            if error.code not in (404, 409):
                raise

    def _finish(self, ref: Ref) -> None:
        """Do what an owner that is being deleted waits for."""
        stored = self._get(ref)
        if stored is None or "deletionTimestamp" not in stored.obj["metadata"]:
            return
        uid, finalizers = stored.obj["metadata"]["uid"], stored.obj["metadata"].get("finalizers") or []
        dependents = list(self._dependents.get(uid, {}))
        if ORPHAN in finalizers:
            for dependent in dependents:
                self._let_go(dependent, uid)
            self._remove_finalizer(ref, stored.obj, ORPHAN)
        elif FOREGROUND in finalizers:
            blocking = [dependent for dependent in dependents if self._blocks(dependent, uid)]
            if not blocking:
                self._remove_finalizer(ref, stored.obj, FOREGROUND)

    def _blocks(self, dependent: Ref, uid: str) -> bool:
        """Whether a dependent still holds its owner up; it is told to go."""
        stored = self._get(dependent)
        if stored is None:
            return False
        held = owners.references(stored.obj)
        mine = [item for item in held if item["uid"] == uid]
        others = [item for item in held if item["uid"] != uid and item["uid"] in self._alive]
        if others:
            self._let_go(dependent, uid)
            return False
        if "deletionTimestamp" not in stored.obj["metadata"]:
            self._delete(dependent, stored.obj)
        still = self._get(dependent) is not None
        return still and any(item.get("blockOwnerDeletion") for item in mine)

    def _let_go(self, dependent: Ref, uid: str) -> None:
        stored = self._get(dependent)
        if stored is None:
            return
        rest = [item for item in owners.references(stored.obj) if item["uid"] != uid]
        self._api.update(_kind(dependent), owners.with_list(stored.obj, "ownerReferences", rest), options=OPTIONS)

    def _remove_finalizer(self, ref: Ref, obj: Json, finalizer: str) -> None:
        rest = [item for item in obj["metadata"].get("finalizers") or [] if item != finalizer]
        self._api.update(_kind(ref), owners.with_list(obj, "finalizers", rest), options=OPTIONS)


def _ref(stored: store.Stored) -> Ref:
    return stored.obj["apiVersion"], stored.obj["kind"], stored.namespace, stored.name


def _kind(ref: Ref) -> registry.Kind:
    return registry.REGISTRY.by_kind(ref[0], ref[1])


def _pending(obj: Json) -> bool:
    finalizers = obj["metadata"].get("finalizers") or []
    return ORPHAN in finalizers or FOREGROUND in finalizers
