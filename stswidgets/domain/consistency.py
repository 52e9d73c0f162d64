"""What several places of a draft say together: selector and labels, requests and limits, ports, mounts, what may not
change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from stswidgets.domain import known, paths, quantity, typed
from stswidgets.domain.paths import Steps
from stswidgets.domain.problem import TODO, Problem

_POD: Steps = ("spec", "template", "spec")
_CONTAINER_LISTS = ("initContainers", "containers")


def problems(manifest: Any, service: Any, original: Any) -> list[Problem]:
    return [
        *_shape(manifest),
        *_selector(manifest),
        *_pods(manifest),
        *_claims(manifest),
        *_strategy(manifest),
        *_service(manifest, service),
        *(_immutable(manifest, original) if original is not None else ()),
        *known.problems(manifest),
    ]


def _shape(manifest: Any) -> Iterator[Problem]:
    """A plan needs these; without them the other rules have nothing to say."""
    for steps in (("metadata",), ("spec",), ("spec", "template"), _POD):
        value = paths.get(manifest, steps, None)
        if value is not None and not isinstance(value, dict):
            yield Problem(paths.join(steps), "problem.map_expected")
            return
    if not paths.get(manifest, (*_POD, "containers"), None):
        yield Problem(paths.join((*_POD, "containers")), "problem.no_container")


def _selector(manifest: Any) -> Iterator[Problem]:
    selector = paths.get(manifest, ("spec", "selector"), None)
    wanted = paths.get(selector, ("matchLabels",), None)
    labels = paths.get(manifest, ("spec", "template", "metadata", "labels"), None)
    if not wanted and not paths.get(selector, ("matchExpressions",), None):
        # An unnamed draft has no labels yet either: one thing is missing, and it is the name.
        if paths.get(manifest, ("metadata", "name"), None):
            yield Problem("spec.selector.matchLabels", "problem.selector_empty")
        return
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if not isinstance(labels, dict) or labels.get(key) != value:
                values = {"label": f"{key}={value}"}
                yield Problem(paths.join(("spec", "selector", "matchLabels", key)), "problem.selector_mismatch", values)


def _pods(manifest: Any) -> Iterator[Problem]:
    names: set[str] = set()
    volumes = _volumes(manifest)
    for part in _CONTAINER_LISTS:
        steps: Steps = (*_POD, part)
        for at, container in _numbered(manifest, steps):
            place = (*steps, at)
            name = container.get("name")
            if isinstance(name, str) and name in names:
                yield _duplicate((*place, "name"), name)
            names.add(str(name))
            yield from _ports(container, place)
            # Kubernetes takes a variable twice; server-side apply, which keys the list by name, does not.
            yield from _unique_names(container, (*place, "env"), "env")
            yield from _resources(container, place)
            yield from _mounts(container, place, volumes)


def _ports(container: Any, place: Steps) -> Iterator[Problem]:
    """Names and numbers are unique: server-side apply keys the list by number and protocol and refuses twins."""
    yield from _unique_names(container, (*place, "ports"), "ports")
    numbers: set[tuple[Any, Any]] = set()
    for at, port in _numbered(container, ("ports",)):
        key = (typed.shown(port.get("containerPort")), port.get("protocol") or "TCP")
        if key[0] and key in numbers:
            yield Problem(
                paths.join((*place, "ports", at, "containerPort")), "problem.duplicate_port", {"value": "/".join(key)}
            )
        numbers.add(key)


def _unique_names(tree: Any, place: Steps, key: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, item in _numbered(tree, (key,)):
        name = item.get("name")
        if isinstance(name, str) and name:
            if name in seen:
                yield _duplicate((*place, at, "name"), name)
            seen.add(name)


def _resources(container: Any, place: Steps) -> Iterator[Problem]:
    limits = paths.get(container, ("resources", "limits"), None)
    requests = paths.get(container, ("resources", "requests"), None)
    if not isinstance(limits, dict) or not isinstance(requests, dict):
        return
    for name, request in requests.items():
        limit = limits.get(name)
        if limit is None or quantity.problem(request) or quantity.problem(limit):
            continue
        if quantity.parse(request) > quantity.parse(limit):
            values = {"request": typed.shown(request), "limit": typed.shown(limit), "name": name}
            yield Problem(paths.join((*place, "resources", "requests", name)), "problem.request_over_limit", values)


def _mounts(container: Any, place: Steps, volumes: set[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, mount in _numbered(container, ("volumeMounts",)):
        name, path = mount.get("name"), mount.get("mountPath")
        if isinstance(name, str) and name and name not in volumes:
            values = {"value": name, "volumes": ", ".join(sorted(volumes))}
            yield Problem(paths.join((*place, "volumeMounts", at, "name")), "problem.no_such_volume", values)
        if isinstance(path, str) and path:
            if path in seen:
                yield _duplicate((*place, "volumeMounts", at, "mountPath"), path)
            seen.add(path)


def _volumes(manifest: Any) -> set[str]:
    """What a mount may name: the pod's volumes and the claim templates."""
    claims = (
        paths.get(claim, ("metadata", "name"), None) for claim in _maps(manifest, ("spec", "volumeClaimTemplates"))
    )
    volumes = (volume.get("name") for volume in _maps(manifest, (*_POD, "volumes")))
    return {name for name in (*claims, *volumes) if isinstance(name, str)}


