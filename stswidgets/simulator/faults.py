"""Failures on demand: the next requests that fit a rule fail in a way that real networks and servers do.

A rule is armed by the admin's `POST /simulator/faults`, or by `Handle.faults`. It is a JSON object:

    kind      drop (connection closed unanswered), delay, hang (half-open: never answered), status, truncate,
              gone (at once, not for a request: every connection breaks, and none holds for some seconds)
    code      for status: 401, 403, 404, 410, 429, 500, 503 with the words of an API server, or any other from 400 on
    seconds   for delay and gone
    after     for status 429 and 503: Retry-After, in seconds
    method    GET, POST ...; all if absent           path      a part of the path; all if absent
    watch     true: only watches, false: none of them
    midway    true: watches in the middle of their stream: those that are open now at once, later ones with their first
              events. drop breaks the stream off, truncate does so within an event, hang keeps it open in silence, delay
              holds its events back, status sends an event ERROR and ends it
    times     how many requests or streams it strikes (1); 0: until it is cleared
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from aiohttp import web

from stswidgets.simulator import status

Json = dict[str, Any]

KINDS = ("drop", "delay", "hang", "status", "truncate", "gone")
_REASONS = {
    401: ("Unauthorized", "Unauthorized"),
    403: ("Forbidden", "forbidden: a fault on demand"),
    404: ("NotFound", "the server could not find the requested resource"),
    410: ("Expired", "The resourceVersion for the provided watch is too old."),
    429: ("TooManyRequests", "The server has received too many requests and has asked us to try again later"),
    500: ("InternalError", "Internal error occurred: a fault on demand"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
}


class Fault(msgspec.Struct):
    """One armed rule; `times` counts down."""

    kind: str
    code: int = 500
    seconds: float = 1.0
    after: int = 0
    method: str = ""
    path: str = ""
    watch: bool | None = None
    midway: bool = False
    times: int = 1

    def problem(self) -> str:
        """Why it is no fault; empty if it is one."""
        if self.kind not in KINDS:
            return f"a fault's kind is one of {', '.join(KINDS)}"
        if not 400 <= self.code <= 599:
            return f"a fault's code is a failure's, 400 to 599, not {self.code}"
        if self.midway and (self.watch is False or self.method not in ("", "GET")):
            return "only watches have a middle"
        if min(self.seconds, self.after, self.times) < 0:
            return "seconds, after and times are not negative"
        return ""

    def fits(self, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Whether it is about a request."""
        if self.method and self.method != method:
            return False
        watching = query.get("watch", "false").lower() not in ("false", "0")
        return self.path in path and self.watch in (None, watching)

    def status(self) -> Json:
        """The Status of a failing answer."""
        reason, message = _REASONS.get(self.code, ("", "a fault on demand"))
        details = {"retryAfterSeconds": self.after} if self.after else {}
        return status.ApiError(self.code, reason, message, details=details).status()


class Stream:
    """A watch that is open. `wake` lets it write, if only nothing, so that a fault does not wait for an event."""

    def __init__(self, request: web.BaseRequest, path: str, wake: Callable[[], None]) -> None:
        self._request = request
        self._path = path
        self._wake = wake
        self.struck: list[Fault] = []

    def fits(self, fault: Fault) -> bool:
        """Whether a fault is about it."""
        return fault.fits("GET", self._path, self._request.rel_url.query)

    def strike(self, fault: Fault) -> None:
        """Let a fault happen with the next write."""
        self.struck.append(fault)
        self._wake()

    async def write(self, response: web.StreamResponse, chunk: bytes) -> bool:
        """Send a part of the stream; false where it is to end after that. ConnectionResetError where it breaks."""
        while self.struck:
            fault = self.struck.pop(0)
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "hang":
                await asyncio.Event().wait()
            elif fault.kind == "status":
                await response.write(b'{"type":"ERROR","object":%s}\n' % msgspec.json.encode(fault.status()))
                return False
            else:
                if fault.kind == "truncate":
                    await response.write((chunk or b'{"type":"ADDED","object":{')[:20])
                if self._request.transport is not None:
                    self._request.transport.close()  # what was written is sent first
                raise ConnectionResetError("a fault on demand")
        if chunk:
            await response.write(chunk)
        return True


class Faults(msgspec.Struct):
    """The rules that are armed. `away_until` is a time of the loop: until then no connection holds."""

    armed: list[Fault] = []
    away_until: float = 0.0
    _streams: list[Stream] = []

    def add(self, fault: Fault) -> None:
        """Arm a rule. One for the middle of streams strikes those that are open, as many as it may."""
        if fault.kind == "gone":
            self.away_until = asyncio.get_running_loop().time() + fault.seconds
            return
        self.armed.append(fault)
        if fault.midway:
            for stream in self._streams:
                if fault in self.armed and stream.fits(fault):
                    self._use(fault)
                    stream.strike(fault)

    def clear(self) -> None:
        """Disarm all."""
        self.armed.clear()
        self.away_until = 0.0

    def strike(self, method: str, path: str, query: Mapping[str, str]) -> Fault | None:
        """The fault that this request meets, used up by one."""
        if asyncio.get_running_loop().time() < self.away_until:
            return Fault("drop")
        for fault in self.armed:
            if not fault.midway and fault.fits(method, path, query):
                self._use(fault)
                return fault
        return None

    @contextmanager
    def stream(self, request: web.BaseRequest, path: str, wake: Callable[[], None]) -> Iterator[Stream]:
        """A watch, while it is open."""
        stream = Stream(request, path, wake)
        self._streams.append(stream)
        try:
            for fault in list(self.armed):
                if fault.midway and stream.fits(fault):
                    self._use(fault)
                    stream.struck.append(fault)
            yield stream
        finally:
            self._streams.remove(stream)

    def _use(self, fault: Fault) -> None:
        if fault.times == 1:
            self.armed.remove(fault)
        elif fault.times:
            fault.times -= 1


async def happen(fault: Fault, request: web.BaseRequest) -> web.StreamResponse | None:
    """Do what a fault does. None: the request goes on as usual (after a delay)."""
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "hang":
        await asyncio.Event().wait()
    if fault.kind == "status":
        headers = {"Content-Type": "application/json"}
        if fault.after:
            headers["Retry-After"] = str(fault.after)
        return web.Response(body=msgspec.json.encode(fault.status()), status=fault.code, headers=headers)
    if fault.kind == "truncate":
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100000"})
        await response.prepare(request)
        await response.write(b'{"kind":"Sta')
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError("a fault on demand")
