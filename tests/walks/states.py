"""What is compared: the state of a namespace after an action, in lines of text.

Uids and times differ between clusters; the line of an object says instead after which action it was first seen, so that
a pod that was replaced differs from one that was kept. Revisions are compared by the hash in their names, which a
cluster computes from the whole template with its defaults.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.contract import sets
from tests.contract.client import Namespace, Object

SET = "web"


@dataclass(slots=True)
class Seen:
    """A set, and all pods, revisions and claims of its namespace, as they were read."""

    statefulset: Object | None
    pods: list[Object]
    revisions: list[Object] = field(default_factory=list)
    claims: list[Object] = field(default_factory=list)

    @property
    def own_pods(self) -> list[Object]:
        """The pods that the set controls."""
        if self.statefulset is None:
            return []
        uid = self.statefulset["metadata"]["uid"]
        return [pod for pod in self.pods if any(owner["uid"] == uid for owner in owners(pod))]


def glance(namespace: Namespace) -> Seen:
    """Read the set and the pods alone: enough to see that something is on its way."""
    answer = namespace.get("statefulsets", SET)
    return Seen(answer.ok() if answer.code != 404 else None, _ordered(namespace.items("pods")))


def read(namespace: Namespace) -> Seen:
    """Read it all."""
    return completed(namespace, glance(namespace))


def completed(namespace: Namespace, seen: Seen) -> Seen:
    """Read the rest: what the set's status counts is in lists that were read after it, or newer."""
    return Seen(
        seen.statefulset,
        seen.pods,
        sorted(namespace.items("controllerrevisions"), key=lambda item: (item["revision"], item["metadata"]["name"])),
        _ordered(namespace.items("persistentvolumeclaims")),
    )


def owners(obj: Object) -> list[Object]:
    """An object's owner references."""
    found: list[Object] = obj["metadata"].get("ownerReferences") or []
    return found


def _ordered(items: list[Object]) -> list[Object]:
    return sorted(items, key=lambda item: str(item["metadata"]["name"]))


class Memory:
    """After which action each object of a walk was first seen."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def lines(self, seen: Seen, step: int) -> list[str]:
        """A state as text: one line for the set, each pod, revision and claim, sorted."""
        known = [*([seen.statefulset] if seen.statefulset else []), *seen.pods, *seen.revisions, *seen.claims]
        uids = {item["metadata"]["uid"]: str(item["metadata"]["name"]) for item in known}
        for uid in uids:
            self._first.setdefault(uid, step)
        lines = [
            *(f"{self._named('pod', pod)}: {_pod(pod)}{_owned(pod, uids)}" for pod in seen.pods),
            *(f"{self._named('revision', item)}: {_revision(item)}{_owned(item, uids)}" for item in seen.revisions),
            *(f"{self._named('claim', claim)}:{_owned(claim, uids)}" for claim in seen.claims),
        ]
        if seen.statefulset is not None:
            lines.append(f"{self._named('set', seen.statefulset)}: {_status(seen.statefulset)}")
        return sorted(lines)

    def _named(self, kind: str, obj: Object) -> str:
        return f"{kind} {obj['metadata']['name']} @{self._first[obj['metadata']['uid']]}"


def _hash(name: str) -> str:
    return name.removeprefix(f"{SET}-") or "none"


def _status(statefulset: Object) -> str:
    status = statefulset["status"]
    counts = "".join(
        f" {word}={status.get(key, 0)}"
        for word, key in (
            ("pods", "replicas"),
            ("ready", "readyReplicas"),
            ("available", "availableReplicas"),
            ("current", "currentReplicas"),
            ("updated", "updatedReplicas"),
            ("collisions", "collisionCount"),
        )
    )
    return f"{_hash(status.get('currentRevision', ''))} -> {_hash(status.get('updateRevision', ''))}{counts}"


def _pod(pod: Object) -> str:
    revision = pod["metadata"]["labels"].get("controller-revision-hash", "")
    image = pod["spec"]["containers"][0]["image"].rsplit("/", 1)[-1]
    claims = [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["spec"].get("volumes", [])
        if volume.get("persistentVolumeClaim")
    ]
    mounts = f" mounts {','.join(sorted(claims))}" if claims else ""
    return f"{_hash(revision)} {image} {'ready' if sets.is_ready(pod) else 'not ready'}{mounts}"


def _revision(revision: Object) -> str:
    cause = (revision["metadata"].get("annotations") or {}).get("kubernetes.io/change-cause")
    return f"number {revision['revision']}{f' ({cause})' if cause else ''}"


def _owned(obj: Object, uids: dict[str, str]) -> str:
    """By whom: a set's name has no number, a pod's has one."""
    names = [
        f"{uids.get(owner['uid'], 'what is gone')}{'' if owner.get('controller') else ' (no controller)'}"
        for owner in owners(obj)
    ]
    return f" of {','.join(sorted(names))}" if names else " of nobody"