def _claims(manifest: Any) -> Iterator[Problem]:
    seen: set[str] = set()
    mounted = {
        mount.get("name")
        for part in _CONTAINER_LISTS
        for container in _maps(manifest, (*_POD, part))
        for key in ("volumeMounts", "volumeDevices")
        for mount in _maps(container, (key,))
    }
    for at, claim in _numbered(manifest, ("spec", "volumeClaimTemplates")):
        name = paths.get(claim, ("metadata", "name"), None)
        place: Steps = ("spec", "volumeClaimTemplates", at, "metadata", "name")
        if not isinstance(name, str) or not name:
            continue
        if name in seen:
            yield _duplicate(place, name)
        elif name not in mounted:
            yield Problem(paths.join(place), "problem.not_mounted", {"value": name}, "warning")
        seen.add(name)


def _strategy(manifest: Any) -> Iterator[Problem]:
    strategy = paths.get(manifest, ("spec", "updateStrategy"), None)
    rolling = paths.get(strategy, ("rollingUpdate",), None)
    if rolling is not None and paths.get(strategy, ("type",), "RollingUpdate") == "OnDelete":
        yield Problem("spec.updateStrategy.rollingUpdate", "problem.rolling_with_on_delete")
    replicas, partition = paths.get(manifest, ("spec", "replicas"), None), paths.get(rolling, ("partition",), None)
    if isinstance(partition, int) and isinstance(replicas, int) and 0 < replicas <= partition:
        values = {"partition": partition, "replicas": replicas}
        yield Problem("spec.updateStrategy.rollingUpdate.partition", "problem.partition_holds_all", values, "warning")
    restart = paths.get(manifest, (*_POD, "restartPolicy"), None)
    if restart not in {None, "Always"}:
        yield Problem(paths.join((*_POD, "restartPolicy")), "problem.restart_policy", {"value": typed.shown(restart)})


def _service(manifest: Any, service: Any) -> Iterator[Problem]:
    if service is None:
        return
    name = paths.get(service, ("metadata", "name"), None)
    wanted = paths.get(manifest, ("spec", "serviceName"), None)
    if wanted and name != wanted:
        yield Problem(
            "spec.serviceName",
            "problem.service_name",
            {"value": typed.shown(wanted), "service": typed.shown(name)},
            "warning",
        )
    if not wanted and name:
        yield Problem("spec.serviceName", "problem.service_unnamed", {"service": typed.shown(name)}, "warning")
    for twin in _unique_names(paths.get(service, ("spec",), None), ("spec", "ports"), "ports"):
        yield dataclasses.replace(twin, path=f"service:{twin.path}")
    seen: set[tuple[str, Any]] = set()
    ports = list(_numbered(service, ("spec", "ports")))
    for at, port in ports:
        key = (typed.shown(port.get("port")), port.get("protocol") or "TCP")
        if key[0] and key in seen:
            yield Problem(f"service:spec.ports[{at}].port", "problem.duplicate_port", {"value": "/".join(key)})
        seen.add(key)
        if len(ports) > 1 and not port.get("name"):
            yield Problem(f"service:spec.ports[{at}].name", TODO)


_DEFAULTS = {"podManagementPolicy": "OrderedReady", "serviceName": ""}


def _immutable(manifest: Any, original: Any) -> Iterator[Problem]:
    """apps/validation: ValidateStatefulSetUpdate. A changed name would be another object."""
    for steps in (("metadata", "name"), ("metadata", "namespace")):
        before, after = paths.get(original, steps, None), paths.get(manifest, steps, None)
        if before and before != after:
            yield _changed(paths.join(steps), before, after)
    for key in ("selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"):
        before, after = (paths.get(tree, ("spec", key), None) or _DEFAULTS.get(key) for tree in (original, manifest))
        if _claims_alone(before) != _claims_alone(after):
            yield _changed(f"spec.{key}", before, after)


def _claims_alone(value: Any) -> Any:
    """Claim templates without what the server adds; anything else as it is."""
    if isinstance(value, list):
        return [_claims_alone(item) for item in value]
    if isinstance(value, dict) and "spec" in value:
        spec = {"volumeMode": "Filesystem", **(value["spec"] if isinstance(value["spec"], dict) else {})}
        meta = value.get("metadata")
        kept = {key: below for key, below in meta.items() if below is not None} if isinstance(meta, dict) else meta
        return {"metadata": kept, "spec": spec}
    return value


def _changed(path: str, before: Any, after: Any) -> Problem:
    return Problem(path, "problem.immutable", {"before": typed.shown(before), "after": typed.shown(after)})


def _duplicate(steps: Steps, value: str) -> Problem:
    return Problem(paths.join(steps), "problem.duplicate", {"value": value})


def _numbered(tree: Any, steps: Steps) -> Iterator[tuple[int, dict[str, Any]]]:
    """The maps in a list with their index, whatever else may stand there."""
    found = paths.get(tree, steps, None)
    for at, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield at, item


def _maps(tree: Any, steps: Steps) -> list[dict[str, Any]]:
    return [item for _at, item in _numbered(tree, steps)]
