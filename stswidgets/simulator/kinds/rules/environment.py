"""Rules about environment variables and what they read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from stswidgets.simulator.kinds.rules import causes, names, paths
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

VARIABLE_FIELDS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
    "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip
VOLUME_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
CONVERTIBLE = frozenset({
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
    "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase", "status.hostIP",
    "status.hostIPs", "status.podIP", "status.podIPs",
})  # fmt: skip
RESOURCES = (
    "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
    "requests.memory",
)  # fmt: skip
SIZES = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
SUBSCRIPT = re.compile(r"(.*)\['(.*)'\]")


def field_ref(reference: Json, path: str, fields: tuple[str, ...]) -> Causes:
    """A field of the pod that the downward API gives."""
    if not reference.get("apiVersion"):
        return [causes.required(f"{path}.apiVersion")]
    wanted = reference.get("fieldPath", "")
    if not wanted:
        return [causes.required(f"{path}.fieldPath")]
    subscript = SUBSCRIPT.fullmatch(wanted)
    base = subscript.group(1) if subscript else wanted
    subscripted = base in ("metadata.annotations", "metadata.labels")
    if reference["apiVersion"] != "v1" or base not in CONVERTIBLE or (subscript and not subscripted):
        text = f"error converting fieldPath: field label not supported: {wanted}"
        if reference["apiVersion"] != "v1":
            text = f"error converting fieldPath: unsupported pod version: {reference['apiVersion']}"
        elif subscript and base in CONVERTIBLE:
            text = f"error converting fieldPath: field label does not support subscript: {wanted}"
        return [causes.invalid(f"{path}.fieldPath", wanted, text)]
    if subscript:
        key = subscript.group(2)
        key = key.lower() if base == "metadata.annotations" else key
        return causes.all_of(path, key, names.label_key(key))
    return [] if base in fields else [causes.not_supported(f"{path}.fieldPath", base, fields)]


def resource_ref(reference: Json, path: str, *, volume: bool = False) -> Causes:
    """A request or limit that the downward API gives."""
    found: Causes = []
    resource, divisor = reference.get("resource", ""), reference.get("divisor", "0")
    huge = resource.startswith(("requests.hugepages-", "limits.hugepages-"))
    if volume and not reference.get("containerName"):
        found.append(causes.required(f"{path}.containerName"))
    elif not resource:
        found.append(causes.required(f"{path}.resource"))
    elif resource not in RESOURCES and not huge:
        found.append(causes.not_supported(f"{path}.resource", resource, RESOURCES))
    if divisor == "0":
        return found
    if resource.endswith(".cpu"):
        if divisor not in ("1m", "1"):
            text = "only divisor's values 1m and 1 are supported with the cpu resource"
            found.append(causes.invalid(f"{path}.divisor", resource, text))
    elif (huge or resource in RESOURCES) and divisor not in SIZES:
        kind = "memory" if resource.endswith("memory") else "hugepages" if huge else "local ephemeral storage"
        text = f"only divisor's values {', '.join(SIZES)} are supported with the {kind} resource"
        found.append(causes.invalid(f"{path}.divisor", resource, text))
    return found


def _key_ref(reference: Json, path: str) -> Causes:
    name, key = reference.get("name", ""), reference.get("key", "")
    found = causes.all_of(f"{path}.name", name, names.dns_subdomain(name))
    if not key:
        return [*found, causes.required(f"{path}.key")]
    return [*found, *causes.all_of(f"{path}.key", key, names.config_key(key))]


def _file_ref(reference: Json, path: str) -> Causes:
    rules: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
        ("key", names.variable_name),
        ("volumeName", names.dns_label),
    )
    found: Causes = []
    for key, rule in rules:
        value = reference.get(key, "")
        found += causes.all_of(f"{path}.{key}", value, rule(value)) if value else [causes.required(f"{path}.{key}")]
    file = reference.get("path", "")
    return [*found, *(paths.no_backsteps(file, f"{path}.path") if file else [causes.required(f"{path}.path")])]


def _source(variable: Json, path: str) -> Causes:
    source: Json = variable["valueFrom"]
    found: Causes = []
    if "fieldRef" in source:
        found += field_ref(source["fieldRef"], f"{path}.fieldRef", VARIABLE_FIELDS)
    if "resourceFieldRef" in source:
        found += resource_ref(source["resourceFieldRef"], f"{path}.resourceFieldRef")
    for key in ("configMapKeyRef", "secretKeyRef"):
        if key in source:
            found += _key_ref(source[key], f"{path}.{key}")
    if "fileKeyRef" in source:
        found += _file_ref(source["fileKeyRef"], f"{path}.fileKeyRef")
    if not source:
        kinds = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        found.append(causes.invalid(path, "", f"must specify one of: {kinds}"))
    elif variable.get("value"):
        found.append(causes.invalid(path, "", "may not be specified when `value` is not empty"))
    elif len(source) > 1:
        found.append(causes.invalid(path, "", "may not have more than one field specified at a time"))
    return found


def variables(values: list[Json] | None, path: str) -> Causes:
    """env."""
    found: Causes = []
    for index, variable in enumerate(values or ()):
        here = f"{path}[{index}]"
        name = variable.get("name", "")
        if not name:
            found.append(causes.required(f"{here}.name"))
        else:
            found += causes.all_of(f"{here}.name", name, names.variable_name(name))
        if "valueFrom" in variable:
            found += _source(variable, f"{here}.valueFrom")
    return found


def sources(values: list[Json] | None, path: str) -> Causes:
    """envFrom."""
    found: Causes = []
    for index, source in enumerate(values or ()):
        here = f"{path}[{index}]"
        prefix = source.get("prefix", "")
        if prefix:
            found += causes.all_of(f"{here}.prefix", prefix, names.variable_name(prefix))
        given = [key for key in ("configMapRef", "secretRef") if key in source]
        for key in given:
            name = source[key].get("name", "")
            if not name:
                found.append(causes.required(f"{here}.{key}.name"))
            else:
                found += causes.all_of(f"{here}.{key}.name", name, names.dns_subdomain(names.masked(name)))
        if not given:
            found.append(causes.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
        elif len(given) > 1:
            found.append(causes.invalid(path, "", "may not have more than one field specified at a time"))
    return found
