"""What admission plugins fill in on create, as far as a StatefulSet user sees it (`plugin/pkg/admission`, 1.37).

Protection finalizers of claims and volumes, the default storage class, and what every pod gets: a service account with
its token volume, a priority, and tolerations for nodes that fail.
"""

from __future__ import annotations

import secrets
from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import status
from stswidgets.simulator.controllers import plugin, protection
from stswidgets.simulator.controllers import volumes as binding
from stswidgets.simulator.kinds import claims, kind, pods, priorityclasses, serviceaccounts, volumes

Json = dict[str, Any]

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
_TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
_SAFE = "bcdfghjklmnpqrstvwxz2456789"
_FAILING = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


class Admission(plugin.Plugin):
    """The rules."""

    def _admit(self, operation: str, of: kind.Kind, new: Json | None, _old: Json | None, _subresource: str, /) -> None:
        if operation != "CREATE" or new is None:
            return
        if of is volumes.VOLUMES:
            _protect(new, binding.VOLUME_PROTECTION)
        elif of is claims.KIND:
            self._claim(new)
        elif of is pods.KIND:
            self._pod(new)

    def _claim(self, claim: Json) -> None:
        _protect(claim, protection.FINALIZER)
        if claim["spec"].get("storageClassName") is None:
            name = default_class(self._api)
            if name:
                claim["spec"]["storageClassName"] = name

    def _pod(self, pod: Json) -> None:
        spec = pod["spec"]
        self._service_account(pod)
        self._priority(pod)
        held = spec.setdefault("tolerations", [])
        for key in _FAILING:
            if not any(item.get("key", key) == key and item.get("effect", "NoExecute") == "NoExecute" for item in held):
                held.append({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300})

    def _service_account(self, pod: Json) -> None:
        spec, namespace = pod["spec"], pod["metadata"]["namespace"]
        name = spec.get("serviceAccountName") or "default"
        account = self._api.store.get(serviceaccounts.KIND, namespace, name)
        if account is None:
            why = f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found'
            raise status.forbidden("", "pods", pod["metadata"].get("name", ""), why)
        spec["serviceAccountName"] = spec["serviceAccount"] = name
        wanted = spec.get("automountServiceAccountToken", account.obj.get("automountServiceAccountToken", True))
        containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
        bare = [item for item in containers if not _mounts_token(item)]
        if not wanted or not bare:
            return
        volume = f"kube-api-access-{''.join(secrets.choice(_SAFE) for _ in range(5))}"
        for item in bare:
            mount = {"name": volume, "readOnly": True, "mountPath": _TOKEN_MOUNT}
            item.setdefault("volumeMounts", []).append(mount)
        spec.setdefault("volumes", []).append(_token_volume(volume))

    def _priority(self, pod: Json) -> None:
        spec, value, policy = pod["spec"], 0, "PreemptLowerPriority"
        name = spec.get("priorityClassName")
        if name:
            found = self._api.store.get(priorityclasses.KIND, None, name)
            if found is None:
                why = f"no PriorityClass with name {name} was found"
                raise status.forbidden("", "pods", pod["metadata"].get("name", ""), why)
            value, policy = found.obj["value"], found.obj.get("preemptionPolicy", policy)
        spec.setdefault("priority", value)
        spec.setdefault("preemptionPolicy", policy)


def default_class(api: apis.Api) -> str:
    """The newest class that is marked as default, or an empty text."""
    marked = [
        (item.obj["metadata"]["creationTimestamp"], item.name)
        for item in api.store.list(volumes.CLASSES)
        if (item.obj["metadata"].get("annotations") or {}).get(DEFAULT_CLASS) == "true"
    ]
    return max(marked)[1] if marked else ""


def _protect(obj: Json, finalizer: str) -> None:
    held = obj["metadata"].setdefault("finalizers", [])
    if finalizer not in held:
        held.append(finalizer)


def _mounts_token(container: Json) -> bool:
    return any(mount["mountPath"] == _TOKEN_MOUNT for mount in container.get("volumeMounts") or [])


def _token_volume(name: str) -> Json:
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 420}}
