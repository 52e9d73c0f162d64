"""Owner references: who controls an object, and by which reference (apimachinery `meta/v1/controller_ref.go`)."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def references(obj: Json) -> list[Json]:
    """The owner references of an object, never None."""
    return obj["metadata"].get("ownerReferences") or []


def controller_of(obj: Json) -> Json | None:
    """The reference to the object's controller, or None."""
    for reference in references(obj):
        if reference.get("controller"):
            return reference
    return None


def controller_uid(obj: Json) -> str:
    """The controller's uid, or an empty text for an orphan."""
    reference = controller_of(obj)
    return reference["uid"] if reference else ""


def controller_reference(owner: Json) -> Json:
    """The reference that makes `owner` the controller."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def has_owner(obj: Json, owner: Json) -> bool:
    """Whether any reference names `owner` by uid, controller or not."""
    uid = owner["metadata"].get("uid", "")
    return any(reference["uid"] == uid for reference in references(obj))


def names_same(reference: Json, owner: Json) -> bool:
    """Whether a reference is to an object of `owner`'s kind and name, whatever its uid."""
    return bool(
        reference["apiVersion"] == owner["apiVersion"]
        and reference["kind"] == owner["kind"]
        and reference["name"] == owner["metadata"]["name"]
    )


def with_list(obj: Json, field: str, values: list[Any]) -> Json:
    """An object with a list in its metadata (`ownerReferences`, `finalizers`) replaced; an empty one is left out."""
    metadata = {key: value for key, value in obj["metadata"].items() if key != field}
    if values:
        metadata[field] = values
    return {**obj, "metadata": metadata}
