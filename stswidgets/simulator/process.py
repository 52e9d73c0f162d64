"""The simulator as a child process: `start()` and the handle of what it started."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from stswidgets.simulator.remote import Faults, Remote, Time

START_WITHIN = 120.0
"""Seconds until a start is given up. The largest scenario takes some; the others take about one."""
STOP_WITHIN = 5.0
NO_AUTHORITIES = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
"""aiohttp reads the system's authorities when it is imported, a good part of a start; a simulator calls nobody."""


class StartError(RuntimeError):
    """The simulator did not start; the text is what it said."""


class Handle:
    """A running simulator.

    `address` is the server's, `authority` the certificate to trust (PEM); `kubeconfig` the admin's file and
    `kubeconfigs` one for each user (admin, viewer, editor, nobody); `tokens` their bearer tokens. Without TLS
    `authority` is empty, and `url` is the admin's address: the bare one with a secret path. Kubeconfigs, tokens and
    that URL are secrets. `faults` are failures on demand; `clock` tells the cluster's time, and steps a stepped one.
    """

    def __init__(self, child: subprocess.Popen[bytes], said: dict[str, Any]) -> None:
        self._child = child
        self.url: str = said["url"]
        self.address: str = said["address"]
        self.kubeconfig = Path(said["kubeconfig"])
        self.kubeconfigs = {user: Path(path) for user, path in said["kubeconfigs"].items()}
        self.tokens: dict[str, str] = said["tokens"]
        self.authority: str = said["authority"]
        self.pid: int = said["pid"]
        remote = Remote(self.address, self.tokens["admin"], self.authority)
        self.faults = Faults(remote)
        self.clock = Time(remote)

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._child.poll() is None

    def stop(self) -> None:
        """End the process and wait for it. A second call does nothing."""
        if self._child.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._child.stdin.close()
        try:
            self._child.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        state = "running" if self.running else "stopped"
        return f"<simulator at {self.address}, {state}>"  # never the url: it holds the admin's secret


def start(scenario: str = "tour", *, port: int = 0, clock: str = "real", tls: bool = True) -> Handle:
    """Start a simulated cluster in a process of its own; it ends with this process.

    `clock` is "real", a speed as in "60x", or "stepped": then time passes by `Handle.clock.advance` alone. Without
    `tls` it is plain http, for clients that cannot be given an authority: kubectl sends no token there, so the users'
    URLs hold their secrets. StartError if the scenario is unknown or the port is taken.
    """
    arguments = ["--scenario", scenario, "--port", str(port), "--clock", clock, "--with-parent"]
    if not tls:
        arguments.append("--no-tls")
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "stswidgets.simulator", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **NO_AUTHORITIES},
            # Ctrl-C in a terminal reaches the whole group; the parent decides when the simulator ends.
            start_new_session=True,
        )
        line = _first_line(child)
        if not line:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    stream.close()
            raise StartError(_said(log) or "the simulator did not start")
    return Handle(child, json.loads(line))


def _first_line(child: subprocess.Popen[bytes]) -> bytes:
    """What the child says when it is ready; empty if it ends or takes too long."""
    stdout = child.stdout
    if stdout is None:
        return b""
    end = time.monotonic() + START_WITHIN
    said = b""
    with selectors.DefaultSelector() as ready:
        ready.register(stdout, selectors.EVENT_READ)
        while not said.endswith(b"\n"):
            if not ready.select(max(end - time.monotonic(), 0)):
                return b""
            part = os.read(stdout.fileno(), 65536)
            if not part:
                return b""
            said += part
    return said


def _said(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode(errors="replace").strip()
