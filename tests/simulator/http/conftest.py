"""A simulated API server without controllers, on a socket, in a thread: what these tests write stays as it is."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3
from aiohttp import web

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, identity, store
from stswidgets.simulator import server as servers
from stswidgets.simulator.kinds import pods

Json = dict[str, Any]

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Nodes:
    """Nodes that hold what a test gives them."""

    def __init__(self) -> None:
        self.lines: list[tuple[datetime, str]] = [(START + timedelta(seconds=at), f"line {at}") for at in range(10)]
        self.usage = self
        self.commands: list[tuple[Sequence[str], str]] = []

    def pods(self, namespace: str, /) -> list[Json]:
        metadata = {"name": "db-0", "namespace": "default", "labels": {"app": "db"}}
        return [{"metadata": metadata, "containers": []}] if namespace in ("", "default") else []

    def nodes(self) -> list[Json]:
        return [{"metadata": {"name": "worker-1"}, "usage": {"cpu": "1", "memory": "1Gi"}}]

    def logs(self, pod: Json, container: str, *, previous: bool = False) -> Sequence[tuple[datetime, str]]:
        return self.lines[:1] if previous else self.lines

    def shell(self, pod: Json, container: str, argv: Sequence[str], stdin: str) -> tuple[str, str, int]:
        self.commands.append((argv, stdin))
        words = argv[-1].split() if argv[0] == "sh" else list(argv)
        if words[0] == "fail":
            return "", "no\n", int(words[1])
        return " ".join(words[1:]) + stdin + "\n", "", 0

    def finish(self, pod: Json, container: str, code: int) -> None:
        """Nothing runs that could end."""

    def stop(self) -> None:
        """Nothing runs."""


@dataclass(frozen=True)
class Answer:
    """A response that was read to its end."""

    status: int
    headers: urllib3.HTTPHeaderDict
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.data.splitlines()]


class Site:
    """The server, and requests to it."""

    def __init__(self, port: int, api: apis.Api, nodes: Nodes, server: servers.Server, loop: Any) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.api = api
        self.nodes = nodes
        self.server = server
        self.loop = loop
        self.pool = urllib3.PoolManager(retries=False, maxsize=4)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: str = "admin",
        media: str = "",
        **headers: str,
    ) -> Answer:
        """One request. `media` is the Content-Type, header names are written with underscores."""
        sent = {"User-Agent": "test/1", "Authorization": f"Bearer {self.server.identities.tokens.get(user, user)}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes | str | None) else json.dumps(body)
        if data is not None:
            sent["Content-Type"] = media or "application/json"
        response = self.pool.request(method, self.address + path, body=data, headers=sent, timeout=20)
        return Answer(response.status, response.headers, response.data)

    def write(self, action: Any) -> Any:
        """Call something on the server's thread and answer its result."""

        async def call() -> Any:
            return action()

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(10)


class _Thread(threading.Thread):
    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ready = threading.Event()
        self.site: Site | None = None
        self._stop_soon: asyncio.Event | None = None

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        api = apis.Api(store.Store(), clock.SteppedClock(START))
        bootstrap.install(api)
        nodes = Nodes()
        server = servers.Server(api, identity.default_users(), nodes)
        runner = web.ServerRunner(server.web_server(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        loop = asyncio.get_running_loop()
        self._stop_soon = asyncio.Event()
        self.site = Site(runner.addresses[0][1], api, nodes, server, loop)
        self.ready.set()
        await self._stop_soon.wait()
        await runner.cleanup()

    def end(self) -> None:
        assert self.site is not None
        assert self._stop_soon is not None
        self.site.pool.clear()
        self.site.loop.call_soon_threadsafe(self._stop_soon.set)
        self.join(10)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server of this test's own."""
    thread = _Thread()
    thread.start()
    assert thread.ready.wait(10)
    assert thread.site is not None
    yield thread.site
    thread.end()


@pytest.fixture
def running_pod(site: Site) -> Json:
    """Pod db-0 in namespace default, whose containers `pg` and `side` run on worker-1."""
    containers = [{"name": name, "image": "postgres:17"} for name in ("pg", "side")]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "db-0"}, "spec": {"containers": containers}}

    def create() -> Json:
        site.api.create(pods.KIND, pod, namespace="default", options=apis.Options(field_validation="Strict"))
        site.api.bind(pods.KIND, "default", "db-0", "worker-1")
        stored = site.api.read(pods.KIND, "default", "db-0").copy()
        stored["status"]["phase"] = "Running"
        stored["status"]["containerStatuses"] = [
            {"name": name, "containerID": f"c://{name}", "state": {"running": {}}, "lastState": {}}
            for name in ("pg", "side")
        ]
        return site.api.update(pods.KIND, stored, subresource="status").obj

    made: Json = site.write(create)
    return made
