"""Rules about PersistentVolumes (core `ValidatePersistentVolumeSpec`)."""

from __future__ import annotations

import functools
import posixpath
from typing import Any

from stswidgets.simulator.kinds.rules import (
    causes,
    claims,
    internal,
    metadata,
    names,
    plain,
    scheduling,
    sources,
    warnings,
)
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

POLICIES = ("Delete", "Recycle", "Retain")
SECRETS = ("controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef")


def _glusterfs(source: Json, path: str) -> Causes:
    found = sources.required("endpoints", "path")(source, path)
    namespace = source.get("endpointsNamespace")
    if namespace == "":
        text = "if the endpointnamespace is set, it must be a valid namespace name"
        found.append(causes.invalid(f"{path}.endpointsNamespace", "", text))
    elif namespace is not None:
        found += causes.all_of(f"{path}.endpointsNamespace", namespace, names.dns_label(namespace))
    return found


def _csi(source: Json, path: str) -> Causes:
    found = [*sources.driver(source, path), *sources.required("volumeHandle")(source, path)]
    for key in SECRETS:
        if key not in source:
            continue
        for part, rule in (("name", names.dns_subdomain), ("namespace", names.dns_label)):
            value, here = source[key].get(part, ""), f"{path}.{key}.{part}"
            found += causes.all_of(here, value, rule(value)) if value else [causes.required(here)]
    return found


_OWN: dict[str, sources.Source] = {
    "glusterfs": _glusterfs,
    "iscsi": functools.partial(sources.iscsi, persistent=True),
    "cinder": functools.partial(sources.cinder, persistent=True),
    "local": sources.local,
    "storageos": functools.partial(sources.storageos, persistent=True),
    "csi": _csi,
}
_ORDER = (
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs",
    "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
    "azureDisk", "scaleIO", "local", "storageos", "csi",
)  # fmt: skip
SOURCES = {key: _OWN.get(key) or sources.COMMON[key] for key in _ORDER}


def _capacity(capacity: Json) -> Causes:
    found = [] if capacity else [causes.required("spec.capacity")]
    if "storage" not in capacity or len(capacity) > 1:
        found.append(causes.not_supported("spec.capacity", capacity or None, ("storage",)))
    for name, text in capacity.items():
        here, size = f"spec.capacity[{name}]", quantity.parse(text)
        whole = quantity.machine_value(size)
        if whole < 0:
            found.append(causes.invalid(here, whole, "must be a valid resource quantity"))
        if size.nano <= 0:
            found.append(causes.invalid(here, text, causes.NOT_POSITIVE))
    return found


def _node_affinity(affinity: Json | None) -> Causes:
    if affinity is None:
        return []
    if "required" not in affinity:
        return [causes.required("spec.nodeAffinity.required", "must specify required node constraints")]
    return scheduling.node_selector(affinity["required"], "spec.nodeAffinity.required")


def check(obj: Json) -> Causes:
    """A volume."""
    spec = obj["spec"]
    modes = spec.get("accessModes") or []
    found = [] if modes else [causes.required("spec.accessModes")]
    found += claims.access_modes(modes, "spec.accessModes")
    found += _capacity(spec.get("capacity") or {})
    policy = spec.get("persistentVolumeReclaimPolicy", "")
    if policy and policy not in POLICIES:
        found.append(causes.not_supported("spec.persistentVolumeReclaimPolicy", policy, POLICIES))
    found += _node_affinity(spec.get("nodeAffinity"))
    found += sources.one(spec, SOURCES, "spec")
    if "local" in spec and next(key for key in SOURCES if key in spec) == "local" and "nodeAffinity" not in spec:
        found.append(causes.required("spec.nodeAffinity", "Local volume requires node affinity"))
    folder = spec.get("hostPath", {}).get("path", "")
    if folder and posixpath.normpath(folder) == "/" and policy == "Recycle":
        text = "may not be 'recycle' for a hostPath mount of '/'"
        found.append(causes.forbidden("spec.persistentVolumeReclaimPolicy", text))
    return [*found, *_classes(spec)]


def _classes(spec: Json) -> Causes:
    found: Causes = []
    name = spec.get("storageClassName", "")
    if name:
        found += causes.all_of("spec.storageClassName", name, names.dns_subdomain(name))
    mode = spec.get("volumeMode")
    if mode is not None and mode not in claims.VOLUME_MODES:
        found.append(causes.not_supported("spec.volumeMode", mode, claims.VOLUME_MODES))
    attributes = spec.get("volumeAttributesClassName")
    if attributes is not None:
        if attributes:
            found += causes.all_of("spec.volumeAttributesClassName", attributes, names.dns_subdomain(attributes))
        else:
            found.append(causes.required("spec.volumeAttributesClassName", "an empty string is disallowed"))
        if "csi" not in spec:
            found.append(causes.required("spec.csi", "has to be specified when using volumeAttributesClassName"))
    return found


MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options"
MOUNTABLE = frozenset({
    "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "nfs", "rbd", "quobyte", "iscsi", "cinder", "cephfs",
    "azureFile", "vsphereVolume", "azureDisk", "photonPersistentDisk",
})  # fmt: skip


def options(obj: Json) -> Causes:
    """Mount options in an annotation, which few sources have (`pkg/volume/validation`)."""
    if MOUNT_OPTIONS not in (obj["metadata"].get("annotations") or {}) or MOUNTABLE & set(obj["spec"]):
        return []
    text = "may not specify mount options for this volume type"
    return [causes.forbidden(f"metadata.annotations.{MOUNT_OPTIONS}", text)]


validate = plain.new(names.dns_subdomain, check, options, namespaced=False)


def update(new: Json, old: Json, subresource: str) -> Causes:
    """A changed volume: what it is made of never changes."""
    found = metadata.check_update(new, old)
    if subresource == "status":
        return found
    after, before = new["spec"], old["spec"]
    found += plain.new(names.dns_subdomain, check, namespaced=False)(new)
    found += options(new)
    kept = {key: value for key, value in after.items() if key in SOURCES}
    if "csi" in kept and "csi" in before and "controllerExpandSecretRef" not in before["csi"]:
        kept["csi"] = {key: value for key, value in kept["csi"].items() if key != "controllerExpandSecretRef"}
    if kept != {key: value for key, value in before.items() if key in SOURCES}:
        diff = internal.differences(before, kept, "PersistentVolumeSource")
        text = f"spec.persistentvolumesource is immutable after creation\n{diff}"
        found.append(causes.forbidden("spec.persistentvolumesource", text))
    found += causes.immutable("volumeMode", after.get("volumeMode"), before.get("volumeMode"))
    if before.get("nodeAffinity") is not None and not _same_places(after.get("nodeAffinity"), before["nodeAffinity"]):
        given = after.get("nodeAffinity")
        shown = None if given is None else internal.show(given, "VolumeNodeAffinity")
        text = f"{causes.IMMUTABLE}, except for updating from beta label to GA"
        found.append(causes.invalid("nodeAffinity", shown, text))
    if "volumeAttributesClassName" in before and "volumeAttributesClassName" not in after:
        text = "update from non-nil value to nil is forbidden"
        found.append(causes.forbidden("spec.volumeAttributesClassName", text))
    return found


_NOW = {
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
}
"""What labels of nodes are called since they are no longer beta. A volume may take the new name."""


def _same_places(new: Any, old: Any) -> bool:
    """Whether a volume's nodes are the same; a key may become its new name, or, of one that has none, empty."""
    if isinstance(new, dict) and isinstance(old, dict):
        if "key" in old and new.get("key", "") == _NOW.get(old["key"], ""):
            new, old = {**new, "key": ""}, {**old, "key": ""}
        return new.keys() == old.keys() and all(_same_places(new[key], old[key]) for key in old)
    if isinstance(new, list) and isinstance(old, list):
        return len(new) == len(old) and all(map(_same_places, new, old))
    return bool(new == old)


OLD_ANNOTATIONS = {
    "volume.beta.kubernetes.io/storage-class": 'deprecated since v1.8; use "storageClassName" attribute instead',
    MOUNT_OPTIONS: 'deprecated since v1.31; use "mountOptions" attribute instead',
}
OLD_SOURCES = ("cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd")


def warn(obj: Json) -> list[str]:
    """What the server warns of (`pkg/api/persistentvolume`)."""
    spec, annotations = obj.get("spec") or {}, obj["metadata"].get("annotations") or {}
    found = [f"metadata.annotations[{key}]: {text}" for key, text in OLD_ANNOTATIONS.items() if key in annotations]
    if spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        text = "Instead, the recommended approach is to use dynamic provisioning."
        found.append(f"spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. {text}")
    terms = ((spec.get("nodeAffinity") or {}).get("required") or {}).get("nodeSelectorTerms") or ()
    for index, term in enumerate(terms):
        found += warnings.old_labels(term, f"spec.nodeAffinity.required.nodeSelectorTerms[{index}]")
    for key in OLD_SOURCES:
        if key in spec:
            found.append(f"spec.{'storageOS' if key == 'storageos' else key}: {warnings.OLD_VOLUMES[key]}")
    return found
