"""Rules about containers."""

from __future__ import annotations

from typing import Any

import msgspec

from stswidgets.simulator.kinds.rules import causes, environment, handlers, mounts, names, resources, security
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.volumes import Volumes

Json = dict[str, Any]

PROTOCOLS = ("SCTP", "TCP", "UDP")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
SIDECAR_ONLY = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
ACTIONS = ("Restart", "RestartAllContainers")
RULES_LIMIT = 20
CODES_LIMIT = 255


class Pod(msgspec.Struct, frozen=True):
    """What a container's rules need of its pod.

    `volumes` are those that are right, `claims` the names of resource claims, `grace` the seconds that the pod has to
    end, `restarts` its restart policy, `system` what `spec.os` names.
    """

    volumes: Volumes
    claims: frozenset[str]
    grace: int | None
    restarts: str
    host_users: bool
    system: str | None


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


def common(container: Json, pod: Pod, path: str) -> Causes:
    """What holds for every container."""
    name = container.get("name", "")
    found = causes.all_of(f"{path}.name", name, names.dns_label(name)) if name else [causes.required(f"{path}.name")]
    if not container.get("image"):
        found.append(causes.required(f"{path}.image"))
    policy = container.get("terminationMessagePolicy", "")
    if not policy:
        found.append(causes.required(f"{path}.terminationMessagePolicy"))
    elif policy not in MESSAGE_POLICIES:
        found.append(causes.not_supported(f"{path}.terminationMessagePolicy", policy, MESSAGE_POLICIES))
    return [
        *found,
        *ports(container.get("ports"), f"{path}.ports"),
        *environment.variables(container.get("env"), f"{path}.env"),
        *environment.sources(container.get("envFrom"), f"{path}.envFrom"),
        *mounts.check(container, pod.volumes, f"{path}.volumeMounts"),
        *mounts.devices(container, pod.volumes, f"{path}.volumeDevices"),
        *causes.one_of(f"{path}.imagePullPolicy", container.get("imagePullPolicy", ""), PULL_POLICIES),
        *resources.requirements(container.get("resources"), f"{path}.resources", pod.claims),
        *_resize(container.get("resizePolicy"), f"{path}.resizePolicy", pod.restarts),
        *security.container(container.get("securityContext"), f"{path}.securityContext", host_users=pod.host_users),
    ]


def _resize(values: list[Json] | None, path: str, restarts: str) -> Causes:
    found: Causes = []
    seen: set[str] = set()
    for index, item in enumerate(values or ()):
        name, policy = item.get("resourceName", ""), item.get("restartPolicy", "")
        if name in seen:
            found.append(causes.duplicate(f"{path}[{index}]", name))
        seen.add(name)
        found += causes.one_of(path, name, ("cpu", "memory"))
        found += causes.one_of(path, policy, ("NotRequired", "RestartContainer"))
        if restarts == "Never" and policy != "NotRequired":
            text = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
            found.append(causes.invalid(path, policy, text, typed=True))
    return found


def _acting(container: Json, pod: Pod, path: str) -> Causes:
    return [
        *handlers.lifecycle(container.get("lifecycle"), f"{path}.lifecycle", pod.grace, pod.system),
        *handlers.probe(container.get("livenessProbe"), f"{path}.livenessProbe", pod.grace, kind="liveness"),
        *handlers.probe(container.get("readinessProbe"), f"{path}.readinessProbe", pod.grace, kind="readiness"),
        *handlers.probe(container.get("startupProbe"), f"{path}.startupProbe", pod.grace, kind="startup"),
    ]


def _restart_policy(container: Json, path: str, *, init: bool) -> Causes:
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or []
    found: Causes = []
    if policy is None:
        if not rules:
            return []
        text = "must specify restartPolicy when restart rules are used"
        found.append(causes.required(f"{path}.restartPolicy", text))
        if init:
            return found
    elif policy not in RESTART_POLICIES:
        found.append(causes.not_supported(f"{path}.restartPolicy", policy, RESTART_POLICIES))
    here = f"{path}.restartPolicyRules"
    if len(rules) > RULES_LIMIT:
        found.append(causes.too_many(here, len(rules), RULES_LIMIT))
    for index, rule in enumerate(rules):
        found += _restart_rule(rule, f"{here}[{index}]")
    return found


def _restart_rule(rule: Json, path: str) -> Causes:
    action, codes = rule.get("action", ""), rule.get("exitCodes")
    found: Causes = []
    if action not in ACTIONS:
        found.append(causes.not_supported(f"{path}.action", action, ACTIONS))
    if codes is None:
        return [*found, causes.required(f"{path}.exitCodes", "must be specified")]
    operator = codes.get("operator", "")
    if operator not in ("In", "NotIn"):
        found.append(causes.not_supported(f"{path}.exitCodes.operator", operator, ("In", "NotIn")))
    number = len(codes.get("values") or ())
    if number > CODES_LIMIT:
        found.append(causes.too_many(f"{path}.exitCodes.values", number, CODES_LIMIT))
    return found


def regular(containers: list[Json], pod: Pod, path: str) -> Causes:
    """The containers of a pod: at least one, each with a name of its own."""
    if not containers:
        return [causes.required(path)]
    found: Causes = []
    seen: set[str] = set()
    for index, container in enumerate(containers):
        here = f"{path}[{index}]"
        found += common(container, pod, here)
        name = container.get("name", "")
        if name in seen:
            found.append(causes.duplicate(f"{here}.name", name))
        seen.add(name)
        found += _acting(container, pod, here)
        found += _restart_policy(container, here, init=False)
    return [*found, *host_ports(containers, path)]


def init(containers: list[Json], others: list[Json], pod: Pod, path: str) -> Causes:
    """Init containers; those that restart always are sidecars and may have probes."""
    found: Causes = []
    seen = {container.get("name", "") for container in others}
    for index, container in enumerate(containers):
        here = f"{path}[{index}]"
        found += common(container, pod, here)
        found += _restart_policy(container, here, init=True)
        name = container.get("name", "")
        if name in seen:
            found.append(causes.duplicate(f"{here}.name", name))
        elif name:
            seen.add(name)
        found += host_ports([container], path)
        if container.get("restartPolicy") == "Always":
            found += _acting(container, pod, here)
            continue
        text = "may not be set for init containers without restartPolicy=Always"
        found += [causes.forbidden(f"{here}.{key}", text) for key in SIDECAR_ONLY if key in container]
        for number, item in enumerate(container.get("resizePolicy") or ()):
            if item.get("restartPolicy") == "RestartContainer":
                text = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                place = f"{here}.resizePolicy[{number}].restartPolicy"
                found.append(causes.invalid(place, "RestartContainer", text, typed=True))
    return found
