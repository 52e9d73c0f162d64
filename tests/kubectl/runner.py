"""Running kubectl and reading what it prints."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS = 90

MASKS = (
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UID"),
    (r"\bweb-[0-9a-z]{8,10}\b", "REVISION"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b", "TIME"),
    (r"\b\d+\.\d+\.\d+\.\d+\b", "ADDRESS"),
    (r"(?<=\s)(\d+[dhms])+(?=\s|$)", "AGE"),
)


@dataclass(frozen=True)
class Output:
    """How a command ended and what it printed."""

    code: int
    out: str
    error: str

    @property
    def lines(self) -> list[str]:
        """What it printed, masked, with runs of spaces made one."""
        return [" ".join(masked(line).split()) for line in self.out.splitlines() if line.strip()]

    def ok(self) -> Output:
        assert self.code == 0, f"{self.code}: {self.error}"
        return self


def masked(text: str) -> str:
    """Replace what differs from run to run."""
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    return text


@dataclass(frozen=True)
class Kubectl:
    """kubectl with a kubeconfig, a namespace and a cache of its own."""

    program: str
    kubeconfig: Path
    namespace: str
    cache: Path

    def command(self, *arguments: str) -> list[str]:
        options = ["--kubeconfig", str(self.kubeconfig), "--namespace", self.namespace, "--cache-dir", str(self.cache)]
        return [self.program, *options, *arguments]

    def __call__(self, *arguments: str, data: object = None, **environment: str) -> Output:
        """Run a command to its end; `data` goes to its standard input, as JSON unless it is text."""
        text = data if data is None or isinstance(data, str) else json.dumps(data)
        done = subprocess.run(
            self.command(*arguments),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            env={**os.environ, **environment},
        )
        return Output(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def follow(self, *arguments: str) -> Iterator[Iterator[str]]:
        """The masked lines of a command that goes on; it is ended on leaving."""
        process = subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        try:
            yield (" ".join(masked(line).split()) for line in process.stdout)
        finally:
            process.terminate()
            process.stdout.close()
            process.wait(SECONDS)
