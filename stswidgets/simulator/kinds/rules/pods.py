"""Rules about pod specs, in pods and in templates (core `ValidatePodSpec`)."""

from __future__ import annotations

import ipaddress
from typing import Any

from stswidgets.simulator.kinds.rules import causes, containers, metadata, names, scheduling, volumes
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
RESTART_POLICIES = ("Always", "OnFailure", "Never")
DEADLINE_LIMIT = 2**31 - 1


def spec(value: Json, path: str) -> Causes:
    """A pod spec with its defaults."""
    grace = value.get("terminationGracePeriodSeconds")
    mounted, found = volumes.check(value.get("volumes") or [], f"{path}.volumes")
    regular, init = value.get("containers") or [], value.get("initContainers") or []
    found += containers.regular(regular, mounted, f"{path}.containers", grace)
    found += containers.init(init, regular, mounted, f"{path}.initContainers", grace)
    if value.get("hostNetwork"):
        found += _host_network(regular, f"{path}.containers")
    found += _known(f"{path}.restartPolicy", value.get("restartPolicy", ""), RESTART_POLICIES)
    found += _known(f"{path}.dnsPolicy", value.get("dnsPolicy", ""), DNS_POLICIES)
    found += metadata.labels(value.get("nodeSelector"), f"{path}.nodeSelector")
    found += _security(value.get("securityContext") or {}, f"{path}.securityContext")
    if value.get("shareProcessNamespace") and value.get("hostPID"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        found.append(causes.invalid(f"{path}.shareProcessNamespace", True, text))
    found += scheduling.affinity(value.get("affinity"), f"{path}.affinity")
    found += _dns(value, f"{path}.dnsConfig")
    for index, gate in enumerate(value.get("readinessGates") or ()):
        kind = gate.get("conditionType", "")
        found += causes.all_of(f"{path}.readinessGates[{index}].conditionType", kind, names.label_key(kind))
    found += scheduling.spread(value.get("topologySpreadConstraints"), f"{path}.topologySpreadConstraints")
    return [*found, *_names(value, path), *_rest(value, path)]


def _known(path: str, value: str, values: tuple[str, ...]) -> Causes:
    if not value:
        return [causes.required(path)]
    return [] if value in values else [causes.not_supported(path, value, values)]


def _host_network(regular: list[Json], path: str) -> Causes:
    found: Causes = []
    for index, container in enumerate(regular):
        for number, port in enumerate(container.get("ports") or ()):
            host = port.get("hostPort", 0)
            if host != 0 and host != port.get("containerPort", 0):
                text = "must match `containerPort` when `hostNetwork` is true"
                found.append(causes.invalid(f"{path}[{index}].ports[{number}].hostPort", host, text))
    return found


def _security(context: Json, path: str) -> Causes:
    found: Causes = []
    numbers = [(key, f"{path}.{key}", context.get(key)) for key in ("fsGroup", "runAsUser", "runAsGroup")]
    groups = context.get("supplementalGroups") or ()
    numbers += [("", f"{path}.supplementalGroups[{index}]", group) for index, group in enumerate(groups)]
    for _, here, number in numbers:
        if number is not None and not 0 <= number <= containers.ID_LIMIT:
            found.append(causes.invalid(here, number, names.between(0, containers.ID_LIMIT)))
    change = context.get("fsGroupChangePolicy")
    if change is not None and change not in ("Always", "OnRootMismatch"):
        found.append(causes.not_supported(f"{path}.fsGroupChangePolicy", change, ("Always", "OnRootMismatch")))
    return [*found, *containers.seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")]


def address(value: str, path: str) -> Causes:
    """An IP address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return [causes.invalid(path, value, ADDRESS)]
    return []


def _dns(value: Json, path: str) -> Causes:
    config = value.get("dnsConfig")
    if value.get("dnsPolicy") == "None":
        if config is None:
            return [causes.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")]
        if not config.get("nameservers"):
            text = "must provide at least one DNS nameserver when `dnsPolicy` is None"
            return [causes.required(f"{path}.nameservers", text)]
    config = config or {}
    found: Causes = []
    servers = config.get("nameservers") or []
    if len(servers) > 3:
        found.append(causes.invalid(f"{path}.nameservers", servers, "must not have more than 3 nameservers"))
    for index, server in enumerate(servers):
        found += address(server, f"{path}.nameservers[{index}]")
    for index, search in enumerate(config.get("searches") or ()):
        name = search.removesuffix(".")
        if search != ".":
            messages = names.dns_subdomain_with_underscore(name)
            found += causes.all_of(f"{path}.searches[{index}]", name, messages)
    for index, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            found.append(causes.required(f"{path}.options[{index}]", "must not be empty"))
    return found


def _names(value: Json, path: str) -> Causes:
    found: Causes = []
    for key, rule in (
        ("serviceAccountName", names.dns_subdomain),
        ("nodeName", names.dns_subdomain),
        ("hostname", names.dns_label),
        ("subdomain", names.dns_label),
    ):
        if value.get(key):
            found += causes.all_of(f"{path}.{key}", value[key], rule(value[key]))
        if key == "nodeName" and "activeDeadlineSeconds" in value:
            deadline = value["activeDeadlineSeconds"]
            if not 1 <= deadline <= DEADLINE_LIMIT:
                text = names.between(1, DEADLINE_LIMIT)
                found.append(causes.invalid(f"{path}.activeDeadlineSeconds", deadline, text))
    return found


def _rest(value: Json, path: str) -> Causes:
    found = scheduling.tolerations(value.get("tolerations"), f"{path}.tolerations")
    for index, alias in enumerate(value.get("hostAliases") or ()):
        here = f"{path}.hostAliases[{index}]"
        found += address(alias.get("ip", ""), f"{here}.ip")
        for number, name in enumerate(alias.get("hostnames") or ()):
            found += causes.all_of(f"{here}.hostnames[{number}]", name, names.dns_subdomain(name))
    for key in ("priorityClassName", "runtimeClassName"):
        if value.get(key):
            found += causes.all_of(f"{path}.{key}", value[key], names.dns_subdomain(value[key]))
    policy = value.get("preemptionPolicy")
    if policy is not None:
        found += _known(f"{path}.preemptionPolicy", policy, ("PreemptLowerPriority", "Never"))
    return found


def template(value: Json, path: str) -> Causes:
    """A pod template (`ValidatePodTemplateSpec`)."""
    meta = value.get("metadata") or {}
    found = metadata.labels(meta.get("labels"), f"{path}.labels")
    found += metadata.annotation_keys(meta.get("annotations"), f"{path}.annotations")
    found += spec(value.get("spec") or {}, f"{path}.spec")
    if (value.get("spec") or {}).get("ephemeralContainers"):
        text = "ephemeral containers not allowed in pod template"
        found.append(causes.forbidden(f"{path}.spec.ephemeralContainers", text))
    return found
