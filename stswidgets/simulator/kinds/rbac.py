"""Roles and their bindings."""

from __future__ import annotations

from stswidgets.simulator.kinds.kind import Kind

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
)
