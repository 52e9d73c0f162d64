"""What a container writes: the end of it, or on and on."""

from __future__ import annotations

from collections.abc import Iterator

import urllib3

from stswidgets.cluster import kinds, stopping, transport

_QUIET = 3600.0  # a container may be silent for long; TCP keep-alive finds a dead connection


def read(
    connection: transport.Transport,
    namespace: str,
    pod: str,
    *,
    container: str = "",
    previous: bool = False,
    tail: int | None = 500,
    since_seconds: int | None = None,
    timestamps: bool = False,
    limit_bytes: int | None = 2_000_000,
) -> str:
    """The last `tail` lines (None: all), at most `limit_bytes`. Raises the server's errors: InvalidError and
    ServerError(400) while the container has not started yet."""
    query = _query(container, tail, since_seconds, timestamps)
    if previous:
        query["previous"] = "true"
    if limit_bytes is not None:
        query["limitBytes"] = str(limit_bytes)
    path = kinds.resource("pods").path(namespace, pod, "log")
    return connection.request("GET", path, query=query, accept="*/*").body.decode("utf-8", "replace")


def follow(
    connection: transport.Transport,
    namespace: str,
    pod: str,
    *,
    stop: stopping.Stop,
    container: str = "",
    tail: int | None = 500,
    since_seconds: int | None = None,
    timestamps: bool = False,
) -> Iterator[str]:
    """Lines as they come, without their ends, until the container ends or `stop` is set.

    Raises errors.UnreachableError when the connection breaks off.
    """
    query = {**_query(container, tail, since_seconds, timestamps), "follow": "true"}
    path = kinds.resource("pods").path(namespace, pod, "log")
    with (
        connection.stream(path, query=query, accept="*/*", read=_QUIET) as response,
        stop.interrupting(transport.interrupt(response)),
    ):
        rest = b""
        try:
            for chunk in response.stream(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from (line.decode("utf-8", "replace") for line in lines)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if not stop.is_set():
                raise connection.unreachable(error) from error
        if rest:
            yield rest.decode("utf-8", "replace")


def _query(container: str, tail: int | None, since_seconds: int | None, timestamps: bool) -> dict[str, str]:
    asked = {
        "container": container,
        "tailLines": "" if tail is None else str(tail),
        "sinceSeconds": "" if since_seconds is None else str(since_seconds),
        "timestamps": "true" if timestamps else "",
    }
    return {key: value for key, value in asked.items() if value}
