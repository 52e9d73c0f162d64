"""Rules about where containers mount volumes and block devices."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, paths
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.volumes import Volumes

Json = dict[str, Any]

PROPAGATION = ("Bidirectional", "HostToContainer", "None")
RECURSIVE = ("Disabled", "Enabled", "IfPossible")
BIND_OPTIONS = ("nodev", "noexec", "nosuid")


def check(container: Json, mounted: Volumes, path: str) -> Causes:
    """volumeMounts: each of a volume that is there, each at a place of its own."""
    found: Causes = []
    places: set[str] = set()
    devices = {device.get("name", ""): device.get("devicePath", "") for device in container.get("volumeDevices") or ()}
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        here = f"{path}[{index}]"
        name, place = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            found.append(causes.required(f"{here}.name"))
        if name not in mounted:
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
        found += _bind_options(mount, mounted.get(name), f"{here}.bindMountOptions")
    return found


def _bind_options(mount: Json, volume: Json | None, path: str) -> Causes:
    options = mount.get("bindMountOptions") or []
    found: Causes = []
    for index, option in enumerate(options):
        if option not in BIND_OPTIONS:
            found.append(causes.not_supported(f"{path}[{index}]", option, BIND_OPTIONS))
        if option in options[:index]:
            found.append(causes.duplicate(f"{path}[{index}]", option))
    if options and volume is not None and "image" in volume:
        found.append(causes.invalid(path, options, "bindMountOptions may not be used with image volumes"))
    return found


def _sub_paths(mount: Json, path: str, here: str) -> Causes:
    """The server names these fields without their index; so do we."""
    found: Causes = []
    if mount.get("subPath"):
        found += paths.descending(mount["subPath"], f"{path}.subPath")
    expression = mount.get("subPathExpr")
    if expression:
        if mount.get("subPath"):
            text = "subPathExpr and subPath are mutually exclusive"
            found.append(causes.invalid(f"{here}.subPathExpr", expression, text))
        found += paths.descending(expression, f"{path}.subPathExpr")
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
    elif recursive in ("Enabled", "IfPossible"):
        if not mount.get("readOnly"):
            found.append(causes.forbidden(f"{path}.recursiveReadOnly", "may only be specified when readOnly is true"))
        if wanted is not None and wanted != "None":
            text = "may only be specified when mountPropagation is None or not specified"
            found.append(causes.forbidden(f"{path}.recursiveReadOnly", text))
    return found


def devices(container: Json, available: Volumes, path: str) -> Causes:
    """volumeDevices: block devices of claims."""
    found: Causes = []
    seen: set[str] = set()
    places: set[str] = set()
    mounted = {mount.get("name", ""): mount.get("mountPath", "") for mount in container.get("volumeMounts") or ()}
    for index, device in enumerate(container.get("volumeDevices") or ()):
        here = f"{path}[{index}]"
        name, place = device.get("name", ""), device.get("devicePath", "")
        found += _device_name(name, here, seen, available.get(name))
        if not place:
            found.append(causes.required(f"{here}.devicePath"))
        if place in places:
            found.append(causes.invalid(f"{here}.devicePath", place, "must be unique"))
        if place and paths.no_backsteps(place, here):
            found.append(causes.invalid(f"{here}.devicePath", place, "can not contain backsteps ('..')"))
        else:
            places.add(place)
        if name in mounted:
            found.append(causes.invalid(f"{here}.name", name, "must not already exist in volumeMounts"))
        if place in mounted.values():
            text = "must not already exist as a path in volumeMounts"
            found.append(causes.invalid(f"{here}.devicePath", place, text))
        if name:
            seen.add(name)
    return found


def _device_name(name: str, here: str, seen: set[str], volume: Json | None) -> Causes:
    found = [] if name else [causes.required(f"{here}.name")]
    if name in seen:
        found.append(causes.invalid(f"{here}.name", name, "must be unique"))
    if volume is None:
        found.append(causes.not_found(f"{here}.name", name))
    elif not {"persistentVolumeClaim", "ephemeral"} & set(volume):
        text = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
        found.append(causes.invalid(f"{here}.name", name, text))
    return found
