"""Failures on demand: the next requests that fit a rule fail in a way that real networks and servers do.

A rule is armed by the admin's `POST /simulator/faults`, or by `Handle.faults`. It is a JSON object:

    kind      drop (connection closed unanswered), delay, hang (half-open: never answered), status, truncate
    code      for status: 401, 403, 410, 429, 500, 503
              gone (at once, not for a request: every connection breaks, and none holds for some seconds)
    seconds   for delay and gone
    after     for status 429 and 503: Retry-After, in seconds
    method    GET, POST ...; all if absent           path      a part of the path; all if absent
    watch     true: only watches, false: none of them
    times     how many requests it strikes (1); 0: until it is cleared
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Fault:
    """One armed rule; `times` counts down."""

    kind: str
    code: int = 500
    seconds: float = 1.0
    after: int = 0
    method: str = ""
    path: str = ""
    watch: bool | None = None
    times: int = 1

    def fits(self, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Whether it strikes a request."""
        if self.method and self.method != method:
            return False
        watching = query.get("watch", "false").lower() not in ("false", "0")
        return self.path in path and self.watch in (None, watching)


@dataclass(slots=True)
class Faults:
    """The rules that are armed. `away_until` is a time of the loop: until then no connection holds."""

    armed: list[Fault] = field(default_factory=list)
    away_until: float = 0.0

    def add(self, fault: Fault) -> None:
        """Arm a rule."""
        if fault.kind == "gone":
            self.away_until = asyncio.get_running_loop().time() + fault.seconds
        else:
            self.armed.append(fault)

    def clear(self) -> None:
        """Disarm all."""
        self.armed.clear()
        self.away_until = 0.0

    def strike(self, method: str, path: str, query: Mapping[str, str]) -> Fault | None:
        """The fault that this request meets, used up by one."""
        if asyncio.get_running_loop().time() < self.away_until:
            return Fault("drop")
        for fault in self.armed:
            if fault.fits(method, path, query):
                if fault.times == 1:
                    self.armed.remove(fault)
                elif fault.times:
                    fault.times -= 1
                return fault
        return None


async def happen(fault: Fault, request: web.BaseRequest) -> web.StreamResponse | None:
    """Do what a fault does. None: the request goes on as usual (after a delay)."""
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "hang":
        await asyncio.Event().wait()
    if fault.kind == "status":
        reason, message = _REASONS.get(fault.code, ("", "a fault on demand"))
        headers = {"Content-Type": "application/json"}
        if fault.after:
            headers["Retry-After"] = str(fault.after)
        details = {"retryAfterSeconds": fault.after} if fault.after else {}
        body = status.ApiError(fault.code, reason, message, details=details).status()
        return web.Response(body=msgspec.json.encode(body), status=fault.code, headers=headers)
    if fault.kind == "truncate":
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100000"})
        await response.prepare(request)
        await response.write(b'{"kind":"Sta')
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError("a fault on demand")


async def control(faults: Faults, request: web.BaseRequest, name: str) -> web.Response:
    """The control endpoint: POST arms, GET shows, DELETE disarms all."""
    if name != "faults":
        raise status.no_such_path()
    if request.method == "POST":
        try:
            fault = msgspec.json.decode(await request.read(), type=Fault)
        except msgspec.ValidationError as error:
            raise status.bad_request(f"this is no fault: {error}") from error
        if fault.kind not in KINDS:
            raise status.bad_request(f"a fault's kind is one of {', '.join(KINDS)}")
        faults.add(fault)
    elif request.method == "DELETE":
        faults.clear()
    elif request.method != "GET":
        raise status.method_not_allowed()
    body = msgspec.json.encode({"faults": faults.armed})
    return web.Response(body=body, headers={"Content-Type": "application/json"})
