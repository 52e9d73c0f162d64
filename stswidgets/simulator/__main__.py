"""The simulator's process: `python -m stswidgets.simulator`.

It prints one line of JSON once it answers (`{"url", "address", "kubeconfig", "tokens", "pid"}`) and runs until SIGTERM
or SIGINT; with `--with-parent`, until its standard input ends, which it does when the parent is gone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import os
import shutil
import signal
import ssl
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from stswidgets.simulator import assembly, certificates, clock, kubeconfigs, scenarios
from stswidgets.simulator import server as servers


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m stswidgets.simulator", description="A simulated Kubernetes cluster.")
    made.add_argument(
        "--scenario", default="tour", help="the starting cluster, or a Python file with one (default: tour)"
    )
    made.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (default: a free one)")
    made.add_argument("--clock", default="real", help="real, stepped, or a speed such as 60x (default: real)")
    made.add_argument("--tls", action=argparse.BooleanOptionalAction, default=True, help="https or plain http")
    made.add_argument("--kubeconfig", type=Path, help="also write the admin's kubeconfig to this path")
    made.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    return made


async def serve(options: argparse.Namespace, folder: Path) -> None:
    """Assemble the cluster, answer requests until told to stop."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    made = assembly.assemble(options.scenario, clock.of(options.clock))
    runner = web.ServerRunner(made.server.web_server(), handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    issued = certificates.issue() if options.tls else None
    context = _context(issued, folder) if issued else None
    site = web.TCPSite(runner, "127.0.0.1", options.port, backlog=512, ssl_context=context)
    try:
        await site.start()
        address = f"{'https' if issued else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
        _announce(options, folder, address, made.server, issued.authority if issued else "")
        # What is there now stays, so the collector need not look at it again; and most of what comes stays as well.
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()
        if options.with_parent:
            await _until_parent_ends(stopped)
        else:
            await stopped.wait()
    finally:
        made.cluster.stop()
        await runner.cleanup()


def _context(issued: certificates.Identity, folder: Path) -> ssl.SSLContext:
    """What serves with a certificate. `ssl` reads keys from files alone: this one is gone when it has."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    path = folder / "server.pem"
    kubeconfigs.write_file(path, issued.certificate + issued.key)
    context.load_cert_chain(path)
    path.unlink()
    return context


def _announce(options: argparse.Namespace, folder: Path, address: str, server: servers.Server, authority: str) -> None:
    path = kubeconfigs.write(folder, address, server.identities, authority)
    tokens = server.identities.tokens
    if options.kubeconfig:
        content = kubeconfigs.text(address, "admin", tokens["admin"], authority)
        kubeconfigs.write_file(options.kubeconfig, content)
        path = options.kubeconfig.resolve()
    line = {
        "url": kubeconfigs.url(address, tokens["admin"]),
        "address": address,
        "kubeconfig": str(path),
        "kubeconfigs": {user: str(folder / f"{user}.kubeconfig") for user in tokens},
        "tokens": tokens,
        "authority": authority,
        "pid": os.getpid(),
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the parent reads it


async def _until_parent_ends(stopped: asyncio.Event) -> None:
    """Wait for the end of standard input or for a signal, whichever is first."""
    loop = asyncio.get_running_loop()
    descriptor = sys.stdin.fileno()

    def readable() -> None:
        if not os.read(descriptor, 4096):
            stopped.set()

    loop.add_reader(descriptor, readable)
    try:
        await stopped.wait()
    finally:
        loop.remove_reader(descriptor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the process."""
    gc.disable()  # until it answers: a cluster is being filled, and nearly nothing is thrown away
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    folder = Path(tempfile.mkdtemp(prefix="stswidgets-simulator-"))
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options, folder))
    except (scenarios.UnknownScenario, OSError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the parent shows it
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
