"""Rules about a pod's volumes and where containers mount them."""

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
PROPAGATION = ("Bidirectional", "HostToContainer", "None")
RECURSIVE = ("Disabled", "Enabled", "IfPossible")


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


def mounts(container: Json, volumes: Volumes, path: str) -> Causes:
    """volumeMounts: each of a volume that is there, each at a place of its own."""
    found: Causes = []
    places: set[str] = set()
    devices = {device.get("name"): device.get("devicePath") for device in container.get("volumeDevices") or ()}
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        here = f"{path}[{index}]"
        name, place = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            found.append(causes.required(f"{here}.name"))
        if name not in volumes:
            found.append(causes.not_found(f"{here}.name", name))
        if not place:
            found.append(causes.required(f"{here}.mountPath"))
        if place in places:
            found.append(causes.invalid(f"{here}.mountPath", place, "must be unique"))
        places.add(place)
        if name in devices:
            found.append(causes.invalid(f"{here}.name", name, "must not already exist in volumeDevices"))
        if place in devices.values():
            text = "must not already exist as a path in volumeDevices"
            found.append(causes.invalid(f"{here}.mountPath", place, text))
        found += _sub_paths(mount, path, here)
        found += _propagation(mount, container, path)
    return found


def _sub_paths(mount: Json, path: str, here: str) -> Causes:
    """The server names these fields without their index; so do we."""
    found: Causes = []
    if mount.get("subPath"):
        found += descending(mount["subPath"], f"{path}.subPath")
    expression = mount.get("subPathExpr")
    if expression:
        if mount.get("subPath"):
            text = "subPathExpr and subPath are mutually exclusive"
            found.append(causes.invalid(f"{here}.subPathExpr", expression, text))
        found += descending(expression, f"{path}.subPathExpr")
    return found


def _propagation(mount: Json, container: Json, path: str) -> Causes:
    found: Causes = []
    wanted = mount.get("mountPropagation")
    if wanted is not None:
        if wanted not in PROPAGATION:
            found.append(causes.not_supported(f"{path}.mountPropagation", wanted, PROPAGATION))
        if wanted == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
            text = "Bidirectional mount propagation is available only to privileged containers"
            found.append(causes.forbidden(f"{path}.mountPropagation", text))
    recursive = mount.get("recursiveReadOnly")
    if recursive is not None and recursive not in RECURSIVE:
        found.append(causes.not_supported(f"{path}.recursiveReadOnly", recursive, RECURSIVE))
    elif recursive in ("Enabled", "IfPossible") and not mount.get("readOnly"):
        found.append(causes.forbidden(f"{path}.recursiveReadOnly", "may only be specified when readOnly is true"))
    return found


def devices(container: Json, volumes: Volumes, path: str) -> Causes:
    """volumeDevices: block devices of claims."""
    found: Causes = []
    seen: set[str] = set()
    places: set[str] = set()
    mounted = {mount.get("name"): mount.get("mountPath") for mount in container.get("volumeMounts") or ()}
    for index, device in enumerate(container.get("volumeDevices") or ()):
        here = f"{path}[{index}]"
        name, place = device.get("name", ""), device.get("devicePath", "")
        volume = volumes.get(name)
        if not name:
            found.append(causes.required(f"{here}.name"))
        if name in seen:
            found.append(causes.invalid(f"{here}.name", name, "must be unique"))
        if volume is None:
            found.append(causes.not_found(f"{here}.name", name))
        elif not {"persistentVolumeClaim", "ephemeral"} & set(volume):
            text = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            found.append(causes.invalid(f"{here}.name", name, text))
        if not place:
            found.append(causes.required(f"{here}.devicePath"))
        if place in places:
            found.append(causes.invalid(f"{here}.devicePath", place, "must be unique"))
        if name in mounted:
            found.append(causes.invalid(f"{here}.name", name, "must not already exist in volumeMounts"))
        seen.add(name)
        places.add(place)
    return found
