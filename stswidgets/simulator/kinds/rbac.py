"""Roles and their bindings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults
from stswidgets.simulator.kinds.kind import Cell, Column, Kind
from stswidgets.simulator.kinds.rules import plain

Json = dict[str, Any]
GROUP = "rbac.authorization.k8s.io"


def default_binding(obj: Json) -> None:
    """The role and its users and groups are of this API group."""
    pod_defaults.fill(obj["roleRef"], {"apiGroup": GROUP})
    for subject in obj.get("subjects") or ():
        if subject.get("kind") in ("User", "Group"):
            pod_defaults.fill(subject, {"apiGroup": GROUP})


def _subjects(kind: str) -> Cell:
    def cell(obj: Json, _now: datetime) -> str:
        found = [subject for subject in obj.get("subjects") or () if subject.get("kind") == kind]
        if kind == "ServiceAccount":
            return ", ".join(f"{subject.get('namespace', '')}/{subject['name']}" for subject in found)
        return ", ".join(subject["name"] for subject in found)

    return cell


BINDING_COLUMNS = (
    cells.NAME,
    Column("Role", lambda obj, _: f"{obj['roleRef']['kind']}/{obj['roleRef']['name']}"),
    cells.AGE,
    Column("Users", _subjects("User"), priority=1),
    Column("Groups", _subjects("Group"), priority=1),
    Column("ServiceAccounts", _subjects("ServiceAccount"), priority=1),
)


def path_segment(name: str) -> list[str]:
    """Roles may have names that are no DNS names; they stand in URLs alone."""
    if name in (".", ".."):
        return [f"may not be '{name}'"]
    return [f"may not contain '{char}'" for char in "/%" if char in name]


ROLES = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="Role",
    plural="roles",
    singular="role",
    definition="io.k8s.api.rbac.v1.Role",
    columns=cells.DEFAULT,
    validate=plain.new(path_segment),
    validate_update=plain.changed(),
)

ROLE_BINDINGS = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="RoleBinding",
    plural="rolebindings",
    singular="rolebinding",
    definition="io.k8s.api.rbac.v1.RoleBinding",
    default=default_binding,
    columns=BINDING_COLUMNS,
    validate=plain.new(path_segment),
    validate_update=plain.changed(),
)

CLUSTER_ROLES = Kind(
    group="rbac.authorization.k8s.io",
    version="v1",
    kind="ClusterRole",
    plural="clusterroles",
    singular="clusterrole",
    definition="io.k8s.api.rbac.v1.ClusterRole",
    namespaced=False,
    columns=cells.DEFAULT,
    validate=plain.new(path_segment, namespaced=False),
    validate_update=plain.changed(),
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
    columns=BINDING_COLUMNS,
    validate=plain.new(path_segment, namespaced=False),
    validate_update=plain.changed(),
)
