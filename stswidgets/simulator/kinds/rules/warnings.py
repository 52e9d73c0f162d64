"""What the server warns of in pods, templates and claims (`pkg/api/pod/warnings.go`); the write goes on."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds.rules import addresses, names, podannotations, portwarnings, virtualpaths
from stswidgets.simulator.kinds.rules.windows import containers
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
OLD_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
OLD_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
OLD_APP_ARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead'
OLD_CLASS = "volume.beta.kubernetes.io/storage-class"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
NOTHING_MATCHES = "a null labelSelector results in matching no pod"


def pod(obj: Json, path: str = "") -> list[str]:
    """Warnings about a pod, or about a template at `path` (`spec.template`)."""
    spec, annotations = obj.get("spec") or {}, (obj.get("metadata") or {}).get("annotations") or {}
    prefix = f"{path}." if path else ""
    here = f"{prefix}spec"
    return [
        *_placement(spec, here),
        *(
            f"{prefix}metadata.annotations[{key}]: {text}"
            for key, text in OLD_ANNOTATIONS.items()
            if key in annotations
        ),
        *_volumes(spec, here),
        *_twice(spec, here),
        *_fraction(spec.get("overhead") or {}, "memory", f"{here}.overhead"),
        *_fraction(spec.get("overhead") or {}, "ephemeral-storage", f"{here}.overhead"),
        *_containers(spec, annotations, prefix),
        *portwarnings.check(spec, here),
        *_grace(spec, here),
        *_affinity(spec.get("affinity") or {}, f"{here}.affinity"),
        *_addresses(spec, here),
    ]


def _placement(spec: Json, path: str) -> list[str]:
    labels = [key for key in spec.get("nodeSelector") or {} if key in OLD_LABELS]
    found = [f"{path}.nodeSelector[{key}]: {OLD_LABELS[key]}" for key in labels]
    affinity, here = (spec.get("affinity") or {}).get("nodeAffinity") or {}, f"{path}.affinity.nodeAffinity"
    for index, term in enumerate((affinity.get(REQUIRED) or {}).get("nodeSelectorTerms") or ()):
        found += old_labels(term, f"{here}.{REQUIRED}.nodeSelectorTerms[{index}]")
    for index, term in enumerate(affinity.get(PREFERRED) or ()):
        found += old_labels(term.get("preference") or {}, f"{here}.{PREFERRED}[{index}].preference", values=True)
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        place, key = f"{path}.topologySpreadConstraints[{index}]", constraint.get("topologyKey", "")
        if key in OLD_LABELS:
            found.append(f"{place}.topologyKey: {key} is {OLD_LABELS[key]}")
        if constraint.get("labelSelector") is None:
            found.append(f"{place}.labelSelector: {NOTHING_MATCHES}")
    return found


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


def _volumes(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    for index, volume in enumerate(spec.get("volumes") or ()):
        here = f"{path}.volumes[{index}]"
        for source, text in OLD_VOLUMES.items():
            if source in volume:
                found.append(f"{here}.{'storageOS' if source == 'storageos' else source}: {text}")
        template = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
        if template is not None:
            found += claim_spec(template.get("spec") or {}, f"{here}.ephemeral.volumeClaimTemplate.spec")
    return [*found, *virtualpaths.check(spec.get("volumes") or [])]


def _twice(spec: Json, path: str) -> list[str]:
    """Names of secrets and addresses of hosts that are there twice."""
    aliases = [alias.get("ip", "") for alias in spec.get("hostAliases") or ()]
    secrets = [secret.get("name", "") for secret in spec.get("imagePullSecrets") or ()]
    return [
        *_repeated(aliases, f"{path}.hostAliases", "ip"),
        *_repeated(secrets, f"{path}.imagePullSecrets", "name"),
        *(
            f'{path}.imagePullSecrets[{index}].name: invalid empty name ""'
            for index, name in enumerate(secrets)
            if not name
        ),
    ]


def _repeated(values: list[str], path: str, key: str) -> list[str]:
    return [
        f"{path}[{index}].{key}: duplicate {key} {gotext.quote(value)}"
        for index, value in enumerate(values)
        if value in values[:index]
    ]


def claim(obj: Json) -> list[str]:
    """Warnings about a claim."""
    old = OLD_CLASS in (obj["metadata"].get("annotations") or {})
    text = 'deprecated since v1.8; use "storageClassName" attribute instead'
    found = [f"metadata.annotations[{OLD_CLASS}]: {text}"] if old else []
    return [*found, *claim_spec(obj.get("spec") or {}, "spec")]


def claim_spec(spec: Json, path: str) -> list[str]:
    """Warnings about a claim's spec at `path`."""
    resources = spec.get("resources") or {}
    return [
        text
        for key in ("requests", "limits")
        for text in _fraction(resources.get(key) or {}, "storage", f"{path}.resources.{key}")
    ]


def _fraction(values: Json, name: str, path: str) -> list[str]:
    value = values.get(name)
    if value is None or quantity.is_whole(quantity.parse(value)):
        return []
    return [f"{path}[{name}]: fractional byte value {gotext.quote(value)} is invalid, must be an integer"]


def _containers(spec: Json, annotations: Json, prefix: str) -> list[str]:
    found: list[str] = []
    context = spec.get("securityContext") or {}
    if podannotations.SECCOMP in annotations and "seccompProfile" not in context:
        found.append(f"{prefix}metadata.annotations[{podannotations.SECCOMP}]: {OLD_SECCOMP}")
    for here, container in containers(spec, f"{prefix}spec"):
        own = container.get("securityContext") or {}
        key = podannotations.SECCOMP_CONTAINER + container.get("name", "")
        if key in annotations and "seccompProfile" not in own:
            found.append(f"{prefix}metadata.annotations[{key}]: {OLD_SECCOMP}")
        key = podannotations.APP_ARMOR + container.get("name", "")
        if prefix and key in annotations and "appArmorProfile" not in own:
            found.append(f"{prefix}metadata.annotations[{key}]: {OLD_APP_ARMOR}")
        resources = container.get("resources") or {}
        for name in ("memory", "ephemeral-storage"):
            for part in ("limits", "requests"):
                found += _fraction(resources.get(part) or {}, name, f"{here}.resources.{part}")
        found += _hidden(container, here)
    return found


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


def _grace(spec: Json, path: str) -> list[str]:
    if (spec.get("terminationGracePeriodSeconds") or 0) >= 0:
        return []
    text = "must be >= 0; negative values are invalid and will be treated as 1"
    return [f"{path}.terminationGracePeriodSeconds: {text}"]


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


def _addresses(spec: Json, path: str) -> list[str]:
    found: list[str] = []
    for index, server in enumerate((spec.get("dnsConfig") or {}).get("nameservers") or ()):
        found += addresses.warn(server, f"{path}.dnsConfig.nameservers[{index}]")
    for index, alias in enumerate(spec.get("hostAliases") or ()):
        found += addresses.warn(alias.get("ip", ""), f"{path}.hostAliases[{index}].ip")
    return found
