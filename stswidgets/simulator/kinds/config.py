"""ConfigMaps and Secrets."""

from __future__ import annotations

import base64
from typing import Any

from stswidgets.simulator.kinds import cells, pod_defaults, strategy
from stswidgets.simulator.kinds.kind import Column, Kind
from stswidgets.simulator.kinds.rules import causes, metadata, names, plain, secrets
from stswidgets.simulator.kinds.rules.causes import Causes

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


SIZE_LIMIT = 1024 * 1024


def rules(obj: Json) -> Causes:
    """Keys and size of a ConfigMap or Secret; what is immutable is said so."""
    found: Causes = []
    data, binary = obj.get("data") or {}, obj.get("binaryData") or {}
    for key in data:
        found += causes.all_of(f"data[{key}]", key, names.config_key(key))
        if key in binary:
            found.append(causes.invalid(f"data[{key}]", key, "duplicate of key present in binaryData"))
    for key in binary:
        found += causes.all_of(f"binaryData[{key}]", key, names.config_key(key))
    encoded = binary if obj["kind"] == "ConfigMap" else {**binary, **data}
    size = sum(len(base64.b64decode(value or "")) for value in encoded.values())
    size += sum(len(value.encode()) for value in data.values()) if obj["kind"] == "ConfigMap" else 0
    if size > SIZE_LIMIT:
        found.append(causes.too_long("" if obj["kind"] == "ConfigMap" else "data", SIZE_LIMIT))
    return found


def changes(new: Json, old: Json, _subresource: str) -> Causes:
    """An immutable one keeps its data; a Secret keeps its type."""
    found = metadata.check_update(new, old)
    if new["kind"] == "Secret":
        found += causes.immutable("type", new.get("type", ""), old.get("type", ""))
    if old.get("immutable"):
        if not new.get("immutable"):
            found.append(causes.forbidden("immutable", "field is immutable when `immutable` is set"))
        for key in ("data", "binaryData"):
            if (new.get(key) or {}) != (old.get(key) or {}):
                found.append(causes.forbidden(key, "field is immutable when `immutable` is set"))
    return [*found, *rules(new), *(secrets.check(new) if new["kind"] == "Secret" else ())]


CONFIGMAPS = Kind(
    group="",
    version="v1",
    kind="ConfigMap",
    plural="configmaps",
    singular="configmap",
    definition="io.k8s.api.core.v1.ConfigMap",
    short_names=("cm",),
    columns=CONFIGMAP_COLUMNS,
    validate=plain.new(names.dns_subdomain, rules),
    validate_update=changes,
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
    validate=plain.new(names.dns_subdomain, rules, secrets.check),
    validate_update=changes,
    warnings=secrets.warn,
    update_warnings=lambda new, _old: secrets.warn(new),
)
