"""Namespaces: what a new one gets, and how one ends.

Rules of `pkg/controller/{namespace,serviceaccount,certificates/rootcacertpublisher}` (Kubernetes 1.37).
"""

from __future__ import annotations

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
        name = namespace["metadata"]["name"]
        left = 0
        for of in registry.REGISTRY.kinds:
            if not of.namespaced or of.form:
                continue
            for item in list(self._api.store.list(of, name)):
                if "deletionTimestamp" not in item.obj["metadata"]:
                    self._delete(of, name, item.name)
                left += self._api.store.get(of, name, item.name) is not None
        if left:
            self._tell(namespace, left)
            self._queue.add_later(name, _AGAIN)
            return
        emptied = {**namespace, "spec": {**(namespace.get("spec") or {}), "finalizers": []}}
        self._api.update(namespaces.KIND, emptied, subresource="finalize", options=OPTIONS)

    def _delete(self, of: kind.Kind, namespace: str, name: str) -> None:
        try:
            self._api.delete(of, namespace, name, deletion=apis.Deletion(propagation="Background"), options=OPTIONS)
        except status.ApiError as error:
            if error.code != 404:
                raise

    def _tell(self, namespace: Json, left: int) -> None:
        """Say in the conditions what is still there."""
        name = namespace["metadata"]["name"]
        remaining = len(self._api.store.list(pods.KIND, name))
        said = f"Some resources are remaining: pods. has {remaining} resource instances" if remaining else ""
        condition = {
            "type": "NamespaceContentRemaining",
            "status": "True" if left else "False",
            "lastTransitionTime": clock.stamp(self._api.clock.now()),
            "reason": "SomeResourcesRemain" if left else "ContentRemoved",
            "message": said or "Some resources are remaining",
        }
        state = namespace.get("status") or {}
        if any(item["type"] == condition["type"] for item in state.get("conditions") or []):
            return
        stored = self._api.store.get(namespaces.KIND, None, name)
        if stored is not None:
            changed = {**stored.obj, "status": {**(stored.obj.get("status") or {}), "conditions": [condition]}}
            self._api.update(namespaces.KIND, changed, subresource="status", options=OPTIONS)


_DESCRIPTION = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)
