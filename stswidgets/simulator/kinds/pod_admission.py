"""What admission adds to a new pod, as the plugins that are on by default do.

ServiceAccount (name and token volume), DefaultTolerationSeconds, Priority; and the status that the pod strategy sets.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path, not a secret
ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""What generated names end with: no vowels and no digits that look like them."""
NODE_TROUBLE = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def prepare_create(pod: Json) -> None:
    """Make a pod of what a client sent."""
    spec = pod["spec"]
    pod["metadata"]["generation"] = 1
    _service_account(pod)
    _tolerations(spec)
    if not spec.get("priorityClassName"):
        spec["priority"] = 0
        spec["preemptionPolicy"] = "PreemptLowerPriority"
    pod["status"] = {"phase": "Pending", "qosClass": qos_class(spec)}


def _service_account(pod: Json) -> None:
    spec = pod["spec"]
    spec.setdefault("serviceAccountName", "default")
    spec["serviceAccount"] = spec["serviceAccountName"]
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    missing = [
        container
        for container in containers
        if all(mount.get("mountPath") != TOKEN_PATH for mount in container.get("volumeMounts") or ())
    ]
    if spec.get("automountServiceAccountToken") is False or not missing:
        return
    metadata = pod["metadata"]
    name = "kube-api-access-" + suffix(f"{metadata.get('namespace')}/{metadata.get('name')}")
    spec["volumes"] = [*(spec.get("volumes") or ()), {"name": name, "projected": _token_sources()}]
    for container in missing:
        mount = {"name": name, "readOnly": True, "mountPath": TOKEN_PATH}
        container["volumeMounts"] = [*(container.get("volumeMounts") or ()), mount]


def suffix(seed: str) -> str:
    """Five characters as generated names end with, the same for the same seed."""
    number = zlib.crc32(seed.encode())
    letters = ""
    for _ in range(5):
        number, index = divmod(number, len(ALPHABET))
        letters += ALPHABET[index]
    return letters


def _token_sources() -> Json:
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    return {
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
        ],
        "defaultMode": 0o644,
    }


def _tolerations(spec: Json) -> None:
    """Pods stay on a node in trouble for five minutes, unless they say otherwise."""
    given: list[Json] = spec.get("tolerations") or []
    for key in NODE_TROUBLE:
        if not any(_tolerates(toleration, key) for toleration in given):
            given = [*given, {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]
    spec["tolerations"] = given


def _tolerates(toleration: Json, key: str) -> bool:
    return toleration.get("key", "") in ("", key) and toleration.get("effect", "") in ("", "NoExecute")


def qos_class(spec: Json) -> str:
    """Guaranteed, Burstable or BestEffort, by the CPU and memory that the containers ask for."""
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    lists = [(part.get("limits") or {}, part.get("requests") or {}) for part in _resources(containers)]
    named = [any(_positive(values, name) for values in pair for name in ("cpu", "memory")) for pair in lists]
    if not any(named):
        return "BestEffort"
    for limits, requests in lists:
        for name in ("cpu", "memory"):
            if not _positive(limits, name) or requests.get(name, limits.get(name)) != limits.get(name):
                return "Burstable"
    return "Guaranteed"


def _resources(containers: Iterable[Json]) -> list[Json]:
    return [container.get("resources") or {} for container in containers]


def _positive(values: Json, name: str) -> bool:
    return name in values and quantity.parse(str(values[name])).nano > 0
