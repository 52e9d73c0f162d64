"""The kinds that stswidgets asks for, and their addresses.

A kind is named by its plural, as in RBAC rules and addresses: "statefulsets".
"""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass


@dataclass(frozen=True)
class Resource:
    """Where objects of one kind live. `group` is "" for the core API."""

    plural: str
    kind: str
    group: str
    version: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str | None = None, name: str = "", subresource: str = "") -> str:
        """The address of an object, or of a list (of all namespaces without `namespace`)."""
        parts = ["apis", self.group, self.version] if self.group else ["api", self.version]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        parts.append(self.plural)
        parts += [part for part in (name, subresource) if part]
        return "/" + "/".join(urllib.parse.quote(part, safe="") for part in parts)


_ALL = (
    Resource("statefulsets", "StatefulSet", "apps", "v1"),
    Resource("controllerrevisions", "ControllerRevision", "apps", "v1"),
    Resource("pods", "Pod", "", "v1"),
    Resource("services", "Service", "", "v1"),
    Resource("persistentvolumeclaims", "PersistentVolumeClaim", "", "v1"),
    Resource("persistentvolumes", "PersistentVolume", "", "v1", namespaced=False),
    Resource("configmaps", "ConfigMap", "", "v1"),
    Resource("secrets", "Secret", "", "v1"),
    Resource("serviceaccounts", "ServiceAccount", "", "v1"),
    Resource("events", "Event", "", "v1"),
    Resource("resourcequotas", "ResourceQuota", "", "v1"),
    Resource("namespaces", "Namespace", "", "v1", namespaced=False),
    Resource("nodes", "Node", "", "v1", namespaced=False),
    Resource("storageclasses", "StorageClass", "storage.k8s.io", "v1", namespaced=False),
    Resource("priorityclasses", "PriorityClass", "scheduling.k8s.io", "v1", namespaced=False),
    Resource("poddisruptionbudgets", "PodDisruptionBudget", "policy", "v1"),
    Resource("horizontalpodautoscalers", "HorizontalPodAutoscaler", "autoscaling", "v2"),
)

POD_METRICS = Resource("pods", "PodMetrics", "metrics.k8s.io", "v1beta1")
ACCESS_REVIEWS = Resource(
    "selfsubjectaccessreviews", "SelfSubjectAccessReview", "authorization.k8s.io", "v1", namespaced=False
)
USER_REVIEWS = Resource("selfsubjectreviews", "SelfSubjectReview", "authentication.k8s.io", "v1", namespaced=False)

_BY_PLURAL = {resource.plural: resource for resource in _ALL}
_BY_KIND = {(resource.api_version, resource.kind): resource for resource in _ALL}


def resource(plural: str) -> Resource:
    """The kind of this plural. Raises KeyError for one that stswidgets does not know: a programming mistake."""
    return _BY_PLURAL[plural]


def of(api_version: str, kind: str) -> Resource | None:
    """The kind of a manifest, by its apiVersion and kind; None where stswidgets does not write it."""
    return _BY_KIND.get((api_version, kind))
