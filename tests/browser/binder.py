"""Binder without Docker: what repo2docker runs after it installed the requirements, on a folder of its own as home."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.dashboards import free_port
from tests.contract import waiting

CHECKOUT = Path(__file__).parents[2]


@contextmanager
def started(home: Path, programs: Path) -> Iterator[str]:
    """Run `binder/postBuild`, then `binder/start` with a Jupyter server as Binder does; gives the server's address.

    `home` is an empty folder; `programs` holds the environment's `jupyter` and `stswidgets`.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("STSWIDGETS_", "JUPYTER"))}
    environment |= {"HOME": str(home), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "KUBECONFIG": ""}
    subprocess.run(["bash", "binder/postBuild"], cwd=CHECKOUT, env=environment, check=True)
    port = free_port()
    command = ["bash", "binder/start", "jupyter", "server", "--allow-root", "--no-browser"]
    command += [f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="]
    # A group of its own: the start script leaves the simulated cluster running beside the server, as Binder ends both.
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            waiting.until(lambda: answers(f"{address}/api/status"), what="served")
            yield address
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=30)


def answers(address: str) -> bool:
    """Whether an address is served."""
    try:
        with urllib.request.urlopen(address) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False
