"""Which groups, versions and resources there are: aggregated (v2) and as legacy lists; and the version.

Shapes: k8s.io/api `apidiscovery/v2`, k8s.io/apimachinery `meta/v1` APIGroupList and APIResourceList.
"""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from stswidgets.simulator.http import negotiation
from stswidgets.simulator.kinds import registry

Json = dict[str, Any]

VERSION: Json = {
    "major": "1",
    "minor": "37",
    "emulationMajor": "1",
    "emulationMinor": "37",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "36",
    "gitVersion": "v1.37.2",
    "gitCommit": "0000000000000000000000000000000000000000",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "simulator",
    "compiler": "python",
    "platform": "simulator/loopback",
}


class Resource(msgspec.Struct, frozen=True):
    """A resource as discovery shows it; subresources are named `pods/log`."""

    group: str
    version: str
    name: str
    kind: str
    verbs: tuple[str, ...]
    singular: str = ""
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    response: tuple[str, str, str] = ("", "", "")  # group, version, kind that it answers, if not its own


_READ_WRITE = ("get", "patch", "update")
_SUBRESOURCES: dict[str, tuple[tuple[str, ...], tuple[str, str, str]]] = {
    "status": (_READ_WRITE, ("", "", "")),
    "scale": (_READ_WRITE, ("autoscaling", "v1", "Scale")),
    "finalize": (("update",), ("", "", "")),
    "log": (("get",), ("", "", "")),
    "exec": (("create", "get"), ("", "v1", "PodExecOptions")),
    "attach": (("create", "get"), ("", "v1", "PodAttachOptions")),
    "portforward": (("create", "get"), ("", "v1", "PodPortForwardOptions")),
    "eviction": (("create",), ("policy", "v1", "Eviction")),
    "binding": (("create",), ("", "v1", "Binding")),
    "ephemeralcontainers": (_READ_WRITE, ("", "", "")),
    "resize": (_READ_WRITE, ("", "", "")),
    "proxy": (("create", "delete", "get", "patch", "update"), ("", "", "")),
    "token": (("create",), ("authentication.k8s.io", "v1", "TokenRequest")),
}
"""Verbs of each subresource, and the type that it speaks if it is not the object's."""

_CREATED = (
    ("", "bindings", "Binding", True),
    ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", False),
    ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", True),
    ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", False),
    ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", False),
    ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", False),
    ("authentication.k8s.io", "tokenreviews", "TokenReview", False),
)
"""What is only created, and never stored."""


@functools.cache
def resources() -> tuple[Resource, ...]:
    """Everything that is served, with subresources behind their resource."""
    found: list[Resource] = []
    for kind in registry.REGISTRY.kinds:
        found.append(
            Resource(
                kind.group,
                kind.version,
                kind.plural,
                kind.kind,
                kind.verbs,
                kind.singular,
                kind.namespaced,
                kind.short_names,
                kind.categories,
            )
        )
        for subresource in kind.subresources:
            verbs, response = _SUBRESOURCES[subresource]
            name = f"{kind.plural}/{subresource}"
            served = response[2] or kind.kind
            found.append(
                Resource(kind.group, kind.version, name, served, verbs, namespaced=kind.namespaced, response=response)
            )
    for group, plural, kind_name, namespaced in _CREATED:
        found.append(
            Resource(group, "v1", plural, kind_name, ("create",), singular=kind_name.lower(), namespaced=namespaced)
        )
    found.append(Resource("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", ("get", "list"), namespaced=False))
    found.append(Resource("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", ("get", "list")))
    return tuple(found)


def group_versions() -> dict[str, list[str]]:
    """The versions of each group but the core, in the order of the registry."""
    found: dict[str, list[str]] = {}
    for resource in resources():
        if resource.group and resource.version not in found.setdefault(resource.group, []):
            found[resource.group].append(resource.version)
    return found


