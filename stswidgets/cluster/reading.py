"""Reading one object, and lists of them, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from stswidgets import errors
from stswidgets.cluster import decoding, kinds, transport
from stswidgets.cluster.decoding import Object

PAGE = 500
_RESTARTS = 3

Page = TypeVar("Page", decoding.RowPage, decoding.ObjectPage)


def read(connection: transport.Transport, kind: str, namespace: str | None, name: str) -> Object:
    """One object without managedFields. Raises errors.NotFoundError and the other server errors."""
    return decoding.without_managed_fields(read_managed(connection, kinds.resource(kind), namespace, name))


def read_managed(connection: transport.Transport, resource: kinds.Resource, namespace: str | None, name: str) -> Object:
    """One object with managedFields, as a plan needs it."""
    return connection.request("GET", resource.path(namespace, name)).json()


def find(connection: transport.Transport, resource: kinds.Resource, namespace: str | None, name: str) -> Object | None:
    """As `read_managed`, None where there is no such object."""
    try:
        return read_managed(connection, resource, namespace, name)
    except errors.NotFoundError:
        return None


def list_objects(
    connection: transport.Transport, kind: str, namespace: str | None, *, labels: str = "", fields: str = ""
) -> tuple[list[Object], str]:
    """All objects, with apiVersion and kind (a list leaves them out), and the resourceVersion of the list."""
    resource = kinds.resource(kind)
    found: list[Object] = []
    version = ""
    for page in _pages(connection, resource, namespace, _query(labels, fields), decoding.objects, restart=found.clear):
        version = page.metadata.resource_version
        found += [{"apiVersion": resource.api_version, "kind": resource.kind, **item} for item in page.items or ()]
    return found, version


def list_rows(
    connection: transport.Transport, kind: str, namespace: str | None, *, labels: str = "", fields: str = ""
) -> list[decoding.Row]:
    """The same for large lists: metadata decoded, spec and status as bytes."""
    found: list[decoding.Row] = []
    resource = kinds.resource(kind)
    for page in _pages(connection, resource, namespace, _query(labels, fields), decoding.rows, restart=found.clear):
        found += page.items or ()
    return found


def _pages(
    connection: transport.Transport,
    resource: kinds.Resource,
    namespace: str | None,
    query: dict[str, str],
    decode: Callable[[bytes], Page],
    *,
    restart: Callable[[], None],
) -> Iterator[Page]:
    """Pages of 500 over one snapshot. When the snapshot expires meanwhile (410), `restart` is called and all begins
    again; the third time the error is the caller's."""
    token, restarts = "", 0
    while True:
        try:
            answer = connection.request(
                "GET",
                resource.path(namespace),
                query={**query, "continue": token} if token else query,
                compressed=True,
            )
        except errors.ExpiredError:
            restarts += 1
            if not token or restarts >= _RESTARTS:
                raise
            token = ""
            restart()
            continue
        page = decode(answer.body)
        yield page
        token = page.metadata.continue_
        if not token:
            return


def _query(labels: str, fields: str) -> dict[str, str]:
    asked = {"limit": str(PAGE), "labelSelector": labels, "fieldSelector": fields}
    return {key: value for key, value in asked.items() if value}
