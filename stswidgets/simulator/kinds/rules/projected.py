"""Rules about files that a volume makes of ConfigMaps, Secrets, the pod itself and tokens."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, environment, metadata, names, paths, signers
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

KEY_TYPES = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
LONGEST_TOKEN = 2**32
CERTIFICATE = {False: 7862400, True: 86400}
"""The longest lifetime of a certificate; of the second kind are Kubernetes' own signers."""


def items(source: Json, path: str) -> Causes:
    """Which keys become which files."""
    found: Causes = []
    for index, item in enumerate(source.get("items") or ()):
        here = f"{path}.items[{index}]"
        found += [causes.required(f"{here}.{key}") for key in ("key", "path") if not item.get(key)]
        found += paths.not_reserved(item.get("path", ""), f"{here}.path")
        found += paths.mode(item, "mode", here)
        found += paths.user(item, "user", here)
    return found


def downward_file(item: Json, path: str) -> Causes:
    """A file that holds a field of the pod, or a resource of a container."""
    found = [] if item.get("path") else [causes.required(f"{path}.path")]
    found += paths.not_reserved(item.get("path", ""), f"{path}.path")
    if "fieldRef" in item:
        found += environment.field_ref(item["fieldRef"], f"{path}.fieldRef", environment.VOLUME_FIELDS)
        if "resourceFieldRef" in item:
            text = "fieldRef and resourceFieldRef can not be specified simultaneously"
            found.append(causes.invalid(path, "resource", text))
    elif "resourceFieldRef" in item:
        found += environment.resource_ref(item["resourceFieldRef"], f"{path}.resourceFieldRef", volume=True)
    else:
        found.append(causes.required(path, "one of fieldRef and resourceFieldRef is required"))
    return [*found, *paths.mode(item, "mode", path), *paths.user(item, "user", path)]


def downward(source: Json, path: str) -> Causes:
    """A volume of files about the pod."""
    found = [*paths.mode(source, "defaultMode", path), *paths.user(source, "defaultUser", path)]
    for item in source.get("items") or ():
        found += downward_file(item, path)
    return found


class _Paths:
    """The files of a volume so far."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen: set[str] = set()

    def add(self, file: str, shown: str) -> Causes:
        """A file; two of the same path are wrong."""
        if file in self.seen:
            return [causes.invalid(self.path, shown, "conflicting duplicate paths")]
        self.seen.add(file)
        return []


def _keys(source: Json, here: str, files: _Paths) -> Causes:
    name = source.get("name", "")
    found = [] if name else [causes.required(f"{here}.name")]
    found += items(source, here)
    for item in source.get("items") or ():
        if item.get("path"):
            found += files.add(item["path"], name)
    return found


def _fields(source: Json, here: str, files: _Paths) -> Causes:
    found: Causes = []
    for item in source.get("items") or ():
        found += downward_file(item, here)
        if item.get("path"):
            found += files.add(item["path"], item["path"])
    return found


def _token(source: Json, here: str, files: _Paths) -> Causes:
    found: Causes = []
    seconds = source.get("expirationSeconds")
    if seconds is not None:
        if seconds < 600:
            text = "may not specify a duration less than 10 minutes"
            found.append(causes.invalid(f"{here}.expirationSeconds", seconds, text))
        if seconds > LONGEST_TOKEN:
            text = "may not specify a duration larger than 2^32 seconds"
            found.append(causes.invalid(f"{here}.expirationSeconds", seconds, text))
    if not source.get("path"):
        found.append(causes.required(f"{files.path}.path"))
    else:
        found += paths.not_reserved(source["path"], f"{files.path}.path")
    return [*found, *paths.user(source, "user", here)]


def _bundle(source: Json, here: str, files: _Paths) -> Causes:
    found: Causes = []
    if "name" in source and "signerName" in source:
        found.append(causes.invalid(here, _bundle_shown(source), "only one of name and signerName may be used"))
    elif "name" in source:
        if not source["name"]:
            found.append(causes.required(f"{here}.name", "must be a valid object name"))
        for message in names.dns_subdomain(source["name"]):
            text = f"not a valid clustertrustbundlename: {message}"
            found.append(causes.invalid(f"{here}.name", source["name"], text))
        if "labelSelector" in source:
            text = "labelSelector must be unset if name is specified"
            found.append(causes.invalid(f"{here}.labelSelector", source["labelSelector"], text))
    elif "signerName" in source:
        if not source["signerName"]:
            found.append(causes.required(f"{here}.signerName", "must be a valid signer name"))
        found += signers.name(source["signerName"], f"{here}.signerName")
        found += metadata.selector(source.get("labelSelector"), f"{here}.labelSelector")
    else:
        found.append(causes.required(here, "either name or signerName must be specified"))
    if not source.get("path"):
        found.append(causes.required(f"{here}.path"))
    found += paths.user(source, "user", here)
    found += paths.not_reserved(source.get("path", ""), f"{here}.path")
    return [*found, *files.add(source.get("path", ""), source.get("path", ""))]


def _bundle_shown(source: Json) -> Json:
    return {
        "Name": source.get("name"),
        "SignerName": source.get("signerName"),
        "LabelSelector": source.get("labelSelector"),
        "Optional": source.get("optional"),
        "Path": source.get("path", ""),
        "User": source.get("user"),
    }


def _certificate(source: Json, here: str, files: _Paths) -> Causes:
    name = source.get("signerName", "")
    found = signers.name(name, f"{here}.signerName")
    found += paths.user(source, "user", here)
    kind = source.get("keyType", "")
    if kind not in KEY_TYPES:
        found.append(causes.not_supported(f"{here}.keyType", kind, KEY_TYPES))
    seconds = source.get("maxExpirationSeconds")
    if seconds is not None:
        longest = CERTIFICATE[signers.is_kubernetes(name)]
        if seconds < 3600:
            text = "if provided, maxExpirationSeconds must be >= 3600"
            found.append(causes.invalid(f"{here}.maxExpirationSeconds", seconds, text))
        if seconds > longest:
            text = f"if provided, maxExpirationSeconds must be <= {longest}"
            found.append(causes.invalid(f"{here}.maxExpirationSeconds", seconds, text))
    given = [key for key in ("credentialBundlePath", "keyPath", "certificateChainPath") if source.get(key)]
    for key in given:
        found += [*paths.not_reserved(source[key], f"{here}.{key}"), *files.add(source[key], source[key])]
    if not given:
        text = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath"
        found.append(causes.required(here, text))
    return found


KINDS = {
    "secret": _keys,
    "configMap": _keys,
    "downwardAPI": _fields,
    "serviceAccountToken": _token,
    "clusterTrustBundle": _bundle,
    "podCertificate": _certificate,
}


def volume(source: Json, path: str) -> Causes:
    """A projected volume."""
    found = [*paths.mode(source, "defaultMode", path), *paths.user(source, "defaultUser", path)]
    files = _Paths(path)
    for index, projection in enumerate(source.get("sources") or ()):
        here = f"{path}.sources[{index}]"
        given = [key for key in KINDS if key in projection]
        for key in given:
            found += KINDS[key](projection[key], f"{here}.{key}", files)
        if len(given) > 1:
            found.append(causes.forbidden(here, "may not specify more than 1 volume type per source"))
    return found
