"""From nothing to ready: thousands of StatefulSets with their Services, created through the API."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench import servers
from tests.contract import manifests, waiting
from tests.contract.client import Client, Object, path_of

REPLICAS = 5
SETS_A_NAMESPACE = 100
WRITERS = 8
COLUMNS = ("seconds", "CPU seconds", "peak MB", "CPU ms a pod")


def namespaces(sets: int) -> list[str]:
    """The namespaces of so many sets."""
    return [f"team-{number:02}" for number in range(-(-sets // SETS_A_NAMESPACE))]


def fill(client: Client, sets: int) -> None:
    """Create so many sets of five pods, and return when all pods are ready."""
    names = namespaces(sets)
    for name in names:
        client.request("POST", path_of("namespaces"), {"metadata": {"name": name}}).ok()
    for name in names:
        account = path_of("serviceaccounts", name, "default")
        waiting.until(lambda account=account: client.request("GET", account).code == 200)  # type: ignore[misc]

    def create(number: int) -> None:
        namespace, name = names[number // SETS_A_NAMESPACE], f"set-{number:04}"
        client.request("POST", path_of("services", namespace), manifests.service(name)).ok()
        made = manifests.statefulset(name, replicas=REPLICAS, podManagementPolicy="Parallel")
        client.request("POST", path_of("statefulsets", namespace), made).ok()

    with ThreadPoolExecutor(WRITERS) as writers:
        written = [writers.submit(create, number) for number in range(sets)]
        _until_ready(client, sets)
        for future in written:
            future.result()


def _until_ready(client: Client, sets: int) -> None:
    """Follow the sets; a server that is this busy ends watches, which then begin again from a list."""
    everywhere = path_of("statefulsets")
    ready: set[str] = set()

    def note(item: Object) -> bool:
        if item.get("status", {}).get("readyReplicas") == REPLICAS:
            ready.add(item["metadata"]["name"])
        return len(ready) == sets

    while True:
        listed = client.request("GET", everywhere).ok()
        if any(note(item) for item in listed["items"]):
            return
        version = listed["metadata"]["resourceVersion"]
        # A server that is busy with thousands of pods may have nothing to say of sets for long.
        for line in client.stream(everywhere, silence=900, watch="true", resourceVersion=version, timeoutSeconds=3600):
            event = json.loads(line)
            if event["type"] == "ERROR":
                break
            if note(event["object"]):
                return


def cost_of(server: servers.Server, sets: int) -> tuple[float, ...]:
    """Seconds, CPU seconds, peak memory, and CPU a pod."""
    client, before = server.client, server.cost()
    begin = time.perf_counter()
    fill(client, sets)
    seconds = time.perf_counter() - begin
    after = server.cost()
    cpu = after.cpu - before.cpu
    return seconds, cpu, after.megabytes, 1000 * cpu / (sets * REPLICAS)
