"""What a container's own command does, where the small shell knows it: `kubectl run x --restart=Never -- echo hello`.

Only in pods whose containers are not restarted for ever: the command of a server is not run, its image decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from stswidgets.simulator.nodes import fates, shell

Json = dict[str, Any]

_TAKES = 0.5  # seconds of a command that does not wait for anything


def _command(pod: Json, container: Json) -> list[str]:
    """The command, if it is one that ends; else nothing."""
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    ends = pod["spec"].get("restartPolicy", "Always") != "Always"
    return words if ends and shell.knows(words) else []


def fate(
    pod: Json, container: Json, usual: fates.Fate, now: str, variables: Mapping[str, str] | None = None
) -> fates.Fate:
    """A container's fate: that of its image, unless its command ends by itself."""
    words = _command(pod, container)
    if not words or usual.exits_after is not None or not usual.pulls:
        return usual
    _, _, code = shell.run(shell.machine(pod, container["name"], now, variables), words)
    seconds = _TAKES + shell.pause(words)
    return structs.replace(usual, exits_after=seconds, exit_code=code, exit_reason="Error" if code else "Completed")


def output(pod: Json, container: Json, now: str, variables: Callable[[], Mapping[str, str]]) -> list[str] | None:
    """The lines that such a command writes; None if the container's image decides what it writes."""
    words = _command(pod, container)
    if words:
        out, err, _ = shell.run(shell.machine(pod, container["name"], now, variables()), words)
        return (out + err).splitlines()
    return [] if reads(container) else None


def reads(container: Json) -> bool:
    """Whether the container is a shell that reads from who attaches to it (`kubectl run -it`)."""
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    return bool(container.get("stdin")) and len(words) == 1 and words[0] in shell.SHELLS
