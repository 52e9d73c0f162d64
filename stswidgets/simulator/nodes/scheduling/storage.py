"""What a pod's claims mean for where it can run (`volumebinding`, `volumerestrictions`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stswidgets.simulator import store
from stswidgets.simulator.kinds import claims, volumes
from stswidgets.simulator.nodes.scheduling import places, selection

Json = dict[str, Any]

SELECTED_NODE = "volume.kubernetes.io/selected-node"
NO_PROVISIONER = "kubernetes.io/no-provisioner"
UNBOUND = "pod has unbound immediate PersistentVolumeClaims"
NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity"
NOTHING_TO_BIND = "node(s) didn't find available persistent volumes to bind"
NO_VOLUME = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"
IN_USE = (
    "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod"
)


def claim_names(pod: Json) -> list[str]:
    """The claims that a pod mounts."""
    return [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["spec"].get("volumes") or ()
        if volume.get("persistentVolumeClaim")
    ]


class Storage:
    """A pod's claims: `problem` forbids every node, `waiting` are those that are bound once a node is chosen."""

    def __init__(self, objects: store.Store, guest: places.Guest) -> None:
        self._store = objects
        self._guest = guest
        self.problem = ""
        self.waiting: list[Json] = []
        self._bound: list[Json] = []
        self._exclusive: list[str] = []
        for name in claim_names(guest.pod):
            self._look(name)
            if self.problem:
                return

    def _look(self, name: str) -> None:
        stored = self._store.get(claims.KIND, self._guest.namespace, name)
        if stored is None:
            self.problem = f'persistentvolumeclaim "{name}" not found'
            return
        claim = stored.obj
        phase = (claim.get("status") or {}).get("phase")
        if phase == "Lost":
            volume = claim["spec"].get("volumeName", "")
            self.problem = f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{volume}"'
        elif "deletionTimestamp" in claim["metadata"]:
            self.problem = f'persistentvolumeclaim "{name}" is being deleted'
        elif phase == "Bound":
            self._bound.append(claim)
        elif self._class(claim).get("volumeBindingMode") == "WaitForFirstConsumer":
            self.waiting.append(claim)
        else:
            self.problem = UNBOUND
        if "ReadWriteOncePod" in (claim["spec"].get("accessModes") or ()):
            self._exclusive.append(name)

    def _class(self, claim: Json) -> Json:
        found = self._store.get(volumes.CLASSES, None, claim["spec"].get("storageClassName") or "")
        return found.obj if found else {}

    def is_taken(self, where: Iterable[places.Place]) -> bool:
        """Whether another pod uses a claim that is for one pod at a time."""
        return bool(self._exclusive) and any(
            other.namespace == self._guest.namespace and set(self._exclusive) & set(claim_names(other.pod))
            for place in where
            for other in place.guests.values()
        )

    def refusal(self, place: places.Place) -> str:
        """Why the pod's volumes cannot be had on a node; empty if they can."""
        for claim in self._bound:
            disk = self._store.get(volumes.VOLUMES, None, claim["spec"].get("volumeName", ""))
            if disk is None:
                return NO_VOLUME
            if not _reaches(disk.obj, place.node):
                return NODE_CONFLICT
        for claim in self.waiting:
            if not self._can_be_made(claim, place) and not self._can_be_found(claim, place):
                return NOTHING_TO_BIND
        return ""

    def _can_be_made(self, claim: Json, place: places.Place) -> bool:
        of = self._class(claim)
        if of["provisioner"] == NO_PROVISIONER:
            return False
        allowed = of.get("allowedTopologies") or []
        return not allowed or any(
            all(place.labels.get(item["key"]) in item["values"] for item in term.get("matchLabelExpressions") or ())
            for term in allowed
        )

    def _can_be_found(self, claim: Json, place: places.Place) -> bool:
        name = claim["spec"].get("storageClassName") or ""
        return any(
            item.obj["spec"].get("storageClassName", "") == name
            and (item.obj.get("status") or {}).get("phase") == "Available"
            and _reaches(item.obj, place.node)
            for item in self._store.list(volumes.VOLUMES)
        )


def _reaches(disk: Json, node: Json) -> bool:
    required = (disk["spec"].get("nodeAffinity") or {}).get("required")
    return required is None or any(selection.fits(term, node) for term in required.get("nodeSelectorTerms") or ())
