"""The reflector: a list that stays current, as a generator of batches.

The rules are client-go's: list in pages, watch from the list's resourceVersion with bookmarks, go on from the last
version seen after a clean end, list again after 410, back off with jitter after failures, load credentials again after
401, stop at 403 and 404. A relist is compared with what is known by uid and resourceVersion, and only the differences
are given out. What cannot be decoded is left out; it never ends the stream.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec
import urllib3

from stswidgets import errors
from stswidgets.cluster import answers, decoding, kinds, reading, stopping, transport
from stswidgets.cluster.decoding import Object

State = Literal["connecting", "live", "stale", "lost", "forbidden", "stopped"]
_BROKEN = (urllib3.exceptions.HTTPError, OSError)


@dataclass(frozen=True)
class Change:
    """One object that came, changed or went. Of one that went between two lists only the metadata is known."""

    type: Literal["added", "changed", "removed"]
    object: Object


@dataclass(frozen=True)
class Batch:
    """What came together, and how the watch stands since when.

    live: current. stale: a moment ago it was; it is being tried again. lost: nobody has answered for a while; still
    tried. forbidden: refused (403, 404) and given up. `synced` marks the batch that completes a list.
    """

    changes: tuple[Change, ...]
    state: State
    since: datetime
    error: errors.StsWidgetsError | None = None
    synced: bool = False


class _Event(msgspec.Struct):
    type: str
    object: msgspec.Raw


_events = msgspec.json.Decoder(_Event)


class Reflector:
    """One kind, one selection. `batches()` runs in the caller's thread until `stop` is set or access is refused."""

    def __init__(
        self,
        connection: transport.Transport,
        kind: str,
        namespace: str | None,
        *,
        labels: str = "",
        fields: str = "",
        stop: stopping.Stop,
    ) -> None:
        self._connection = connection
        self._resource = kinds.resource(kind)
        self._namespace = namespace
        self._labels = labels
        self._fields = fields
        self._stop = stop
        self._known: dict[str, tuple[str, Object]] = {}
        self._version = ""
        self._state: State = "connecting"
        self._since = datetime.now(UTC)
        self._failures = 0
        self._failing_from = 0.0

    def batches(self) -> Iterator[Batch]:
        """Batches until the end. The first one says `connecting`."""
        yield self._batch()
        while not self._stop.is_set():
            try:
                if not self._version:
                    yield self._relist()
                started = time.monotonic()
                yield from self._watch()
                self._stop.wait(self._connection.timing.pause_shortest - (time.monotonic() - started))
            except errors.ExpiredError:
                self._version = ""
                self._stop.wait(self._connection.timing.pause_shortest * random.uniform(0.0, 1.0))  # noqa: S311 - jitter
            except (errors.ForbiddenError, errors.NotFoundError) as error:
                yield self._moved("forbidden", error)
                return
            except errors.StsWidgetsError as error:
                if not self._stop.is_set():
                    yield self._failed(error)
                    self._stop.wait(self._pause(error))
        yield self._moved("stopped")

    def _relist(self) -> Batch:
        items, version = reading.list_objects(
            self._connection, self._resource.plural, self._namespace, labels=self._labels, fields=self._fields
        )
        before, self._known = self._known, {}
        changes: list[Change] = []
        for item in items:
            uid, seen = self._remember(item)
            if uid not in before:
                changes.append(Change("added", item))
            elif before[uid][0] != seen:
                changes.append(Change("changed", item))
        gone = [Change("removed", stub) for uid, (_, stub) in before.items() if uid not in self._known]
        self._version = version
        self._succeeded()
        return self._moved("live", changes=(*gone, *changes), synced=True)

    def _watch(self) -> Iterator[Batch]:
        """One watch request, from its start to its end. Raises the server's and the connection's errors."""
        timing = self._connection.timing
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(random.randint(*timing.watch_length)),  # noqa: S311 - spreads reconnections
        }
        if self._labels:
            query["labelSelector"] = self._labels
        if self._fields:
            query["fieldSelector"] = self._fields
        path = self._resource.path(self._namespace)
        with (
            self._connection.stream(path, query=query, read=timing.watch_read) as response,
            self._stop.interrupting(transport.interrupt(response)),
        ):
            self._succeeded()
            if self._state != "live":
                yield self._moved("live")
            for lines in _lines(response, self._connection):
                changes = tuple(change for line in lines for change in self._change(line))
                if changes:
                    yield self._moved("live", changes=changes)

    def _change(self, line: bytes) -> Iterator[Change]:
        try:
            event = _events.decode(line)
            item = msgspec.json.decode(event.object)
        except msgspec.DecodeError:
            return  # a torn or foreign line: the next list has the object again
        if event.type == "ERROR":
            raise answers.failure(int(item.get("code") or 500), bytes(event.object))
        metadata = item.get("metadata") or {}
        self._version = metadata.get("resourceVersion") or self._version
        if event.type == "BOOKMARK":
            return
        item = decoding.without_managed_fields(item)
        if event.type == "DELETED":
            self._known.pop(metadata.get("uid", ""), None)
            yield Change("removed", item)
        else:
            known = metadata.get("uid") in self._known
            self._remember(item)
            yield Change("changed" if known else "added", item)

    def _remember(self, item: Object) -> tuple[str, str]:
        metadata = item.get("metadata") or {}
        uid, version = str(metadata.get("uid", "")), str(metadata.get("resourceVersion", ""))
        stub = {"metadata": {key: metadata[key] for key in ("name", "namespace", "uid") if key in metadata}}
        self._known[uid] = (version, stub)
        return uid, version

    def _succeeded(self) -> None:
        self._failures = 0

    def _failed(self, error: errors.StsWidgetsError) -> Batch:
        if self._failures == 0:
            self._failing_from = time.monotonic()
        self._failures += 1
        long_ago = time.monotonic() - self._failing_from >= self._connection.timing.lost_after
        return self._moved("lost" if long_ago or not self._known_once() else "stale", error)

    def _known_once(self) -> bool:
        return bool(self._version or self._known)

    def _pause(self, error: errors.StsWidgetsError) -> float:
        """Seconds: doubling, with jitter, and at least what the server asked for."""
        timing = self._connection.timing
        asked = getattr(error, "retry_after", None) or 0.0
        grown = min(timing.backoff_longest, timing.backoff_first * 2 ** min(self._failures - 1, 16))
        return float(max(asked, grown * random.uniform(0.5, 1.5)))  # noqa: S311 - jitter

    def _moved(
        self,
        state: State,
        error: errors.StsWidgetsError | None = None,
        *,
        changes: tuple[Change, ...] = (),
        synced: bool = False,
    ) -> Batch:
        if state != self._state:
            self._state, self._since = state, datetime.now(UTC)
        return self._batch(changes, error, synced)

    def _batch(
        self, changes: tuple[Change, ...] = (), error: errors.StsWidgetsError | None = None, synced: bool = False
    ) -> Batch:
        return Batch(changes, self._state, self._since, error, synced)


def _lines(response: urllib3.BaseHTTPResponse, connection: transport.Transport) -> Iterator[list[bytes]]:
    """The complete lines of a stream, as many at a time as have come. A silence that is too long ends it cleanly: the
    watch goes on from the last version, and a server that is gone shows then."""
    rest = b""
    try:
        for chunk in response.stream(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            if lines:
                yield [line for line in lines if line.strip()]
    except urllib3.exceptions.ReadTimeoutError:
        return
    except _BROKEN as error:
        raise connection.unreachable(error) from error
