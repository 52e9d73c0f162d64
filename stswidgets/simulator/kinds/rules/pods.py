"""Rules about pod specs, in pods and in templates (core `ValidatePodSpec`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import (
    addresses,
    causes,
    containers,
    internal,
    metadata,
    names,
    podannotations,
    podresources,
    resources,
    scheduling,
    security,
    volumes,
    windows,
)
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
RESTART_POLICIES = ("Always", "OnFailure", "Never")
DEADLINE_LIMIT = 2**31 - 1
CLAIM_NAMES = ("resourceClaimName", "resourceClaimTemplateName")
HOST_NAME_LIMIT = 64
SEARCHES = 32
SEARCH_CHARACTERS = 2048


def spec(value: Json, path: str, *, name: str = "", is_pod: bool = False) -> Causes:
    """A pod spec with its defaults: of a pod (perhaps with its `name`), or of a template."""
    mounted, found = volumes.check(value.get("volumes") or [], f"{path}.volumes", name)
    found += _claims(value.get("resourceClaims"), f"{path}.resourceClaims")
    pod = containers.Pod(
        volumes=mounted,
        claims=frozenset(claim["name"] for claim in value.get("resourceClaims") or () if claim.get("name")),
        grace=value.get("terminationGracePeriodSeconds"),
        restarts=value.get("restartPolicy", ""),
        host_users=value.get("hostUsers") is not False,
        system=value["os"].get("name", "") if "os" in value else None,
    )
    regular, init = value.get("containers") or [], value.get("initContainers") or []
    found += containers.regular(regular, pod, f"{path}.containers")
    found += containers.init(init, regular, pod, f"{path}.initContainers")
    found += podresources.check(value, pod, f"{path}.resources")
    if value.get("hostNetwork"):
        found += _host_network(regular, f"{path}.containers", is_pod=is_pod)
    found += _known(f"{path}.restartPolicy", value.get("restartPolicy", ""), RESTART_POLICIES)
    found += _known(f"{path}.dnsPolicy", value.get("dnsPolicy", ""), DNS_POLICIES)
    found += metadata.labels(value.get("nodeSelector"), f"{path}.nodeSelector")
    found += security.pod(value.get("securityContext"), value, f"{path}.securityContext")
    if value.get("shareProcessNamespace") and value.get("hostPID"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        found.append(causes.invalid(f"{path}.shareProcessNamespace", True, text))
    found += scheduling.affinity(value.get("affinity"), f"{path}.affinity")
    found += _dns(value, f"{path}.dnsConfig")
    for index, gate in enumerate(value.get("readinessGates") or ()):
        kind = gate.get("conditionType", "")
        found += causes.all_of(f"{path}.readinessGates[{index}].conditionType", kind, names.label_key(kind))
    found += _scheduling_gates(value.get("schedulingGates"), f"{path}.schedulingGates")
    found += scheduling.spread(value.get("topologySpreadConstraints"), f"{path}.topologySpreadConstraints")
    found += windows.host_processes(value, path)
    if value.get("hostUsers") is False:
        found += [
            causes.forbidden(f"{path}.{key}", "when `hostUsers` is false")
            for key, given in (("HostPID", value.get("hostPID")), ("HostIPC", value.get("hostIPC")))
            if given
        ]
    found += _host_name(value, f"{path}.hostnameOverride")
    return [*found, *_names(value, path), *_rest(value, path)]


def _claims(values: list[Json] | None, path: str) -> Causes:
    """Claims of devices."""
    found: Causes = []
    seen: set[str] = set()
    for index, claim in enumerate(values or ()):
        here, name = f"{path}[{index}]", claim.get("name", "")
        if not name:
            found.append(causes.required(f"{here}.name"))
        elif name in seen:
            found.append(causes.duplicate(f"{here}.name", name))
        else:
            found += causes.all_of(f"{here}.name", name, names.dns_label(name))
            seen.add(name)
        given = [key for key in CLAIM_NAMES if key in claim]
        shown = internal.show(claim, "PodResourceClaim")
        if len(given) == len(CLAIM_NAMES):
            text = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            found.append(causes.invalid(here, shown, text))
        if not given:
            text = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            found.append(causes.invalid(here, shown, text))
        for key in given:
            found += causes.all_of(f"{here}.{key}", claim[key], names.dns_subdomain(claim[key]))
    return found


def _scheduling_gates(values: list[Json] | None, path: str) -> Causes:
    found: Causes = []
    seen: set[str] = set()
    for index, gate in enumerate(values or ()):
        name = gate.get("name", "")
        found += causes.all_of(f"{path}[{index}]", name, names.label_key(name))
        if name in seen:
            found.append(causes.duplicate(f"{path}[{index}]", name))
        seen.add(name)
    return found


def _host_name(value: Json, path: str) -> Causes:
    name = value.get("hostnameOverride")
    if name is None:
        return []
    found = [
        causes.forbidden(path, f"may not be specified when {key} is true")
        for key in ("setHostnameAsFQDN", "hostNetwork")
        if value.get(key)
    ]
    if len(name) > HOST_NAME_LIMIT:
        found.append(causes.too_long(path, HOST_NAME_LIMIT))
    return [*found, *causes.all_of(path, name, names.dns_subdomain(name))]


def _known(path: str, value: str, values: tuple[str, ...]) -> Causes:
    if not value:
        return [causes.required(path)]
    return [] if value in values else [causes.not_supported(path, value, values)]


def _host_network(regular: list[Json], path: str, *, is_pod: bool) -> Causes:
    found: Causes = []
    for index, container in enumerate(regular):
        for number, port in enumerate(container.get("ports") or ()):
            host = port.get("hostPort", 0)
            if (is_pod or host != 0) and host != port.get("containerPort", 0):
                text = "must match `containerPort` when `hostNetwork` is true"
                found.append(causes.invalid(f"{path}[{index}].ports[{number}].hostPort", host, text))
    return found


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
        found += addresses.one(server, f"{path}.nameservers[{index}]")
    found += _searches(config.get("searches") or [], f"{path}.searches")
    for index, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            found.append(causes.required(f"{path}.options[{index}]", "must not be empty"))
    return found


def _searches(values: list[str], path: str) -> Causes:
    found: Causes = []
    if len(values) > SEARCHES:
        found.append(causes.invalid(path, values, f"must not have more than {SEARCHES} search paths"))
    if len(" ".join(values)) > SEARCH_CHARACTERS:
        text = f"must not have more than {SEARCH_CHARACTERS} characters (including spaces) in the search list"
        found.append(causes.invalid(path, values, text))
    for index, search in enumerate(values):
        if search != ".":
            name = search.removesuffix(".")
            found += causes.all_of(f"{path}[{index}]", name, names.dns_subdomain_with_underscore(name))
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
        found += addresses.one(alias.get("ip", ""), f"{here}.ip")
        for number, name in enumerate(alias.get("hostnames") or ()):
            found += causes.all_of(f"{here}.hostnames[{number}]", name, names.dns_subdomain(name))
    for key in ("priorityClassName", "runtimeClassName"):
        if value.get(key):
            found += causes.all_of(f"{path}.{key}", value[key], names.dns_subdomain(value[key]))
    policy = value.get("preemptionPolicy")
    if policy is not None:
        found += _known(f"{path}.preemptionPolicy", policy, ("PreemptLowerPriority", "Never"))
    if "overhead" in value:
        found += resources.requirements({"limits": value["overhead"]}, f"{path}.overhead")
    found += windows.system(value, path)
    return [*found, *_file_volumes(value, path)]


def _file_volumes(value: Json, path: str) -> Causes:
    """Variables from files: of a volume that is an empty directory."""
    found: Causes = []
    given = {volume.get("name", ""): volume for volume in value.get("volumes") or ()}
    for here, container in windows.containers(value, path):
        for index, variable in enumerate(container.get("env") or ()):
            reference = (variable.get("valueFrom") or {}).get("fileKeyRef")
            if reference is None:
                continue
            name, place = reference.get("volumeName", ""), f"{here}.env[{index}].valueFrom.fileKeyRef.volumeName"
            if name not in given:
                found.append(causes.not_found(place, name))
            elif "emptyDir" not in given[name]:
                found.append(causes.invalid(place, name, "referenced volume must be of type emptyDir"))
    return found


def template(value: Json, path: str) -> Causes:
    """A pod template (`ValidatePodTemplateSpec`)."""
    meta, inner = value.get("metadata") or {}, value.get("spec") or {}
    found = metadata.labels(meta.get("labels"), f"{path}.labels")
    found += metadata.annotation_keys(meta.get("annotations"), f"{path}.annotations")
    found += podannotations.check(meta.get("annotations"), inner, f"{path}.annotations")
    found += spec(inner, f"{path}.spec")
    if inner.get("ephemeralContainers"):
        text = "ephemeral containers not allowed in pod template"
        found.append(causes.forbidden(f"{path}.spec.ephemeralContainers", text))
    return found
