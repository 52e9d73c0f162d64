"""OpenAPI v3: an index, and a document for each group and version, made from the table of types.

kubectl reads it before it creates, applies or explains: which resources there are, whether `fieldValidation` is known,
and the types. Descriptions are left out.

OpenAPI v2 names no type: all that asks for it is kubectl before it applies a `List`, whose items it then lets pass for
the server to judge.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from aiohttp import web

from stswidgets.simulator import status
from stswidgets.simulator.http import discovery
from stswidgets.simulator.http.exchange import Exchange
from stswidgets.simulator.kinds import registry
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.schema import types

Json = dict[str, Any]

_ROOT = "openapi/v3"
_V2 = "openapi/v2"
_V2_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
_V2_GIVEN = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"  # `@` is not allowed in a media type
_JSON = "application/json"
_ACTIONS = {
    "get": "get", "list": "list", "create": "post", "update": "put", "patch": "patch", "delete": "delete",
    "deletecollection": "deletecollection",
}  # fmt: skip


def answer(exchange: Exchange) -> web.Response | None:
    """The index, a document, or None for other paths."""
    path = exchange.path.strip("/")
    if path == _ROOT:
        return exchange.json(index())
    if not path.startswith(f"{_ROOT}/"):
        return _empty(exchange) if path == _V2 else None
    found = document(path.removeprefix(f"{_ROOT}/"))
    if found is None:
        raise status.no_such_path()
    body, digest = found
    response = exchange.answer(body)
    response.headers["ETag"] = f'"{digest}"'
    if exchange.parameters.text("hash") == digest:
        response.headers["Cache-Control"] = "public, immutable"
        response.headers["Vary"] = "Accept"
    return response


def _empty(exchange: Exchange) -> web.Response:
    """A document of OpenAPI v2 without types, in JSON or as the message that kubectl insists on."""
    title, version = "Kubernetes", discovery.VERSION["gitVersion"]
    if not any(media in exchange.accept for media in (_V2_ASKED, _V2_GIVEN)):
        return exchange.json({"swagger": "2.0", "info": {"title": title, "version": version}, "paths": {}})
    info = _text(1, title) + _text(2, version)
    return exchange.answer(_text(1, "2.0") + _text(2, info), media=_V2_GIVEN)


def _text(number: int, value: str | bytes) -> bytes:
    """A short field of a protobuf message (gnostic `openapiv2/OpenAPIv2.proto`): under 128 bytes."""
    data = value.encode() if isinstance(value, str) else value
    return bytes((number << 3 | 2, len(data))) + data


@functools.cache
def index() -> Json:
    """Where the documents are."""
    names = [
        "api/v1",
        *(f"apis/{group}/{version}" for group, all_of in discovery.group_versions().items() for version in all_of),
    ]
    paths: dict[str, Json] = {}
    for name in names:
        found = document(name)
        if found is not None:
            paths[name] = {"serverRelativeURL": f"/{_ROOT}/{name}?hash={found[1]}"}
    return {"paths": paths}


@functools.cache
def document(name: str) -> tuple[bytes, str] | None:
    """The document of `api/v1` or `apis/GROUP/VERSION` and its hash; None if that is not served."""
    parts = name.split("/")
    group, version = ("", parts[1]) if parts[0] == "api" and len(parts) == 2 else ("", "")
    if parts[0] == "apis" and len(parts) == 3:
        group, version = parts[1], parts[2]
    kinds = [kind for kind in registry.REGISTRY.kinds if (kind.group, kind.version) == (group, version)]
    reviews = {
        name: schema
        for name, schema in types.definitions().items()
        if any(
            (item["group"], item["version"]) == (group, version)
            for item in schema.get("x-kubernetes-group-version-kind", ())
        )
    }
    if not version or not (kinds or reviews):
        return None
    roots = {kind.definition for kind in kinds} | set(reviews)
    paths = dict(item for kind in kinds for item in _paths(kind, f"/{name}"))
    made = {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": discovery.VERSION["gitVersion"]},
        "paths": paths,
        "components": {"schemas": _closure(roots)},
    }
    body = msgspec.json.encode(made)
    return body, hashlib.sha256(body).hexdigest().upper()


def _closure(roots: set[str]) -> dict[str, Json]:
    """Definitions with all that they refer to."""
    every = types.definitions()
    found: dict[str, Json] = {}
    waiting = [name for name in sorted(roots) if name in every]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = every[name]
            waiting.extend(item for item in _references(every[name]) if item in every)
    return dict(sorted(found.items()))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "$ref" and isinstance(child, str):
                yield child.removeprefix(types.REFERENCE)
            else:
                yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)


def _paths(kind: Kind, root: str) -> Iterator[tuple[str, Json]]:
    """The collection, the object and its subresources."""
    base = f"{root}/namespaces/{{namespace}}/{kind.plural}" if kind.namespaced else f"{root}/{kind.plural}"
    yield base, _item(kind, ("list", "create", "deletecollection"))
    yield f"{base}/{{name}}", _item(kind, ("get", "update", "patch", "delete"))
    if kind.has_status:
        yield f"{base}/{{name}}/status", _item(kind, ("get", "update", "patch"))


def _item(kind: Kind, verbs: tuple[str, ...]) -> Json:
    made: Json = {"parameters": _common(kind, named="get" in verbs)}
    for verb in verbs:
        if verb in kind.verbs:
            made["delete" if verb == "deletecollection" else _ACTIONS[verb]] = _operation(kind, verb)
    return made


def _common(kind: Kind, *, named: bool) -> list[Json]:
    names = (["name"] if named else []) + (["namespace"] if kind.namespaced else [])
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _operation(kind: Kind, verb: str) -> Json:
    reference = {"$ref": types.REFERENCE + kind.definition}
    content = {_JSON: {"schema": reference}}
    made: Json = {
        "responses": {"200": {"description": "OK", "content": content}},
        "x-kubernetes-action": _ACTIONS[verb],
        "x-kubernetes-group-version-kind": {"group": kind.group, "version": kind.version, "kind": kind.kind},
    }
    if verb in ("create", "update", "patch"):
        names = ["dryRun", "fieldManager", "fieldValidation"] + (["force"] if verb == "patch" else [])
        made["parameters"] = [
            {"name": name, "in": "query", "schema": {"type": "boolean" if name == "force" else "string"}}
            for name in names
        ]
        made["requestBody"] = {"content": content, "required": True}
    return made
