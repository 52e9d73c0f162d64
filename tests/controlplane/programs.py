"""The programs of the control plane, built once a machine from their Go modules."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

KUBERNETES, KWOK, METRICS_SERVER = "v1.37.2", "v0.8.0", "v0.9.0"
SOURCES = Path(__file__).parent
SOURCE_FILES = ("go.mod", "go.sum", "main.go", "certificates.go")
STRIP = "-s -w"
NO_GO = """The control plane is built from Go modules, and no `go` program was found.
Install Go 1.26 or newer (https://go.dev/doc/install) and have it on the PATH.
The first build takes about 15 minutes."""


class ControlPlaneError(Exception):
    """The control plane could not be built or started. Its text says why and what to do."""


@dataclass(frozen=True)
class Programs:
    """The paths of the three programs."""

    controlplane: Path
    kwok: Path
    metrics_server: Path


def cache() -> Path:
    """The folder of built programs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "stswidgets" / "controlplane"


def build() -> Programs:
    """Build what is not there yet; raises ControlPlaneError without Go or when a build fails."""
    digest = hashlib.sha256(b"".join((SOURCES / name).read_bytes() for name in SOURCE_FILES)).hexdigest()[:8]
    folder = cache()
    programs = Programs(
        controlplane=folder / f"controlplane-{KUBERNETES}-{digest}",
        kwok=folder / f"kwok-{KWOK}",
        metrics_server=folder / f"metrics-server-{METRICS_SERVER}",
    )
    with _alone(folder):
        if not programs.controlplane.is_file():
            _build_controlplane(programs.controlplane)
        if not programs.kwok.is_file():
            _install(f"sigs.k8s.io/kwok/cmd/kwok@{KWOK}", programs.kwok)
        if not programs.metrics_server.is_file():
            _install(f"sigs.k8s.io/metrics-server/cmd/metrics-server@{METRICS_SERVER}", programs.metrics_server)
    return programs


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two builds at once would each take the whole time; the second waits and finds the programs there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_controlplane(target: Path) -> None:
    info = "k8s.io/component-base/version"
    major, minor, _ = KUBERNETES.removeprefix("v").split(".")
    version = f"-X {info}.gitVersion={KUBERNETES} -X {info}.gitMajor={major} -X {info}.gitMinor={minor}"
    unfinished = target.with_suffix(".new")
    command = ["build", "-trimpath", "-buildvcs=false", f"-ldflags={STRIP} {version}", "-o", os.fspath(unfinished), "."]
    _go(command, target.name, cwd=SOURCES)
    unfinished.rename(target)


def _install(package: str, target: Path) -> None:
    # `go install` names the program itself, so it gets a folder of its own to put it in.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        _go(["install", "-trimpath", "-buildvcs=false", f"-ldflags={STRIP}", package], target.name, GOBIN=folder)
        (program,) = Path(folder).iterdir()
        program.rename(target)


def _go(arguments: Sequence[str], what: str, cwd: Path | None = None, **environment: str) -> None:
    go = shutil.which("go")
    if go is None:
        raise ControlPlaneError(NO_GO)
    print(f"Building {what} ...", file=sys.stderr, flush=True)
    done = subprocess.run([go, *arguments], cwd=cwd, env={**os.environ, **environment}, check=False, stdout=sys.stderr)
    if done.returncode:
        raise ControlPlaneError(
            f"go could not build {what}: it ended with {done.returncode}; its message stands above."
        )
