"""Bytes of the API into plain objects, cheaply.

The cost of decoding a large list is Python's cyclic garbage collector, not JSON: it walks the new dicts again and
again. It is paused for a page (process-wide, counted, so that threads may overlap). Rows keep `spec` and `status` as
bytes and need no such trick.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from stswidgets import errors

Object = dict[str, Any]
Page = TypeVar("Page", "RowPage", "ObjectPage")


class Owner(msgspec.Struct, frozen=True):
    """An entry of metadata.ownerReferences."""

    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool = False


class Meta(msgspec.Struct, frozen=True, rename="camel"):
    """The part of metadata that a list shows."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    generation: int = 0
    labels: dict[str, str] | None = None
    owner_references: tuple[Owner, ...] | None = None


class Row(msgspec.Struct, frozen=True):
    """An object of a large list: metadata decoded, spec and status as the bytes that came (`decode` opens one)."""

    metadata: Meta
    spec: msgspec.Raw = msgspec.Raw(b"{}")
    status: msgspec.Raw = msgspec.Raw(b"{}")


class ListMeta(msgspec.Struct, frozen=True, rename="camel"):
    """metadata of a list. `continue_` is "" on the last page."""

    resource_version: str = ""
    continue_: str = msgspec.field(default="", name="continue")


class RowPage(msgspec.Struct, frozen=True):
    """A page of rows."""

    metadata: ListMeta
    items: tuple[Row, ...] | None = None


class ObjectPage(msgspec.Struct, frozen=True):
    """A page of whole objects."""

    metadata: ListMeta
    items: list[Object] | None = None


_rows = msgspec.json.Decoder(RowPage)
_objects = msgspec.json.Decoder(ObjectPage)
_lock = threading.Lock()
_pauses = 0
_was_enabled = True


def rows(body: bytes) -> RowPage:
    """Raises errors.UnavailableError for a body that is no list."""
    return _decoded(_rows, body)


def objects(body: bytes) -> ObjectPage:
    """Objects without metadata.managedFields. Raises errors.UnavailableError for a body that is no list."""
    with paused_collector():
        page = _decoded(_objects, body)
        for item in page.items or ():
            without_managed_fields(item)
    return page


def decode(raw: msgspec.Raw) -> Any:
    """The value of a row's spec or status."""
    return msgspec.json.decode(raw)


def without_managed_fields(item: Object) -> Object:
    """The same object; who manages which field is a third of it and is read where a plan needs it."""
    metadata = item.get("metadata")
    if isinstance(metadata, dict):
        metadata.pop("managedFields", None)
    return item


@contextmanager
def paused_collector() -> Iterator[None]:
    """No cyclic garbage collection inside; nests, across threads."""
    global _pauses, _was_enabled  # noqa: PLW0603 - the collector is the process's, and so is its count
    with _lock:
        if _pauses == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if _pauses == 0 and _was_enabled:
                gc.enable()


def _decoded(decoder: msgspec.json.Decoder[Page], body: bytes) -> Page:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        raise errors.UnavailableError(
            {"code": 200, "reason": "NotAList", "message": f"The answer is not a list: {error}"}
        ) from error
