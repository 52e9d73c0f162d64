"""Run the benches and print their tables; arguments name some of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

BENCHES = ("listing", "charting", "opening", "starting", "ageing", "simulating")


def main(names: Sequence[str]) -> int:
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        print(importlib.import_module(f"tests.bench.{name}").run(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
