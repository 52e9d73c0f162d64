"""Request bodies: JSON and YAML into plain values, with the fields that stand there twice.

Rules: k8s.io/apimachinery `pkg/runtime/serializer/json`, sigs.k8s.io/yaml (YAML 1.1 booleans, no timestamps).
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import yaml

from stswidgets.simulator import status
from stswidgets.simulator.http import protobuf

Json = dict[str, Any]

JSON = "application/json"
YAML = "application/yaml"
PROTOBUF = "application/vnd.kubernetes.protobuf"
ACCEPTED = (JSON, YAML, PROTOBUF)

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Loader):  # type: ignore[misc, valid-type]  # the C loader where libyaml is there
    """YAML as sigs.k8s.io/yaml reads it: what looks like a date stays text."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


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
    """The value of a JSON body and the paths of fields that it has twice. ValueError if it is no JSON."""
    twice = False

    def pairs(items: list[tuple[str, Any]]) -> Json:
        nonlocal twice
        made = dict(items)
        twice = twice or len(made) != len(items)
        return made

    value = json.loads(body, object_pairs_hook=pairs)
    if not twice:
        return value, ()
    found: list[str] = []
    _duplicates(json.loads(body, object_pairs_hook=_Pairs), "", found)
    return value, tuple(dict.fromkeys(found))


def read_yaml(body: bytes) -> Any:
    """The value of a YAML body. ValueError if it is none."""
    try:
        loaded = yaml.load(body, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader with fewer types
    except yaml.YAMLError as error:
        place = re.search(r"line (\d+)", str(error))
        raise ValueError(f"yaml: line {place.group(1) if place else 0}: {getattr(error, 'problem', error)}") from error
    return json.loads(msgspec.json.encode(loaded))


def media_type(header: str) -> str:
    """The Content-Type without its parameters; JSON if none was sent."""
    return header.split(";", 1)[0].strip().lower() or JSON


def read(body: bytes, content_type: str) -> tuple[Any, tuple[str, ...]]:
    """The value of a body. 415 for a type that is not read here, 400 for what is not of that type."""
    media = media_type(content_type)
    if media not in (JSON, YAML, "application/x-yaml"):
        raise status.unsupported_media_type(ACCEPTED)
    try:
        if media == JSON:
            return read_json(body)
        return read_yaml(body), ()
    except ValueError as error:
        raise unreadable(error) from error


def unreadable(error: ValueError) -> status.ApiError:
    """400 for a body that does not parse."""
    what = f"json parse error: {error}" if not str(error).startswith("yaml") else str(error)
    return status.bad_request(
        f"the object provided is unrecognized (must be of type Object): couldn't get version/kind; {what}"
    )


def read_one(body: bytes, content_type: str) -> Json:
    """The object in a body, in any of the three types. 400 if it is none."""
    if media_type(content_type) == PROTOBUF:
        return protobuf.decode(body)
    value, _ = read(body, content_type)
    if not isinstance(value, dict):
        raise unreadable(ValueError("json: cannot unmarshal into Go value of type struct"))
    return value
