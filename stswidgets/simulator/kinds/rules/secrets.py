"""Rules about what Secrets of a type must hold (core `ValidateSecret`), and what the server warns of in them."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from stswidgets.simulator.kinds.rules import causes
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import gojson

Json = dict[str, Any]

ACCOUNT = "kubernetes.io/service-account.name"
HIDDEN = "<secret contents redacted>"
DOCKER = {
    "kubernetes.io/dockercfg": ".dockercfg",
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
}
KINDS = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}


def check(secret: Json) -> Causes:
    """What the type wants."""
    kind, data = secret.get("type", ""), secret.get("data") or {}
    if kind == "kubernetes.io/service-account-token":
        given = (secret["metadata"].get("annotations") or {}).get(ACCOUNT)
        return [] if given else [causes.required(f"metadata.annotations[{ACCOUNT}]")]
    if kind in DOCKER:
        return _docker(DOCKER[kind], data)
    if kind == "kubernetes.io/basic-auth":
        keys = ("username", "password")
        return [] if set(keys) & set(data) else [causes.required(f"data[{key}]") for key in keys]
    if kind == "kubernetes.io/ssh-auth":
        return [] if data.get("ssh-privatekey") else [causes.required("data[ssh-privatekey]")]
    if kind == "kubernetes.io/tls":
        return [causes.required(f"data[{key}]") for key in ("tls.crt", "tls.key") if key not in data]
    return []


def _docker(key: str, data: Json) -> Causes:
    if key not in data:
        return [causes.required(f"data[{key}]")]
    raw = base64.b64decode(data[key] or "")
    try:
        value = json.loads(raw.decode("latin-1"))  # byte by byte, as Go names the wrong one
    except ValueError as error:
        return [causes.invalid(f"data[{key}]", HIDDEN, gojson.told(error, raw))]
    if value is None or isinstance(value, dict):
        return []
    what = f"json: cannot unmarshal {KINDS[type(value)]} into Go value of type map[string]interface {{}}"
    return [causes.invalid(f"data[{key}]", HIDDEN, what)]


BLOCK = re.compile(rb"(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n.*?\n-----END \1-----", re.DOTALL)


def warn(secret: Json) -> list[str]:
    """The warning, if the first look finds one; whether certificate and key match is not looked at."""
    if secret.get("type") != "kubernetes.io/tls":
        return []
    data = secret.get("data") or {}
    for key, what in (("tls.crt", "certificate"), ("tls.key", "key")):
        if not BLOCK.search(base64.b64decode(data.get(key) or "")):
            return [f"tls: failed to find any PEM data in {what} input"]
    return []
