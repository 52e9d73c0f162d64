"""Watches: what happened since a version, and what happens from now on, one JSON line an event.

Rules: k8s.io/apiserver `pkg/storage/cacher`, `pkg/endpoints/handlers/watch.go`.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from datetime import datetime
from typing import Any

import msgspec

from stswidgets.simulator import selectors, status, store
from stswidgets.simulator.http import lists, tables
from stswidgets.simulator.http.negotiation import FormName
from stswidgets.simulator.http.parameters import Parameters
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]

BOOKMARK_EVERY = 60.0
"""Seconds between bookmarks, and before the end of a watch that has one."""
BACKLOG = 20_000
"""Events that may wait for a slow reader; then its watch is ended, and it has to list again."""
_SHORTEST = 1800  # the server ends a watch without a timeout after 30 to 60 minutes


class Watch:
    """One watch of one client."""

    def __init__(
        self,
        objects: store.Store,
        kind: Kind,
        namespace: str,
        parameters: Parameters,
        form: FormName,
    ) -> None:
        check(parameters)
        self._store = objects
        self._kind = kind
        self._namespace = namespace
        self._selector: selectors.Selector = lists.selector(kind, parameters)
        try:
            self._since = lists.version(parameters)
        except ValueError as error:
            raise status.ApiError(500, "", str(error)) from error
        self._initial = parameters.flag("sendInitialEvents") if parameters.has("sendInitialEvents") else None
        self._bookmarks = parameters.flag("allowWatchBookmarks")
        self._timeout = parameters.number("timeoutSeconds") or random.randint(_SHORTEST, 2 * _SHORTEST)  # noqa: S311
        self._form = form
        self._include = tables.check_include(parameters.text("includeObject"))
        self._columns = True
        self._waiting: deque[store.Event] = deque()
        self._arrived = asyncio.Event()
        self._seen = 0

    async def lines(self, now: Any) -> AsyncGenerator[bytes, None]:
        """The events, as bytes to write at once (none at times). `now()` is the cluster's time (for ages in tables)."""
        unsubscribe = self._store.subscribe(self._kind, self._changed)
        try:
            first = self._beginning(now())
            if isinstance(first, status.ApiError):
                yield _line("ERROR", msgspec.json.encode(first.status()))
                return
            if first:
                yield first
            async for chunk in self._follow(now):
                yield chunk
        finally:
            unsubscribe()

    async def _follow(self, now: Any) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._timeout
        # One a minute, and one two seconds before the end.
        bookmark = loop.time() + min(BOOKMARK_EVERY, self._timeout - 2 if self._timeout > 2 else BOOKMARK_EVERY)
        while True:
            wait = (min(end, bookmark) if self._bookmarks else end) - loop.time()
            try:
                async with asyncio.timeout(max(wait, 0)):
                    await self._arrived.wait()
            except TimeoutError:
                if self._bookmarks and loop.time() < end:
                    bookmark = loop.time() + BOOKMARK_EVERY
                    yield self._bookmark(self._store.version)
                    continue
                if loop.time() >= end:
                    return
            self._arrived.clear()
            if len(self._waiting) > BACKLOG:
                return
            yield b"".join(self._drain(now()))

    def wake(self) -> None:
        """Come round once, even if there is nothing to tell."""
        self._arrived.set()

    def _changed(self, event: store.Event) -> None:
        if self._namespace and event.new.namespace != self._namespace:
            return
        self._waiting.append(event)
        self._arrived.set()

    def _drain(self, now: datetime) -> Iterable[bytes]:
        while self._waiting:
            event = self._waiting.popleft()
            line = self._event(event, now)
            if line:
                yield line

    def _beginning(self, now: datetime) -> bytes | status.ApiError:
        """The events before the first wait: the present objects, or the changes since the client's version."""
        wants_state = self._initial if self._initial is not None else not self._since
        if wants_state:
            items = self._store.list(self._kind, self._namespace)
            made = [self._encode("ADDED", item, now) for item in items if self._selector.matches(item.obj)]
            if self._initial:
                made.append(self._bookmark(self._store.version, initial=True))
            return b"".join(made)
        if not self._since:
            return b""
        past = self._store.since(self._kind, self._since)
        if past is None:
            return status.expired(f"too old resource version: {self._since} ({self._store.version})")
        mine = (event for event in past if not self._namespace or event.new.namespace == self._namespace)
        return b"".join(self._event(event, now) for event in mine)

    def _event(self, event: store.Event, now: datetime) -> bytes:
        """The event as this client sees it: one that starts to fit a selector is new, one that stops is gone."""
        if not self._selector:
            return self._encode(event.type, event.new, now)
        fits = event.type != "DELETED" and self._selector.matches(event.new.obj)
        fitted = event.old is not None and self._selector.matches(event.old.obj)
        if fits:
            return self._encode("MODIFIED" if fitted else "ADDED", event.new, now)
        if fitted and event.old is not None:
            return self._encode("DELETED", _at(event.old, event.new.version), now)
        return b""

    def _encode(self, event_type: str, item: store.Stored, now: datetime) -> bytes:
        if self._form == "object":
            return _line(event_type, raw(self._kind, item))
        if self._form != "table":
            return _line(event_type, msgspec.json.encode(tables.partial(item.obj)))
        metadata = {"resourceVersion": str(item.version)}
        made = tables.table(
            self._kind, [item.obj], now, include=self._include, metadata=metadata, columns=self._columns
        )
        self._columns = False
        return _line(event_type, msgspec.json.encode(made))

    def _bookmark(self, version: int, *, initial: bool = False) -> bytes:
        metadata: Json = {"resourceVersion": str(version)}
        if initial:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        obj: Json = {"kind": self._kind.kind, "apiVersion": self._kind.api_version, "metadata": metadata}
        if self._form == "table":
            obj = {
                "kind": "Table",
                "apiVersion": tables.META,
                "metadata": metadata,
                "columnDefinitions": [],
                "rows": [],
            }
        elif self._form != "object":
            obj = tables.partial(obj)
        return _line("BOOKMARK", msgspec.json.encode(obj))


def check(parameters: Parameters) -> None:
    """422 for combinations that make no sense."""
    causes: list[status.Cause] = []
    match = parameters.text("resourceVersionMatch")
    if parameters.has("sendInitialEvents"):
        if match != "NotOlderThan":
            why = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
            causes.append(status.Cause("resourceVersionMatch", "FieldValueForbidden", why))
    elif match:
        why = "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        causes.append(status.Cause("resourceVersionMatch", "FieldValueForbidden", why))
    if causes:
        raise status.invalid("meta.k8s.io", "ListOptions", "", causes)


def raw(kind: Kind, item: store.Stored) -> bytes:
    """An object as JSON, in the group and version that the client asked."""
    head = b'{"kind":"%s","apiVersion":"%s",' % (kind.kind.encode(), kind.api_version.encode())
    return head + lists.item(kind, item)[1:]


def _at(item: store.Stored, version: int) -> store.Stored:
    metadata = {**item.obj["metadata"], "resourceVersion": str(version)}
    return store.Stored({**item.obj, "metadata": metadata}, version)


def _line(event_type: str, obj: bytes) -> bytes:
    return b'{"type":"%s","object":%s}\n' % (event_type.encode(), obj)
