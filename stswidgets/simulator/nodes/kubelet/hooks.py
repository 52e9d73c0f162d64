"""What a postStart hook comes to: how long it takes, and in what words it fails.

Texts of `pkg/kubelet/lifecycle` and `kuberuntime` (Kubernetes 1.37). Nothing runs, so this decides: a command fails if
the small shell knows it and it exits with another code than 0, or if its container ends before it does; a request fails
if nothing listens, that is while the container's fate refuses connections, or at a port that no container of the pod
names while one names any. Whatever is answered is good, as there. All other commands succeed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from stswidgets.simulator.nodes import shell
from stswidgets.simulator.nodes.kubelet import containers

Json = dict[str, Any]

_TAKES = 0.1  # seconds of what does not wait for anything
_KILLED = 137


class Outcome(msgspec.Struct, frozen=True):
    """After so many seconds the hook is over; `wrong` says why it failed, and is empty if it did not."""

    seconds: float
    wrong: str = ""


def post_start(item: containers.Container) -> Json | None:
    """A container's postStart hook, or None."""
    found: Json | None = (item.spec.get("lifecycle") or {}).get("postStart")
    return found


class Scene(msgspec.Struct, frozen=True):
    """Where a hook runs: `about` is the pod as events name it."""

    pod: Json
    about: str
    ip: str
    now: str
    variables: Mapping[str, str]


def outcome(hook: Json, item: containers.Container, scene: Scene) -> Outcome:
    """What comes of a container's hook."""
    whom = f'for Container "{item.name}" in Pod "{scene.about}" failed - error: '
    if "exec" in hook:
        return _exec(hook["exec"].get("command") or [], item, scene, whom)
    if "httpGet" in hook:
        return _http(hook["httpGet"], item, scene, whom)
    if "sleep" in hook:
        return Outcome(float(hook["sleep"].get("seconds") or 0))
    return Outcome(0.0, f"Cannot run handler: invalid handler: {_shown(hook)}")


def _exec(command: list[str], item: containers.Container, scene: Scene, whom: str) -> Outcome:
    known = shell.knows(command)
    seconds = _TAKES + (shell.pause(command) if known else 0.0)
    machine = shell.machine(scene.pod, item.name, scene.now, scene.variables)
    out, err, code = shell.run(machine, command) if known else ("", "", 0)
    ends = item.fate.exits_after
    if ends is not None and ends < seconds:
        seconds, out, err, code = ends, "", "", _KILLED
    if not code:
        return Outcome(seconds)
    why = f"command '{' '.join(command)}' exited with {code}: {err}, message: {_quoted(out + err)}"
    return Outcome(seconds, f"Exec lifecycle hook ([{' '.join(command)}]) {whom}{why}")


def _http(action: Json, item: containers.Container, scene: Scene, whom: str) -> Outcome:
    path, host = action.get("path") or "", action.get("host") or ""
    about = f"HTTP lifecycle hook ({path}) {whom}"
    port = action.get("port")
    if isinstance(port, str):
        named = next(
            (known["containerPort"] for known in item.spec.get("ports") or () if known.get("name") == port), None
        )
        if named is None:
            return Outcome(0.0, f'{about}port "{port}" not found')
        port = named
    if host or (_listens(scene.pod, port) and item.fate.answer("startup", _TAKES) == "yes"):
        return Outcome(_TAKES)
    ip = scene.ip
    url = f"{(action.get('scheme') or 'HTTP').lower()}://{ip}:{port}{path if path.startswith('/') else '/' + path}"
    return Outcome(_TAKES, f'{about}Get "{url}": dial tcp {ip}:{port}: connect: connection refused')


def _listens(pod: Json, port: object) -> bool:
    spec = pod["spec"]
    named = [
        known["containerPort"]
        for item in [*spec["containers"], *(spec.get("initContainers") or ())]
        for known in item.get("ports") or ()
    ]
    return not named or port in named


def _shown(hook: Json) -> str:
    """A handler that is none, as Go prints it."""
    action = hook.get("tcpSocket")
    if action is None:
        return "&LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:nil,Sleep:nil,}"
    port = action.get("port")
    text = f"{{1 0 {port}}}" if isinstance(port, str) else f"{{0 {port} }}"
    shown = f"&TCPSocketAction{{Port:{text},Host:{action.get('host') or ''},}}"
    return f"&LifecycleHandler{{Exec:nil,HTTPGet:nil,TCPSocket:{shown},Sleep:nil,}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
