"""Rules about a pod's volumes."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, claims, environment, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]
Volumes = dict[str, Json]

MODE = "must be a number between 0 and 0777 (octal), both inclusive"
HOST_PATH_TYPES = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
)  # fmt: skip


def no_backsteps(path: str, field: str) -> Causes:
    """No `..` on the way."""
    return [causes.invalid(field, path, "must not contain '..'")] if ".." in path.split("/") else []


def descending(path: str, field: str) -> Causes:
    """A relative path that stays below."""
    found = [causes.invalid(field, path, "must be a relative path")] if path.startswith("/") else []
    return [*found, *no_backsteps(path, field)]


def not_reserved(path: str, field: str) -> Causes:
    """A relative path that stays below and does not begin with two dots."""
    found = descending(path, field)
    if path.startswith("..") and not path.startswith("../"):
        found.append(causes.invalid(field, path, "must not start with '..'"))
    return found


def _mode(source: Json, key: str, path: str) -> Causes:
    mode = source.get(key)
    return [] if mode is None or 0 <= mode <= 0o777 else [causes.invalid(f"{path}.{key}", mode, MODE)]


def _items(source: Json, path: str) -> Causes:
    found: Causes = []
    for index, item in enumerate(source.get("items") or ()):
        here = f"{path}.items[{index}]"
        found += [causes.required(f"{here}.{key}") for key in ("key", "path") if not item.get(key)]
        found += not_reserved(item.get("path", ""), f"{here}.path")
        found += _mode(item, "mode", here)
    return found


def _empty_dir(source: Json, path: str) -> Causes:
    if "sizeLimit" in source and resources.is_negative(source["sizeLimit"]):
        return [causes.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")]
    return []


def _host_path(source: Json, path: str) -> Causes:
    if not source.get("path"):
        return [causes.required(f"{path}.path")]
    found = no_backsteps(source["path"], f"{path}.path")
    kind = source.get("type", "")
    if kind not in HOST_PATH_TYPES:
        found.append(causes.not_supported(f"{path}.type", kind, HOST_PATH_TYPES))
    return found


def _secret(source: Json, path: str) -> Causes:
    found = [] if source.get("secretName") else [causes.required(f"{path}.secretName")]
    return [*found, *_mode(source, "defaultMode", path), *_items(source, path)]


def _config_map(source: Json, path: str) -> Causes:
    found = [] if source.get("name") else [causes.required(f"{path}.name")]
    return [*found, *_mode(source, "defaultMode", path), *_items(source, path)]


def _claim(source: Json, path: str) -> Causes:
    return [] if source.get("claimName") else [causes.required(f"{path}.claimName")]


def _nfs(source: Json, path: str) -> Causes:
    found = [causes.required(f"{path}.{key}") for key in ("server", "path") if not source.get(key)]
    if source.get("path") and not source["path"].startswith("/"):
        found.append(causes.invalid(f"{path}.path", source["path"], "must be an absolute path"))
    return found


def _downward_file(item: Json, path: str) -> Causes:
    found = [] if item.get("path") else [causes.required(f"{path}.path")]
    found += not_reserved(item.get("path", ""), f"{path}.path")
    if "fieldRef" in item:
        found += environment.field_ref(item["fieldRef"], f"{path}.fieldRef", environment.VOLUME_FIELDS)
        if "resourceFieldRef" in item:
            text = "fieldRef and resourceFieldRef can not be specified simultaneously"
            found.append(causes.invalid(path, "resource", text))
    elif "resourceFieldRef" in item:
        found += environment.resource_ref(item["resourceFieldRef"], f"{path}.resourceFieldRef", volume=True)
    else:
        found.append(causes.required(path, "one of fieldRef and resourceFieldRef is required"))
    return [*found, *_mode(item, "mode", path)]


def _downward(source: Json, path: str) -> Causes:
    found = _mode(source, "defaultMode", path)
    for item in source.get("items") or ():
        found += _downward_file(item, path)
    return found


def _token(source: Json, path: str, here: str) -> Causes:
    found = []
    seconds = source.get("expirationSeconds", 3600)
    if seconds < 600:
        text = "may not specify a duration less than 10 minutes"
        found.append(causes.invalid(f"{here}.expirationSeconds", seconds, text))
    if not source.get("path"):
        found.append(causes.required(f"{path}.path"))
    else:
        found += not_reserved(source["path"], f"{path}.path")
    return found


def _projected(source: Json, path: str) -> Causes:
    found = _mode(source, "defaultMode", path)
    for index, projection in enumerate(source.get("sources") or ()):
        here = f"{path}.sources[{index}]"
        for key in ("secret", "configMap"):
            if key in projection:
                if not projection[key].get("name"):
                    found.append(causes.required(f"{here}.{key}.name"))
                found += _items(projection[key], f"{here}.{key}")
        for item in (projection.get("downwardAPI") or {}).get("items") or ():
            found += _downward_file(item, f"{here}.downwardAPI")
        if "serviceAccountToken" in projection:
            found += _token(projection["serviceAccountToken"], path, f"{here}.serviceAccountToken")
        if len(projection) > 1:
            found.append(causes.forbidden(here, "may not specify more than 1 volume type per source"))
    return found


def _ephemeral(source: Json, path: str) -> Causes:
    if "volumeClaimTemplate" not in source:
        return [causes.required(f"{path}.volumeClaimTemplate")]
    return claims.spec(source["volumeClaimTemplate"].get("spec") or {}, f"{path}.volumeClaimTemplate.spec")


def _csi(source: Json, path: str) -> Causes:
    driver = source.get("driver", "")
    if not driver:
        return [causes.required(f"{path}.driver")]
    found = causes.all_of(f"{path}.driver", driver, names.dns_subdomain(driver.lower()))
    return [causes.too_long(f"{path}.driver", 63), *found] if len(driver) > 63 else found


SOURCES = {
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "secret": _secret,
    "nfs": _nfs,
    "persistentVolumeClaim": _claim,
    "downwardAPI": _downward,
    "configMap": _config_map,
    "projected": _projected,
    "csi": _csi,
    "ephemeral": _ephemeral,
}
"""Sources that are looked into, in the server's order; the many old ones are counted only."""


def _source(volume: Json, path: str) -> Causes:
    given = [key for key in volume if key != "name"]
    known = [key for key in SOURCES if key in given]
    ordered = [*known, *(key for key in given if key not in SOURCES)]
    if not ordered:
        return [causes.required(path, "must specify a volume type")]
    first = ordered[0]
    found = SOURCES[first](volume[first], f"{path}.{first}") if first in SOURCES else []
    text = "may not specify more than 1 volume type"
    return [*found, *(causes.forbidden(f"{path}.{key}", text) for key in ordered[1:])]


def check(volumes: list[Json], path: str) -> tuple[Volumes, Causes]:
    """(the right volumes by name, causes)."""
    right: Volumes = {}
    found: Causes = []
    for index, volume in enumerate(volumes):
        here = f"{path}[{index}]"
        name = volume.get("name", "")
        wrong = _source(volume, here)
        if not name:
            wrong.append(causes.required(f"{here}.name"))
        else:
            wrong += causes.all_of(f"{here}.name", name, names.dns_label(name))
        if name in right:
            wrong.append(causes.duplicate(f"{here}.name", name))
        if not wrong:
            right[name] = volume
        found += wrong
    return right, found
