"""What becomes of a container, by a word in its image's name or in an annotation of its pod.

    broken    is never pulled: ErrImagePull, ImagePullBackOff
    crash     exits with 1 soon after each start, before it is ready: CrashLoopBackOff, restarts ever later
    oom       grows until it is killed: OOMKilled, then as `crash`
    unready   runs and never gets ready: its readiness probe answers 503
    slow      answers no probe, and is not ready, for the first 20 seconds after a start
    hung      answers for half a minute, then nothing any more, not even a request to stop
    done      finishes with 0 after two seconds (by annotation alone: many an image is called so)

All others start within a second and run; as init containers they finish. `broken`, `crash` and `unready` are words of
the control plane for tests as well. The annotation `simulator.stswidgets.io/fate` gives a word to all containers of a
pod, `simulator.stswidgets.io/fate.NAME` to one of them, whatever their images are; any other word there means none.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import structs

from stswidgets.simulator.nodes import signals

Answer = Literal["yes", "no", "refused", "silent"]

FATE = f"{signals.PREFIX}fate"
_WORDS = ("broken", "crash", "oom", "unready", "slow", "hung")  # in an image's name, the first that is there
_SLOW = 20.0
_HANGS_AFTER = 30.0


class Fate(msgspec.Struct, frozen=True):
    """A container's future; all times in seconds of cluster time, from its start but for `pull`."""

    pull: float = 0.3
    pulls: bool = True
    ready_after: float = 0.0
    ready: bool = True
    exits_after: float | None = None
    exit_code: int = 0
    exit_reason: str = "Completed"
    hangs_after: float | None = None

    def answer(self, probe: str, age: float) -> Answer:
        """What a probe ("startup", "readiness", "liveness") is told this long after the start."""
        if self.hangs_after is not None and age >= self.hangs_after:
            return "silent"
        if age < self.ready_after:
            return "refused"
        if probe == "readiness" and not self.ready:
            return "refused" if self.exits_after is not None else "no"
        return "yes"


def word(image: str, annotations: Mapping[str, str], container: str) -> str:
    """The word that decides a container's fate, or an empty text."""
    told = annotations.get(f"{FATE}.{container}", annotations.get(FATE))
    if told is not None:
        return told
    return next((item for item in _WORDS if item in image), "")


def of(image: str, seed: str, *, init: bool = False, told: str | None = None) -> Fate:
    """The fate of a container; `seed` makes each pod a little different, `told` is its word if that is known."""
    chance = random.Random(f"{seed}/{image}")  # noqa: S311 - looks, not secrets
    fate = Fate(pull=chance.uniform(0.2, 0.8))
    match word(image, {}, "") if told is None else told:
        case "broken":
            return structs.replace(fate, pulls=False)
        case "crash":
            soon = chance.uniform(0.6, 1.6)
            return structs.replace(fate, ready=False, exits_after=soon, exit_code=1, exit_reason="Error")
        case "oom":
            return structs.replace(fate, exits_after=chance.uniform(3.0, 6.0), exit_code=137, exit_reason="OOMKilled")
        case "unready":
            return structs.replace(fate, ready=False)
        case "slow":
            fate = structs.replace(fate, ready_after=_SLOW)
        case "hung":
            return structs.replace(fate, hangs_after=_HANGS_AFTER)
        case "done":
            return structs.replace(fate, exits_after=2.0)
    if init:
        return structs.replace(fate, exits_after=fate.ready_after + chance.uniform(0.2, 0.6))
    return fate


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
