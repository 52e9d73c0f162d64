"""What follows when one thing changes in a draft that was begun here: the parts that mirror it, while they still do.

In a new draft the form fills labels, selector, Service and mounts from the name, the claims and the containers' ports.
A part follows only while it says exactly what it would have been filled with; once a person has changed it, it is
theirs. A manifest that was opened is never coupled: there an edit changes its own path alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from stswidgets.domain import fields, paths
from stswidgets.domain.paths import MISSING, Steps


class Pair(NamedTuple):
    """A StatefulSet and its Service (or None)."""

    manifest: dict[str, Any]
    service: dict[str, Any] | None


_APP_LABELS: tuple[tuple[str, Steps], ...] = (
    ("", ("metadata", "labels", "app")),
    ("", ("spec", "selector", "matchLabels", "app")),
    ("", ("spec", "template", "metadata", "labels", "app")),
    ("service", ("metadata", "labels", "app")),
    ("service", ("spec", "selector", "app")),
)
_LONGEST_LABEL = 63


def follow(before: Pair, after: Pair) -> Pair:
    """`after` with what mirrored `before` brought along."""
    after = _follow_name(before, after)
    after = _follow_text(before, after, ("spec", "serviceName"), ("metadata", "name"))
    after = _follow_text(before, after, ("metadata", "namespace"), ("metadata", "namespace"))
    after = _follow_ports(before, after)
    return _follow_claims(before, after)


def _follow_name(before: Pair, after: Pair) -> Pair:
    old, new = (paths.get(pair.manifest, ("metadata", "name"), "") for pair in (before, after))
    if old == new:
        return after
    for kind, steps in _APP_LABELS:
        after = _mirror(before, after, kind, steps, (str(old)[:_LONGEST_LABEL], str(new)[:_LONGEST_LABEL]))
    return _mirror(before, after, "", ("spec", "serviceName"), (old, new))


def _follow_text(before: Pair, after: Pair, source: Steps, target: Steps) -> Pair:
    """The Service's `target` follows the set's `source`."""
    old, new = (paths.get(pair.manifest, source, "") for pair in (before, after))
    return after if old == new else _mirror(before, after, "service", target, (old, new))


def _mirror(before: Pair, after: Pair, kind: str, steps: Steps, says: tuple[Any, Any]) -> Pair:
    """Brings `steps` from what it said to what it shall say, where it said the first before and still does."""
    old, new = says
    was, tree = (pair.service if kind else pair.manifest for pair in (before, after))
    if tree is None or paths.get(was, steps, "") != old or paths.get(tree, steps, "") != old:
        return after
    changed = paths.put(tree, steps, new, fields.ORDER) if new else paths.drop(tree, steps)
    return Pair(after.manifest, changed) if kind else Pair(changed, after.service)


def service_ports(manifest: Any) -> list[dict[str, Any]]:
    """The ports that a headless Service of `manifest` has: one for each port of its containers."""
    found: list[dict[str, Any]] = []
    seen: set[tuple[int, str]] = set()
    for container in _items(manifest, ("spec", "template", "spec", "containers")):
        for port in _items(container, ("ports",)):
            number, protocol = port.get("containerPort"), port.get("protocol", "TCP")
            if isinstance(number, int) and (number, protocol) not in seen:
                seen.add((number, protocol))
                name = port.get("name") or f"{str(protocol).lower()}-{number}"
                found.append({"name": name, "protocol": protocol, "port": number})
    return found


def _follow_ports(before: Pair, after: Pair) -> Pair:
    old, new = service_ports(before.manifest), service_ports(after.manifest)
    if old == new or after.service is None:
        return after
    if any((paths.get(pair.service, ("spec", "ports"), None) or []) != old for pair in (before, after)):
        return after
    steps: Steps = ("spec", "ports")
    changed = paths.put(after.service, steps, new, fields.ORDER) if new else paths.drop(after.service, steps)
    return Pair(after.manifest, changed)


def _follow_claims(before: Pair, after: Pair) -> Pair:
    """Mounts follow a renamed claim template and go with a removed one, unless a volume has that name."""
    old, new = (_claim_names(pair.manifest) for pair in (before, after))
    gone = [name for name in old if name not in new]
    if len(gone) != 1 or gone[0] in _volume_names(after.manifest):
        return after
    fresh = [name for name in new if name not in old] if len(old) == len(new) else []
    manifest = after.manifest
    for part in ("initContainers", "containers"):
        steps: Steps = ("spec", "template", "spec", part)
        containers = paths.get(manifest, steps, None)
        if isinstance(containers, list):
            changed = [_remounted(container, gone[0], fresh[0] if fresh else None) for container in containers]
            manifest = paths.put(manifest, steps, changed) if changed != containers else manifest
    return Pair(manifest, after.service)


def _remounted(container: Any, old: str, new: str | None) -> Any:
    mounts = _items(container, ("volumeMounts",))
    if not any(mount.get("name") == old for mount in mounts):
        return container
    kept = [
        {**mount, "name": new} if mount.get("name") == old else mount
        for mount in mounts
        if new is not None or mount.get("name") != old
    ]
    return paths.put(container, ("volumeMounts",), kept) if kept else paths.drop(container, ("volumeMounts",))


def _claim_names(manifest: Any) -> list[str]:
    claims = _items(manifest, ("spec", "volumeClaimTemplates"))
    return [name for claim in claims if isinstance(name := paths.get(claim, ("metadata", "name"), ""), str)]


def _volume_names(manifest: Any) -> set[str]:
    volumes = _items(manifest, ("spec", "template", "spec", "volumes"))
    return {name for volume in volumes if isinstance(name := volume.get("name"), str)}


def _items(tree: Any, steps: Steps) -> list[dict[str, Any]]:
    """The maps in a list, whatever else may stand there."""
    found = paths.get(tree, steps, MISSING)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def new_pair(namespace: str, name: str) -> Pair:
    """What the form starts with: one replica, one container to fill in, a headless Service."""
    meta: dict[str, Any] = {**({"name": name} if name else {}), **({"namespace": namespace} if namespace else {})}
    app = {"app": name[:_LONGEST_LABEL]} if name else {}
    labelled = {**meta, **({"labels": dict(app)} if app else {})}
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": labelled,
        "spec": {
            **({"serviceName": name} if name else {}),
            "replicas": 1,
            "selector": {"matchLabels": dict(app)},
            "template": {"metadata": {"labels": dict(app)}, "spec": {"containers": [{"name": "main"}]}},
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": dict(labelled),
        "spec": {"clusterIP": "None", "selector": dict(app)},
    }
    return Pair(manifest, service)
