"""What most kinds do on create and update (k8s.io/kubernetes `pkg/registry/*/strategy.go`)."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from stswidgets.simulator.schema import codec, types

Json = dict[str, Any]


def set_status(obj: Json, status: Any) -> None:
    """Give `obj` another status, or none."""
    if status is None:
        obj.pop("status", None)
    else:
        obj["status"] = status


@functools.cache
def _kinds() -> dict[tuple[str, str], str]:
    """(apiVersion, kind) -> definition, for all types that are objects."""
    found = {}
    for name, schema in types.definitions().items():
        for gvk in schema.get("x-kubernetes-group-version-kind", ()):
            version = f"{gvk['group']}/{gvk['version']}" if gvk["group"] else gvk["version"]
            found[version, gvk["kind"]] = name
    return found


@functools.cache
def _zero_status(api_version: str, kind: str) -> str:
    field = types.node(_kinds()[api_version, kind]).fields.get("status")
    return json.dumps(codec.zero(field.node) if field else None)


def reset_status(obj: Json) -> None:
    """A client cannot create an object with a status: it begins with zeros."""
    status = json.loads(_zero_status(obj["apiVersion"], obj["kind"]))
    set_status(obj, status)


def first_generation(obj: Json) -> None:
    """A new object has no status and generation 1."""
    reset_status(obj)
    obj["metadata"]["generation"] = 1


def generation(new: Json, old: Json) -> None:
    """Generation counts the changes of spec."""
    number = old["metadata"].get("generation")
    if number is not None:
        new["metadata"]["generation"] = number + (new.get("spec") != old.get("spec"))


def update(new: Json, old: Json, subresource: str) -> None:
    """Spec and metadata alone on the main resource; status alone on `status`."""
    if subresource == "status":
        if "spec" in old:
            new["spec"] = old["spec"]
        else:
            new.pop("spec", None)
        return
    set_status(new, old.get("status"))


def counted_update(new: Json, old: Json, subresource: str) -> None:
    """`update`, and generation."""
    update(new, old, subresource)
    if subresource != "status":
        generation(new, old)


def text(*path: str) -> Callable[[Json], str]:
    """A getter for field selectors: the text at a path, empty where there is none."""

    def get(obj: Json) -> str:
        value: Any = obj
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value)

    return get
