"""What most kinds do on create and update (k8s.io/kubernetes `pkg/registry/*/strategy.go`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def set_status(obj: Json, status: Any) -> None:
    """Give `obj` another status, or none."""
    if status is None:
        obj.pop("status", None)
    else:
        obj["status"] = status


def reset_status(obj: Json) -> None:
    """A client cannot create an object with a status."""
    if "status" in obj:
        obj["status"] = {}


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
