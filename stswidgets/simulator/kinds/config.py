"""ConfigMaps and Secrets."""

from __future__ import annotations

import base64
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind

Json = dict[str, Any]


def default_secret(obj: Json) -> None:
    """A Secret without a type is Opaque; `stringData` goes into `data`."""
    pod_defaults.fill(obj, {"type": "Opaque"})
    encode_string_data(obj)


def encode_string_data(obj: Json) -> None:
    """`stringData` is written into `data` and never read back (core/v1 conversion)."""
    plain = obj.pop("stringData", None) or {}
    if plain:
        data = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
        obj["data"] = dict(sorted({**(obj.get("data") or {}), **data}.items()))


CONFIGMAP_COLUMNS = (
    cells.NAME,
    Column("Data", lambda obj, _: len(obj.get("data") or {}) + len(obj.get("binaryData") or {})),
    cells.AGE,
)
SECRET_COLUMNS = (
    cells.NAME,
    Column("Type", cells.at("type")),
    Column("Data", lambda obj, _: len(obj.get("data") or {})),
    cells.AGE,
)


CONFIGMAPS = Kind(
    group="",
    version="v1",
    kind="ConfigMap",
    plural="configmaps",
    singular="configmap",
    definition="io.k8s.api.core.v1.ConfigMap",
    short_names=("cm",),
    columns=CONFIGMAP_COLUMNS,
)

SECRETS = Kind(
    group="",
    version="v1",
    kind="Secret",
    plural="secrets",
    singular="secret",
    definition="io.k8s.api.core.v1.Secret",
    selectable={"type": strategy.text("type")},
    default=default_secret,
    columns=SECRET_COLUMNS,
)
