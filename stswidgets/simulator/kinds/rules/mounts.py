"""Rules about where containers mount volumes and block devices."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, volumes
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.volumes import Volumes

Json = dict[str, Any]

PROPAGATION = ("Bidirectional", "HostToContainer", "None")
RECURSIVE = ("Disabled", "Enabled", "IfPossible")


def check(container: Json, mounted: Volumes, path: str) -> Causes:
    """volumeMounts: each of a volume that is there, each at a place of its own."""
    found: Causes = []
    places: set[str] = set()
    devices = {device.get("name"): device.get("devicePath") for device in container.get("volumeDevices") or ()}
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
    return found


def _sub_paths(mount: Json, path: str, here: str) -> Causes:
    """The server names these fields without their index; so do we."""
    found: Causes = []
    if mount.get("subPath"):
        found += volumes.descending(mount["subPath"], f"{path}.subPath")
    expression = mount.get("subPathExpr")
    if expression:
        if mount.get("subPath"):
            text = "subPathExpr and subPath are mutually exclusive"
            found.append(causes.invalid(f"{here}.subPathExpr", expression, text))
        found += volumes.descending(expression, f"{path}.subPathExpr")
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


def devices(container: Json, mounted: Volumes, path: str) -> Causes:
    """volumeDevices: block devices of claims."""
    found: Causes = []
    seen: set[str] = set()
    places: set[str] = set()
    mounted = {mount.get("name"): mount.get("mountPath") for mount in container.get("volumeMounts") or ()}
    for index, device in enumerate(container.get("volumeDevices") or ()):
        here = f"{path}[{index}]"
        name, place = device.get("name", ""), device.get("devicePath", "")
        volume = mounted.get(name)
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
