"""Rules about the volume sources that pods and PersistentVolumes share, most of them old."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from stswidgets.simulator.kinds.rules import causes, names, paths
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]
Source = Callable[[Json, str], Causes]

HOST_PATH_TYPES = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
)  # fmt: skip
INITIATORS = {
    "iqn": r"iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$",
    "eui": "^eui.[A-Za-z0-9]{16}$",
    "naa": "^naa.[A-Za-z0-9]{32}$",
}
PAIR = "must be a host:port pair or multiple pairs separated by commas"
MANAGED_DISK = (
    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
)  # fmt: skip
BLOB_DISK = ("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",)


def required(*keys: str) -> Source:
    """A source whose only rule is that these keys are not empty."""

    def check(source: Json, path: str) -> Causes:
        return [causes.required(f"{path}.{key}") for key in keys if not source.get(key)]

    return check


def host_path(source: Json, path: str) -> Causes:
    """A folder or file of the node."""
    if not source.get("path"):
        return [causes.required(f"{path}.path")]
    found = paths.no_backsteps(source["path"], f"{path}.path")
    kind = source.get("type", "")
    if kind not in HOST_PATH_TYPES:
        found.append(causes.not_supported(f"{path}.type", kind, HOST_PATH_TYPES))
    return found


def local(source: Json, path: str) -> Causes:
    """A disk of the node."""
    if not source.get("path"):
        return [causes.required(f"{path}.path")]
    return paths.no_backsteps(source["path"], f"{path}.path")


def nfs(source: Json, path: str) -> Causes:
    """A share on a server."""
    found = required("server", "path")(source, path)
    folder = source.get("path", "")
    if not folder.startswith("/"):
        found.append(causes.invalid(f"{path}.path", folder, "must be an absolute path"))
    return found


def disk(key: str) -> Source:
    """A disk of a cloud, perhaps with partitions."""

    def check(source: Json, path: str) -> Causes:
        found = required(key)(source, path)
        partition = source.get("partition", 0)
        if not 0 <= partition <= 255:
            found.append(causes.invalid(f"{path}.partition", partition, names.between(1, 255)))
        return found

    return check


def _initiator(name: str, path: str, other: str) -> Causes:
    kind = name[:3]
    if kind not in INITIATORS:
        return [causes.invalid(path, name, other)]
    return [] if re.search(INITIATORS[kind], name) else [causes.invalid(path, name, "must be valid format")]


def iscsi(source: Json, path: str, *, persistent: bool = False) -> Causes:
    """An iSCSI target."""
    other = "must be valid format" if persistent else "must be valid format starting with iqn, eui, or naa"
    found = required("targetPortal")(source, path)
    if source.get("iqn"):
        found += _initiator(source["iqn"], f"{path}.iqn", other)
    else:
        found.append(causes.required(f"{path}.iqn"))
    lun = source.get("lun", 0)
    if not 0 <= lun <= 255:
        found.append(causes.invalid(f"{path}.lun", lun, names.between(0, 255)))
    if (source.get("chapAuthDiscovery") or source.get("chapAuthSession")) and "secretRef" not in source:
        found.append(causes.required(f"{path}.secretRef"))
    if persistent and "secretRef" in source:
        found += required("name")(source["secretRef"], f"{path}.secretRef")
    if "initiatorName" in source:
        found += _initiator(source["initiatorName"], f"{path}.initiatorname", other)
    return found


def fibre_channel(source: Json, path: str) -> Causes:
    """Fibre channel: names or identifiers, not both."""
    targets, identifiers = source.get("targetWWNs"), source.get("wwids")
    found: Causes = []
    if not targets and not identifiers:
        found.append(causes.required(f"{path}.targetWWNs", "must specify either targetWWNs or wwids, but not both"))
    if targets and identifiers:
        text = "targetWWNs and wwids can not be specified simultaneously"
        found.append(causes.invalid(f"{path}.targetWWNs", targets, text))
    if targets:
        lun = source.get("lun")
        if lun is None:
            found.append(causes.required(f"{path}.lun", "lun is required if targetWWNs is specified"))
        elif not 0 <= lun <= 255:
            found.append(causes.invalid(f"{path}.lun", lun, names.between(0, 255)))
    return found


def quobyte(source: Json, path: str) -> Causes:
    """Quobyte."""
    found: Causes = []
    registry = source.get("registry", "")
    if not registry:
        found.append(causes.required(f"{path}.registry", PAIR))
    elif len(source.get("tenant", "")) >= 65:
        text = "must be a UUID and may not exceed a length of 64 characters"
        found.append(causes.required(f"{path}.tenant", text))
    else:
        wrong = [pair for pair in registry.split(",") if not re.fullmatch(r"(\[.*\]|[^:\[\]]*):[^:\[\]]*", pair)]
        found += [causes.invalid(f"{path}.registry", registry, PAIR) for _ in wrong]
    return [*found, *required("volume")(source, path)]


def flocker(source: Json, path: str) -> Causes:
    """Flocker: a name or an id."""
    name, identifier = source.get("datasetName", ""), source.get("datasetUUID", "")
    found: Causes = []
    if not name and not identifier:
        found.append(causes.required(path, "one of datasetName and datasetUUID is required"))
    if name and identifier:
        text = "datasetName and datasetUUID can not be specified simultaneously"
        found.append(causes.invalid(path, "resource", text))
    if "/" in name:
        found.append(causes.invalid(f"{path}.datasetName", name, "must not contain '/'"))
    return found


def flex_volume(source: Json, path: str) -> Causes:
    """A driver of one's own, whose options are not Kubernetes'."""
    found = required("driver")(source, path)
    for key in source.get("options") or {}:
        domain = "." + key.partition("/")[0].lower()
        if domain.endswith((".kubernetes.io", ".k8s.io")):
            text = "kubernetes.io and k8s.io namespaces are reserved"
            found.append(causes.invalid(f"{path}.options[{key}]", key, text))
    return found


def azure_file(source: Json, path: str) -> Causes:
    """A share of Azure."""
    found = required("secretName", "shareName")(source, path)
    if source.get("secretNamespace") == "":
        found.append(causes.required(f"{path}.secretNamespace"))
    return found


def azure_disk(source: Json, path: str) -> Causes:
    """A disk of Azure."""
    found = required("diskName", "diskURI")(source, path)
    for key, known in (
        ("cachingMode", ("None", "ReadOnly", "ReadWrite")),
        ("kind", ("Dedicated", "Managed", "Shared")),
    ):
        if key in source and source[key] not in known:
            found.append(causes.not_supported(f"{path}.{key}", source[key], known))
    address = source.get("diskURI", "")
    managed = source.get("kind") == "Managed"
    if not address.startswith("/subscriptions/" if managed else "https://"):
        found.append(causes.not_supported(f"{path}.diskURI", address, MANAGED_DISK if managed else BLOB_DISK))
    return found


def cinder(source: Json, path: str, *, persistent: bool = False) -> Causes:
    """A volume of OpenStack."""
    return [*required("volumeID")(source, path), *_secret(source, path, persistent=persistent)]


def storageos(source: Json, path: str, *, persistent: bool = False) -> Causes:
    """StorageOS."""
    found = required("volumeName")(source, path)
    for key in ("volumeName", "volumeNamespace"):
        if source.get(key):
            found += causes.all_of(f"{path}.{key}", source[key], names.dns_label(source[key]))
    return [*found, *_secret(source, path, persistent=persistent)]


def _secret(source: Json, path: str, *, persistent: bool) -> Causes:
    if "secretRef" not in source:
        return []
    keys = ("name", "namespace") if persistent else ("name",)
    return required(*keys)(source["secretRef"], f"{path}.secretRef")


def driver(source: Json, path: str) -> Causes:
    """The name of a CSI driver."""
    name = source.get("driver", "")
    if not name:
        return [causes.required(f"{path}.driver")]
    found = causes.all_of(f"{path}.driver", name, names.dns_subdomain(name.lower()))
    return [causes.too_long(f"{path}.driver", 63), *found] if len(name) > 63 else found


COMMON: dict[str, Source] = {
    "hostPath": host_path,
    "gcePersistentDisk": disk("pdName"),
    "awsElasticBlockStore": disk("volumeID"),
    "nfs": nfs,
    "flocker": flocker,
    "rbd": required("monitors", "image"),
    "quobyte": quobyte,
    "cephfs": required("monitors"),
    "fc": fibre_channel,
    "flexVolume": flex_volume,
    "vsphereVolume": required("volumePath"),
    "photonPersistentDisk": required("pdID"),
    "portworxVolume": required("volumeID"),
    "azureDisk": azure_disk,
    "azureFile": azure_file,
    "scaleIO": required("gateway", "system", "volumeName"),
}
"""Sources with the same rules in pods and in PersistentVolumes."""

SHOWN = {"gcePersistentDisk": "persistentDisk"}
"""Sources whose errors name another field."""
TWICE = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
"""The same for a source that is one too many; the second is the server's own slip."""


def one(given: Json, known: dict[str, Source], path: str) -> Causes:
    """Exactly one source: the first is looked into, each further one is too many."""
    found: Causes = []
    number = 0
    for key, check in known.items():
        if key not in given:
            continue
        if number and key != "flexVolume":
            text = "may not specify more than 1 volume type"
            found.append(causes.forbidden(f"{path}.{TWICE.get(key, key)}", text))
        else:
            found += check(given[key], f"{path}.{SHOWN.get(key, key)}")
        number += 1
    return found if number else [causes.required(path, "must specify a volume type")]
