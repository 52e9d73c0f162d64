"""Recording sessions again: what a control plane prints becomes what the simulator has to print.

python -m tests.kubectl.record KUBECONFIG [SESSION ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.kubectl import playing, transcript
from tests.setup import kubectl as kubectls


def main(kubeconfig: str, *wanted: str) -> int:
    program = kubectls.find()
    if program is None:
        print(kubectls.MISSING, file=sys.stderr)
        return 1
    for name in wanted or transcript.names():
        session = transcript.read(name)
        with (
            tempfile.TemporaryDirectory() as folder,
            playing.stage(program, Path(kubeconfig).resolve(strict=True), Path(folder)) as stage,
        ):
            printed = stage.play(session)
        (transcript.SESSIONS / f"{name}.txt").write_text(session.with_printed(printed), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
