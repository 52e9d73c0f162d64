"""Which form of output a request wants (k8s.io/apiserver `pkg/endpoints/handlers/negotiation`)."""

from __future__ import annotations

from typing import Literal

import msgspec

from stswidgets.simulator import status

FormName = Literal["object", "table", "partial", "partial-list"]

JSON = "application/json"
KNOWN = (JSON, "application/yaml")
OFFERED = (*KNOWN, "application/vnd.kubernetes.protobuf")
"""What the errors say; protobuf is not given, and clients that want it take JSON as well."""

_AS: dict[str, FormName] = {
    "Table": "table",
    "PartialObjectMetadata": "partial",
    "PartialObjectMetadataList": "partial-list",
}


class Wanted(msgspec.Struct, frozen=True):
    """One entry of an Accept header."""

    media: str
    parameters: dict[str, str]


def entries(accept: str) -> list[Wanted]:
    """The entries of an Accept header, by preference."""
    found: list[tuple[float, Wanted]] = []
    for part in accept.split(","):
        media, *rest = (piece.strip() for piece in part.split(";"))
        pairs = dict(piece.partition("=")[::2] for piece in rest)
        try:
            quality = float(pairs.pop("q", "1"))
        except ValueError:
            quality = 1.0
        found.append((-quality, Wanted(media.lower(), pairs)))
    return [wanted for _, wanted in sorted(found, key=lambda item: item[0])]


def form(accept: str) -> tuple[FormName, str]:
    """The form and media type (JSON or YAML) of the answer. 406 if nothing that is wanted can be given."""
    if not accept.strip():
        return "object", JSON
    for wanted in entries(accept):
        media = JSON if wanted.media in (JSON, "*/*", "application/*") else wanted.media
        if media not in KNOWN:
            continue
        transform = wanted.parameters.get("as", "")
        if not transform:
            return "object", media
        if (
            transform in _AS
            and wanted.parameters.get("g") == "meta.k8s.io"
            and wanted.parameters.get("v") in ("v1", "v1beta1")
        ):
            return _AS[transform], media
    if any(wanted.media in OFFERED for wanted in entries(accept)):
        raise status.not_acceptable(OFFERED)
    raise status.no_representation(OFFERED)
