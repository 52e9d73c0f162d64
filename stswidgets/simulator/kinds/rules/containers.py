"""Rules about containers."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, environment, handlers, internal, mounts, names, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.volumes import Volumes

Json = dict[str, Any]

PROTOCOLS = ("SCTP", "TCP", "UDP")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
SIDECAR_ONLY = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
ID_LIMIT = 2**31 - 1


def ports(values: list[Json] | None, path: str) -> Causes:
    """Ports of a container."""
    found: Causes = []
    seen: set[str] = set()
    for index, port in enumerate(values or ()):
        here = f"{path}[{index}]"
        name = port.get("name", "")
        if name:
            messages = names.port_name(name)
            found += causes.all_of(f"{here}.name", name, messages)
            if not messages and name in seen:
                found.append(causes.duplicate(f"{here}.name", name))
            seen.add(name)
        number = port.get("containerPort", 0)
        if number == 0:
            found.append(causes.required(f"{here}.containerPort"))
        else:
            found += [causes.invalid(f"{here}.containerPort", number, text) for text in names.port_number(number)]
        host = port.get("hostPort", 0)
        if host:
            found += [causes.invalid(f"{here}.hostPort", host, text) for text in names.port_number(host)]
        found += causes.one_of(f"{here}.protocol", port.get("protocol", ""), PROTOCOLS)
    return found


def host_ports(containers: list[Json], path: str) -> Causes:
    """No port of the host twice."""
    found: Causes = []
    seen: set[str] = set()
    for index, container in enumerate(containers):
        for number, port in enumerate(container.get("ports") or ()):
            if not port.get("hostPort"):
                continue
            key = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{port['hostPort']}"
            if key in seen:
                found.append(causes.duplicate(f"{path}[{index}].ports[{number}].hostPort", key))
            seen.add(key)
    return found


def security(context: Json | None, path: str) -> Causes:
    """A container's security context."""
    context = context or {}
    found: Causes = []
    for key in ("runAsUser", "runAsGroup"):
        number = context.get(key)
        if number is not None and not 0 <= number <= ID_LIMIT:
            found.append(causes.invalid(f"{path}.{key}", number, names.between(0, ID_LIMIT)))
    if context.get("procMount") == "Unmasked":
        text = "`hostUsers` must be false to use `Unmasked`"
        found.append(causes.invalid(f"{path}.procMount", "Unmasked", text))
    found += seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    if context.get("allowPrivilegeEscalation") is False and context.get("privileged"):
        text = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        found.append(causes.invalid(path, internal.security_context(context), text))
    return found


def seccomp(profile: Json | None, path: str) -> Causes:
    """A seccomp profile."""
    if profile is None:
        return []
    kind = profile.get("type", "")
    if kind == "Localhost" and not profile.get("localhostProfile"):
        return [causes.required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost")]
    if kind not in ("Localhost", "RuntimeDefault", "Unconfined"):
        if not kind:
            return [causes.required(f"{path}.type", "type is required when seccompProfile is set")]
        return [causes.not_supported(f"{path}.type", kind, ("Localhost", "RuntimeDefault", "Unconfined"))]
    if kind != "Localhost" and "localhostProfile" in profile:
        text = "can only be set when seccomp type is Localhost"
        return [causes.invalid(f"{path}.localhostProfile", profile["localhostProfile"], text)]
    return []


def common(container: Json, mounted: Volumes, path: str) -> Causes:
    """What holds for every container."""
    name = container.get("name", "")
    found: Causes = []
    if not name:
        found.append(causes.required(f"{path}.name"))
    else:
        found += causes.all_of(f"{path}.name", name, names.dns_label(name))
    if not container.get("image"):
        found.append(causes.required(f"{path}.image"))
    policy = container.get("terminationMessagePolicy", "")
    if policy not in MESSAGE_POLICIES:
        found.append(causes.not_supported(f"{path}.terminationMessagePolicy", policy, MESSAGE_POLICIES))
    return [
        *found,
        *ports(container.get("ports"), f"{path}.ports"),
        *environment.variables(container.get("env"), f"{path}.env"),
        *environment.sources(container.get("envFrom"), f"{path}.envFrom"),
        *mounts.check(container, mounted, f"{path}.volumeMounts"),
        *mounts.devices(container, mounted, f"{path}.volumeDevices"),
        *causes.one_of(f"{path}.imagePullPolicy", container.get("imagePullPolicy", ""), PULL_POLICIES),
        *resources.requirements(container.get("resources"), f"{path}.resources"),
        *security(container.get("securityContext"), f"{path}.securityContext"),
    ]


def _acting(container: Json, path: str, grace: int | None) -> Causes:
    return [
        *handlers.lifecycle(container.get("lifecycle"), f"{path}.lifecycle", grace),
        *handlers.probe(container.get("livenessProbe"), f"{path}.livenessProbe", grace, kind="liveness"),
        *handlers.probe(container.get("readinessProbe"), f"{path}.readinessProbe", grace, kind="readiness"),
        *handlers.probe(container.get("startupProbe"), f"{path}.startupProbe", grace, kind="startup"),
    ]


def _restart_policy(container: Json, path: str) -> Causes:
    policy = container.get("restartPolicy")
    if policy is None:
        if container.get("restartPolicyRules"):
            text = "must specify restartPolicy when restart rules are used"
            return [causes.required(f"{path}.restartPolicy", text)]
        return []
    if policy in RESTART_POLICIES:
        return []
    return [causes.not_supported(f"{path}.restartPolicy", policy, RESTART_POLICIES)]


def regular(containers: list[Json], mounted: Volumes, path: str, grace: int | None) -> Causes:
    """The containers of a pod: at least one, each with a name of its own."""
    if not containers:
        return [causes.required(path)]
    found: Causes = []
    seen: set[str] = set()
    for index, container in enumerate(containers):
        here = f"{path}[{index}]"
        found += common(container, mounted, here)
        name = container.get("name", "")
        if name in seen:
            found.append(causes.duplicate(f"{here}.name", name))
        seen.add(name)
        found += _acting(container, here, grace)
        found += _restart_policy(container, here)
    return [*found, *host_ports(containers, path)]


def init(containers: list[Json], others: list[Json], mounted: Volumes, path: str, grace: int | None) -> Causes:
    """Init containers; those that restart always are sidecars and may have probes."""
    found: Causes = []
    seen = {container.get("name", "") for container in others}
    for index, container in enumerate(containers):
        here = f"{path}[{index}]"
        found += common(container, mounted, here)
        found += _restart_policy(container, here)
        name = container.get("name", "")
        if name in seen:
            found.append(causes.duplicate(f"{here}.name", name))
        elif name:
            seen.add(name)
        found += host_ports([container], path)
        if container.get("restartPolicy") == "Always":
            found += _acting(container, here, grace)
            continue
        text = "may not be set for init containers without restartPolicy=Always"
        found += [causes.forbidden(f"{here}.{key}", text) for key in SIDECAR_ONLY if key in container]
    return found
