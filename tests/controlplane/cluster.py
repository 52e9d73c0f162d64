"""Starting and stopping the control plane."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.controlplane import programs
from tests.controlplane import state as files
from tests.controlplane.components import Components, Ports

START_SECONDS = 120.0
STOP_SECONDS = 20.0


@dataclass
class ControlPlane:
    """A control plane that runs. Beside `kubeconfig` (admin) lie viewer., editor. and nobody.kubeconfig."""

    components: Components
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.components.state

    @property
    def kubeconfig(self) -> Path:
        return self.state / "kubeconfig"

    def run(self, name: str, command: Sequence[str]) -> None:
        """Start a component; what it writes goes to NAME.log in the state's folder."""
        with (self.state / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=self.state,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal is ours to handle: the components end in order.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  (no threads here)
            )

    def wait_for(self, what: str, is_so: Callable[[], bool]) -> None:
        """Wait until it is so; raises ControlPlaneError when a component ended or the time is up."""
        deadline = time.monotonic() + START_SECONDS
        pause = threading.Event()
        while not is_so():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise programs.ControlPlaneError(f"{name} ended before there was {what}:\n{self.log_end(name)}")
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {name}\n{self.log_end(name)}" for name in self.processes)
                raise programs.ControlPlaneError(f"after {START_SECONDS:.0f} s still without {what}:\n{logs}")
            pause.wait(0.2)

    def log_end(self, name: str, lines: int = 5) -> str:
        text = (self.state / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def kubectl(self, *arguments: str, data: str | None = None) -> subprocess.CompletedProcess[str]:
        command = self.components.kubectl(*arguments)
        return subprocess.run(command, cwd=self.state, input=data, text=True, capture_output=True, check=False)

    def environment(self) -> dict[str, str]:
        """The environment for a command that shall use this control plane, with the kubectl of its version."""
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig), "STSWIDGETS_KUBECTL": str(self.state / "kubectl")}

    def stop(self) -> None:
        """End every component, the last started first."""
        for name, process in reversed(self.processes.items()):
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                print(f"{name} did not end within {STOP_SECONDS:.0f} s and was killed", file=sys.stderr)
                process.kill()
                process.wait()


def _end_with_parent() -> None:
    """In a new process: be ended when the parent dies, however that happens (prctl's PR_SET_PDEATHSIG is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextlib.contextmanager
def start(
    state: Path | None = None, *, first_port: int = 0, nodes: int = 3, lean: bool = False
) -> Iterator[ControlPlane]:
    """Start a control plane and stop it at the end.

    `state` is an empty or absent folder that is kept; without it a temporary one is used and removed. `lean` leaves out
    metrics and kubelet events, for thousands of pods. Raises ControlPlaneError.
    """
    built = programs.build()
    folder = Path(tempfile.mkdtemp(prefix="controlplane-")) if state is None else state.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    ports = Ports.following(first_port) if first_port else Ports.free()
    plane = ControlPlane(Components(built, ports, folder))
    try:
        files.write(plane.components, lean=lean)
        _run(plane, lean=lean)
        _fill(plane, nodes, lean=lean)
        yield plane
    finally:
        plane.stop()
        if state is None:
            shutil.rmtree(folder)


def _run(plane: ControlPlane, *, lean: bool) -> None:
    components = plane.components
    plane.run("etcd", components.etcd())
    plane.run("apiserver", components.apiserver())
    plane.wait_for("an answer of the API server", lambda: plane.kubectl("get", "--raw", "/readyz").returncode == 0)
    plane.run("controller-manager", components.manager())
    plane.run("scheduler", components.scheduler())
    plane.run("kwok", components.kwok())
    if not lean:
        plane.run("metrics-server", components.metrics_server())


def _fill(plane: ControlPlane, nodes: int, *, lean: bool) -> None:
    """Put the first objects in, and wait until a pod could be made."""
    objects = files.first_objects(plane.components, nodes, lean=lean)
    applied = plane.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", data=objects)
    if applied.returncode:
        raise programs.ControlPlaneError(f"the control plane's first objects were refused:\n{applied.stderr}")
    waits: list[tuple[str, Sequence[str]]] = [
        # kubectl looks at one after the other, so many nodes need more than a second although all are ready.
        ("ready nodes", ("wait", "--for=condition=Ready", "nodes", "--all", f"--timeout={1 + nodes // 2}s")),
        ("a service account", ("-n", "default", "get", "serviceaccount", "default")),
    ]
    if not lean:
        available = ("wait", "--for=condition=Available", "apiservice/v1beta1.metrics.k8s.io", "--timeout=1s")
        waits.append(("the metrics API", available))
    for what, command in waits:
        plane.wait_for(what, lambda command=command: plane.kubectl(*command).returncode == 0)  # type: ignore[misc]
