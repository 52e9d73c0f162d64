"""Development tool: look for differences between a control plane and a simulator of its own, by random mutations.

python -m tests.parity.search KUBECONFIG [--count N] [--seed N] [--verb create,update,apply] [--only TEXT]
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from stswidgets import simulator
from tests.parity import asking, manifests, mutations, sides


def _cases(options: argparse.Namespace, titles: list[str]) -> list[asking.Case]:
    random = Random(options.seed)
    cases = []
    for _ in range(options.count):
        title = random.choice(titles)
        steps = mutations.spoil(ALL[title], random)
        cases.append(
            asking.Case(title, steps, random.choice(options.verb.split(",")), random.choice(["Strict", "Warn"]))
        )
    return cases


ALL = {**manifests.own(), **manifests.corpus()}


def main() -> None:
    """Ask both, and print where they differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kubeconfig", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verb", default="create")
    parser.add_argument("--only", default="", help="manifests whose title holds this")
    parser.add_argument("--width", type=int, default=400, help="of a printed line")
    options = parser.parse_args()
    written = [manifests.title(manifest) for manifest in manifests.stored()]
    stored = "update" in options.verb
    titles = [title for title in (written if stored else ALL) if options.only in title]
    cases = _cases(options, titles)
    with (
        simulator.start("empty") as handle,
        sides.both(options.kubeconfig, Path(handle.kubeconfig), stored=stored) as pair,
        ThreadPoolExecutor(4) as pool,
    ):
        found = list(pool.map(lambda case: pair.differences(case, ALL[case.title]), cases))
    wrong = [(case, lines) for case, lines in zip(cases, found, strict=True) if lines]
    for case, lines in wrong:
        print(case)
        for line in lines[:8]:
            print("   ", line[: options.width])
    print(f"{len(wrong)} of {len(cases)} differ")


if __name__ == "__main__":
    main()
