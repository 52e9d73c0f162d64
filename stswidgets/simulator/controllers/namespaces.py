"""Namespaces: what a new one gets, and how one ends.

Rules of `pkg/controller/{namespace,serviceaccount,certificates/rootcacertpublisher}` (Kubernetes 1.37).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status, store
from stswidgets.simulator.controllers import loop
from stswidgets.simulator.kinds import config, kind, namespaces, pods, registry, serviceaccounts

Json = dict[str, Any]

OPTIONS = apis.Options(manager="kube-controller-manager")
ROOT_CA = "kube-root-ca.crt"
_AGAIN = 0.5  # seconds until a namespace that is still full is looked at again


class Namespaces:
    """Gives each namespace its default service account and root certificate; empties those that are deleted."""

    def __init__(self, api: apis.Api, certificate: str = "") -> None:
        self._api = api
        self._certificate = certificate or "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
        self._queue: loop.Queue[str] = loop.Queue(api.clock, self._sync)
        self._following = loop.Subscriptions(api.store)

    def start(self) -> None:
        """Begin with the namespaces that are there; they have what they need when this returns."""
        for stored in self._api.store.list(namespaces.KIND):
            self._sync(stored.name)
        self._following.follow(namespaces.KIND, self._changed, replay=False)
        for of in (serviceaccounts.KIND, config.CONFIGMAPS):
            self._following.follow(of, self._gone, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()

    def _changed(self, event: store.Event) -> None:
        if event.type != "DELETED":
            self._queue.add(event.new.name)

    def _gone(self, event: store.Event) -> None:
        if event.type == "DELETED" and event.new.name in ("default", ROOT_CA):
            self._queue.add(event.new.namespace)

    def _sync(self, name: str) -> None:
        stored = self._api.store.get(namespaces.KIND, None, name)
        if stored is None:
            return
        if "deletionTimestamp" in stored.obj["metadata"]:
            self._end_namespace(stored.obj)
            return
        self._ensure(serviceaccounts.KIND, name, {"metadata": {"name": "default"}})
        notes = {"kubernetes.io/description": _DESCRIPTION}
        bundle = {"metadata": {"name": ROOT_CA, "annotations": notes}, "data": {"ca.crt": self._certificate}}
        self._ensure(config.CONFIGMAPS, name, bundle)

    def _ensure(self, of: kind.Kind, namespace: str, obj: Json) -> None:
        if self._api.store.get(of, namespace, obj["metadata"]["name"]) is None:
            full = {"apiVersion": of.api_version, "kind": of.kind, **obj}
            self._api.create(of, full, namespace=namespace, options=OPTIONS)

    def _end_namespace(self, namespace: Json) -> None:
        """Delete what is in a namespace, pods before all else, and let it go when nothing is left."""
        name = namespace["metadata"]["name"]
        kinds = [of for of in registry.REGISTRY.kinds if of.namespaced and not of.form]
        left = self._empty(name, [pods.KIND])
        if left:
            self._tell(name, {})  # of pods it does not speak: all else has to wait for them
        else:
            left = self._empty(name, [of for of in kinds if of is not pods.KIND])
            self._tell(name, left)
        if left:
            self._queue.add_later(name, _AGAIN)
            return
        stored = self._api.store.get(namespaces.KIND, None, name)
        if stored is not None:
            emptied = {**stored.obj, "spec": {**(stored.obj.get("spec") or {}), "finalizers": []}}
            self._api.update(namespaces.KIND, emptied, subresource="finalize", options=OPTIONS)

    def _empty(self, namespace: str, kinds: list[kind.Kind]) -> dict[str, list[Json]]:
        """Delete all objects of some kinds; those that are still there, by `PLURAL.GROUP`."""
        left: dict[str, list[Json]] = {}
        for of in kinds:
            for item in list(self._api.store.list(of, namespace)):
                if "deletionTimestamp" not in item.obj["metadata"]:
                    self._delete(of, namespace, item.name)
                found = self._api.store.get(of, namespace, item.name)
                if found is not None:
                    left.setdefault(f"{of.plural}.{of.group}", []).append(found.obj)
        return left

    def _delete(self, of: kind.Kind, namespace: str, name: str) -> None:
        try:
            self._api.delete(of, namespace, name, deletion=apis.Deletion(propagation="Background"), options=OPTIONS)
        except status.ApiError as error:
            if error.code != 404:
                raise

    def _tell(self, name: str, left: dict[str, list[Json]]) -> None:
        """Say in the conditions what is still there, and what keeps it."""
        stored = self._api.store.get(namespaces.KIND, None, name)
        if stored is None:
            return
        said = dict(_FINE)
        if left:
            parts = [f"{what} has {len(items)} resource instances" for what, items in left.items()]
            text = f"Some resources are remaining: {', '.join(sorted(parts))}"
            said["NamespaceContentRemaining"] = ("SomeResourcesRemain", text)
        held = Counter(
            finalizer
            for items in left.values()
            for item in items
            for finalizer in item["metadata"].get("finalizers") or ()
        )
        if held:
            parts = [f"{finalizer} in {count} resource instances" for finalizer, count in held.items()]
            text = f"Some content in the namespace has finalizers remaining: {', '.join(sorted(parts))}"
            said["NamespaceFinalizersRemaining"] = ("SomeFinalizersRemain", text)
        state = stored.obj.get("status") or {}
        old = {item["type"]: item for item in state.get("conditions") or ()}
        now = clock.stamp(self._api.clock.now())
        conditions = []
        for of, (reason, message) in said.items():
            value = "False" if (reason, message) == _FINE[of] else "True"
            since = old[of]["lastTransitionTime"] if of in old and old[of]["status"] == value else now
            conditions.append(
                {"type": of, "status": value, "lastTransitionTime": since, "reason": reason, "message": message}
            )
        if conditions != state.get("conditions"):
            changed = {**stored.obj, "status": {**state, "conditions": conditions}}
            self._api.update(namespaces.KIND, changed, subresource="status", options=OPTIONS)


_FINE = {
    "NamespaceDeletionDiscoveryFailure": ("ResourcesDiscovered", "All resources successfully discovered"),
    "NamespaceDeletionGroupVersionParsingFailure": (
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    "NamespaceDeletionContentFailure": (
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    "NamespaceContentRemaining": ("ContentRemoved", "All content successfully removed"),
    "NamespaceFinalizersRemaining": ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
}
"""The conditions of a namespace that ends, with what they say when all is well."""

_DESCRIPTION = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)
