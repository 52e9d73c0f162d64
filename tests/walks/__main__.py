"""Record what the walks come to on a real control plane."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.walks import actions, record, walking


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.walks", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True, help="of a control plane whose nodes are stand-ins")
    record.save(walking.walk_all(parser.parse_args().kubeconfig, actions.SEEDS, walking.REAL))


if __name__ == "__main__":
    main()
