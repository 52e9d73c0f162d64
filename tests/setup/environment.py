"""Set up the virtual environment of a checkout. Standard library only: it runs before anything is installed.

usage: python3 environment.py [GROUP ...]    installs the package, editable, with these dependency groups

A stamp holds the hash of pyproject.toml, so that a second run costs nothing and a changed dependency is picked up.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / "set-up"
OLDEST = (3, 11)


def main(groups: Sequence[str]) -> int:
    if sys.version_info < OLDEST:
        needed, found = ".".join(map(str, OLDEST)), ".".join(map(str, sys.version_info[:3]))
        return fail(f"Python {needed} or newer is needed and this is {found}. Name another: make PYTHON=python3.13 ...")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if is_set_up(groups, wanted):
        return 0
    if not (python := VENV / "bin" / "python").exists() and not create():
        return fail("The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv")
    print(f"Installing the package {'with ' + ', '.join(groups) if groups else 'alone'} ...", flush=True)
    pip = [os.fspath(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    extra = [option for group in groups for option in ("--group", group)]
    # Dependency groups came with pip 25.1; a fresh environment has the pip that Python shipped.
    for command in ([*pip, "install", "--upgrade", "pip>=25.1"], [*pip, "install", *extra, "--editable", "."]):
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return fail(f"pip ended with {code}; its message stands above.")
    STAMP.write_text("\n".join([wanted, *groups]), encoding="ascii")
    return 0


def is_set_up(groups: Sequence[str], wanted: str) -> bool:
    """Whether this pyproject.toml, with at least these groups, is what was installed last."""
    if not STAMP.is_file():
        return False
    found, *installed = STAMP.read_text(encoding="ascii").split()
    return found == wanted and set(groups) <= set(installed)


def create() -> bool:
    """Make the environment; False when Python's own venv cannot (Debian ships it apart)."""
    print("Making .venv ...", flush=True)
    return subprocess.run([sys.executable, "-m", "venv", "--clear", os.fspath(VENV)], check=False).returncode == 0


def fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
