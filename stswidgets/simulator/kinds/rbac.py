"""Roles and their bindings."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import pod_defaults
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]
GROUP = "rbac.authorization.k8s.io"


def default_binding(obj: Json) -> None:
    """The role and its users and groups are of this API group."""
    pod_defaults.fill(obj["roleRef"], {"apiGroup": GROUP})
    for subject in obj.get("subjects") or ():
        if subject.get("kind") in ("User", "Group"):
            pod_defaults.fill(subject, {"apiGroup": GROUP})


ROLES = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="Role",
    plural="roles",
    singular="role",
    definition="io.k8s.api.rbac.v1.Role",
)

ROLE_BINDINGS = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="RoleBinding",
    plural="rolebindings",
    singular="rolebinding",
    definition="io.k8s.api.rbac.v1.RoleBinding",
    default=default_binding,
)

CLUSTER_ROLES = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="ClusterRole",
    plural="clusterroles",
    singular="clusterrole",
    definition="io.k8s.api.rbac.v1.ClusterRole",
    namespaced=False,
)

CLUSTER_ROLE_BINDINGS = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="ClusterRoleBinding",
    plural="clusterrolebindings",
    singular="clusterrolebinding",
    definition="io.k8s.api.rbac.v1.ClusterRoleBinding",
    namespaced=False,
    default=default_binding,
)
