"""`pods/log`: what a container wrote, in part, with times, and as it goes on.

Rules: k8s.io/api `core/v1` PodLogOptions, kubernetes `pkg/apis/core/validation` ValidatePodLogOptions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status
from stswidgets.simulator.http import containers
from stswidgets.simulator.http.exchange import Exchange, Served
from stswidgets.simulator.http.faces import Faces, LogLine
from stswidgets.simulator.http.parameters import Parameters

Json = dict[str, Any]

LOOK_EVERY = 0.2
"""Seconds between looks at a log that is followed."""


class LogOptions(msgspec.Struct, frozen=True):
    """PodLogOptions. `since` is a moment."""

    container: str = ""
    follow: bool = False
    previous: bool = False
    timestamps: bool = False
    since: datetime | None = None
    tail: int | None = None
    limit: int | None = None


def options(parameters: Parameters, name: str, now: datetime) -> LogOptions:
    """The options of a request. 422 for numbers and combinations that make no sense."""
    tail, limit, seconds = (parameters.number(key) for key in ("tailLines", "limitBytes", "sinceSeconds"))
    causes: list[status.Cause] = []
    if tail is not None and tail < 0:
        causes.append(_invalid("tailLines", tail, "must be greater than or equal to 0"))
    if limit is not None and limit < 1:
        causes.append(_invalid("limitBytes", limit, "must be greater than 0"))
    since_time = parameters.text("sinceTime")
    if seconds is not None and since_time:
        why = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        causes.append(status.Cause("", "FieldValueForbidden", why))
    elif seconds is not None and seconds < 1:
        causes.append(_invalid("sinceSeconds", seconds, "must be greater than 0"))
    if causes:
        raise status.invalid("", "PodLogOptions", name, causes)
    since = now - timedelta(seconds=seconds) if seconds else _moment(since_time)
    return LogOptions(
        container=parameters.text("container"),
        follow=parameters.flag("follow"),
        previous=parameters.flag("previous"),
        timestamps=parameters.flag("timestamps"),
        since=since,
        tail=tail,
        limit=limit,
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return clock.moment(text)
    except ValueError as error:
        raise status.bad_request(
            f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"'
        ) from error


def _invalid(field: str, value: int, why: str) -> status.Cause:
    return status.Cause(field, "FieldValueInvalid", f"Invalid value: {value}: {why}")


def written(lines: Sequence[LogLine], *, timestamps: bool) -> bytes:
    """Lines as they go over the wire."""
    if timestamps:
        return "".join(f"{_nanoseconds(moment)} {text}\n" for moment, text in lines).encode()
    return "".join(f"{text}\n" for _, text in lines).encode()


def _nanoseconds(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


async def answer(exchange: Exchange, served: Served, api: apis.Api, faces: Faces) -> web.StreamResponse:
    """The log that a request asks for."""
    name = served.target.name
    pod = api.read(served.kind, served.namespace, name).obj
    wanted = options(exchange.parameters, name, api.clock.now())
    container = containers.choose(pod, wanted.container)
    if not pod["spec"].get("nodeName"):
        return exchange.answer(b"", media="text/plain")
    containers.check_started(pod, container, previous=wanted.previous)
    lines = list(faces.logs(pod, container, previous=wanted.previous))
    shown = [line for line in lines if wanted.since is None or line[0] >= wanted.since]
    if wanted.tail is not None:
        shown = shown[len(shown) - min(wanted.tail, len(shown)) :]
    body = written(shown, timestamps=wanted.timestamps)
    if wanted.limit is not None:
        body = body[: wanted.limit]
    if not wanted.follow or wanted.previous:
        return exchange.answer(body, media="text/plain")
    response = web.StreamResponse(headers={"Content-Type": "text/plain", "Cache-Control": "no-cache, private"})
    response.enable_chunked_encoding()
    await response.prepare(exchange.request)
    if body:
        await response.write(body)
    follow = _Follow(served, api, faces, container, len(lines))
    async for more in follow.chunks(pod, timestamps=wanted.timestamps):
        await response.write(more)
    await response.write_eof()
    return response


class _Follow:
    """A log that goes on until its container ends."""

    def __init__(self, served: Served, api: apis.Api, faces: Faces, container: str, seen: int) -> None:
        self._served = served
        self._api = api
        self._faces = faces
        self._container = container
        self._seen = seen

    async def chunks(self, pod: Json, *, timestamps: bool) -> Any:
        """What is written after the first look, as it is written."""
        identity = (pod["metadata"]["uid"], containers.state(pod, self._container).get("containerID"))
        while True:
            stored = self._api.store.get(self._served.kind, self._served.namespace, self._served.target.name)
            now = stored.obj if stored else None
            same = now is not None and identity == (
                now["metadata"]["uid"],
                containers.state(now, self._container).get("containerID"),
            )
            if same and now is not None:
                pod = now
            lines = self._faces.logs(pod, self._container)
            if len(lines) > self._seen:
                yield written(lines[self._seen :], timestamps=timestamps)
                self._seen = len(lines)
            if not same or not containers.running(pod, self._container):
                return
            await asyncio.sleep(LOOK_EVERY)
