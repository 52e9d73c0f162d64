"""Opening a page: the dashboard's list, and a bare Voila page with one widget. Time until it can be used, and bytes."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench import measure
from tests.browser.dashboards import serving
from tests.setup import chromium

ROUNDS = 3
START_SECONDS = 60


@contextmanager
def bare_voila() -> Iterator[str]:
    """Voila as it comes, with one notebook of one button; yields the page's address."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "bare",
        "metadata": {},
        "outputs": [],
        "source": "import ipywidgets; ipywidgets.Button(description='ready')",
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    with tempfile.TemporaryDirectory() as folder, socket.socket() as taken:
        path = Path(folder) / "bare.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        address = f"http://127.0.0.1:{port}/"
        command = [sys.executable, "-m", "voila", str(path), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _await(address + "voila/static/", process)
                yield address
            finally:
                process.terminate()


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers anything at all."""
    deadline = time.monotonic() + START_SECONDS
    pause = threading.Event()
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            pause.wait(0.2)
        else:
            return


def opened(browser: Browser, address: str, usable: str) -> tuple[float, float]:
    """Seconds until the selector is visible, in a browser that has nothing cached, and megabytes that came by then."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))
    network.send("Network.enable")
    begin = time.perf_counter()
    page.goto(address)
    page.locator(usable).first.wait_for(state="visible", timeout=90_000)
    seconds = time.perf_counter() - begin
    context.close()
    return seconds, sum(sizes) / 1e6


def run() -> str:
    """The medians of some rounds. Bytes are those of HTTP and of the kernel's WebSocket."""
    executable = chromium.find()
    if executable is None:
        raise FileNotFoundError(chromium.MISSING)
    with bare_voila() as bare, serving("demo") as dashboards, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        pages = {
            "stswidgets, the list of sets": (
                dashboards.page("browse"),
                "[role=grid] [role=row] >> nth=1",
            ),
            "a bare Voila page with one button": (bare, "button:has-text('ready')"),
        }
        rows = {
            name: tuple(map(statistics.median, zip(*(opened(browser, *page) for _ in range(ROUNDS)), strict=True)))
            for name, page in pages.items()
        }
        browser.close()
    title = f"Opening a page in an empty browser, median of {ROUNDS}"
    return measure.table(title, ("seconds", "MB"), rows, "a bare Voila page with one button")
