"""Revisions of a set: what is recorded, how it is named, when two are the same.

Rules of `pkg/controller/history/controller_history.go` and `pkg/controller/statefulset/stateful_set_utils.go`
(Kubernetes 1.37). The names come out as a real cluster's do for the same template.
"""

from __future__ import annotations

import json
from typing import Any

from stswidgets.simulator.controllers import owners

Json = dict[str, Any]

HASH = "controller.kubernetes.io/hash"
"""The label of a revision; pods carry `identity.REVISION`."""

_SAFE = "bcdfghjklmnpqrstvwxz2456789"  # letters that form no words (apimachinery `util/rand`)
_PREFIX_LIMIT = 223


def patch_of(template: Json) -> Json:
    """The patch that brings a template back, which a revision records."""
    return {"spec": {"template": {**template, "$patch": "replace"}}}


def data_of(template: Json) -> Json:
    """`patch_of` with its keys sorted, as it is stored: `kubectl rollout undo` compares its bytes with its own JSON."""
    recorded: Json = json.loads(encode(patch_of(template)))
    return recorded


def template_of(revision: Json) -> Json:
    """The template that a revision brings back."""
    recorded = ((revision.get("data") or {}).get("spec") or {}).get("template") or {}
    return {key: value for key, value in recorded.items() if key != "$patch"}


def encode(data: Json) -> bytes:
    """JSON as Go writes it from a map: sorted keys, no spaces, and `<`, `>`, `&` escaped."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode()


def hash_of(data: Json, collisions: int) -> str:
    """The hash in a revision's name and label: FNV-1 of the data and the collision count, in safe letters."""
    value = 0x811C9DC5
    for byte in encode(data) + str(collisions).encode():
        value = (value * 0x01000193) & 0xFFFFFFFF
        value ^= byte
    return "".join(_SAFE[ord(digit) % len(_SAFE)] for digit in str(value))


def name_of(statefulset: Json, hashed: str) -> str:
    """A revision's name."""
    return f"{statefulset['metadata']['name'][:_PREFIX_LIMIT]}-{hashed}"


def new(statefulset: Json, number: int, collisions: int) -> Json:
    """The revision of a set's present template, with the set's annotations as they are now."""
    template = statefulset["spec"]["template"]
    data = data_of(template)
    hashed = hash_of(data, collisions)
    metadata: Json = {
        "name": name_of(statefulset, hashed),
        "namespace": statefulset["metadata"]["namespace"],
        "labels": {**((template.get("metadata") or {}).get("labels") or {}), HASH: hashed},
        "ownerReferences": [owners.controller_reference(statefulset)],
    }
    if statefulset["metadata"].get("annotations"):
        metadata["annotations"] = statefulset["metadata"]["annotations"]
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": metadata,
        "data": data,
        "revision": number,
    }


def ordered(revisions: list[Json]) -> list[Json]:
    """Revisions from the oldest number to the newest; equal numbers by age, then by name."""
    return sorted(
        revisions,
        key=lambda item: (item["revision"], item["metadata"].get("creationTimestamp", ""), item["metadata"]["name"]),
    )


def next_number(revisions: list[Json]) -> int:
    """The number of the next revision, given the ordered ones."""
    number: int = revisions[-1]["revision"] + 1 if revisions else 1
    return number


def surplus(revisions: list[Json], live: set[str], limit: int) -> list[Json]:
    """The revisions beyond the history limit, oldest first. Live ones are neither counted nor taken."""
    history = [revision for revision in revisions if revision["metadata"]["name"] not in live]
    if limit < 0 or len(history) <= limit:
        return []
    return history[: len(history) - limit]
