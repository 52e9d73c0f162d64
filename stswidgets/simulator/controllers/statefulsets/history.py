"""The revisions of a set in the store: which one is current, which one is wanted, and the new ones.

Rules of `getStatefulSetRevisions` and `pkg/controller/history` (Kubernetes 1.37, semantic comparison on).
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status
from stswidgets.simulator.controllers.statefulsets import revisions
from stswidgets.simulator.kinds import controllerrevisions, statefulsets
from stswidgets.simulator.schema import codec

Json = dict[str, Any]

_OPTIONS = apis.Options(manager="kube-controller-manager")


class History:
    """Finds, makes and renumbers revisions."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api

    def current_and_update(self, statefulset: Json, known: list[Json]) -> tuple[Json, Json, int]:
        """(current revision, update revision, collision count). `known`: the set's revisions in order.

        May create the update revision, or give an older equal one the newest number.
        """
        state = statefulset.get("status") or {}
        collisions: int = state.get("collisionCount", 0)
        update, collisions = self._update(statefulset, known, collisions)
        current = next((item for item in known if item["metadata"]["name"] == state.get("currentRevision")), update)
        return current, update, collisions

    def _update(self, statefulset: Json, known: list[Json], collisions: int) -> tuple[Json, int]:
        data = revisions.patch_of(statefulset["spec"]["template"])
        equal = [item for item in known if item.get("data") == data]
        if equal and known[-1].get("data") == data:
            return known[-1], collisions
        if equal:
            return self._renumbered(equal[-1], revisions.next_number(known)), collisions
        if known and self._same_meaning(statefulset, known[-1]):
            return known[-1], collisions
        return self._create(statefulset, revisions.next_number(known), collisions)

    def _same_meaning(self, statefulset: Json, latest: Json) -> bool:
        """Whether bringing the latest revision back, read and defaulted, would give the present template."""
        spec = {**statefulset["spec"], "template": revisions.template_of(latest)}
        try:
            restored = codec.decode({**statefulset, "spec": spec}, statefulsets.KIND.definition).obj
        except codec.DecodeError:
            return False
        statefulsets.KIND.default(restored)
        return bool(restored["spec"]["template"] == statefulset["spec"]["template"])

    def _renumbered(self, revision: Json, number: int) -> Json:
        if revision["revision"] == number:
            return revision
        return self._api.update(controllerrevisions.KIND, {**revision, "revision": number}, options=_OPTIONS).obj

    def _create(self, statefulset: Json, number: int, collisions: int) -> tuple[Json, int]:
        revision = revisions.new(statefulset, number, collisions)
        while True:
            hashed = revisions.hash_of(revision["data"], collisions)
            name = revisions.name_of(statefulset, hashed)
            namespace = revision["metadata"]["namespace"]
            wanted = {**revision, "metadata": {**revision["metadata"], "name": name}}
            try:
                created = self._api.create(controllerrevisions.KIND, wanted, namespace=namespace, options=_OPTIONS)
            except status.ApiError as error:
                if error.reason != "AlreadyExists":
                    raise
                found = self._api.read(controllerrevisions.KIND, namespace, name).obj
                if found["data"] == wanted["data"]:
                    return found, collisions
                collisions += 1
            else:
                return created.obj, collisions
