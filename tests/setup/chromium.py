"""Find a Chromium for the browser tests, or get one. Prints its path.

Order: the variable STSWIDGETS_CHROMIUM; a Chromium or Chrome of the system; one that Playwright installed; then, on
Debian and Ubuntu as root, the system's package with a font for Chinese; else Playwright's own download.
A machine where none of this works is an error, never a skipped test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Nothing but loopback resolves: a page that needs the internet fails.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = """No Chromium was found and none could be installed.
Install one (Debian, Ubuntu: apt-get install chromium fonts-noto-cjk), or name one:
STSWIDGETS_CHROMIUM=/path/to/chromium"""


class MissingChromiumError(Exception):
    """Its text says what to do."""


def find() -> str | None:
    """The path of a Chromium that is there, or None."""
    if named := os.environ.get("STSWIDGETS_CHROMIUM"):
        if not Path(named).is_file():
            raise MissingChromiumError(f"STSWIDGETS_CHROMIUM names {named}, which is not a file.")
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _of_playwright()


def _of_playwright() -> str | None:
    # Asked in a process of its own: Playwright's synchronous interface may not run inside a test's event loop.
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", ask], check=False, capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if answer.returncode == 0 and path and Path(path).is_file() else None


def install() -> None:
    """Try the system's package, then Playwright's download. Their output goes to standard error."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
        updated = subprocess.run(["apt-get", "update", "-q"], check=False, stdout=sys.stderr).returncode == 0
        if updated and subprocess.run(packages, check=False, stdout=sys.stderr, env=environment).returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=sys.stderr)


def main() -> int:
    try:
        path = find()
        if path is None:
            install()
            path = find()
    except MissingChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
