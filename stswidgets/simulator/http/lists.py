"""Lists: in one answer or in pages of one moment.

Rules: k8s.io/apiserver `pkg/storage/{etcd3,continue}.go`, `pkg/apis/meta/internalversion/validation`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from stswidgets.simulator import selectors, status, store
from stswidgets.simulator.http.parameters import Parameters
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]

_EXPIRED = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)


class Page(msgspec.Struct, frozen=True):
    """A part of a list. `metadata` is the list's own."""

    items: list[store.Stored]
    metadata: Json


def selector(kind: Kind, parameters: Parameters) -> selectors.Selector:
    """What a request's selectors want."""
    return selectors.parse(
        parameters.text("labelSelector"),
        parameters.text("fieldSelector"),
        kind.selectable,
        namespaced=kind.namespaced,
    )


def version(parameters: Parameters) -> int | None:
    """The resourceVersion of a request, None if absent. ValueError, with the server's words, if it is no number."""
    text = parameters.text("resourceVersion")
    if not text:
        return None
    if not text.isdigit():
        raise ValueError(
            f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax'
        )
    return int(text)


def _check(parameters: Parameters) -> None:
    """422 for combinations that make no sense."""
    match = parameters.text("resourceVersionMatch")
    causes: list[status.Cause] = []
    field = "resourceVersionMatch"
    if match:
        if parameters.text("continue"):
            causes.append(_forbidden(field, "resourceVersionMatch is forbidden when continue is provided"))
        if not parameters.text("resourceVersion"):
            causes.append(_forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
        if match not in ("Exact", "NotOlderThan"):
            message = f'Unsupported value: "{match}": supported values: "Exact", "NotOlderThan", ""'
            causes.append(status.Cause(field, "FieldValueNotSupported", message))
        if match == "Exact" and parameters.text("resourceVersion") == "0":
            causes.append(_forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    if parameters.flag("sendInitialEvents"):
        causes.append(_forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if causes:
        raise status.invalid("meta.k8s.io", "ListOptions", "", causes)


def _forbidden(field: str, why: str) -> status.Cause:
    return status.Cause(field, "FieldValueForbidden", f"Forbidden: {why}")


def _token(at: int, after: store.Stored) -> str:
    key = f"{after.namespace}/{after.name}\0" if after.namespace else f"{after.name}\0"
    raw = msgspec.json.encode({"v": "meta.k8s.io/v1", "rv": at, "start": key})
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read_token(text: str) -> tuple[int, tuple[str, str]]:
    """The version and the place (namespace, name) behind which a page goes on. 400 if it is no token of ours."""
    try:
        token = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        at, start = int(token["rv"]), str(token["start"])
    except (binascii.Error, msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise status.bad_request(f"invalid continue token: continue key is not valid: {error}") from error
    space, _, name = start.rstrip("\0").rpartition("/")
    return at, (space, name)


def page(objects: store.Store, kind: Kind, namespace: str, parameters: Parameters) -> Page:
    """The list, or the part of it, that a request asks for."""
    _check(parameters)
    wanted = selector(kind, parameters)
    limit = parameters.number("limit") or 0
    token = parameters.text("continue")
    at, items = _moment(objects, kind, namespace, parameters, token)
    if token:
        _, start = _read_token(token)
        items = [item for item in items if (item.namespace, item.name) > start]
    if wanted:
        items = [item for item in items if wanted.matches(item.obj)]
    metadata: Json = {"resourceVersion": str(at)}
    if 0 < limit < len(items):
        left = len(items) - limit
        items = items[:limit]
        metadata["continue"] = _token(at, items[-1])
        if not wanted:
            metadata["remainingItemCount"] = left
    return Page(items, metadata)


def _moment(
    objects: store.Store, kind: Kind, namespace: str, parameters: Parameters, token: str
) -> tuple[int, list[store.Stored]]:
    """All objects, as they were at the moment that the request wants, and that moment's version."""
    if token:
        at, start = _read_token(token)
        if at < 0:
            return objects.version, objects.list(kind, namespace)
        kept = objects.snapshot_at(kind, namespace, at)
        if kept is None:
            raise _too_old(start)
        return at, kept
    try:
        asked = version(parameters)
    except ValueError as error:
        raise status.bad_request(f"invalid resource version: {error}") from error
    if asked and asked > objects.version:
        raise status.too_large_version(asked, objects.version)
    if asked and parameters.text("resourceVersionMatch") == "Exact" and asked != objects.version:
        past = objects.list_at(kind, namespace, asked)
        if past is None:
            raise status.expired("The resourceVersion for the provided list is too old.")
        return asked, past
    if parameters.number("limit"):
        return objects.snapshot(kind, namespace)
    return objects.version, objects.list(kind, namespace)


def _too_old(start: tuple[str, str]) -> status.ApiError:
    """410 for a token whose moment is gone; its own token goes on from the same place in the present."""
    space, name = start
    key = f"{space}/{name}\0" if space else f"{name}\0"
    raw = msgspec.json.encode({"v": "meta.k8s.io/v1", "rv": -1, "start": key})
    return status.expired(_EXPIRED, {"continue": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()})


def item(kind: Kind, stored: store.Stored) -> bytes:
    """An object as it stands in a list of a kind; encoded once, unless it is stored in another form."""
    return store.Stored(kind.shown(stored.obj), stored.version).item if kind.form else stored.item


def body(kind: Kind, found: Page) -> bytes:
    """The list as JSON, from the bytes that were made when its objects were stored."""
    items = (item(kind, stored) for stored in found.items)
    head = {"kind": kind.list_kind, "apiVersion": kind.api_version, "metadata": found.metadata}
    return msgspec.json.encode(head)[:-1] + b',"items":[' + b",".join(items) + b"]}"
