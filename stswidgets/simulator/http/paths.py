"""What a URL path of the API means (k8s.io/apiserver `pkg/endpoints/request/requestinfo.go`)."""

from __future__ import annotations

import msgspec

_NAMESPACE_PARTS = ("status", "finalize")  # /namespaces/NAME/status is the namespace's own, not a resource in it


class Target(msgspec.Struct, frozen=True):
    """The object, or the collection (empty name), that a path names. `group` is empty for core."""

    group: str
    version: str
    resource: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    rest: str = ""  # what follows the subresource (proxy paths)
    watch: bool = False  # the old /watch/ prefix


def parse(path: str) -> Target | None:
    """The target of a path, or None if it is none of an object or collection (discovery, health and the like)."""
    parts = [part for part in path.split("/") if part]
    if len(parts) >= 3 and parts[0] == "api":
        group, version, parts = "", parts[1], parts[2:]
    elif len(parts) >= 4 and parts[0] == "apis":
        group, version, parts = parts[1], parts[2], parts[3:]
    else:
        return None
    watch = parts[0] == "watch" and len(parts) > 1
    if watch:
        parts = parts[1:]
    namespace = ""
    if parts[0] == "namespaces" and len(parts) > 2 and parts[2] not in _NAMESPACE_PARTS:
        namespace, parts = parts[1], parts[2:]
    elif parts[0] == "namespaces" and len(parts) > 1:
        namespace = parts[1]
    resource, name, subresource, *rest = [*parts, "", "", ""][: max(len(parts), 3)]
    return Target(group, version, resource, namespace, name, subresource, "/".join(rest), watch)
