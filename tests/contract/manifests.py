"""The objects that cases start from: as little as the API accepts, so that a case states what it is about."""

from __future__ import annotations

from typing import Any

from tests.contract.client import Object

# A small image that real nodes can run. The stand-in nodes of the control plane for tests and the simulator run any
# image; `broken`, `crash` or `unready` in its name is the pod's fate there, and a real node cannot pull such an image.
IMAGE = "registry.k8s.io/pause:3.10"
NEXT_IMAGE = "registry.k8s.io/pause:3.9"
BROKEN_IMAGE = "registry.invalid/broken:1"
UNREADY_IMAGE = "registry.invalid/unready:1"


def statefulset(name: str = "web", *, image: str = IMAGE, replicas: int = 1, **spec: Any) -> Object:
    """A StatefulSet of one container, labelled and selected by `app`; `spec` adds to its spec."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": image}]}}
    own = {"replicas": replicas, "serviceName": name, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name}, "spec": {**own, **spec}}


def pod(name: str = "one", *, image: str = IMAGE, **spec: Any) -> Object:
    """A pod of one container."""
    own = {"containers": [{"name": "main", "image": image}], "terminationGracePeriodSeconds": 0}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {**own, **spec}}


def configmap(name: str = "settings", labels: dict[str, str] | None = None, **data: str) -> Object:
    """A ConfigMap."""
    metadata: Object = {"name": name, **({"labels": labels} if labels else {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data or {"key": "value"}}


def service(name: str = "web", **spec: Any) -> Object:
    """A headless Service for a StatefulSet of the same name."""
    own = {"clusterIP": "None", "selector": {"app": name}, "ports": [{"name": "http", "port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {**own, **spec}}


def claim_template(name: str = "data", size: str = "1Gi", **spec: Any) -> Object:
    """A claim template for a StatefulSet."""
    own = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"metadata": {"name": name}, "spec": {**own, **spec}}
