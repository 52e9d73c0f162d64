"""Rules about pods on Windows (core `validateWindowsSecurityContextOptions`, `validateOS` and its like)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stswidgets.simulator.kinds.rules import causes, names
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

SYSTEMS = ("linux", "windows")
SPEC_LIMIT = 64 * 1024
DOMAIN_LIMIT = 256
USER_LIMIT = 104
NETBIOS = r'[^\\/:\*\?"<>|\.][^\\/:\*\?"<>|]{0,14}'
DOMAIN = r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
LINUX_OF_POD = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser",
    "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy",
)  # fmt: skip
LINUX_OF_CONTAINER = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
    "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
)  # fmt: skip


def containers(spec: Json, path: str) -> Iterator[tuple[str, Json]]:
    """All containers of a pod with their paths, in the order of the server's visits."""
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(key) or ()):
            yield f"{path}.{key}[{index}]", container


def options(value: Json | None, path: str) -> Causes:
    """windowsOptions."""
    if value is None:
        return []
    found: Causes = []
    name = value.get("gmsaCredentialSpecName")
    if name is not None:
        found += causes.all_of(f"{path}.gmsaCredentialSpecName", name, names.dns_subdomain(name))
    credential = value.get("gmsaCredentialSpec")
    if credential == "":
        found.append(causes.invalid(f"{path}.gmsaCredentialSpec", "", "gmsaCredentialSpec cannot be an empty string"))
    elif credential is not None and len(credential) > SPEC_LIMIT:
        text = "gmsaCredentialSpec size must be under 64 KiB"
        found.append(causes.invalid(f"{path}.gmsaCredentialSpec", credential, text))
    user = value.get("runAsUserName")
    if user is not None:
        found += causes.all_of(f"{path}.runAsUserName", user, [f"runAsUserName{text}" for text in _user(user)])
    return found


def _user(value: str) -> list[str]:
    if not value:
        return [" cannot be an empty string"]
    if re.search(r"[\x00-\x1f\x7f]", value):
        return [" cannot contain control characters"]
    parts = value.split("\\")
    if len(parts) > 2:
        return [" cannot contain more than one backslash"]
    user, domain = parts[-1], parts[0] if len(parts) == 2 else None
    found = []
    if domain is not None and len(domain) >= DOMAIN_LIMIT:
        found.append(f"'s Domain length must be under {DOMAIN_LIMIT} characters")
    if domain is not None and not (names.matches(NETBIOS, domain) or names.matches(DOMAIN, domain)):
        found.append("'s Domain doesn't match the NetBios nor the DNS format")
    if not user:
        found.append("'s User cannot be empty")
    elif len(user) > USER_LIMIT:
        found.append(f"'s User length must not be longer than {USER_LIMIT} characters")
    if re.fullmatch(r"[. ]+", user):
        found.append("'s User cannot contain only periods or spaces")
    if re.search(r'["/\\:;|=,+*?<>@\[\]]', user):
        found.append("""'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]""")
    return found


def _wanted(holder: Json) -> bool | None:
    context: Json = (holder.get("securityContext") or {}).get("windowsOptions") or {}
    return context.get("hostProcess")


def host_processes(spec: Json, path: str) -> Causes:
    """Either all containers are processes of the host, or none."""
    found: Causes = []
    whole = _wanted(spec)
    every, some = 0, 0
    for here, container in containers(spec, path):
        own = _wanted(container)
        every += 1
        if whole is not None and own is not None and whole != own:
            shown = str(whole).lower()
            text = f"pod hostProcess value must be identical if both are specified, was {shown}"
            found.append(causes.invalid(f"{here}.securityContext.windowsOptions.hostProcess", own, text))
        some += bool(whole if own is None else own)
    if some and some != every:
        text = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
        found.append(causes.invalid(path, "", text))
    if some and not spec.get("hostNetwork"):
        text = "hostNetwork must be true if pod contains any hostProcess containers"
        found.append(causes.invalid(f"{path}.hostNetwork", False, text))
    return found


def system(spec: Json, path: str) -> Causes:
    """What goes with the operating system that a pod names."""
    if "os" not in spec:
        return []
    name = spec["os"].get("name", "")
    if not name:
        return [causes.required(f"{path}.os.name")]
    if name not in SYSTEMS:
        return [causes.not_supported(f"{path}.os", name, SYSTEMS)]
    return _linux(spec, path) if name == "linux" else _windows(spec, path)


def _linux(spec: Json, path: str) -> Causes:
    text = "windows options cannot be set for a linux pod"
    holders = [(path, spec), *containers(spec, path)]
    return [
        causes.forbidden(f"{here}.securityContext.windowsOptions", text)
        for here, holder in holders
        if "windowsOptions" in (holder.get("securityContext") or {})
    ]


def _windows(spec: Json, path: str) -> Causes:
    text = "cannot be set for a windows pod"
    context = spec.get("securityContext") or {}
    found = [f"{path}.securityContext.{key}" for key in LINUX_OF_POD if key in context]
    found += [f"{path}.hostUsers"] if "hostUsers" in spec else []
    found += [f"{path}.{key}" for key in ("hostPID", "hostIPC") if spec.get(key)]
    found += [f"{path}.shareProcessNamespace"] if "shareProcessNamespace" in spec else []
    for here, container in containers(spec, path):
        context = container.get("securityContext") or {}
        found += [f"{here}.securityContext.{key}" for key in LINUX_OF_CONTAINER if key in context]
    return [causes.forbidden(place, text) for place in found]
