"""What every cluster has before anything is created: namespaces, priority classes, roles and their bindings.

Cut down to the resources that the simulator serves; source: kubernetes
`plugin/pkg/auth/authorizer/rbac/bootstrappolicy`.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator.kinds import registry

Json = dict[str, Any]

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
_RBAC = "rbac.authorization.k8s.io"
_READ = ["get", "list", "watch"]
_WRITE = ["create", "delete", "deletecollection", "patch", "update"]

_CORE_SEEN = [
    "bindings", "configmaps", "endpoints", "events", "limitranges", "namespaces", "namespaces/status",
    "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "pods/log", "pods/status", "resourcequotas",
    "resourcequotas/status", "serviceaccounts", "services", "services/status",
]  # fmt: skip
_APPS = ["controllerrevisions", "statefulsets", "statefulsets/scale", "statefulsets/status"]
_CORE_CHANGED = [
    "configmaps", "endpoints", "events", "persistentvolumeclaims", "pods", "secrets", "serviceaccounts", "services",
]  # fmt: skip


def _rule(groups: list[str], resources: list[str], verbs: list[str]) -> Json:
    return {"apiGroups": groups, "resources": resources, "verbs": verbs}


_VIEW = [
    _rule([""], _CORE_SEEN, _READ),
    _rule(["apps"], _APPS, _READ),
    _rule(["autoscaling"], ["horizontalpodautoscalers", "horizontalpodautoscalers/status"], _READ),
    _rule(["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"], _READ),
    _rule(["discovery.k8s.io"], ["endpointslices"], _READ),
    _rule(["metrics.k8s.io"], ["pods", "nodes"], _READ),
]
_EDIT = [
    *_VIEW,
    _rule([""], ["secrets", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy"], _READ),
    _rule([""], [*_CORE_CHANGED, "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], _WRITE),
    _rule([""], ["pods/eviction"], ["create"]),
    _rule(["apps"], ["statefulsets", "statefulsets/scale"], _WRITE),
    _rule(["autoscaling"], ["horizontalpodautoscalers"], _WRITE),
    _rule(["policy"], ["poddisruptionbudgets"], _WRITE),
    _rule(["coordination.k8s.io"], ["leases"], [*_READ, *_WRITE]),
]
_ADMIN = [*_EDIT, _rule([_RBAC], ["rolebindings", "roles"], [*_READ, *_WRITE])]
_DISCOVERY = [
    "/api",
    "/api/*",
    "/apis",
    "/apis/*",
    "/healthz",
    "/livez",
    "/openapi",
    "/openapi/*",
    "/readyz",
    "/version",
    "/version/",
]

CLUSTER_ROLES: dict[str, list[Json]] = {
    "cluster-admin": [_rule(["*"], ["*"], ["*"]), {"nonResourceURLs": ["*"], "verbs": ["*"]}],
    "admin": _ADMIN,
    "edit": _EDIT,
    "view": _VIEW,
    "system:basic-user": [
        _rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
        _rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"]),
    ],
    "system:discovery": [{"nonResourceURLs": _DISCOVERY, "verbs": ["get"]}],
    "system:public-info-viewer": [
        {"nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"], "verbs": ["get"]}
    ],
}
_BINDINGS = {
    "cluster-admin": ("cluster-admin", ["system:masters"]),
    "system:basic-user": ("system:basic-user", ["system:authenticated"]),
    "system:discovery": ("system:discovery", ["system:authenticated"]),
    "system:public-info-viewer": ("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
    "viewers": ("view", ["viewers"]),
}


def install(api: apis.Api) -> None:
    """Create it all in an empty cluster."""
    by = registry.REGISTRY.by_resource
    for name in NAMESPACES:
        _create(api, by("", "v1", "namespaces"), {"metadata": {"name": name}})
    roles = by(_RBAC, "v1", "clusterroles")
    for name, rules in CLUSTER_ROLES.items():
        _create(api, roles, {"metadata": {"name": name, **_DEFAULTS}, "rules": rules})
    bindings = by(_RBAC, "v1", "clusterrolebindings")
    for name, (role, groups) in _BINDINGS.items():
        _create(api, bindings, {"metadata": {"name": name, **_DEFAULTS}, **_bind(role, groups)})
    editors = {"metadata": {"name": "editors", "namespace": "default"}, **_bind("edit", ["editors"])}
    _create(api, by(_RBAC, "v1", "rolebindings"), editors)
    for name, value, said in _PRIORITIES:
        priority = {"metadata": {"name": name}, "value": value, "description": said}
        _create(api, by("scheduling.k8s.io", "v1", "priorityclasses"), priority)


_PRIORITIES = (
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
    (
        "system-node-critical",
        2_000_001_000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
)
_DEFAULTS = {
    "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
    "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"},
}


def _bind(role: str, groups: list[str]) -> Json:
    return {
        "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": group} for group in groups],
    }


def _create(api: apis.Api, kind: registry.Kind, obj: Json) -> None:
    options = apis.Options(manager="kube-apiserver", user="system:apiserver")
    api.create(kind, {"apiVersion": kind.api_version, "kind": kind.kind, **obj}, options=options)
