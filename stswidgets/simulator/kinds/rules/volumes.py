"""Rules about a pod's volumes."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, claims, metadata, names, paths, projected, resources, sources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import gotext

Json = dict[str, Any]
Volumes = dict[str, Json]

PULL_POLICIES = ("Always", "IfNotPresent", "Never")


def _empty_dir(source: Json, path: str) -> Causes:
    found: Causes = []
    if "sizeLimit" in source and resources.is_negative(source["sizeLimit"]):
        found.append(causes.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity"))
    mode = source.get("mode")
    if mode is not None and not 0 <= mode <= 0o1777:
        found.append(causes.invalid(f"{path}.mode", mode, paths.STICKY_MODE))
    return found


def _git_repo(source: Json, path: str) -> Causes:
    found = sources.required("repository")(source, path)
    return [*found, *paths.descending(source.get("directory", ""), f"{path}.directory")]


def _files(key: str) -> sources.Source:
    def check(source: Json, path: str) -> Causes:
        found = sources.required(key)(source, path)
        found += [*paths.mode(source, "defaultMode", path), *paths.user(source, "defaultUser", path)]
        return [*found, *projected.items(source, path)]

    return check


def _csi(source: Json, path: str) -> Causes:
    found = sources.driver(source, path)
    reference = source.get("nodePublishSecretRef")
    if reference is None:
        return found
    if not reference.get("name"):
        return [*found, causes.required(f"{path}.nodePublishSecretRef.name")]
    return [*found, *causes.all_of(f"{path}.name", reference["name"], names.dns_subdomain(reference["name"]))]


def _ephemeral(source: Json, path: str) -> Causes:
    template = source.get("volumeClaimTemplate")
    if template is None:
        return [causes.required(f"{path}.volumeClaimTemplate")]
    meta, here = template.get("metadata") or {}, f"{path}.volumeClaimTemplate.metadata"
    found = metadata.annotation_keys(meta.get("annotations"), f"{here}.annotations")
    found += metadata.labels(meta.get("labels"), f"{here}.labels")
    given = [key for key in METADATA if meta.get(key)]
    found += [causes.forbidden(f"{here}.{METADATA[key]}", "cannot be set") for key in given]
    return [*found, *claims.spec(template.get("spec") or {}, f"{path}.volumeClaimTemplate.spec")]


METADATA = {
    key: key if key != "uid" else "uID"
    for key in (
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences", "finalizers", "managedFields",
    )
}  # fmt: skip
"""What a claim's template may not say, and how errors name it."""


def _image(source: Json, path: str) -> Causes:
    found = sources.required("reference")(source, path)
    return [*found, *causes.one_of(f"{path}.pullPolicy", source.get("pullPolicy", ""), PULL_POLICIES)]


_OWN: dict[str, sources.Source] = {
    "emptyDir": _empty_dir,
    "gitRepo": _git_repo,
    "secret": _files("secretName"),
    "iscsi": sources.iscsi,
    "glusterfs": sources.required("endpoints", "path"),
    "persistentVolumeClaim": sources.required("claimName"),
    "cinder": sources.cinder,
    "downwardAPI": projected.downward,
    "configMap": _files("name"),
    "storageos": sources.storageos,
    "projected": projected.volume,
    "csi": _csi,
    "ephemeral": _ephemeral,
    "image": _image,
}
_ORDER = (
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
    "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
    "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk",
    "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
)  # fmt: skip
SOURCES = {key: _OWN.get(key) or sources.COMMON[key] for key in _ORDER}
"""All sources in the server's order."""


def _source(volume: Json, path: str, pod: str) -> Causes:
    found = sources.one(volume, SOURCES, path)
    name = volume.get("name", "")
    if "initiatorName" in volume.get("iscsi", {}) and len(f"{name}:{volume['iscsi'].get('targetPortal', '')}") > 64:
        text = (
            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters "
            "if iscsi.initiatorName is specified."
        )
        found.append(causes.invalid(f"{path}.name", name, text))
    if "ephemeral" in volume and pod and name:
        claim = f"{pod}-{name}"
        messages = [f"PVC name {gotext.quote(claim)}: {message}" for message in names.dns_subdomain(claim)]
        found += causes.all_of(f"{path}.name", name, messages)
    return found


def check(volumes: list[Json], path: str, pod: str = "") -> tuple[Volumes, Causes]:
    """(the right volumes by name, causes); `pod` is the pod's name where there is one."""
    right: Volumes = {}
    found: Causes = []
    created = {f"{pod}-{volume.get('name', '')}" for volume in volumes if "ephemeral" in volume} if pod else set()
    for index, volume in enumerate(volumes):
        here = f"{path}[{index}]"
        name = volume.get("name", "")
        wrong = _source(volume, here, pod)
        if not name:
            wrong.append(causes.required(f"{here}.name"))
        else:
            wrong += causes.all_of(f"{here}.name", name, names.dns_label(name))
        if name in right:
            wrong.append(causes.duplicate(f"{here}.name", name))
        if not wrong:
            right[name] = volume
        found += wrong
        claim = volume.get("persistentVolumeClaim", {}).get("claimName", "")
        if claim in created:
            text = "must not reference a PVC that gets created for an ephemeral volume"
            found.append(causes.invalid(f"{here}.persistentVolumeClaim.claimName", claim, text))
    return right, found
