"""What every test may use: a simulator, the cluster under test, Chromium, kubectl, and a guard on callbacks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from stswidgets import simulator as simulators
from tests.setup import chromium as chromiums
from tests.setup import kubectl as kubectls


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kubeconfig",
        type=Path,
        default=None,
        help="run the tests of a cluster's behaviour on this one instead of the simulator",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only a real control plane can answer, unless one was named."""
    if config.getoption("--kubeconfig") is None:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("cluster")])
        items[:] = [item for item in items if not item.get_closest_marker("cluster")]


@pytest.fixture(scope="session")
def simulator() -> Iterator[simulators.Handle]:
    """An empty simulated cluster in a process of its own, shared by the session: use a namespace of your own."""
    with simulators.start("empty") as handle:
        yield handle


@pytest.fixture(scope="session")
def kubeconfig(request: pytest.FixtureRequest) -> Path:
    """The cluster under test: the one that --kubeconfig names, else the simulator."""
    named: Path | None = request.config.getoption("--kubeconfig")
    if named is not None:
        return named.resolve(strict=True)
    handle: simulators.Handle = request.getfixturevalue("simulator")
    return Path(handle.kubeconfig)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Its absence is a failure: `make test` installs one."""
    path = chromiums.find()
    assert path is not None, chromiums.MISSING
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium without a network but loopback.

    For one module: while it is open, Playwright runs an event loop in the test's thread, and tests of other modules
    that start a loop of their own would fail beside it.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=chromiums.FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kubectl() -> str:
    """The path of a kubectl. Its absence is a failure: `make test` fetches one."""
    path = kubectls.find()
    assert path is not None, kubectls.MISSING
    return path


class _Swallowed(logging.Handler):
    """Keeps failures of callbacks that a library logged and went on from (traitlets, ipywidgets, tornado, asyncio)."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        is_loop_failure = record.name in {"asyncio", "tornado.application"} and record.levelno >= logging.ERROR
        if is_loop_failure or message.startswith("Exception in "):
            self.messages.append(f"{record.name}: {message} {record.exc_info[1] if record.exc_info else ''}")


@pytest.fixture(autouse=True)
def callbacks_succeed() -> Iterator[None]:
    """Fail a test during which a callback's exception was logged instead of raised: no failure is silent."""
    handler = _Swallowed()
    names = (None, "traitlets", "tornado.application", "asyncio")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield
    for name in names:
        logging.getLogger(name).removeHandler(handler)
    assert not handler.messages, "swallowed: " + "; ".join(dict.fromkeys(handler.messages))
