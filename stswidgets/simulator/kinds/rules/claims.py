"""Rules about claims and the volumes they get."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, metadata, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
SOURCES = ("dataSource", "dataSourceRef")
VOLUME_MODES = ("Block", "Filesystem")


def access_modes(modes: list[str], path: str) -> Causes:
    """Known modes; ReadWriteOncePod goes with no other."""
    found = [causes.not_supported(path, mode, ACCESS_MODES) for mode in modes if mode not in ACCESS_MODES]
    if "ReadWriteOncePod" in modes and any(mode in ACCESS_MODES and mode != "ReadWriteOncePod" for mode in modes):
        found.append(causes.forbidden(path, "may not use ReadWriteOncePod with other access modes"))
    return found


def spec(claim: Json, path: str, old: Json | None = None) -> Causes:
    """A claim's spec (core `ValidatePersistentVolumeClaimSpec`). Of a changed one, `old` is what it was.

    Where a source had a group, the rules let any group pass.
    """
    any_group = any(((old or {}).get(key) or {}).get("apiGroup") is not None for key in SOURCES)
    found: Causes = []
    modes = claim.get("accessModes") or []
    if not modes:
        found.append(causes.required(f"{path}.accessModes", "at least 1 access mode is required"))
    found += metadata.selector(claim.get("selector"), f"{path}.selector")
    found += access_modes(modes, f"{path}.accessModes")
    found += _storage(claim, f"{path}.resources[storage]")
    for key in ("storageClassName", "volumeAttributesClassName"):
        if claim.get(key):
            found += causes.all_of(f"{path}.{key}", claim[key], names.dns_subdomain(claim[key]))
    mode = claim.get("volumeMode", "Filesystem")
    if mode not in VOLUME_MODES:
        found.append(causes.not_supported(f"{path}.volumeMode", mode, VOLUME_MODES))
    for key in SOURCES:
        if key in claim:
            found += _source(claim[key], f"{path}.{key}", any_group=any_group)
    old, new = claim.get("dataSource"), claim.get("dataSourceRef")
    if old is not None and new is not None:
        if new.get("namespace"):
            text = "may not be specified when dataSourceRef.namespace is specified"
            found.append(causes.invalid(path, {}, text))
        elif old != {key: value for key, value in new.items() if key != "namespace"}:
            found.append(causes.invalid(path, {}, "must match dataSourceRef"))
    return found


def _storage(claim: Json, path: str) -> Causes:
    size = ((claim.get("resources") or {}).get("requests") or {}).get("storage")
    if size is None:
        return [causes.required(path)]
    if quantity.parse(size).nano <= 0:
        return [causes.invalid(path, size, causes.NOT_POSITIVE)]
    return resources.value("storage", size, path)


def _source(source: Json, path: str, *, any_group: bool) -> Causes:
    found = [causes.required(f"{path}.{key}") for key in ("name", "kind") if not source.get(key)]
    group, kind = source.get("apiGroup", ""), source.get("kind", "")
    if not group and kind != "PersistentVolumeClaim":
        text = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
        found.append(causes.invalid(path, kind, text))
    if group and not any_group:
        found += causes.all_of(f"{path}.apiGroup", group, names.dns_subdomain(group))
    namespace = source.get("namespace")
    return [*found, *causes.all_of(f"{path}.namespace", namespace, names.dns_label(namespace))] if namespace else found
