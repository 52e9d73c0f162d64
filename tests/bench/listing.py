"""Listing 2,000 sets and their 10,000 pods: our client, kubectl, the official typed client."""

from __future__ import annotations

import sys
from pathlib import Path

from stswidgets import simulator
from tests.bench import measure
from tests.setup import kubectl

OURS = """
import sys, stswidgets
with stswidgets.connect(sys.argv[1]) as cluster:
    assert len(cluster.list_rows("statefulsets")) == 2000
    assert len(cluster.list_rows("pods")) == 10000
"""
OURS_DECODED = OURS.replace("list_rows", "list")
TYPED = """
import sys
from kubernetes import client, config
config.load_kube_config(sys.argv[1])
assert len(client.AppsV1Api().list_stateful_set_for_all_namespaces().items) == 2000
assert len(client.CoreV1Api().list_pod_for_all_namespaces().items) == 10000
"""


def run() -> str:
    """The table. The server is the simulator, so its own time is in every row alike."""
    program = kubectl.find()
    if program is None:
        raise FileNotFoundError(kubectl.MISSING)
    with simulator.start("huge") as handle:
        path = str(handle.kubeconfig)
        cache = str(Path(path).with_name("kubectl-cache"))
        get = [program, "--kubeconfig", path, "--cache-dir", cache, "get", "statefulsets,pods", "--all-namespaces"]
        commands = {
            "stswidgets, as the views list": [sys.executable, "-c", OURS, path],
            "stswidgets, decoded in full": [sys.executable, "-c", OURS_DECODED, path],
            "kubectl get (tables made by the server)": get,
            "kubectl get -o json": [*get, "-o", "json"],
            "kubernetes, typed": [sys.executable, "-c", TYPED, path],
        }
        costs = {name: measure.process(command) for name, command in commands.items()}
    rows = {name: (cost.seconds, cost.megabytes) for name, cost in costs.items()}
    title = "Listing 2,000 StatefulSets and 10,000 pods, from the start of the process to its end"
    return measure.table(title, ("seconds", "peak MB"), rows, next(iter(rows)))
