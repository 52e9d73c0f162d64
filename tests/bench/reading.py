"""Reading a filled cluster: what a list of all pods costs the server, and the client that takes it."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import msgspec

from tests.bench import servers
from tests.contract.client import Client, path_of

COLUMNS = ("ms", "server CPU ms", "MB of JSON", "client CPU ms")
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PARTIAL = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
PAGE = 500
ROUNDS = 3

Costs = dict[str, tuple[float, ...]]


class _Metadata(msgspec.Struct):
    next: str = msgspec.field(name="continue", default="")


class _List(msgspec.Struct):
    metadata: _Metadata


def whole(client: Client, **options: Any) -> int:
    """One list of all pods; answers its bytes."""
    return _take(client, **options)[0]


def pages(client: Client) -> int:
    """All pods in pages."""
    taken, rest = _take(client, limit=PAGE)
    while rest:
        more, rest = _take(client, limit=PAGE, **{"continue": rest})
        taken += more
    return taken


def _take(client: Client, *, accept: str = "application/json", **query: Any) -> tuple[int, str]:
    """Bytes of a list, and the token that goes on."""
    body = b"\n".join(client.stream(path_of("pods"), accept=accept, **query))
    return len(body), msgspec.json.decode(body, type=_List).metadata.next


READERS: dict[str, Callable[[Client], int]] = {
    "whole": whole,
    f"in pages of {PAGE}": pages,
    "as a table": lambda client: whole(client, accept=TABLE),
    "metadata alone": lambda client: whole(client, accept=PARTIAL),
    "of one set, by label": lambda client: whole(client, labelSelector="app=set-0001"),
}


def costs(server: servers.Server) -> Costs:
    """What each way to read costs: the mean of some rounds, after one that is not counted."""
    client = server.client
    found: Costs = {}
    for name, read in READERS.items():
        read(client)
        before, own, begin = server.cost(), _own(), time.perf_counter()
        taken = [read(client) for _ in range(ROUNDS)]
        seconds = time.perf_counter() - begin
        cpu, mine = server.cost().cpu - before.cpu, _own() - own
        found[f"{server.name}, {name}"] = (
            1000 * seconds / ROUNDS,
            1000 * cpu / ROUNDS,
            taken[0] / 1e6,
            1000 * mine / ROUNDS,
        )
    return found


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
