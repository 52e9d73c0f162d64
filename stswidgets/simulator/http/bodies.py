"""Request bodies: JSON and YAML into plain values, with the fields that stand there twice.

Rules: k8s.io/apimachinery `pkg/runtime/serializer/json`.
"""

from __future__ import annotations

import json
from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.http import protobuf, syntax

Json = dict[str, Any]

JSON = "application/json"
YAML = "application/yaml"
PROTOBUF = "application/vnd.kubernetes.protobuf"
ACCEPTED = (JSON, YAML, PROTOBUF)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object whose fields are still as they were written."""


def _duplicates(value: Any, path: str, found: list[str]) -> None:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, child in value:
            inner = f"{path}.{key}" if path else key
            if key in seen:
                found.append(inner)
            seen.add(key)
            _duplicates(child, inner, found)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _duplicates(child, f"{path}[{index}]", found)


def read_json(body: bytes) -> tuple[Any, tuple[str, ...]]:
    """The value of a JSON body, and what is wrong with it for a strict reader. ValueError if it is no JSON."""
    twice = False

    def pairs(items: list[tuple[str, Any]]) -> Json:
        nonlocal twice
        made = dict(items)
        twice = twice or len(made) != len(items)
        return made

    try:
        text = body.decode()
        value = json.loads(text, object_pairs_hook=pairs)
    except UnicodeDecodeError as error:
        raise ValueError("invalid UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(syntax.told(error, body)) from error
    if not twice:
        return value, ()
    found: list[str] = []
    _duplicates(json.loads(text, object_pairs_hook=_Pairs), "", found)
    return value, tuple(f'duplicate field "{path}"' for path in dict.fromkeys(found))


def read_yaml(body: bytes) -> tuple[Any, tuple[str, ...]]:
    """As `read_json`, of a YAML body: of its first document."""
    from stswidgets.simulator.http import yamls  # noqa: PLC0415 - PyYAML would be a twentieth of each start

    return yamls.read(body)


def write_yaml(value: Any) -> bytes:
    """A document."""
    from stswidgets.simulator.http import yamls  # noqa: PLC0415

    return yamls.write(value)


def media_type(header: str) -> str:
    """The Content-Type without its parameters; JSON if none was sent."""
    return header.split(";", 1)[0].strip().lower() or JSON


def read(body: bytes, content_type: str) -> tuple[Any, tuple[str, ...]]:
    """The value of a body, and what is wrong with it for a strict reader.

    415 for a type that is not read here, 400 for what is not of that type.
    """
    media = media_type(content_type)
    if media not in (JSON, YAML, "application/x-yaml"):
        raise status.unsupported_media_type(ACCEPTED)
    try:
        if media == JSON:
            return read_json(body)
        value, duplicates = read_yaml(body)
    except ValueError as error:
        raise unreadable(str(error), body) from error
    if not duplicates:
        return value, ()
    return value, ("yaml: unmarshal errors:\n" + "\n".join(f"  {item}" for item in duplicates),)


_WHOLE = ("yaml: ", "unexpected GroupVersion")
"""Errors that are no failures of the JSON decoder."""


def unreadable(why: str, body: bytes, kind: str = "Object") -> status.ApiError:
    """400 for a body that cannot be read as an object of a kind."""
    what = why if why.startswith(_WHOLE) else f"couldn't get version/kind; json parse error: {why}"
    return status.bad_request(
        f"the object provided is unrecognized (must be of type {kind}): {what} ({syntax.summary(body)})"
    )


def read_one(body: bytes, content_type: str, kind: str = "Object") -> tuple[Json, tuple[str, ...]]:
    """The object in a body of any of the three types, and what is wrong with it for a strict reader."""
    if media_type(content_type) == PROTOBUF:
        return protobuf.decode(body), ()
    try:
        value, problems = read(body, content_type)
    except status.ApiError as error:
        error.message = error.message.replace("(must be of type Object)", f"(must be of type {kind})")
        raise
    if not isinstance(value, dict):
        raise unreadable(syntax.no_object(value), body, kind)
    _check_type(value, body, kind)
    return value, problems


def _check_type(obj: Json, body: bytes, kind: str) -> None:
    """400 for an object whose apiVersion or kind says nothing."""
    for key, value in obj.items():
        if key in ("apiVersion", "kind") and value is not None and not isinstance(value, str):
            why = f"json: cannot unmarshal {syntax.go_kind(value)} into Go struct field .{key} of type string"
            raise unreadable(why, body, kind)
    if (obj.get("apiVersion") or "").count("/") > 1:
        raise unreadable(f"unexpected GroupVersion string: {obj['apiVersion']}", body, kind)
