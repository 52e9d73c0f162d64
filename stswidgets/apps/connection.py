"""`connect()` and `simulate()`: the way in for notebooks, the dashboard and the command line."""

from __future__ import annotations

import os
from typing import Any

from stswidgets import simulator
from stswidgets.cluster import connection, credentials
from stswidgets.cluster.connection import Cluster

VARIABLE = "STSWIDGETS_CLUSTER"

_simulators: dict[str, simulator.Handle] = {}


def connect(
    cluster: str | os.PathLike[str] | simulator.Handle | None = None,
    *,
    kubeconfig: str | os.PathLike[str] | None = None,
    context: str | None = None,
    namespace: str | None = None,
    host: str | None = None,
    token: str | None = None,
    ca_file: str | None = None,
    verify: bool = True,
    read_only: bool = False,
) -> Cluster:
    """Open a cluster.

    `cluster` is what `STSWIDGETS_CLUSTER` may hold as well ("simulator", "simulator:SCENARIO", or a kubeconfig's path),
    a path object, or the handle of `simulate()`. Explicit arguments win over the variable. Without either: `KUBECONFIG`
    or the default kubeconfig, then the pod's service account.

    Raises errors.NoClusterError, which says what was tried and how to start the simulator, and errors.ContextError.
    """
    options: dict[str, Any] = {"context": context, "namespace": namespace, "read_only": read_only}
    if host is not None:
        return connection.connect(
            host=host, token=token, ca_file=ca_file, verify=verify, namespace=namespace, read_only=read_only
        )
    if isinstance(cluster, simulator.Handle):
        return _simulated(cluster, **options)
    named = "" if cluster is None else os.fspath(cluster)
    chosen = named or ("" if kubeconfig is not None else os.environ.get(VARIABLE, ""))
    name, _, scenario = chosen.partition(":")
    if name == "simulator":
        return _simulated(_shared(scenario or "tour"), **options)
    return connection.connect(kubeconfig=kubeconfig or chosen or None, **options)


def simulate(scenario: str = "tour", port: int = 0) -> simulator.Handle:
    """Start an embedded cluster of its own, in a process that ends with this one. Stop it with `.stop()` or `with`."""
    return simulator.start(scenario, port=port)


def _shared(scenario: str) -> simulator.Handle:
    """The simulator of this process for a scenario: views of one notebook look at one cluster."""
    handle = _simulators.get(scenario)
    if handle is None or not handle.running:
        handle = _simulators[scenario] = simulator.start(scenario)
    return handle


def _simulated(handle: simulator.Handle, *, context: str | None, namespace: str | None, read_only: bool) -> Cluster:
    source = credentials.from_kubeconfig(os.fspath(handle.kubeconfig), context)
    return Cluster(source, namespace=namespace, read_only=read_only, is_simulator=True)
