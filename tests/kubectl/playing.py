"""Playing a session on a cluster."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract import waiting
from tests.kubectl.transcript import SESSIONS, Session, Step

SECONDS = 150

Masks = tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...]

MASKS: Masks = (
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UID"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+\d{4}", "TIME"),
    (r"\b\d+\.\d+\.\d+\.\d+(:\d{4,5}\b)?", "ADDRESS"),
    (r"(resourceVersion: |\"resourceVersion\": ?)\"\d+\"", r'\1"VERSION"'),
    (r"\b([a-z0-9-]+)\.[0-9a-f]{16}\b", r"\1.EVENT"),
    # What kubectl's watches say when a command's time is up before theirs.
    (r"^[EIW]\d{4} [\d:.]+ +\d+ reflector\.go:.*\n", ""),
    # kubectl's own log: the time, the process and the line in its source.
    (r"^([WE])\d{4} [\d:.]+ +\d+ (\w+\.go):\d+", r"\1 \2"),
    # The controllers of the control plane for tests are in one program, whose name this is.
    (r"\b(kube-)?controller-manager\b", "kube-controller-manager"),
    # Ages, but not how long a pod tolerates a taint, nor thousandths of a CPU.
    (r"(cpu:? +\d+m\b|for \d+s$)|(?<=\s)(\d+[dhms])+(?=\s|$)", lambda found: found[1] or "AGE"),
    (r"\((x\d+ over )?(\d+[dhms])+( ago)?\)", "(AGE)"),
    (r" \(x\d+ over AGE\)", ""),
)


@dataclass(frozen=True)
class Stage:
    """A cluster, and a namespace on it that a session has for itself."""

    namespace: str
    masks: Masks
    environment: dict[str, str]

    def play(self, session: Session) -> dict[int, tuple[str, ...]]:
        """What each step printed, by the number of its line."""
        return {number: self.printed(step) for number, step in session.steps.items()}

    def printed(self, step: Step) -> tuple[str, ...]:
        """What a command prints, masked: output, errors and exit code."""
        if not step.rules.until:
            return self._once(step)

        def found() -> tuple[str, ...]:
            printed = self._once(step)
            return printed if any(re.search(step.rules.until, line) for line in printed) else ()

        return waiting.until(found, seconds=SECONDS, what=f"{step.rules.until} in the output of {step.command}")

    def _once(self, step: Step) -> tuple[str, ...]:
        done = subprocess.run(
            ["bash", "-c", step.command],
            capture_output=True,
            text=True,
            check=False,
            cwd=SESSIONS / "files",
            env=self.environment,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
        if step.is_preparation:
            assert done.returncode == 0, f"{step.command}: {done.stderr}"
            return ()
        printed = [f"|{line}" for line in step.rules.applied(self._masked(done.stdout))]
        printed += [f"! {line}".rstrip() for line in step.rules.applied(self._masked(done.stderr))]
        return (*printed, *([f"= {done.returncode}"] if done.returncode else []))

    def _masked(self, text: str) -> str:
        for pattern, name in self.masks:
            text = re.sub(pattern, name, text, flags=re.MULTILINE)
        return text


@contextmanager
def stage(kubectl: str, kubeconfig: Path, folder: Path) -> Iterator[Stage]:
    """A namespace on a cluster for one session; it is deleted afterwards, and not waited for. `folder` is for files."""
    # Long enough that no prose holds it, of letters alone so that no other mask finds something in it.
    namespace = "session-" + "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(8))
    program = folder / "kubectl"
    options = ["--kubeconfig", str(kubeconfig), "--cache-dir", str(folder / "cache"), "--namespace", namespace]
    program.write_text(f'#!/bin/sh\nexec {shlex.join([kubectl, *options])} "$@"\n')
    program.chmod(0o755)
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "NAMESPACE": namespace,
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }

    def asked(*arguments: str) -> str:
        done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    nodes = asked("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}").split()
    asked("create", "namespace", namespace)
    try:
        waiting.until(lambda: "default" in asked("get", "serviceaccounts", "-o", "name"), what="service account")
        own = ((namespace, "NAMESPACE"), (rf"\b({'|'.join(map(re.escape, nodes))})\b", "NODE"))
        yield Stage(namespace, (*own, *MASKS), environment)
    finally:
        asked("delete", "namespace", namespace, "--wait=false")
