"""What the server warns of in volumes of files: paths of which one hides another (`pkg/api/pod/warnings.go`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.schema import gotext

Json = dict[str, Any]
File = tuple[str, str]
"""A path, and what the file is made of (empty where the volume has one source)."""


def check(volumes: list[Json]) -> list[str]:
    """Overlapping paths of all volumes."""
    found: list[str] = []
    for volume in volumes:
        name = gotext.quote(volume.get("name", ""))
        for key, kind, called in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
            source = volume.get(key) or {}
            title = f"{kind} {gotext.quote(source.get(called, ''))}"
            found += [f"volume {name} ({title}): overlapping paths: {text}" for text in _overlaps(_items(source, ""))]
        files = _items(volume.get("downwardAPI") or {}, "")
        found += [f"volume {name} (DownwardAPI): overlapping paths: {text}" for text in _overlaps(files)]
        files = []
        for source in (volume.get("projected") or {}).get("sources") or ():
            if not source:
                found.append(f"volume {name} (Projected) has no sources provided")
            more = _projected(source)
            texts = _overlaps(more, files)
            found += [f"volume {name} (Projected): overlapping paths: {text}" for text in texts]
    return found


def _items(source: Json, title: str) -> list[File]:
    return [(item.get("path", ""), title) for item in source.get("items") or ()]


def _projected(source: Json) -> list[File]:
    for key, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
        if (source.get(key) or {}).get("items"):
            return _items(source[key], f"{kind} {gotext.quote(source[key].get('name', ''))}")
    if (source.get("downwardAPI") or {}).get("items"):
        return _items(source["downwardAPI"], "DownwardAPI")
    if "serviceAccountToken" in source:
        return [(source["serviceAccountToken"].get("path", ""), "ServiceAccountToken")]
    if "clusterTrustBundle" in source:
        bundle = source["clusterTrustBundle"]
        name = bundle.get("name", bundle.get("signerName", ""))
        return [(bundle.get("path", ""), f"ClusterTrustBundle {gotext.quote(name)}")]
    certificate = source.get("podCertificate") or {}
    titles = {"certificateChainPath": "chain", "keyPath": "key", "credentialBundlePath": "credential bundle"}
    return [(certificate[key], f"PodCertificate {title}") for key, title in titles.items() if certificate.get(key)]


def _overlaps(files: list[File], before: list[File] | None = None) -> list[str]:
    """The overlaps of each file with those before it, which it joins."""
    known = [] if before is None else before
    found: list[str] = []
    for path, title in files:
        file = (path.rstrip("/"), title)
        found += [f"{_shown(file)} with {_shown(other)}" for other in known if _overlap(file[0], other[0])]
        known.append(file)
    return found


def _overlap(path: str, other: str) -> bool:
    if not path or not other:
        return False
    return f"{other}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other}/")


def _shown(file: File) -> str:
    path, title = file
    return f"{gotext.quote(path)} ({title})" if title else gotext.quote(path)
