"""The command line: `stswidgets demo`, `stswidgets serve`, `stswidgets simulate`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

import stswidgets


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
    options = _parser().parse_args(arguments)
    command: str = options.command
    return {"demo": _demo, "serve": _serve, "simulate": _simulate}[command](options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stswidgets", description="Forms, live views and revision history for Kubernetes StatefulSets."
    )
    parser.add_argument("--version", action="version", version=f"stswidgets {stswidgets.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="start the simulated cluster and serve the dashboards on it")
    serve = commands.add_parser("serve", help="serve the dashboards on the cluster of your kubeconfig")
    simulate = commands.add_parser("simulate", help="start the simulated cluster and print its kubeconfig's path")
    for command in (demo, simulate):
        command.add_argument(
            "--scenario", default="tour", help="the starting cluster, or a Python file with one (default: tour)"
        )
    for command in (demo, serve):
        command.add_argument(
            "--port",
            type=int,
            default=8866,
            help="the dashboards' port; the next free one where it is taken (default: 8866)",
        )
    serve.add_argument("--kubeconfig", help="the kubeconfig to use (default: as connect() finds it)")
    simulate.add_argument("--port", type=int, default=0, help="the API server's port (default: a free one)")
    return parser


def _demo(options: argparse.Namespace) -> int:
    from stswidgets.apps import connection, serving  # noqa: PLC0415  # the command line answers --help without loading Voila

    with connection.simulate(options.scenario) as simulator:
        print(f"Simulated cluster: export KUBECONFIG={simulator.kubeconfig}", flush=True)
        serving.serve(cluster=str(simulator.kubeconfig), port=options.port, on_listening=_announce)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from stswidgets.apps import serving  # noqa: PLC0415

    serving.serve(cluster=options.kubeconfig, port=options.port, on_listening=_announce)
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from stswidgets.apps import connection  # noqa: PLC0415

    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with connection.simulate(options.scenario, port=options.port) as simulator:
        print(simulator.kubeconfig, flush=True)
        print(f"Simulated cluster at {simulator.address}; Ctrl-C stops it.", file=sys.stderr, flush=True)
        stopped.wait()
    return 0


def _announce(address: str) -> None:
    print(f"Dashboards: {address}", flush=True)
    print("Ctrl-C stops them.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
