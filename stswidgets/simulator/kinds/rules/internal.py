"""Values as the server's internal types print them, which some errors show instead of the API's form."""

from __future__ import annotations

import difflib
import json
from typing import Any

Json = dict[str, Any]


def claim(value: Json) -> Json:
    """A claim, with its metadata's fields in place."""
    status = value.get("status") or {}
    return {
        **(value.get("metadata") or {}),
        "Spec": spec(value.get("spec") or {}),
        "Status": {
            "Phase": status.get("phase", ""),
            "AccessModes": status.get("accessModes"),
            "Capacity": status.get("capacity"),
            "Conditions": status.get("conditions"),
            "AllocatedResources": status.get("allocatedResources"),
            "AllocatedResourceStatuses": status.get("allocatedResourceStatuses"),
            "CurrentVolumeAttributesClassName": status.get("currentVolumeAttributesClassName"),
            "ModifyVolumeStatus": status.get("modifyVolumeStatus"),
            "HealthStatus": status.get("healthStatus"),
        },
    }


def spec(value: Json) -> Json:
    """A claim's spec."""
    resources = value.get("resources") or {}
    return {
        "AccessModes": value.get("accessModes"),
        "Selector": value.get("selector"),
        "Resources": {"Limits": resources.get("limits"), "Requests": resources.get("requests")},
        "VolumeName": value.get("volumeName", ""),
        "StorageClassName": value.get("storageClassName"),
        "VolumeMode": value.get("volumeMode"),
        "DataSource": _reference(value.get("dataSource"), with_namespace=False),
        "DataSourceRef": _reference(value.get("dataSourceRef"), with_namespace=True),
        "VolumeAttributesClassName": value.get("volumeAttributesClassName"),
    }


def _reference(value: Json | None, *, with_namespace: bool) -> Json | None:
    if value is None:
        return None
    shown = {"APIGroup": value.get("apiGroup"), "Kind": value.get("kind", ""), "Name": value.get("name", "")}
    return {**shown, "Namespace": value.get("namespace")} if with_namespace else shown


def differences(old: Json, new: Json) -> str:
    """How two claim specs differ, as a unified diff."""
    before, after = (json.dumps(spec(value), indent=1).splitlines(keepends=True) for value in (old, new))
    lines = list(difflib.unified_diff(before, after))[2:]
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


SECURITY = (
    "capabilities", "privileged", "seLinuxOptions", "windowsOptions", "runAsUser", "runAsGroup", "runAsNonRoot",
    "readOnlyRootFilesystem", "allowPrivilegeEscalation", "procMount", "seccompProfile", "appArmorProfile",
)  # fmt: skip


def security_context(value: Json) -> Json:
    """A container's security context."""
    names = {"seLinuxOptions": "SELinuxOptions"}
    return {names.get(key, key[0].upper() + key[1:]): value.get(key) for key in SECURITY}
