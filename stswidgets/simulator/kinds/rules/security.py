"""Rules about security contexts, of pods and of containers."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import causes, internal, names, paths, windows
from stswidgets.simulator.kinds.rules.causes import Causes

Json = dict[str, Any]

PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
LONGEST_PROFILE = 4095
SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
SYSCTL_LIMIT = 253
IPC_SYSCTLS = frozenset({
    "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced", "kernel.shm",
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.msg",
})  # fmt: skip


def seccomp(profile: Json | None, path: str) -> Causes:
    """A seccomp profile."""
    if profile is None:
        return []
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    found: Causes = []
    if not kind:
        found.append(causes.required(f"{path}.type", "type is required when seccompProfile is set"))
    elif kind not in PROFILES:
        found.append(causes.not_supported(f"{path}.type", kind, PROFILES))
    if kind == "Localhost":
        if local is None:
            text = "must be set when seccomp type is Localhost"
            return [*found, causes.required(f"{path}.localhostProfile", text)]
        return [*found, *paths.descending(local, f"{path}.localhostProfile")]
    if local is not None:
        text = "can only be set when seccomp type is Localhost"
        found.append(causes.invalid(f"{path}.localhostProfile", internal.show(profile, "SeccompProfile"), text))
    return found


def app_armor(profile: Json | None, path: str) -> Causes:
    """An AppArmor profile."""
    if profile is None:
        return []
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    here = f"{path}.localhostProfile"
    if not kind:
        return [causes.required(f"{path}.type", "type is required when appArmorProfile is set")]
    if kind not in PROFILES:
        return [causes.not_supported(f"{path}.type", kind, PROFILES)]
    if kind != "Localhost":
        text = "can only be set when AppArmor type is Localhost"
        return [] if local is None else [causes.invalid(here, local, text)]
    found: Causes = []
    if local is None or local == "":
        return [causes.required(here, "must be set when AppArmor type is Localhost")]
    if local.strip() != local:
        found.append(causes.invalid(here, local, "must not be padded with whitespace"))
    if len(local) > LONGEST_PROFILE:
        found.append(causes.too_long(here, LONGEST_PROFILE))
    return found


def container(context: Json | None, path: str, *, host_users: bool) -> Causes:
    """A container's security context."""
    context = context or {}
    found = [*paths.user(context, "runAsUser", path), *paths.user(context, "runAsGroup", path)]
    mount = context.get("procMount")
    if mount is not None and mount not in ("Default", "Unmasked"):
        found.append(causes.not_supported(f"{path}.procMount", mount, ("Default", "Unmasked")))
    if mount == "Unmasked" and host_users:
        text = "`hostUsers` must be false to use `Unmasked`"
        found.append(causes.invalid(f"{path}.procMount", mount, text))
    found += seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    if context.get("allowPrivilegeEscalation") is False:
        shown = internal.show(context, "SecurityContext")
        if context.get("privileged"):
            text = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            found.append(causes.invalid(path, shown, text))
        added = (context.get("capabilities") or {}).get("add") or []
        text = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
        found += [causes.invalid(path, shown, text) for name in added if name == "CAP_SYS_ADMIN"]
    found += windows.options(context.get("windowsOptions"), f"{path}.windowsOptions")
    return [*found, *app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")]


def _choice(context: Json, key: str, path: str, known: tuple[str, ...]) -> Causes:
    if key not in context or context[key] in known:
        return []
    return [causes.not_supported(f"{path}.{key}", context[key], known)]


def pod(context: Json | None, spec: Json, path: str) -> Causes:
    """A pod's security context."""
    context = context or {}
    found: Causes = []
    for key in ("fsGroup", "runAsUser", "runAsGroup"):
        found += paths.user(context, key, path)
    for index, group in enumerate(context.get("supplementalGroups") or ()):
        if not 0 <= group <= paths.ID_LIMIT:
            here = f"{path}.supplementalGroups[{index}]"
            found.append(causes.invalid(here, group, names.between(0, paths.ID_LIMIT)))
    found += _sysctls(context.get("sysctls"), spec, f"{path}.sysctls")
    found += _choice(context, "fsGroupChangePolicy", path, ("Always", "OnRootMismatch"))
    found += seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    found += windows.options(context.get("windowsOptions"), f"{path}.windowsOptions")
    found += app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")
    found += _choice(context, "supplementalGroupsPolicy", path, ("Merge", "Strict"))
    return [*found, *_choice(context, "seLinuxChangePolicy", path, ("MountOption", "Recursive"))]


def _sysctls(values: list[Json] | None, spec: Json, path: str) -> Causes:
    found: Causes = []
    seen: set[str] = set()
    for index, item in enumerate(values or ()):
        here, name = f"{path}[{index}].name", item.get("name", "")
        if not name:
            found.append(causes.required(here))
        elif len(name) > SYSCTL_LIMIT or not names.matches(SYSCTL, name):
            text = f"must have at most {SYSCTL_LIMIT} characters and match regex ^{SYSCTL}$"
            found.append(causes.invalid(here, name, text))
        elif name in seen:
            found.append(causes.duplicate(here, name))
        seen.add(name)
        found += _host_sysctl(name.replace("/", ".") if "/" in name else name, name, spec, here)
    return found


def _host_sysctl(name: str, given: str, spec: Json, path: str) -> Causes:
    """What is set in a namespace that the pod shares with its node."""
    if spec.get("hostNetwork") and name.startswith("net."):
        return [causes.invalid(path, given, "may not be specified when 'hostNetwork' is true")]
    if spec.get("hostIPC") and (name in IPC_SYSCTLS or name.startswith("fs.mqueue.")):
        return [causes.invalid(path, given, "may not be specified when 'hostIPC' is true")]
    return []
