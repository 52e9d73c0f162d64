"""The scheduler: gives each pod a node, makes room for those that matter more, or says why none will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, store
from stswidgets.simulator.controllers import loop
from stswidgets.simulator.kinds import claims, nodes, pods
from stswidgets.simulator.nodes.scheduling import filters, places, preemption, reports, scores, storage

Json = dict[str, Any]
Key = tuple[str, str]

_AGAIN = 300.0  # seconds after which a pod that waits is tried again without a cause
_PATIENCE = 600.0  # seconds to wait for volumes
_LATE = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded'


class _Stuck(msgspec.Struct):
    """A pod that found no node: what it waits for besides changed nodes, and how much it matters."""

    waits_for: str  # "claims", "room" (another pod's leaving), or nothing else
    priority: int


class _Chosen(msgspec.Struct):
    """A pod that has its node, and waits there for its volumes."""

    node: str
    guest: places.Guest
    give_up: clock.Cancel


class Scheduler:
    """Binds pods to nodes."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._schedule)
        self._following = loop.Subscriptions(api.store)
        self._reports = reports.Reports(api)
        self._places: dict[str, places.Place] = {}
        self._stuck: dict[Key, _Stuck] = {}
        self._chosen: dict[Key, _Chosen] = {}
        self._nominated: dict[str, tuple[str, places.Guest]] = {}  # by uid: who waits for room on which node

    def start(self) -> None:
        """Place what waits, then what comes."""
        self._following.follow(nodes.KIND, self._node_changed)
        self._following.follow(pods.KIND, self._pod_changed)
        self._following.follow(claims.KIND, self._claim_changed, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()
        for chosen in self._chosen.values():
            chosen.give_up()

    # What changes

    def _node_changed(self, event: store.Event) -> None:
        if event.type == "DELETED":
            self._places.pop(event.new.name, None)
            return
        known = self._places.get(event.new.name)
        if known is None:
            self._places[event.new.name] = places.Place(event.obj)
        else:
            known.node = event.obj
            if event.old is not None and not _node_differs(event.old.obj, event.obj):
                return  # a heartbeat
            known.see(event.obj)
        self._try_again(lambda _, stuck: stuck.waits_for != "claims")

    def _pod_changed(self, event: store.Event) -> None:
        pod, key = event.obj, (event.new.namespace, event.new.name)
        place = self._places.get(pod["spec"].get("nodeName", ""))
        gone = event.type == "DELETED" or (pod.get("status") or {}).get("phase") in ("Failed", "Succeeded")
        if gone:
            self._pod_gone(pod, key, place)
        elif place is not None:
            self._pod_placed(pod, key, place)
        elif event.type == "ADDED" or (event.old and event.old.obj["spec"] != pod["spec"]):
            self._queue.add(key)
        if event.type == "DELETED":
            self._reports.forget(pod)

    def _pod_gone(self, pod: Json, key: Key, place: places.Place | None) -> None:
        uid = pod["metadata"]["uid"]
        self._stuck.pop(key, None)
        chosen = self._chosen.pop(key, None)
        if chosen is not None:
            chosen.give_up()
            place = self._places.get(chosen.node)
        nominated = self._nominated.pop(uid, None)
        if (place is not None and place.remove(uid)) or nominated:
            self._try_again(lambda _, stuck: stuck.waits_for == "room")

    def _pod_placed(self, pod: Json, key: Key, place: places.Place) -> None:
        metadata = pod["metadata"]
        known = place.guests.get(metadata["uid"])
        self._nominated.pop(metadata["uid"], None)
        self._stuck.pop(key, None)
        if known is not None and metadata.get("generation", 1) == 1 and (metadata.get("labels") or {}) == known.labels:
            known.pod = pod
            return
        now = places.guest(pod)
        place.add(now)
        shrunk = known is not None and any(now.requests.get(name, 0) < held for name, held in known.requests.items())
        self._try_again(lambda key, stuck: (shrunk and stuck.waits_for == "room") or self._wants_company(key))

    def _claim_changed(self, event: store.Event) -> None:
        if (event.obj.get("status") or {}).get("phase") == "Bound" or event.type != "MODIFIED":
            namespace = event.new.namespace
            self._try_again(lambda key, stuck: stuck.waits_for == "claims" and key[0] == namespace)

    def _try_again(self, which: Callable[[Key, _Stuck], bool]) -> None:
        """Look again at pods that may be helped by what has just changed, the most important first."""
        again = [(-stuck.priority, key) for key, stuck in self._stuck.items() if which(key, stuck)]
        for _, key in sorted(again, key=lambda item: item[0]):
            del self._stuck[key]
            self._queue.add(key)

    def _wants_company(self, key: Key) -> bool:
        stored = self._api.store.get(pods.KIND, *key)
        spec = stored.obj["spec"] if stored else {}
        return bool(spec.get("topologySpreadConstraints") or (spec.get("affinity") or {}).get("podAffinity"))

    # One pod

    def _schedule(self, key: Key) -> None:
        stored = self._api.store.get(pods.KIND, *key)
        if stored is None or stored.obj["spec"].get("nodeName") or "deletionTimestamp" in stored.obj["metadata"]:
            return
        pod = stored.obj
        if pod["spec"].get("schedulerName", "default-scheduler") != "default-scheduler":
            return
        if pod["spec"].get("schedulingGates"):
            return
        if key in self._chosen:
            self._bind_when_ready(key, pod)
            return
        guest = places.guest(pod)
        if not self._places:
            self._wait(key, guest, "")
            self._reports.failed(pod, "no nodes available to schedule pods")
            return
        where = self._with_nominated(guest)
        attempt = filters.Attempt(self._api.store, guest, where)
        problem = attempt.problem()
        if problem:
            # Nothing was tried on any node: what the scheduler adds is the error of looking for victims, "not found".
            self._wait(key, guest, "claims")
            self._reports.failed(pod, f"0/{len(where)} nodes are available: {problem}. not found")
            return
        self._place(key, guest, where, attempt)

    def _place(self, key: Key, guest: places.Guest, where: dict[str, places.Place], attempt: filters.Attempt) -> None:
        nominated = where.get((guest.pod.get("status") or {}).get("nominatedNodeName", ""))
        if nominated is not None and attempt.refusal(nominated) is None:
            self._choose(key, guest, nominated.name, attempt.storage.waiting)
            return
        verdicts = {name: attempt.refusal(place) for name, place in where.items()}
        fitting = {name: where[name] for name, refusal in verdicts.items() if refusal is None}
        if fitting:
            node = scores.best(guest, fitting, where, lambda name: filters.labels_of(self._api.store, name))
            self._choose(key, guest, node, attempt.storage.waiting)
        else:
            self._refuse(key, guest, where, {name: why for name, why in verdicts.items() if why is not None})

    def _with_nominated(self, guest: places.Guest) -> dict[str, places.Place]:
        """The nodes, with the pods of no less importance that wait for room on them."""
        where = dict(self._places)
        for uid, (node, other) in self._nominated.items():
            if uid != guest.uid and other.priority >= guest.priority and node in where:
                where[node] = where[node].changed(plus=[other])
        return where

    # It fits

    def _choose(self, key: Key, guest: places.Guest, node: str, waiting: list[Json]) -> None:
        if not waiting:
            self._bind(key, guest.pod, node)
            return
        give_up = self._api.clock.call_later(_PATIENCE, lambda: self._too_late(key))
        self._chosen[key] = _Chosen(node, guest, give_up)
        self._places[node].add(guest)
        # A claim of this pod counts as one that it waits for: the volumes' end brings it back.
        self._stuck[key] = _Stuck("claims", guest.priority)
        self._select_node(waiting, node)

    def _bind_when_ready(self, key: Key, pod: Json) -> None:
        chosen = self._chosen[key]
        own = storage.Storage(self._api.store, chosen.guest)
        if own.waiting or own.problem:
            self._stuck[key] = _Stuck("claims", chosen.guest.priority)
            return
        chosen.give_up()
        del self._chosen[key]
        self._bind(key, pod, chosen.node)

    def _too_late(self, key: Key) -> None:
        chosen = self._chosen.pop(key)
        self._places[chosen.node].remove(chosen.guest.uid)
        stored = self._api.store.get(pods.KIND, *key)
        if stored is not None:
            self._wait(key, chosen.guest, "room")
            self._reports.failed(stored.obj, _LATE, reason="SchedulerError")

    def _select_node(self, waiting: list[Json], node: str) -> None:
        """Tell the provisioner where; the claims come back as bound."""
        for claim in waiting:
            annotations = claim["metadata"].get("annotations") or {}
            if annotations.get(storage.SELECTED_NODE) != node:
                metadata = {**claim["metadata"], "annotations": {**annotations, storage.SELECTED_NODE: node}}
                self._api.update(claims.KIND, {**claim, "metadata": metadata}, options=reports.OPTIONS)

    def _bind(self, key: Key, pod: Json, node: str) -> None:
        self._api.bind(pods.KIND, *key, node, options=reports.OPTIONS)
        self._reports.scheduled(pod, node)

    # It does not

    def _wait(self, key: Key, guest: places.Guest, waits_for: str) -> None:
        self._stuck[key] = _Stuck(waits_for, guest.priority)
        self._queue.add_later(key, _AGAIN)

    def _refuse(
        self,
        key: Key,
        guest: places.Guest,
        where: dict[str, places.Place],
        refusals: dict[str, filters.Refusal],
    ) -> None:
        why = Counter(reason for refusal in refusals.values() for reason in refusal.reasons)
        said = f"0/{len(where)} nodes are available: {preemption.listed(why)}. preemption: "
        self._wait(key, guest, "room" if any(reason not in filters.NODES_OWN for reason in why) else "")
        search = preemption.Search(self._api.store, guest, where, refusals)
        ineligible = search.ineligible()
        if ineligible:
            self._reports.failed(guest.pod, said + ineligible)
            return
        candidate, after = search.best()
        if candidate is None:
            self._nominated.pop(guest.uid, None)
            self._reports.failed(guest.pod, said + after, nominated="")
            return
        self._nominated[guest.uid] = (candidate.node, guest)
        found = (
            f"found a potential placement for pod on node {candidate.node}, preempting {len(candidate.victims)} victims"
        )
        self._reports.failed(guest.pod, said + found, nominated=candidate.node)
        self._make_room(guest, candidate)

    def _make_room(self, guest: places.Guest, candidate: preemption.Candidate) -> None:
        for uid, (node, other) in list(self._nominated.items()):
            if node == candidate.node and other.priority < guest.priority:
                del self._nominated[uid]
                self._reports.forget_nomination(other.pod)
        for victim in candidate.victims:
            if not victim.is_ending:
                self._reports.push_out(victim.pod, guest.pod, candidate.node)


def _node_differs(old: Json, new: Json) -> bool:
    """Whether a node's change may matter to a pod that waits."""
    return bool(
        old["metadata"].get("labels") != new["metadata"].get("labels")
        or old.get("spec") != new.get("spec")
        or (old.get("status") or {}).get("allocatable") != (new.get("status") or {}).get("allocatable")
    )
