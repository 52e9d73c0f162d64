"""Resource quotas: what a namespace uses, and what goes beyond it.

Rules and texts of `apiserver/pkg/admission/plugin/resourcequota` and `pkg/controller/resourcequota` (Kubernetes 1.37).
A quota is enforced once its controller has given it a status, as there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status, store
from stswidgets.simulator.controllers import loop, quota_usage
from stswidgets.simulator.kinds import kind, podsums, quotas, registry
from stswidgets.simulator.kinds.podsums import Sums
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-controller-manager")


class Quotas:
    """Enforces quotas and keeps their status."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._sync)
        self._following = loop.Subscriptions(api.store)

    def start(self) -> None:
        """Look at every write."""
        self._api.validation.append(self._check)
        self._following.follow(quotas.QUOTAS, self._quota_changed)
        self._following.follow(None, self._changed)

    def stop(self) -> None:
        """End."""
        self._api.validation.remove(self._check)
        self._following.end()
        self._queue.stop()

    def _quota_changed(self, event: store.Event) -> None:
        if event.type != "DELETED":
            self._queue.add((event.new.namespace, event.new.name))

    def _changed(self, event: store.Event) -> None:
        if event.new.namespace and event.kind.plural not in ("events", "resourcequotas"):
            for quota in self._api.store.list(quotas.QUOTAS, event.new.namespace):
                self._queue.add((quota.namespace, quota.name))

    def _sync(self, key: Key) -> None:
        stored = self._api.store.get(quotas.QUOTAS, *key)
        if stored is None:
            return
        hard: Json = stored.obj["spec"].get("hard") or {}
        used = self._used(stored.obj, hard)
        known = [name for name in hard if name in used or not name.startswith("count/")]
        state = {"hard": hard, "used": {name: str(used.get(name, quota_usage.ZERO)) for name in known}}
        if state != stored.obj.get("status"):
            self._api.update(quotas.QUOTAS, {**stored.obj, "status": state}, subresource="status", options=OPTIONS)

    def _used(self, quota: Json, names: Iterable[str]) -> Sums:
        """What the namespace uses of some resources, as far as the quota's scopes are about it."""
        total: Sums = {}
        now, namespace = self._api.clock.now(), quota["metadata"]["namespace"]
        for of in registry.REGISTRY.kinds:
            own = quota_usage.names_of(of, names) if of.namespaced and not of.form else []
            if not own:
                continue
            podsums.add(total, dict.fromkeys(own, quota_usage.ZERO))
            for item in self._api.store.list(of, namespace):
                if quota_usage.covers(quota, of, item.obj):
                    usage = quota_usage.of(of, item.obj, now)
                    podsums.add(total, {name: usage[name] for name in own if name in usage})
        return total

    def _check(self, operation: str, of: kind.Kind, new: Json | None, old: Json | None, subresource: str, /) -> None:
        if new is None or not of.namespaced or of.plural == "events":
            return
        if not quota_usage.counts(operation, of, new, old, subresource):
            return
        for quota in self._api.store.list(quotas.QUOTAS, new["metadata"].get("namespace", "")):
            self._check_one(of, new, old, quota.obj)

    def _check_one(self, of: kind.Kind, new: Json, old: Json | None, quota: Json) -> None:
        hard: Json = (quota.get("status") or {}).get("hard") or {}
        names = quota_usage.names_of(of, hard)
        if not names or not quota_usage.covers(quota, of, new):
            return
        title, name = quota["metadata"]["name"], new["metadata"].get("name", "")
        missing = quota_usage.unnamed(new, names) if of.plural == "pods" and not of.group else ""
        if missing:
            raise status.forbidden(of.group, of.plural, name, f"failed quota: {title}: must specify {missing}")
        now = self._api.clock.now()
        asked = {key: amount for key, amount in quota_usage.of(of, new, now).items() if key in names}
        if old is not None and quota_usage.covers(quota, of, old):
            before = quota_usage.of(of, old, now)
            asked = {key: _more(amount, before.get(key)) for key, amount in asked.items()}
        asked = {key: amount for key, amount in asked.items() if amount.nano}
        used = self._used(quota, asked)
        over = [key for key in asked if used[key].nano + asked[key].nano > quantity.parse(hard[key]).nano]
        if over:
            requested, present = _listed(asked, over), _listed(used, over)
            limited = _listed({key: quantity.parse(hard[key]) for key in over}, over)
            why = f"exceeded quota: {title}, requested: {requested}, used: {present}, limited: {limited}"
            raise status.forbidden(of.group, of.plural, name, why)


def _more(amount: quantity.Quantity, before: quantity.Quantity | None) -> quantity.Quantity:
    """How much an update adds: never less than nothing."""
    return quantity.Quantity(max(amount.nano - (before.nano if before else 0), 0), amount.form)


def _listed(amounts: Sums, names: Iterable[str]) -> str:
    return ",".join(f"{name}={amounts[name]}" for name in sorted(names))
