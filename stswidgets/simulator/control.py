"""The simulator's own paths, which no API server has: its faults and its clock. `remote` is the client's side."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from stswidgets.simulator import clock as clocks
from stswidgets.simulator import faults as failing
from stswidgets.simulator import status

PREFIX = "/simulator/"
"""Only the admin reaches them."""

_STEP = 1.0  # seconds of the cluster between two looks at the requests that wait
_LONGEST = 366 * 86400.0


class _Advance(msgspec.Struct, forbid_unknown_fields=True):
    advance: float


async def answer(request: web.BaseRequest, name: str, faults: failing.Faults, clock: clocks.Clock) -> web.Response:
    """Answer a request to one of the paths; `name` is what follows the prefix. 404 for others."""
    if name == "faults":
        found = await _faults(request, faults)
    elif name == "clock":
        found = await _clock(request, clock)
    else:
        raise status.no_such_path()
    return web.Response(body=msgspec.json.encode(found), headers={"Content-Type": "application/json"})


async def _faults(request: web.BaseRequest, faults: failing.Faults) -> dict[str, object]:
    """POST arms one, GET shows those that are armed, DELETE disarms all."""
    if request.method == "POST":
        try:
            fault = msgspec.json.decode(await request.read(), type=failing.Fault)
        except msgspec.DecodeError as error:
            raise status.bad_request(f"this is no fault: {error}") from error
        problem = fault.problem()
        if problem:
            raise status.bad_request(problem)
        faults.add(fault)
    elif request.method == "DELETE":
        faults.clear()
    elif request.method != "GET":
        raise status.method_not_allowed()
    return {"faults": faults.armed}


async def _clock(request: web.BaseRequest, clock: clocks.Clock) -> dict[str, object]:
    """GET tells the time, POST `{"advance": SECONDS}` lets time pass on a stepped clock."""
    if request.method == "POST":
        try:
            wanted = msgspec.json.decode(await request.read(), type=_Advance).advance
        except msgspec.DecodeError as error:
            raise status.bad_request(f"this advances no clock: {error}") from error
        if isinstance(clock, clocks.FastClock):
            raise status.bad_request("the clock runs by itself: only a stepped one can be advanced")
        if not 0 <= wanted <= _LONGEST:
            raise status.bad_request("time passes forwards, and at most a year at once")
        end = clocks.after(clock.now(), wanted)
        while clock.now() < end:
            # In steps, so that watchers are told of what happens while it does.
            clock.advance_to(min(end, clocks.after(clock.now(), _STEP)))
            await asyncio.sleep(0)
        clock.advance(0)
    elif request.method != "GET":
        raise status.method_not_allowed()
    return {"now": clocks.micro_stamp(clock.now())}
