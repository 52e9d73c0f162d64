"""Hours on a stepped clock: whether memory, objects or descriptors grow while sets are restarted and usage is read."""

from __future__ import annotations

import itertools

import psutil

from stswidgets import simulator
from tests.bench import measure
from tests.contract import client as clients

HOURS = 4
COLUMNS = ("MB", "objects", "events", "descriptors", "CPU seconds")
KINDS = (
    "statefulsets",
    "pods",
    "controllerrevisions",
    "events",
    "persistentvolumeclaims",
    "endpointslices",
    "services",
)
METRICS = "/apis/metrics.k8s.io/v1beta1/pods"


def run() -> str:
    """The tour, with a restart, a lost pod and a short watch every ten minutes, and a reading every minute."""
    rows: dict[str, tuple[float, ...]] = {}
    with simulator.start("tour", clock="stepped") as handle:
        client, process = clients.Client(handle.kubeconfig), psutil.Process(handle.pid)
        rounds = itertools.count()
        for hour in range(HOURS + 1):
            if hour:
                for _ in range(6):
                    _work(handle, client, next(rounds))
            rows[f"after {hour} h"] = _sizes(client, process)
    return measure.table("Hours of restarts and readings, the clock stepped", COLUMNS, rows, "after 1 h")


def _work(handle: simulator.Handle, client: clients.Client, number: int) -> None:
    found = client.request("GET", clients.path_of("statefulsets")).ok()["items"]
    chosen = found[0]["metadata"]
    path = clients.path_of("statefulsets", chosen["namespace"], chosen["name"])
    patch = {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": str(number)}}}}}
    client.request("PATCH", path, patch, content_type=clients.PATCH["merge"]).ok()
    client.request("DELETE", clients.path_of("pods", chosen["namespace"], f"{chosen['name']}-0"))
    watch = client.watch(clients.path_of("pods"), resourceVersion="0", timeoutSeconds=60)
    next(watch)
    for _ in range(10):
        handle.clock.advance(60)
        client.request("GET", METRICS).ok()


def _sizes(client: clients.Client, process: psutil.Process) -> tuple[float, ...]:
    counts = {kind: len(client.request("GET", clients.path_of(kind)).ok()["items"]) for kind in KINDS}
    times = process.cpu_times()
    return (
        process.memory_info().rss / 2**20,
        sum(counts.values()),
        counts["events"],
        process.num_fds(),
        times.user + times.system,
    )
