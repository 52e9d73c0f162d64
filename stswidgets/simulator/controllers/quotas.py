"""Resource quotas: what a namespace uses, and what goes beyond it.

Rules and texts of `apiserver/pkg/admission/plugin/resourcequota` and `pkg/quota/v1` (Kubernetes 1.37), without scopes.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status, store
from stswidgets.simulator.controllers import loop
from stswidgets.simulator.kinds import kind, quotas
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]
Key = tuple[str, str]
Amounts = dict[str, int]  # in nano units

OPTIONS = apis.Options(manager="kube-controller-manager")
_COUNTED = {
    "pods": "pods",
    "services": "services",
    "secrets": "secrets",
    "configmaps": "configmaps",
    "persistentvolumeclaims": "persistentvolumeclaims",
    "resourcequotas": "resourcequotas",
}
_COMPUTE = ("cpu", "memory", "ephemeral-storage")


class Quotas:
    """Enforces quotas and keeps their status."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._sync)
        self._following = loop.Subscriptions(api.store)

    def start(self) -> None:
        """Look at every write."""
        self._api.admission.append(self._admit)
        self._following.follow(quotas.QUOTAS, self._quota_changed)
        self._following.follow(None, self._changed)

    def stop(self) -> None:
        """End."""
        self._api.admission.remove(self._admit)
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
        used = self._used(key[0], set(hard))
        state = {"hard": hard, "used": {name: _text(used.get(name, 0), hard[name]) for name in hard}}
        if state != stored.obj.get("status"):
            self._api.update(quotas.QUOTAS, {**stored.obj, "status": state}, subresource="status", options=OPTIONS)

    def _used(self, namespace: str, names: set[str]) -> Amounts:
        total: Amounts = {}
        for item in self._api.store:
            if item.namespace == namespace and item.obj["kind"] != "Event":
                for name, amount in _use(item.obj).items():
                    if name in names:
                        total[name] = total.get(name, 0) + amount
        return total

    def _admit(self, operation: str, of: kind.Kind, new: Json | None, _old: Json | None, _subresource: str, /) -> None:
        if operation != "CREATE" or new is None or not of.namespaced or of.plural == "events":
            return
        namespace = new["metadata"].get("namespace", "")
        for quota in self._api.store.list(quotas.QUOTAS, namespace):
            self._check(of, new, quota.obj)

    def _check(self, of: kind.Kind, new: Json, quota: Json) -> None:
        hard: Json = quota["spec"].get("hard") or {}
        name = quota["metadata"]["name"]
        if of.plural == "pods":
            missing = _unspecified(new, set(hard))
            if missing:
                raise status.forbidden(
                    "", "pods", new["metadata"].get("name", ""), f"failed quota: {name}: must specify {missing}"
                )
        asked = {key: amount for key, amount in _use(new).items() if key in hard and amount}
        used = self._used(new["metadata"]["namespace"], set(asked))
        over = sorted(key for key in asked if used.get(key, 0) + asked[key] > quantity.parse(hard[key]).nano)
        if not over:
            return
        requested = ",".join(f"{key}={_text(asked[key], hard[key])}" for key in over)
        present = ",".join(f"{key}={_text(used.get(key, 0), hard[key])}" for key in over)
        limited = ",".join(f"{key}={hard[key]}" for key in over)
        why = f"exceeded quota: {name}, requested: {requested}, used: {present}, limited: {limited}"
        raise status.forbidden(of.group, of.plural, new["metadata"].get("name", ""), why)


def _use(obj: Json) -> Amounts:
    """What an object counts for, by the names that quotas have."""
    one = quantity.NANO
    of = obj["kind"]
    group = obj["apiVersion"].rpartition("/")[0]
    plural = f"{of.lower()}s"
    found: Amounts = {f"count/{plural}.{group}" if group else f"count/{plural}": one}
    if not group and plural in _COUNTED:
        found[plural] = one
    if of == "Pod":
        if (obj.get("status") or {}).get("phase") in ("Failed", "Succeeded"):
            return {key: value for key, value in found.items() if key.startswith("count/")}
        found |= _compute(obj)
    elif of == "PersistentVolumeClaim":
        storage = obj["spec"]["resources"]["requests"].get("storage", "0")
        found["requests.storage"] = quantity.parse(storage).nano
    return found


def _compute(pod: Json) -> Amounts:
    found: Amounts = {}
    for container in pod["spec"]["containers"]:
        resources = container.get("resources") or {}
        for part in ("requests", "limits"):
            for name, text in (resources.get(part) or {}).items():
                amount = quantity.parse(text).nano
                names = [f"{part}.{name}"] + ([name] if part == "requests" else [])
                for key in names:
                    found[key] = found.get(key, 0) + amount
    return found


def _unspecified(pod: Json, hard: set[str]) -> str:
    """Which computing resources a quota wants that containers do not name: `requests.cpu for: web,sidecar`."""
    missing: dict[str, list[str]] = {}
    for container in pod["spec"]["containers"]:
        resources = container.get("resources") or {}
        for name in _COMPUTE:
            for key, part in ((name, "requests"), (f"requests.{name}", "requests"), (f"limits.{name}", "limits")):
                if key in hard and name not in (resources.get(part) or {}):
                    missing.setdefault(key, []).append(container["name"])
    return "; ".join(f"{key} for: {','.join(sorted(missing[key]))}" for key in sorted(missing))


def _text(nano: int, like: str) -> str:
    """An amount in the form of another."""
    return quantity.canonical(quantity.Quantity(nano, quantity.parse(like).form))
