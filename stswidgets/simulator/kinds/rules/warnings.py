"""What the server warns of in pod specs and claims (k8s.io/kubernetes `pkg/api/pod/warnings.go`); the write goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stswidgets.simulator.kinds.rules import names
from stswidgets.simulator.schema import gotext, quantity

Json = dict[str, Any]

OLD_VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
OLD_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
NOTHING_MATCHES = "a null labelSelector results in matching no pod"


def pod_spec(spec: Json, path: str) -> list[str]:
    """Warnings about a pod spec at `path`."""
    found: list[str] = []
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        if constraint.get("labelSelector") is None:
            found.append(f"{path}.topologySpreadConstraints[{index}].labelSelector: {NOTHING_MATCHES}")
    for index, volume in enumerate(spec.get("volumes") or ()):
        for source, text in OLD_VOLUMES.items():
            if source in volume:
                shown = "storageOS" if source == "storageos" else source
                found.append(f"{path}.volumes[{index}].{shown}: {text}")
    found += _pull_secrets(spec, path)
    for here, container in _containers(spec, path):
        found += fractions(container.get("resources") or {}, f"{here}.resources")
        found += _hidden(container, here)
    found += [*_ports(spec, path), *_port_names(spec, path)]
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        text = "must be >= 0; negative values are invalid and will be treated as 1"
        found.append(f"{path}.terminationGracePeriodSeconds: {text}")
    return [*found, *_affinity(spec.get("affinity") or {}, f"{path}.affinity")]


def old_labels(term: Json, path: str, *, values: bool = False) -> list[str]:
    """Labels of nodes in a term that have a new name; with `values`, also those that no label can have."""
    found: list[str] = []
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        key, here = expression.get("key", ""), f"{path}.matchExpressions[{index}]"
        if key in OLD_LABELS:
            found.append(f"{here}.key: {key} is {OLD_LABELS[key]}")
        if values:
            for number, value in enumerate(expression.get("values") or ()):
                found += [f"{here}.values[{number}]: {value} is invalid, {text}" for text in names.label_value(value)]
    return found


def claim_spec(spec: Json, path: str) -> list[str]:
    """Warnings about a claim's spec at `path`."""
    requests = (spec.get("resources") or {}).get("requests") or {}
    return _fraction(requests, "storage", f"{path}.resources.requests")


def fractions(resources: Json, path: str) -> list[str]:
    """Bytes come whole."""
    return [
        text
        for name in ("memory", "ephemeral-storage")
        for key in ("limits", "requests")
        for text in _fraction(resources.get(key) or {}, name, f"{path}.{key}")
    ]


def _fraction(values: Json, name: str, path: str) -> list[str]:
    value = values.get(name)
    if value is None or quantity.round_up_milli(quantity.parse(value)).nano % quantity.NANO == 0:
        return []
    return [f"{path}[{name}]: fractional byte value {gotext.quote(value)} is invalid, must be an integer"]


def _containers(spec: Json, path: str) -> Iterator[tuple[str, Json]]:
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(key) or ()):
            yield f"{path}.{key}[{index}]", container


def _pull_secrets(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    seen: set[str] = set()
    names = [secret.get("name", "") for secret in spec.get("imagePullSecrets") or ()]
    for index, name in enumerate(names):
        if name in seen:
            found.append(f"{path}.imagePullSecrets[{index}].name: duplicate name {gotext.quote(name)}")
        seen.add(name)
    empty = [index for index, name in enumerate(names) if not name]
    return [*found, *(f'{path}.imagePullSecrets[{index}].name: invalid empty name ""' for index in empty)]


def _hidden(container: Json, path: str) -> list[str]:
    """A variable that is set twice and does not build on what it was."""
    found: list[str] = []
    seen: set[str] = set()
    for index, variable in enumerate(container.get("env") or ()):
        name, value = variable.get("name", ""), variable.get("value", "")
        before = f"$({name})"
        if name in seen and ("valueFrom" in variable or value == before or before not in value):
            text = f"hides previous definition of {gotext.quote(name)}, which may be dropped when using apply"
            found.append(f"{path}.env[{index}]: {text}")
        seen.add(name)
    return found


def _ports(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    seen: dict[str, list[tuple[str, Json]]] = {}
    for here, container in _containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            place = f"{here}.ports[{index}]"
            key = f"{port.get('containerPort', 0)}/{port.get('protocol') or 'TCP'}"
            for other, before in seen.get(key, ()):
                text = _clash(port, before)
                if text:
                    found.append(f"{place}: {text} port definition with {other}")
            seen.setdefault(key, []).append((place, port))
    return found


def _clash(port: Json, before: Json) -> str:
    host, other = port.get("hostPort", 0), before.get("hostPort", 0)
    address, other_address = port.get("hostIP", ""), before.get("hostIP", "")
    if (host, address) == (other, other_address):
        return "duplicate"
    if not host or not other:
        return "overlapping"
    return "dangerously ambiguous" if host == other and bool(address) != bool(other_address) else ""


def _port_names(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    seen: dict[str, str] = {}
    for here, container in _containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            name, place = port.get("name"), f"{here}.ports[{index}]"
            if not name:
                continue
            if name in seen:
                other = seen[name]
                text = f"services and probes that select ports by name will use {other}"
                found.append(f"{place}: duplicate port name {gotext.quote(name)} with {other}, {text}")
            seen.setdefault(name, place)
    return found


def _affinity(affinity: Json, path: str) -> list[str]:
    found: list[str] = []
    for key in ("podAffinity", "podAntiAffinity"):
        for index, term in enumerate((affinity.get(key) or {}).get(REQUIRED) or ()):
            if term.get("labelSelector") is None:
                found.append(f"{path}.{key}.{REQUIRED}[{index}].labelSelector: {NOTHING_MATCHES}")
        for index, weighted in enumerate((affinity.get(key) or {}).get(PREFERRED) or ()):
            if (weighted.get("podAffinityTerm") or {}).get("labelSelector") is None:
                place = f"{path}.{key}.{PREFERRED}[{index}].podAffinityTerm.labelSelector"
                found.append(f"{place}: {NOTHING_MATCHES}")
    return found
