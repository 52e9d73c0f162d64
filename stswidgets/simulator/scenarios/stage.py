"""Where a scenario is played: the past is lived through on a stepped clock, then the clock is started."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, cluster
from stswidgets.simulator.controllers import admission, volumes
from stswidgets.simulator.kinds import kind, nodes, pods, registry, statefulsets
from stswidgets.simulator.kinds import volumes as volume_kinds
from stswidgets.simulator.nodes import machines

Json = dict[str, Any]

_KUBECTL = apis.Options(manager="kubectl-client-side-apply", user="admin", field_validation="Strict")
_EDIT = apis.Options(manager="kubectl-edit", user="admin", field_validation="Strict")
MERGE = "application/merge-patch+json"


class Scenario(msgspec.Struct, frozen=True):
    """A starting cluster: `tells` is called with a stage whose clock stands `starts` before the present."""

    name: str
    title: str
    tells: Callable[[Stage], None]
    starts: timedelta = msgspec.field(default=timedelta(0))
    nodes: int = 3


class Stage:
    """What a scenario may do."""

    def __init__(self, api: apis.Api, present: datetime) -> None:
        self.api = api
        self.present = present
        self.cluster = cluster.Cluster(api)

    def ago(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass until this long before the present."""
        past = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self.api.clock.advance_to(self.present - past)

    def wait(self, seconds: float) -> None:
        """Let this many seconds pass."""
        self.api.clock.advance(seconds)

    def settle(self, within: float = 600.0) -> None:
        """Let time pass until every pod that can be ready is, a second at a time, at most `within` seconds."""
        for _ in range(int(within)):
            self.api.clock.advance(1.0)
            if all(_is_settled(item.obj) for item in self.api.store.list(statefulsets.KIND)):
                return

    def namespace(self, name: str, *, alias: str = "", labels: dict[str, str] | None = None) -> None:
        """Create a namespace."""
        metadata: Json = {"name": name, "labels": labels or {}}
        if alias:
            metadata["annotations"] = {"kubesphere.io/alias-name": alias}
        self.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        self.wait(0.1)

    def create(self, *manifests: Json, namespace: str = "") -> None:
        """Create objects as `kubectl apply` does."""
        for manifest in manifests:
            of = registry.REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
            self.api.create(of, manifest, namespace=(namespace or None) if of.namespaced else None, options=_KUBECTL)

    def change(self, namespace: str, name: str, patch: Json, *, cause: str = "", of: kind.Kind | None = None) -> None:
        """Change an object (a StatefulSet unless `of` says otherwise) by a merge patch; `cause` is its change-cause."""
        if cause:
            metadata = {**patch.get("metadata", {}), "annotations": {"kubernetes.io/change-cause": cause}}
            patch = {**patch, "metadata": metadata}
        self.api.patch(of or statefulsets.KIND, namespace, name, patch, MERGE, options=_EDIT)

    def set_image(self, namespace: str, name: str, image: str, *, cause: str = "") -> None:
        """Change the image of a set's first container."""
        stored = self.api.read(statefulsets.KIND, namespace, name)
        template = stored.copy()["spec"]["template"]
        template["spec"]["containers"][0]["image"] = image
        self.change(namespace, name, {"spec": {"template": template}}, cause=cause)

    def set_resources(self, namespace: str, name: str, resources: Json, *, cause: str = "") -> None:
        """Change the requests and limits of a set's first container."""
        stored = self.api.read(statefulsets.KIND, namespace, name)
        template = stored.copy()["spec"]["template"]
        template["spec"]["containers"][0]["resources"] = resources
        self.change(namespace, name, {"spec": {"template": template}}, cause=cause)

    def scale(self, namespace: str, name: str, replicas: int) -> None:
        """Change a set's replicas."""
        self.change(namespace, name, {"spec": {"replicas": replicas}})

    def delete_pod(self, namespace: str, name: str) -> None:
        """Delete a pod."""
        self.api.delete(pods.KIND, namespace, name, options=_EDIT)


def _is_settled(statefulset: Json) -> bool:
    state, spec = statefulset.get("status") or {}, statefulset["spec"]
    return bool(
        state.get("observedGeneration") == statefulset["metadata"]["generation"]
        and state.get("readyReplicas", 0) == spec["replicas"] == state.get("replicas")
        and (state.get("updatedReplicas", 0) == spec["replicas"] or spec["updateStrategy"]["type"] == "OnDelete")
    )


def play(api: apis.Api, scenario: Scenario) -> cluster.Cluster:
    """Live through a scenario and start the clock."""
    present = api.clock.now()
    begin = present - scenario.starts
    api.clock.travel(begin)
    _age(api, begin)
    stage = Stage(api, present)
    furnish(api, scenario.nodes)
    stage.cluster.start()
    scenario.tells(stage)
    api.clock.advance_to(present)
    api.clock.start()
    return stage.cluster


def _age(api: apis.Api, begin: datetime) -> None:
    """Make what the API server brought along as old as the cluster. This goes past the API, which keeps the dates."""
    created = clock.stamp(begin)
    for stored in list(api.store):
        of = registry.REGISTRY.by_kind(stored.obj["apiVersion"], stored.obj["kind"])
        api.store.put(of, {**stored.obj, "metadata": {**stored.obj["metadata"], "creationTimestamp": created}})
    api.store.forget()


_CLASSES = (
    # name, default, provisioner, binding, expands
    ("standard", True, volumes.PROVISIONER, "WaitForFirstConsumer", True),
    ("fast", False, volumes.PROVISIONER, "Immediate", True),
    ("offline", False, "nowhere.csi.example.com", "Immediate", False),
)


def furnish(api: apis.Api, count: int) -> None:
    """Give a cluster nodes and storage classes."""
    now = clock.stamp(api.clock.now())
    for number in range(1, count + 1):
        api.create(nodes.KIND, machines.node(number, now), options=apis.Options(manager="kubelet"))
    for name, is_default, provisioner, binding, expands in _CLASSES:
        annotations = {admission.DEFAULT_CLASS: "true"} if is_default else {}
        storage_class = {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": name, "annotations": annotations},
            "provisioner": provisioner,
            "reclaimPolicy": "Delete",
            "volumeBindingMode": binding,
            "allowVolumeExpansion": expands,
        }
        api.create(volume_kinds.CLASSES, storage_class, options=_KUBECTL)