def _gvk(group: str, version: str, kind: str) -> Json:
    return {"group": group, "version": version, "kind": kind}


def _aggregated_version(group: str, version: str) -> Json:
    made: dict[str, Json] = {}
    for resource in resources():
        if (resource.group, resource.version) != (group, version):
            continue
        parent, _, subresource = resource.name.partition("/")
        if not subresource:
            entry: Json = {
                "resource": resource.name,
                "responseKind": _gvk(group, version, resource.kind),
                "scope": "Namespaced" if resource.namespaced else "Cluster",
                "singularResource": resource.singular,
                "verbs": list(resource.verbs),
            }
            if resource.short_names:
                entry["shortNames"] = list(resource.short_names)
            if resource.categories:
                entry["categories"] = list(resource.categories)
            made[parent] = entry
            continue
        kind = _gvk(*resource.response) if resource.response[2] else _gvk(group, version, resource.kind)
        child = {"subresource": subresource, "responseKind": kind, "verbs": list(resource.verbs)}
        made[parent].setdefault("subresources", []).append(child)
    return {"version": version, "freshness": "Current", "resources": list(made.values())}


def _aggregated(groups: dict[str, list[str]], version: str) -> Json:
    items = [
        {
            "metadata": {"name": name} if name else {},
            "versions": [_aggregated_version(name, each) for each in versions],
        }
        for name, versions in groups.items()
    ]
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": f"apidiscovery.k8s.io/{version}",
        "metadata": {},
        "items": items,
    }


def aggregated(accept: str) -> tuple[str, str] | None:
    """The media type and version of aggregated discovery, if the client wants it before legacy lists."""
    for wanted in negotiation.entries(accept):
        if wanted.media not in (negotiation.JSON, "*/*"):
            continue
        if wanted.parameters.get("as") == "APIGroupDiscoveryList" and wanted.parameters.get("v") in ("v2", "v2beta1"):
            version = wanted.parameters["v"]
            return f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList", version
        if "as" not in wanted.parameters:
            return None
    return None


@functools.cache
def document(path: str, aggregated_version: str = "") -> bytes | None:
    """The discovery document at a path, None if there is none."""
    made = _document(tuple(part for part in path.split("/") if part), aggregated_version)
    return None if made is None else msgspec.json.encode(made)


def _document(parts: tuple[str, ...], version: str) -> Json | None:
    if parts == ("version",):
        return VERSION
    if parts == ("api",):
        if version:
            return _aggregated({"": ["v1"]}, version)
        return {
            "kind": "APIVersions",
            "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}],
        }
    if parts == ("apis",):
        if version:
            return _aggregated(group_versions(), version)
        groups = [_group(name) for name in group_versions()]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    if len(parts) == 2 and parts[0] == "apis" and parts[1] in group_versions():
        return {"kind": "APIGroup", "apiVersion": "v1", **_group(parts[1])}
    if parts == ("api", "v1"):
        return _legacy("", "v1")
    if len(parts) == 3 and parts[0] == "apis" and parts[2] in group_versions().get(parts[1], ()):
        return _legacy(parts[1], parts[2])
    return None


def _group(name: str) -> Json:
    versions = [{"groupVersion": f"{name}/{version}", "version": version} for version in group_versions()[name]]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _legacy(group: str, version: str) -> Json:
    made: list[Json] = []
    for resource in resources():
        if (resource.group, resource.version) != (group, version):
            continue
        entry: Json = {
            "name": resource.name,
            "singularName": resource.singular,
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "verbs": list(resource.verbs),
        }
        if resource.response[2]:
            entry["group"], entry["version"] = resource.response[0], resource.response[1]
            entry = {key: value for key, value in entry.items() if value != "" or key == "singularName"}
        if resource.short_names:
            entry["shortNames"] = list(resource.short_names)
        if resource.categories:
            entry["categories"] = list(resource.categories)
        made.append(entry)
    name = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": made}
