"""Record a control plane's answers anew, for `test_recorded`.

    python -m tests.parity.record KUBECONFIG

The requests are the same every time: the manifests of this folder, as they are and spoiled.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.parity import asking, manifests, mutations, recorded, sides

PER_MANIFEST: dict[asking.Verb, int] = {"create": 6, "update": 4, "apply": 3}
SETS = 5  # times as many of sets and pods, which say the most


def cases(titles: list[str], verb: asking.Verb) -> Iterator[asking.Case]:
    """What is asked: each manifest plain, then spoiled."""
    own = manifests.own()
    for title in titles:
        random = Random(f"{title} {verb}")
        yield asking.Case(title, [], verb)
        for _ in range(PER_MANIFEST[verb] * (SETS if title.startswith(("StatefulSet", "Pod/")) else 1)):
            yield asking.Case(title, mutations.spoil(own[title], random), verb, random.choice(["Strict", "Warn"]))


def main() -> None:
    """Ask, and write the file."""
    own = manifests.own()
    written = [manifests.title(manifest) for manifest in manifests.stored()]
    answers: recorded.Answers = []
    plans: list[tuple[bool, dict[asking.Verb, list[str]]]] = [
        (False, {"create": [*own]}),
        (True, {"update": written, "apply": written}),
    ]
    for stored, verbs in plans:
        name = f"parity-{secrets.token_hex(3)}"
        with sides.space(Path(sys.argv[1]), name, stored=stored) as cluster:
            for verb, titles in verbs.items():
                answers += [(case, cluster.ask(case, own[case.title])) for case in cases(titles, verb)]
    recorded.write(answers)


if __name__ == "__main__":
    main()
