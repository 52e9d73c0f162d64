"""The wheel holds what a person who only has Python needs, and nothing of the workshop."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# One pattern a thing that must be there.
NEEDED = (
    r"stswidgets/py\.typed",
    r"stswidgets/widgets/static/loader\.js",
    r"stswidgets/widgets/static/app\.js",
    r"stswidgets/widgets/static/editor\.js",
    r"stswidgets/widgets/static/chart\.js",
    r"stswidgets/messages/catalogs/ui\.en\.json",
    r"stswidgets/messages/catalogs/ui\.zh\.json",
    r"stswidgets/simulator/schema/definitions\.json\.gz",
    r"stswidgets/apps/template/.*\.html(\.j2)?",
    r"stswidgets-[^/]+\.dist-info/licenses/LICENSE",
)
UNWANTED = (r"stswidgets/frontend/", r"node_modules/", r"(^|/)tests/", r"\.map$", r"\.tsx?$", r"__pycache__")


def build(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


def problems(names: list[str]) -> list[str]:
    """What is missing, and what should not be there."""
    missing = [f"missing: {needed}" for needed in NEEDED if not any(re.fullmatch(needed, name) for name in names)]
    return missing + [f"unwanted: {name}" for name in names if any(re.search(pattern, name) for pattern in UNWANTED)]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(Path(folder))
        size = wheel.stat().st_size
        with zipfile.ZipFile(wheel) as archive:
            found = problems(archive.namelist())
    print(f"{wheel.name}: {size / 1e6:.1f} MB")
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
