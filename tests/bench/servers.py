"""The two servers that the simulator's benches compare, itself and the real control plane, and what each cost."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from stswidgets import simulator
from tests.contract.client import Client, path_of
from tests.controlplane import cluster, programs

SIMULATOR, CONTROL_PLANE = "simulator", "control plane"
PODS_A_NODE = 250
"""So many addresses a simulated node has; the stand-in nodes take any number."""


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system) and the largest resident memory so far, in MB, of all processes of a server."""

    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Server:
    """A server that answers, and how many seconds it took to."""

    name: str
    kubeconfig: Path
    pids: Sequence[int]
    seconds: float

    @property
    def client(self) -> Client:
        """Its administrator."""
        return Client(self.kubeconfig)

    def cost(self) -> Cost:
        """What it has cost until now."""
        processes = [psutil.Process(pid) for pid in self.pids]
        cpu = sum(used.user + used.system for used in (process.cpu_times() for process in processes))
        return Cost(cpu, sum(map(_peak, processes)))


def _peak(process: psutil.Process) -> float:
    """The largest resident memory of a process in MB; where there is no /proc, the present one."""
    status = Path(f"/proc/{process.pid}/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return float(process.memory_info().rss) / 2**20


@contextlib.contextmanager
def compiled() -> Iterator[None]:
    """Have Python keep compiled modules, as where the package is installed, whatever this shell says about that."""
    names = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    before = {name: os.environ.pop(name, None) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


@contextlib.contextmanager
def simulated(scenario: str = "empty", *, clock: str = "real", pods: int = 0) -> Iterator[Server]:
    """A simulator, with nodes for so many pods."""
    begin = time.perf_counter()
    with simulator.start(scenario, clock=clock) as handle:
        server = Server(SIMULATOR, handle.kubeconfig, [handle.pid], time.perf_counter() - begin)
        for number in range(_nodes(pods)):
            server.client.request("POST", path_of("nodes"), _node(number)).ok()
        yield server


@contextlib.contextmanager
def real(*, pods: int = 0) -> Iterator[Server | None]:
    """A control plane without metrics, with as many nodes as the simulator has; None, and a line why, if it cannot."""
    begin = time.perf_counter()
    with contextlib.ExitStack() as stack:
        try:
            plane = stack.enter_context(cluster.start(nodes=_nodes(pods) or 3, lean=True))
        except programs.ControlPlaneError as error:
            print(f"without the control plane: {error}", file=sys.stderr)
            yield None
            return
        pids = [process.pid for process in plane.processes.values()]
        yield Server(CONTROL_PLANE, plane.kubeconfig, pids, time.perf_counter() - begin)


def _nodes(pods: int) -> int:
    return -(-pods // PODS_A_NODE)


def _node(number: int) -> dict[str, Any]:
    room = {"cpu": "64", "memory": "512Gi", "pods": str(PODS_A_NODE), "ephemeral-storage": "1Ti"}
    name = f"node-{number}"
    return {
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "spec": {"podCIDR": f"10.{number // 250}.{number % 250}.0/24"},
        "status": {"capacity": room, "allocatable": room, "conditions": [{"type": "Ready", "status": "True"}]},
    }
