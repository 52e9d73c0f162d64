"""Garbage collection: what an owner leaves behind (`pkg/controller/garbagecollector`, Kubernetes 1.37).

Background: dependents go once their last owner is gone. Foreground: the owner stays until dependents that block it are
gone. Orphan: dependents lose the reference and stay. A reference is to an owner only if kind, name, namespace and uid
are all right; a dependent is found by the uid alone.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status, store
from stswidgets.simulator.controllers import loop, owners, recorder
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
        self._recorder = recorder.Recorder(api, "garbage-collector-controller")

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
        held = owners.references(event.old.obj) if event.old else []
        before = {item["uid"] for item in held}
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
            self._tell_of_other_namespaces(event.obj, after - before)
        if held != owners.references(event.obj):
            # A reference may have become one that does not block.
            for owner in after & before & self._alive.keys():
                self._owners.add(self._alive[owner])
        if "deletionTimestamp" in event.obj["metadata"] and _pending(event.obj):
            self._owners.add(ref)

    def _tell_of_other_namespaces(self, obj: Json, new: set[str]) -> None:
        """Say of an object's new references that they are to owners elsewhere, which own nothing here."""
        namespace = obj["metadata"].get("namespace", "")
        for reference in owners.references(obj):
            known = self._alive.get(reference["uid"])
            if reference["uid"] in new and known is not None and known[2] not in ("", namespace):
                where = f"namespace: {namespace}, name: {reference['name']}, uid: {reference['uid']}"
                owner = f"[{reference['apiVersion']}/{reference['kind']}, {where}]"
                said = f'ownerRef {owner} does not exist in namespace "{namespace}"'
                self._recorder.event(obj, "Warning", "OwnerRefInvalidNamespace", said)

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
        """Delete an object whose owners are gone or wait for it to go; keep it, without those, if another one stays."""
        stored = self._get(ref)
        if stored is None or "deletionTimestamp" in stored.obj["metadata"]:
            return
        solid, waiting, dangling = self._classified(stored.obj)
        if solid:
            if waiting or dangling:
                self._api.update(_kind(ref), owners.with_list(stored.obj, "ownerReferences", solid), options=OPTIONS)
        elif waiting and self._dependents.get(stored.obj["metadata"]["uid"]):
            self._delete(ref, self._unblocked(ref, stored.obj), "Foreground")
        elif waiting or dangling:
            finalizers = stored.obj["metadata"].get("finalizers") or []
            how = "Orphan" if ORPHAN in finalizers else "Foreground" if FOREGROUND in finalizers else "Background"
            self._delete(ref, stored.obj, how)

    def _classified(self, obj: Json) -> tuple[list[Json], list[Json], list[Json]]:
        """An object's references: to owners that stay, to owners that wait for their dependents to go, to nothing."""
        solid: list[Json] = []
        waiting: list[Json] = []
        dangling: list[Json] = []
        for reference in owners.references(obj):
            try:
                kind = registry.REGISTRY.by_kind(reference["apiVersion"], reference["kind"])
            except KeyError:
                # A real server may have a kind that this one has not. Of a group that none has, nothing is known.
                (dangling if _is_built_in(reference["apiVersion"]) else solid).append(reference)
                continue
            namespace = obj["metadata"].get("namespace")
            if kind.namespaced and namespace is None:
                solid.append(reference)  # not valid, and never judged
                continue
            owner = self._api.store.get(kind, namespace if kind.namespaced else None, reference["name"])
            if owner is None or owner.obj["metadata"]["uid"] != reference["uid"]:
                dangling.append(reference)
            else:
                (waiting if _deletes_dependents(owner.obj) else solid).append(reference)
        return solid, waiting, dangling

    def _unblocked(self, ref: Ref, obj: Json) -> Json:
        """An object that no longer blocks its owners if one of its dependents waits as they do: it may be a circle."""
        dependents = [self._get(item) for item in self._dependents.get(obj["metadata"]["uid"], {})]
        if not any(item is not None and _deletes_dependents(item.obj) for item in dependents):
            return obj
        held = [{**item, "blockOwnerDeletion": False} for item in owners.references(obj)]
        return self._api.update(_kind(ref), owners.with_list(obj, "ownerReferences", held), options=OPTIONS).obj

    def _delete(self, ref: Ref, obj: Json, how: str) -> None:
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
            for dependent in dependents:
                self._items.add(dependent)
            if not any(self._blocks(dependent, uid) for dependent in dependents):
                self._remove_finalizer(ref, stored.obj, FOREGROUND)

    def _blocks(self, dependent: Ref, uid: str) -> bool:
        """Whether a dependent holds an owner up."""
        stored = self._get(dependent)
        held = owners.references(stored.obj) if stored is not None else []
        return any(item["uid"] == uid and item.get("blockOwnerDeletion") for item in held)

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


def _is_built_in(api_version: str) -> bool:
    """Whether a group is Kubernetes' own: its names have no dot, or end in k8s.io."""
    group = api_version.rpartition("/")[0]
    return "." not in group or group.endswith(".k8s.io")


def _deletes_dependents(obj: Json) -> bool:
    """Whether an object is being deleted in the foreground."""
    metadata = obj["metadata"]
    return "deletionTimestamp" in metadata and FOREGROUND in (metadata.get("finalizers") or [])


def _pending(obj: Json) -> bool:
    finalizers = obj["metadata"].get("finalizers") or []
    return ORPHAN in finalizers or FOREGROUND in finalizers
