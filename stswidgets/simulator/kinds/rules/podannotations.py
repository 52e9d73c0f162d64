"""Rules about the annotations that mean something to pods (core `ValidatePodSpecificAnnotations`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stswidgets.simulator.kinds.rules import causes, paths
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import gotext

Json = dict[str, Any]

MIRROR = "kubernetes.io/config.mirror"
COST = "controller.kubernetes.io/pod-deletion-cost"
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
LOCAL = "localhost/"


def check(annotations: Mapping[str, str] | None, spec: Json, path: str) -> Causes:
    """The annotations of a pod or a template."""
    given = annotations or {}
    found: Causes = []
    if MIRROR in given and not spec.get("nodeName"):
        text = "must set spec.nodeName if mirror pod annotation is set"
        found.append(causes.invalid(f"{path}[{MIRROR}]", given[MIRROR], text))
    if COST in given and not _is_cost(given[COST]):
        found.append(causes.invalid(f"{path}[{COST}]", given[COST], "must be a 32bit integer"))
    if SECCOMP in given:
        found += _seccomp(given[SECCOMP], f"{path}.{SECCOMP}")
    for key, value in given.items():
        if key.startswith(SECCOMP_CONTAINER):
            found += _seccomp(value, f"{path}.{key}")
    names = [c.get("name", "") for part in ("initContainers", "containers") for c in spec.get(part) or ()]
    for key, value in given.items():
        if not key.startswith(APP_ARMOR):
            continue
        name = key.removeprefix(APP_ARMOR)
        if name not in names:
            found.append(causes.invalid(f"{path}[{key}]", name, "container not found"))
        if value not in ("", "runtime/default", "unconfined") and not value.startswith(LOCAL):
            text = f"invalid AppArmor profile name: {gotext.quote(value)}"
            found.append(causes.invalid(f"{path}[{key}]", value, text))
    return found


def _is_cost(value: str) -> bool:
    return bool(re.fullmatch(r"0|-?[1-9][0-9]*", value)) and -(2**31) <= int(value) < 2**31


def _seccomp(value: str, path: str) -> Causes:
    if value in ("runtime/default", "docker/default", "unconfined"):
        return []
    if value.startswith(LOCAL):
        return paths.descending(value.removeprefix(LOCAL), path)
    return [causes.invalid(path, value, "must be a valid seccomp profile")]
