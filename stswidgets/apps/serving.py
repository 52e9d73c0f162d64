"""The dashboards' server: Voila over the packaged notebooks, with settings that can be trusted with viewers.

What differs from a bare Voila, and why:

- Three lab extensions instead of all that are installed: 5 MB instead of 14 MB before the first view.
- The page sets its XSRF cookie, without which the beacon of a closed tab is refused and its kernel stays for ever.
- Kernels whose page went away without a word (a lost connection) are culled; the views' heartbeat lets them fall idle.
- The root leads to the list instead of a directory of files.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.ioloop
import tornado.web
from jupyter_server.utils import url_path_join
from traitlets.config import Config
from voila.app import Voila

START_PAGE = "browse"
EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
_PACKAGE = Path(__file__).parent


def notebooks_folder() -> Path:
    """The notebooks' folder: inside an installed package, or beside the package in a checkout."""
    installed = _PACKAGE.parent / "notebooks"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "notebooks"


def set_xsrf_cookie(req: tornado.web.RequestHandler, **_unused: Any) -> None:
    """Make the page carry its XSRF cookie: reading the token sets it. Voila calls this before each kernel starts."""
    _ = req.xsrf_token


def without_mathjax(page_config: dict[str, Any], **_unused: Any) -> dict[str, Any]:
    """Leave MathJax out of a page: inside a Jupyter server Voila loads it from a CDN, and no page here has formulas."""
    return {**page_config, "fullMathjaxUrl": None, "mathjaxConfig": None}


def configuration(*, port: int, idle_seconds: int = 120) -> Config:
    """Voila's settings for the dashboards, on loopback at `port` (0 picks a free one)."""
    config = Config()
    config.Voila.ip = "127.0.0.1"
    config.Voila.port = port or _free_port()
    config.Voila.open_browser = False
    config.Voila.root_dir = str(notebooks_folder())
    config.Voila.log_level = logging.WARNING
    config.VoilaConfiguration.template = "stswidgets"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.extension_allowlist = list(EXTENSIONS)
    config.VoilaConfiguration.prelaunch_hook = set_xsrf_cookie
    # A kernel's sockets are files of this user, not ports that every user of the machine can reach.
    config.KernelManager.transport = "ipc"
    config.Voila.tornado_settings = {"ws_ping_interval": 30_000, "ws_ping_timeout": 30_000}  # milliseconds
    config.MappingKernelManager.cull_idle_timeout = idle_seconds
    config.MappingKernelManager.cull_interval = max(5, idle_seconds // 4)
    config.VoilaKernelManager.cull_idle_timeout = idle_seconds
    config.VoilaKernelManager.cull_interval = max(5, idle_seconds // 4)
    return config


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


class _ToStartPage(tornado.web.RequestHandler):
    """The root: leads to the first dashboard, keeping the query (`?lang=zh`)."""

    def initialize(self, target: str) -> None:
        self._target = target

    def get(self) -> None:
        query = self.request.query
        self.redirect(f"{self._target}?{query}" if query else self._target)


class DashboardServer(Voila):
    """Voila with the dashboards' template, root page and an announcement once it listens."""

    name = "voila"
    on_listening: Callable[[str], None] | None = None
    template_paths: list[str]

    def setup_template_dirs(self) -> None:
        """Voila's search, with the package's own copy of the template first: in a checkout an edit shows at once."""
        super().setup_template_dirs()
        self.template_paths = [str(_PACKAGE / "template"), *self.template_paths]

    def init_handlers(self) -> list[Any]:
        """Voila's handlers, with the root leading to the first dashboard."""
        start = url_path_join(self.server_url, f"/voila/render/{START_PAGE}.ipynb")
        handlers: list[Any] = [(self.server_url, _ToStartPage, {"target": start})]
        return handlers + [handler for handler in super().init_handlers() if handler[0] != self.server_url]

    def listen(self) -> None:
        """Listen, and say so from inside the loop: an address that is announced answers."""
        tornado.ioloop.IOLoop.current().add_callback(self._announce)
        super().listen()

    def _announce(self) -> None:
        if self.on_listening is not None:
            self.on_listening(f"http://{self.ip}:{self.port}{self.base_url}")


def serve(*, cluster: str | None = None, port: int = 8866, on_listening: Callable[[str], None] | None = None) -> None:
    """Serve the dashboards until interrupted.

    `cluster` is what `STSWIDGETS_CLUSTER` takes (a kubeconfig's path, `simulator`, `simulator:SCENARIO`); None leaves
    the environment as it is. Blocks; returns after Ctrl-C or SIGTERM, with every kernel shut down.
    """
    if cluster is not None:
        os.environ["STSWIDGETS_CLUSTER"] = cluster
    server = DashboardServer(config=configuration(port=port))
    server.on_listening = on_listening
    server.initialize([])
    server.start()
