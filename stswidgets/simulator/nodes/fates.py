"""What becomes of a container, by its image's name.

    *broken*   is never pulled: ErrImagePull, ImagePullBackOff
    *crash*    exits with 1 soon after each start, before it is ready: CrashLoopBackOff, restarts ever later
    *oom*      grows until it is killed: OOMKilled, then as *crash*
    *unready*  runs and never gets ready
    *slow*     gets ready 20 seconds after its start
    all others start within a second and run; as init containers they finish

The first four words are those of the control plane for tests.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """A container's future; all times in seconds of cluster time."""

    pull: float = 0.3
    pulls: bool = True
    ready_after: float = 0.0
    ready: bool = True
    exits_after: float | None = None
    exit_code: int = 0
    exit_reason: str = "Completed"


def of(image: str, seed: str, *, init: bool = False) -> Fate:
    """The fate of a container; `seed` makes each pod a little different."""
    chance = random.Random(f"{seed}/{image}")  # noqa: S311 - looks, not secrets
    pull = chance.uniform(0.2, 0.8)
    if "broken" in image:
        return Fate(pull=pull, pulls=False)
    if "crash" in image:
        return Fate(pull=pull, ready=False, exits_after=chance.uniform(0.6, 1.6), exit_code=1, exit_reason="Error")
    if "oom" in image:
        return Fate(pull=pull, exits_after=chance.uniform(3.0, 6.0), exit_code=137, exit_reason="OOMKilled")
    if "unready" in image:
        return Fate(pull=pull, ready=False)
    if init:
        return Fate(pull=pull, exits_after=chance.uniform(0.2, 0.6))
    return Fate(pull=pull, ready_after=20.0 if "slow" in image else 0.0)


def full_name(image: str) -> str:
    """An image's name as the container runtime reports it: with registry and tag."""
    name, at, digest = image.partition("@")
    first, slash, _ = name.partition("/")
    if not slash:
        name = f"docker.io/library/{name}"
    elif "." not in first and ":" not in first and first != "localhost":
        name = f"docker.io/{name}"
    if ":" not in name.rpartition("/")[2] and not at:
        name += ":latest"
    return name + at + digest


def digest(image: str) -> str:
    """An image's ID: its name without a tag, and a digest that is the same for the same image."""
    name = full_name(image).partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}@sha256:{hashlib.sha256(image.encode()).hexdigest()}"


def size(image: str) -> int:
    """An image's size in bytes: 20 to 180 MB, the same for the same image."""
    return 20_000_000 + int(hashlib.sha256(image.encode()).hexdigest()[:8], 16) % 160_000_000


def pull_error(image: str) -> str:
    """What a runtime says when an image cannot be had (containerd 2's words)."""
    full = full_name(image)
    repository = full.partition("@")[0].rpartition(":")[0]
    return (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{full}": failed to resolve reference '
        f'"{full}": {repository}: not found'
    )
