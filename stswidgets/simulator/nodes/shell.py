"""A very small shell: what `kubectl exec` meets in a container. Commands that are not here are not found."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from stswidgets.simulator import clock
from stswidgets.simulator.controllers import readiness

Json = dict[str, Any]
Result = tuple[str, str, int]

_BUILT_IN = ("cd", "exit", "export", "false", "set", "true", ":")
SHELLS = ("sh", "bash", "ash", "/bin/sh", "/bin/bash", "/bin/ash")


class Machine(msgspec.Struct, frozen=True):
    """A container as a shell sees it."""

    pod: Json
    container: Json
    now: str
    node: str
    files: dict[str, str] = {}
    variables: Mapping[str, str] | None = None  # those that it was started with, if that is known

    def environment(self) -> dict[str, str]:
        """Its variables; what is known without a cluster if it is not known with which it was started."""
        name = self.pod["metadata"]["name"]
        given = {item["name"]: item["value"] for item in self.container.get("env") or () if "value" in item}
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOSTNAME": name,
            **(given if self.variables is None else self.variables),
            "HOME": "/root",
        }


def machine(pod: Json, container: str, now: str, variables: Mapping[str, str] | None = None) -> Machine:
    """The container of a pod. StopIteration if it has none of that name."""
    spec = pod["spec"]
    found = next(
        item for item in [*spec["containers"], *(spec.get("initContainers") or [])] if item["name"] == container
    )
    name, address = pod["metadata"]["name"], (pod.get("status") or {}).get("podIP", "")
    files = {
        "/etc/hostname": f"{name}\n",
        "/etc/hosts": f"127.0.0.1\tlocalhost\n{address}\t{name}\n",
        "/etc/resolv.conf": f"search {pod['metadata']['namespace']}.svc.cluster.local\nnameserver 10.96.0.10\n",
        "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n',
    }
    return Machine(pod, found, now, spec.get("nodeName", ""), files, variables)


def run(on: Machine, argv: Sequence[str], stdin: str = "") -> Result:
    """Run a command: (standard output, standard error, exit code)."""
    if not argv:
        return "", "", 0
    name, *arguments = argv
    if name in SHELLS:
        return _shell(on, arguments, stdin)
    command = _COMMANDS.get(name.rpartition("/")[2])
    if command is None:
        said = f'exec failed: unable to start container process: exec: "{name}": executable file not found in $PATH\n'
        return "", f"OCI runtime exec failed: {said}", 127
    return command(on, arguments, stdin)


def knows(argv: Sequence[str]) -> bool:
    """Whether every command of these words is one that this shell has, so that they end by themselves."""
    parts = _parts(argv)
    return bool(parts) and all(not part or part[0] in _BUILT_IN or part[0] in _COMMANDS for part in parts)


def pause(argv: Sequence[str]) -> float:
    """The seconds that the words sleep."""
    numbers = [part[1] for part in _parts(argv) if part[:1] == ["sleep"] and len(part) > 1]
    return float(sum(int(number) for number in numbers if number.isdigit()))


def _parts(argv: Sequence[str]) -> list[list[str]]:
    """The simple commands in the words; none for a shell without a script."""
    if not argv or argv[0] not in SHELLS:
        return [list(argv)] if argv else []
    if len(argv) < 3 or argv[1] != "-c":
        return []
    return [part.split() for line in argv[2].splitlines() for part in _split(line)]


def _split(line: str) -> list[str]:
    return line.replace("&&", ";").split(";")


def _shell(on: Machine, arguments: list[str], stdin: str) -> Result:
    lines = arguments[1].splitlines() if arguments[:1] == ["-c"] and len(arguments) > 1 else stdin.splitlines()
    out, err, code = "", "", 0
    for line in lines:
        for part in _split(line):
            more, wrong, code, ended = _line(on, part.strip(), code, stdin)
            out, err = out + more, err + wrong
            if ended:
                return out, err, code
    return out, err, code


def _line(on: Machine, line: str, last: int, stdin: str) -> tuple[str, str, int, bool]:
    """One simple command; the last value says whether the shell ends with it."""
    if not line or line.startswith("#"):
        return "", "", last, False
    try:
        words = shlex.split(line)
    except ValueError as error:
        return "", f"sh: 1: Syntax error: {error}\n", 2, False
    known = on.environment() | {"?": str(last)}
    words = [_expanded(word, known) for word in words]
    words, turned = _redirected(words)
    if not words:
        return "", "", 0, False
    if words[0] == "exit":
        code = int(words[1]) if len(words) > 1 and words[1].isdigit() else last
        return "", "", code % 256, True
    if words[0] in ("cd", "set", "export", "true", ":"):
        return "", "", 0, False
    if words[0] == "false":
        return "", "", 1, False
    if words[0] in SHELLS:
        return (*_shell(on, words[1:], stdin), False)
    command = _COMMANDS.get(words[0].rpartition("/")[2])
    if command is None:
        return "", f"sh: 1: {words[0]}: not found\n", 127, False
    out, err, code = command(on, words[1:], stdin)
    if turned == ">&2":
        out, err = "", err + out
    elif turned == "2>&1":
        out, err = out + err, ""
    elif turned:
        out = ""
    return out, err, code, False


def _redirected(words: list[str]) -> tuple[list[str], str]:
    """A command without its redirection, and that: `>&2`, `2>&1` or `>/dev/null`."""
    last = words[-1].removeprefix("1>") if words[-1].startswith("1>") else words[-1].removeprefix(">")
    if words[-1] == "2>&1":
        return words[:-1], "2>&1"
    if words[-1].startswith((">", "1>")) and last in ("&2", "/dev/null"):
        return words[:-1], f">{last}"
    return words, ""


def _expanded(word: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        word = word.replace(f"${{{name}}}", value).replace(f"${name}", value)
    return word


def _echo(_on: Machine, arguments: list[str], _stdin: str) -> Result:
    if arguments[:1] == ["-n"]:
        return " ".join(arguments[1:]), "", 0
    return " ".join(arguments) + "\n", "", 0


def _cat(on: Machine, arguments: list[str], stdin: str) -> Result:
    if not arguments:
        return stdin, "", 0
    out, err = "", ""
    for path in arguments:
        if path in on.files:
            out += on.files[path]
        else:
            err += f"cat: {path}: No such file or directory\n"
    return out, err, 1 if err else 0


def _ls(on: Machine, arguments: list[str], _stdin: str) -> Result:
    path = next((item for item in arguments if not item.startswith("-")), "/")
    mounts = [mount["mountPath"] for mount in on.container.get("volumeMounts") or []]
    if path == "/":
        return "bin\ndev\netc\nhome\nlib\nopt\nproc\nroot\nrun\nsys\ntmp\nusr\nvar\n", "", 0
    if path.rstrip("/") in mounts:
        return "lost+found\npgdata\n" if "postgres" in on.container["image"] else "lost+found\n", "", 0
    inside = [file.rpartition("/")[2] for file in on.files if file.startswith(path.rstrip("/") + "/")]
    if inside:
        return "\n".join(sorted(inside)) + "\n", "", 0
    return "", f"ls: cannot access '{path}': No such file or directory\n", 2


def _env(on: Machine, _arguments: list[str], _stdin: str) -> Result:
    return "".join(f"{key}={value}\n" for key, value in on.environment().items()), "", 0


def _hostname(on: Machine, arguments: list[str], _stdin: str) -> Result:
    metadata, spec = on.pod["metadata"], on.pod["spec"]
    if arguments == ["-f"] and spec.get("subdomain"):
        return f"{metadata['name']}.{spec['subdomain']}.{metadata['namespace']}.svc.cluster.local\n", "", 0
    return f"{metadata['name']}\n", "", 0


def _ps(on: Machine, _arguments: list[str], _stdin: str) -> Result:
    words = [*(on.container.get("command") or [on.container["name"]]), *(on.container.get("args") or [])]
    return (
        f"    PID TTY          TIME CMD\n      1 ?        00:00:42 {' '.join(words)}\n     97 ?        00:00:00 ps\n",
        "",
        0,
    )


def _date(on: Machine, _arguments: list[str], _stdin: str) -> Result:
    return clock.moment(on.now).strftime("%a %b %e %H:%M:%S UTC %Y\n"), "", 0


def _whoami(_on: Machine, _arguments: list[str], _stdin: str) -> Result:
    return "root\n", "", 0


def _id(_on: Machine, _arguments: list[str], _stdin: str) -> Result:
    return "uid=0(root) gid=0(root) groups=0(root)\n", "", 0


def _pg_isready(on: Machine, _arguments: list[str], _stdin: str) -> Result:
    if readiness.is_ready(on.pod):
        return "/var/run/postgresql:5432 - accepting connections\n", "", 0
    return "/var/run/postgresql:5432 - rejecting connections\n", "", 1


def _sleep(_on: Machine, _arguments: list[str], _stdin: str) -> Result:
    return "", "", 0


_COMMANDS: dict[str, Callable[[Machine, list[str], str], Result]] = {
    "echo": _echo,
    "cat": _cat,
    "ls": _ls,
    "env": _env,
    "printenv": _env,
    "hostname": _hostname,
    "ps": _ps,
    "date": _date,
    "whoami": _whoami,
    "id": _id,
    "pg_isready": _pg_isready,
    "sleep": _sleep,
    "true": _sleep,
}
