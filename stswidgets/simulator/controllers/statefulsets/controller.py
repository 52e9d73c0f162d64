"""The StatefulSet controller: reads the store, asks `decision`, does it, writes the status and trims the history.

Order and texts of `pkg/controller/statefulset/stateful_set.go` and `stateful_set_control.go` (Kubernetes 1.37).
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from stswidgets.simulator import api as apis
from stswidgets.simulator import labelselector, status, store
from stswidgets.simulator.controllers import index, loop, owners, readiness, recorder
from stswidgets.simulator.controllers.statefulsets import decision, history, identity, podcontrol, revisions
from stswidgets.simulator.kinds import claims, controllerrevisions, pods, statefulsets

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-controller-manager")


def _by_controller(obj: Json) -> list[tuple[str, str]]:
    return [(obj["metadata"]["namespace"], owners.controller_uid(obj))]


class StatefulSets:
    """Keeps the pods, claims, revisions and status of all sets."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self.reconcile)
        self._following = loop.Subscriptions(api.store)
        self._pods = index.Index(api.store, pods.KIND, _by_controller)
        self._revisions = index.Index(api.store, controllerrevisions.KIND, _by_controller)
        self._recorder = recorder.Recorder(api, "statefulset-controller")
        self._control = podcontrol.PodControl(api, self._recorder)
        self._history = history.History(api)

    def start(self) -> None:
        """Begin with the sets that are there."""
        self._following.follow(statefulsets.KIND, self._set_changed)
        self._following.follow(pods.KIND, self._pod_changed, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()
        self._pods.end()
        self._revisions.end()

    def _set_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            self._recorder.forget(event.obj)
        self._queue.add((event.new.namespace, event.new.name))

    def _pod_changed(self, event: store.Event) -> None:
        for stored in (event.old, event.new):
            reference = owners.controller_of(stored.obj) if stored else None
            if stored and reference and reference["kind"] == "StatefulSet":
                self._queue.add((stored.namespace, reference["name"]))
        if event.type != "DELETED" and owners.controller_of(event.obj) is None:
            labels = event.obj["metadata"].get("labels") or {}
            for item in self._api.store.list(statefulsets.KIND, event.new.namespace):
                if labelselector.matches(item.obj["spec"].get("selector"), labels):
                    self._queue.add((item.namespace, item.name))

    def reconcile(self, key: Key) -> None:
        """One sync of one set."""
        stored = self._api.store.get(statefulsets.KIND, *key)
        if stored is None:
            return
        statefulset = stored.obj
        self._adopt_revisions(statefulset)
        members = self._claim_pods(statefulset)
        known = self._list_revisions(statefulset)
        current, update, collisions = self._history.current_and_update(statefulset, known)
        situation = decision.Situation(
            statefulset, members, current, update, self._claim_of(key[0]), self._api.clock.now()
        )
        decided = decision.decide(situation)
        failed, updated = self._control.carry_out(situation, decided.steps)
        # Pods that the update has just deleted are not counted as current any more, whatever revision they were of.
        # Where that is less than none, a real controller's write is refused, and tried again until it comes to none.
        counts = structs.replace(decided.counts, current=max(decided.counts.current - updated, 0))
        self._write_status(statefulset, situation, counts, collisions)
        self._trim(statefulset, members, known, {current["metadata"]["name"], update["metadata"]["name"]})
        if failed:
            raise loop.Retry(failed)
        self._plan_availability(key, situation, decided.counts)

    def _claim_of(self, namespace: str) -> decision.Claims:
        def claim(name: str) -> Json | None:
            stored = self._api.store.get(claims.KIND, namespace, name)
            return stored.obj if stored else None

        return claim

    def _owned_or_orphaned(self, lookup: index.Index, statefulset: Json) -> list[Json]:
        metadata = statefulset["metadata"]
        return lookup.get((metadata["namespace"], metadata["uid"])) + lookup.get((metadata["namespace"], ""))

    def _list_revisions(self, statefulset: Json) -> list[Json]:
        selector = statefulset["spec"].get("selector")
        return revisions.ordered(
            [
                item
                for item in self._owned_or_orphaned(self._revisions, statefulset)
                if labelselector.matches(selector, item["metadata"].get("labels") or {})
            ]
        )

    def _adopt_revisions(self, statefulset: Json) -> None:
        if decision.is_terminating(statefulset):
            return
        for item in self._list_revisions(statefulset):
            if owners.controller_of(item) is None:
                self._adopt(controllerrevisions.KIND, item, statefulset)

    def _adopt(self, kind: Any, obj: Json, statefulset: Json) -> Json:
        held = [*owners.references(obj), owners.controller_reference(statefulset)]
        return self._api.update(kind, owners.with_list(obj, "ownerReferences", held), options=OPTIONS).obj

    def _claim_pods(self, statefulset: Json) -> list[Json]:
        """The pods that the set controls; orphans that fit are taken in, own ones that do not are let go."""
        uid = statefulset["metadata"]["uid"]
        going = decision.is_terminating(statefulset)
        selector = statefulset["spec"].get("selector")
        claimed: list[Json] = []
        for pod in self._owned_or_orphaned(self._pods, statefulset):
            labels = pod["metadata"].get("labels") or {}
            fits = labelselector.matches(selector, labels) and identity.is_member(statefulset, pod)
            if owners.controller_uid(pod) == uid:
                if fits:
                    claimed.append(pod)
                elif not going:
                    self._release(pod, uid)
            elif fits and not going and not decision.is_terminating(pod):
                claimed.append(self._adopt(pods.KIND, pod, statefulset))
        return claimed

    def _release(self, pod: Json, uid: str) -> None:
        rest = [item for item in owners.references(pod) if item["uid"] != uid]
        self._api.update(pods.KIND, owners.with_list(pod, "ownerReferences", rest), options=OPTIONS)

    def _write_status(
        self, statefulset: Json, situation: decision.Situation, counts: decision.Counts, collisions: int
    ) -> None:
        wanted = identity.replicas_of(statefulset)
        current, update = situation.current["metadata"]["name"], situation.update["metadata"]["name"]
        on_current = counts.current
        if counts.updated == counts.ready == counts.replicas == wanted:
            current, on_current = update, counts.updated
        old = statefulset.get("status") or {}
        new: Json = {
            "observedGeneration": statefulset["metadata"].get("generation", 0),
            "replicas": counts.replicas,
            "readyReplicas": counts.ready,
            "currentReplicas": on_current,
            "updatedReplicas": counts.updated,
            "currentRevision": current,
            "updateRevision": update,
            "collisionCount": collisions,
            "availableReplicas": counts.available,
        }
        for key in ("readyReplicas", "currentReplicas", "updatedReplicas"):
            if not new[key]:
                del new[key]
        if old.get("conditions"):
            new["conditions"] = old["conditions"]
        if new == old:
            return
        stored = self._api.store.get(statefulsets.KIND, situation.namespace, statefulset["metadata"]["name"])
        if stored is not None and stored.obj["metadata"]["uid"] == statefulset["metadata"]["uid"]:
            self._api.update(statefulsets.KIND, {**stored.obj, "status": new}, subresource="status", options=OPTIONS)

    def _trim(self, statefulset: Json, members: list[Json], known: list[Json], live: set[str]) -> None:
        limit = statefulset["spec"].get("revisionHistoryLimit", 10)
        for item in revisions.surplus(known, live | {identity.revision_of(pod) for pod in members}, limit):
            metadata = item["metadata"]
            try:
                self._api.delete(controllerrevisions.KIND, metadata["namespace"], metadata["name"], options=OPTIONS)
            except status.ApiError as error:
                if error.code != 404:
                    raise

    def _plan_availability(self, key: Key, situation: decision.Situation, counts: decision.Counts) -> None:
        """Come back when the next ready pod has been ready for long enough."""
        if counts.ready == counts.available:
            return
        waits = [readiness.seconds_to_available(pod, situation.min_ready, situation.now) for pod in situation.pods]
        ahead = [wait for wait in waits if wait]
        self._queue.add_later(key, min(ahead, default=float(situation.min_ready)))
