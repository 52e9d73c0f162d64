"""The command line: see the package's docstring."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from tests.controlplane import __doc__ as description
from tests.controlplane import cluster, programs


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.controlplane",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--build", action="store_true", help="build the programs, print where they are, and end")
    parser.add_argument("--state", type=Path, help="keep keys, data and logs in this folder (default: a temporary one)")
    parser.add_argument("--port", type=int, default=0, help="first of seven ports (default: any that are free)")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--lean", action="store_true", help="for thousands of pods: no metrics, no kubelet events")
    parser.add_argument("command", nargs="*", help="what to run on it")
    options = parser.parse_args()
    # Ended from outside, the components end too: SystemExit passes through start()'s finally.
    signal.signal(signal.SIGTERM, _leave)
    try:
        if options.build:
            print(programs.build().controlplane.parent)
            return 0
        with cluster.start(options.state, first_port=options.port, nodes=options.nodes, lean=options.lean) as plane:
            if options.command:
                return subprocess.run(options.command, env=plane.environment(), check=False).returncode
            print(plane.kubeconfig, flush=True)
            signal.pause()
    except programs.ControlPlaneError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
