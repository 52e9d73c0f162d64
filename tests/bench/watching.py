"""A hundred watchers during a rollout: whether each is told of everything, how soon, and what it costs the server."""

from __future__ import annotations

import re
import statistics
import threading
import time
from dataclasses import dataclass, field

from tests.bench import servers
from tests.contract import manifests, sets
from tests.contract.client import Client, Namespace, path_of

COLUMNS = ("events", "lost", "median lag ms", "99 % lag ms", "CPU seconds", "CPU us an event")
PLAIN, SELECTING, TABLES = 60, 20, 20
SETS, REPLICAS = 6, 5
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
_VERSION = re.compile(rb'"resourceVersion":"(\d+)"')
_LAST = b'"name":"last"'


@dataclass
class Watcher:
    """One watch of a namespace's pods, read to the pod that is named `last`."""

    name: str
    label: str = ""
    accept: str = "application/json"
    seen: list[tuple[int, float]] = field(default_factory=list)  # resourceVersion and when it came
    open: threading.Event = field(default_factory=threading.Event)

    def read(self, client: Client, path: str, version: str) -> None:
        """Note each event. Runs in a thread of its own."""
        query = {"labelSelector": self.label} if self.label else {}
        lines = client.stream(
            path, accept=self.accept, silence=300, watch="true", resourceVersion=version, timeoutSeconds=900, **query
        )
        self.open.set()
        for line in lines:
            found = _VERSION.search(line)
            if found:
                self.seen.append((int(found.group(1)), time.perf_counter()))
            if _LAST in line:
                return


def watchers() -> list[Watcher]:
    """Plain ones, some with a selector, and some that want tables."""
    return [
        *(Watcher("plain") for _ in range(PLAIN)),
        *(Watcher("selecting", label="app in (web-0, none)") for _ in range(SELECTING)),
        *(Watcher("tables", accept=TABLE) for _ in range(TABLES)),
    ]


def costs(server: servers.Server) -> tuple[float, ...]:
    """Events delivered, events lost, how long after the first watcher each got them, and the server's CPU."""
    client = server.client
    name = "watched"
    client.request("POST", path_of("namespaces"), {"metadata": {"name": name}}).ok()
    namespace = Namespace(client, name)
    for number in range(SETS):
        sets.create(namespace, manifests.statefulset(f"web-{number}", replicas=REPLICAS))
    version = namespace.get("pods").ok()["metadata"]["resourceVersion"]
    readers = watchers()
    threads = [
        threading.Thread(target=reader.read, args=(Client(server.kubeconfig), namespace.path("pods"), version))
        for reader in readers
    ]
    for thread in threads:
        thread.start()
    for reader in readers:
        reader.open.wait(60)
    before = server.cost()
    for number in range(SETS):
        sets.set_image(namespace, manifests.NEXT_IMAGE, f"web-{number}")
    for number in range(SETS):
        sets.updated(namespace, f"web-{number}")
    last = manifests.pod("last")
    last["metadata"]["labels"] = {"app": "none"}
    namespace.post("pods", last).ok()
    for thread in threads:
        thread.join(120)
    return _judge(readers, server.cost().cpu - before.cpu)


def _judge(readers: list[Watcher], cpu: float) -> tuple[float, ...]:
    first: dict[int, float] = {}
    for version, moment in (pair for reader in readers for pair in reader.seen):
        first[version] = min(first.get(version, moment), moment)
    lags = [1000 * (moment - first[version]) for reader in readers for version, moment in reader.seen]
    lost = 0
    for kind in ("plain", "selecting", "tables"):
        alike = [reader for reader in readers if reader.name == kind]
        everything = {version for reader in alike for version, _ in reader.seen}
        if kind != "selecting":
            everything = set(first)
        lost += sum(len(everything) - len({version for version, _ in reader.seen}) for reader in alike)
    events = len(lags)
    return events, lost, statistics.median(lags), statistics.quantiles(lags, n=100)[98], cpu, 1e6 * cpu / events
