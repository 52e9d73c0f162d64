"""Programs that serve the pages under test, started and stopped by the tests that need them."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode


@dataclass(frozen=True)
class Dashboards:
    """A running server: its address (with the last slash), the cluster's kubeconfig and the server's process id."""

    address: str
    kubeconfig: Path
    pid: int

    def page(self, page: str, /, **query: str) -> str:
        """The address of a page, e.g. `page("detail", namespace="shop", name="db")`."""
        return f"{self.address}voila/render/{page}.ipynb" + (f"?{urlencode(query)}" if query else "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def serving(*arguments: str, kubeconfig: Path | None = None) -> Iterator[Dashboards]:
    """Run `stswidgets ARGUMENTS` until the block ends, once it has said its address."""
    environment = {key: value for key, value in os.environ.items() if key != "STSWIDGETS_CLUSTER"}
    with subprocess.Popen(
        [sys.executable, "-m", "stswidgets", *arguments, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            lines = _lines(process)
            if kubeconfig is None:
                kubeconfig = Path(_after(lines, "KUBECONFIG="))
            yield Dashboards(_after(lines, "Dashboards: "), kubeconfig, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _lines(process: subprocess.Popen[str]) -> queue.Queue[str]:
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    stream = process.stdout
    threading.Thread(target=lambda: [lines.put(line) for line in stream], daemon=True).start()
    return lines


def _after(lines: queue.Queue[str], mark: str) -> str:
    while True:
        line = lines.get(timeout=60)
        if mark in line:
            return line.split(mark, 1)[1].strip()
