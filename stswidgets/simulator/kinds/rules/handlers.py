"""Rules about probes and lifecycle hooks."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

ORDER = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
SCHEMES = ("HTTP", "HTTPS")
PROTOCOLS = ("HTTP1", "HTTP2")
MODES = ("Plaintext", "TLS")
REAL_TIME = [
    "SIGRTMAX", *(f"SIGRTMAX-{number}" for number in range(1, 15)),
    "SIGRTMIN", *(f"SIGRTMIN+{number}" for number in range(1, 16)),
]  # fmt: skip
SIGNALS = {
    "linux": sorted([
        "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT",
        "SIGIO", "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGSEGV", "SIGSTKFLT",
        "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2",
        "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ", *REAL_TIME,
    ]),
    "windows": ["SIGKILL", "SIGTERM"],
}  # fmt: skip


def port(value: int | str, path: str) -> Causes:
    """A port by number or name."""
    if isinstance(value, int):
        return [causes.invalid(path, value, message) for message in names.port_number(value)]
    return causes.all_of(path, value, names.port_name(value))


def _http(action: Json, path: str) -> Causes:
    found = [] if action.get("path") else [causes.required(f"{path}.path")]
    found += port(action.get("port", 0), f"{path}.port")
    scheme, protocol = action.get("scheme", ""), action.get("protocol")
    if scheme not in SCHEMES:
        found.append(causes.not_supported(f"{path}.scheme", scheme, SCHEMES))
    for header in action.get("httpHeaders") or ():
        name = header.get("name", "")
        found += causes.all_of(f"{path}.httpHeaders", name, names.header_name(name))
    if protocol is not None:
        if protocol not in PROTOCOLS:
            found.append(causes.not_supported(f"{path}.protocol", protocol, PROTOCOLS))
        elif protocol == "HTTP2" and scheme != "HTTP":
            found.append(causes.invalid(f"{path}.protocol", protocol, "is only supported with HTTP (H2C)"))
        elif protocol == "HTTP2" and action.get("host"):
            text = 'must be empty when `protocol` is "HTTP2"'
            found.append(causes.invalid(f"{path}.host", action["host"], text))
    return found


def _action(kind: str, action: Json, path: str, grace: int | None) -> Causes:
    if kind == "exec":
        return [] if action.get("command") else [causes.required(f"{path}.command")]
    if kind == "httpGet":
        return _http(action, path)
    if kind == "sleep":
        seconds = action.get("seconds", 0)
        if grace is not None and not 0 <= seconds <= grace:
            text = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
            return [causes.invalid(path, seconds, text)]
        return []
    found = port(action.get("port", 0), f"{path}.port")
    if kind == "grpc" and "mode" in action and action["mode"] not in MODES:
        found.append(causes.not_supported(f"{path}.mode", action["mode"], MODES))
    return found


def handler(value: Json, path: str, grace: int | None) -> Causes:
    """Exactly one way to act."""
    given = [kind for kind in ORDER if kind in value]
    if not given:
        return [causes.required(path, "must specify a handler type")]
    found = _action(given[0], value[given[0]], f"{path}.{given[0]}", grace)
    text = "may not specify more than 1 handler type"
    return [*found, *(causes.forbidden(f"{path}.{kind}", text) for kind in given[1:])]


def probe(value: Json | None, path: str, grace: int | None, *, kind: str) -> Causes:
    """A probe; `kind` is liveness, readiness or startup."""
    if value is None:
        return []
    found = handler({key: value[key] for key in ORDER if key in value}, path, grace)
    keys = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
    for key in keys:
        found += causes.not_negative(f"{path}.{key}", value.get(key, 0))
    own = value.get("terminationGracePeriodSeconds")
    if own is not None and own <= 0:
        found.append(causes.invalid(f"{path}.terminationGracePeriodSeconds", own, "must be greater than 0"))
    if kind == "readiness":
        if own is not None:
            text = "must not be set for readinessProbes"
            found.append(causes.invalid(f"{path}.terminationGracePeriodSeconds", own, text))
    elif value.get("successThreshold", 1) != 1:
        found.append(causes.invalid(f"{path}.successThreshold", value["successThreshold"], "must be 1"))
    return found


def lifecycle(value: Json | None, path: str, grace: int | None, system: str | None) -> Causes:
    """Hooks after the start and before the end, and the signal to stop; `system` is what `spec.os` names."""
    found: Causes = []
    for hook in ("postStart", "preStop"):
        if value and hook in value:
            found += handler(value[hook], f"{path}.{hook}", grace)
    if value and "stopSignal" in value:
        if system is None:
            text = "may not be set for containers with empty `spec.os.name`"
            found.append(causes.forbidden(f"{path}.stopSignal", text))
        elif system in SIGNALS and value["stopSignal"] not in SIGNALS[system]:
            found.append(causes.not_supported(f"{path}.stopSignal", value["stopSignal"], SIGNALS[system]))
    return found
