"""A container's environment, and what of ConfigMaps and Secrets it needs.

Rules and texts of `pkg/kubelet/kubelet_pods.go` (makeEnvironmentVariables) and `pkg/kubelet/envvars` (Kubernetes 1.37).
Not here: variables from files (`fileKeyRef`).
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from stswidgets.simulator import store
from stswidgets.simulator.kinds import config, kind, nodes, pod_defaults, service_allocation, services
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")
_KEYED = re.compile(r"metadata\.(labels|annotations)\['(.+)'\]")


class MissingError(Exception):
    """What a container needs is not there; the text is the kubelet's."""


class Holder(msgspec.Struct, frozen=True):
    """A kind that holds values: `word` is its name in a reference, `shown` in "couldn't find key"."""

    kind: kind.Kind
    word: str
    shown: str

    def read(self, objects: store.Store, namespace: str, name: str) -> Json:
        """An object. Raises MissingError."""
        stored = objects.get(self.kind, namespace, name)
        if stored is None:
            raise MissingError(f'{self.word} "{name}" not found')
        return stored.obj

    def values(self, obj: Json) -> dict[str, str]:
        """What an object holds, as text."""
        data: dict[str, str] = obj.get("data") or {}
        return {key: _decoded(text) for key, text in data.items()} if self is SECRET else data


CONFIG_MAP = Holder(config.CONFIGMAPS, "configmap", "ConfigMap")
SECRET = Holder(config.SECRETS, "secret", "Secret")
_KEYS = {"configMapKeyRef": CONFIG_MAP, "secretKeyRef": SECRET}
_ALL = {"configMapRef": CONFIG_MAP, "secretRef": SECRET}


def refers(container: Json) -> bool:
    """Whether a container's variables come from ConfigMaps or Secrets."""
    return bool(container.get("envFrom")) or any(
        key in (item.get("valueFrom") or ()) for item in container.get("env") or () for key in _KEYS
    )


class Environment:
    """The variables of a pod's containers as they would be now. `ip` is the pod's address.

    `since` is when the container began, if it has: it knows no later Services. `lenient`: what is missing is left out.
    """

    def __init__(
        self, objects: store.Store, pod: Json, *, ip: str = "", lenient: bool = False, since: str = ""
    ) -> None:
        self._objects = objects
        self._since = since
        self._pod = pod
        self._ip = ip or (pod.get("status") or {}).get("podIP", "")
        self._lenient = lenient

    def of(self, container: Json) -> dict[str, str]:
        """A container's variables. Raises MissingError unless lenient."""
        linked = self._services()
        found: dict[str, str] = {}
        for source in container.get("envFrom") or ():
            found |= self._whole(source)
        for item in container.get("env") or ():
            if item.get("value"):
                found[item["name"]] = expanded(item["value"], linked | found)
                continue
            value = self._sourced(container, item.get("valueFrom") or {})
            if value is not None:
                found[item["name"]] = value
        return found | {name: value for name, value in linked.items() if name not in found}

    def _services(self) -> dict[str, str]:
        """Where the API server and the Services of the namespace are, of those that were there at the start."""
        found = _link("kubernetes", service_allocation.API_SERVER, [{"name": "https", "port": 443}])
        if self._pod["spec"].get("enableServiceLinks") is False:
            return found
        for item in self._objects.list(services.KIND, self._namespace):
            spec, address = item.obj["spec"], item.obj["spec"].get("clusterIP") or "None"
            is_later = self._since and item.obj["metadata"]["creationTimestamp"] > self._since
            if address != "None" and spec.get("ports") and not is_later:
                found |= _link(item.name, address, spec["ports"])
        return found

    def _whole(self, source: Json) -> dict[str, str]:
        prefix = source.get("prefix") or ""
        for key, holder in _ALL.items():
            if key in source:
                obj = self._read(holder, source[key])
                return {prefix + name: value for name, value in holder.values(obj).items()} if obj else {}
        return {}

    def _sourced(self, container: Json, source: Json) -> str | None:
        """A variable's value; None if there is none, and need not be."""
        for key, holder in _KEYS.items():
            if key in source:
                return self._keyed(holder, source[key])
        if "fieldRef" in source:
            return self._field(source["fieldRef"]["fieldPath"])
        if "resourceFieldRef" in source:
            return self._resource(container, source["resourceFieldRef"])
        return None if "fileKeyRef" in source else ""

    def _keyed(self, holder: Holder, reference: Json) -> str | None:
        obj = self._read(holder, reference)
        if obj is None:
            return None
        values, key = holder.values(obj), reference["key"]
        if key not in values and not reference.get("optional") and not self._lenient:
            where = f"{self._namespace}/{reference.get('name', '')}"
            raise MissingError(f"couldn't find key {key} in {holder.shown} {where}")
        return values.get(key)

    def _read(self, holder: Holder, reference: Json) -> Json | None:
        try:
            return holder.read(self._objects, self._namespace, reference.get("name", ""))
        except MissingError:
            if reference.get("optional") or self._lenient:
                return None
            raise

    @property
    def _namespace(self) -> str:
        namespace: str = self._pod["metadata"]["namespace"]
        return namespace

    def _field(self, path: str) -> str:
        metadata, spec, state = self._pod["metadata"], self._pod["spec"], self._pod.get("status") or {}
        keyed = _KEYED.fullmatch(path)
        if keyed:
            return str((metadata.get(keyed[1]) or {}).get(keyed[2], ""))
        if path in ("metadata.labels", "metadata.annotations"):
            held = metadata.get(path.partition(".")[2]) or {}
            return "\n".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in sorted(held.items()))
        known = {
            "metadata.name": metadata["name"],
            "metadata.namespace": metadata["namespace"],
            "metadata.uid": metadata["uid"],
            "spec.nodeName": spec.get("nodeName", ""),
            "spec.serviceAccountName": spec.get("serviceAccountName", ""),
            "status.hostIP": state.get("hostIP", ""),
            "status.hostIPs": state.get("hostIP", ""),
            "status.podIP": self._ip,
            "status.podIPs": self._ip,
        }
        return str(known.get(path, ""))

    def _resource(self, container: Json, reference: Json) -> str:
        """An amount in units of the divisor, rounded up; what has no limit may use the whole node."""
        spec = self._pod["spec"]
        name = reference.get("containerName") or container["name"]
        of: Json = next((item for item in pod_defaults.containers(spec) if item["name"] == name), {})
        group, _, resource = reference["resource"].partition(".")
        amount = ((of.get("resources") or {}).get(group) or {}).get(resource)
        if amount is None and group == "limits":
            stored = self._objects.get(nodes.KIND, None, spec.get("nodeName", ""))
            amount = ((stored.obj["status"].get("allocatable") or {}) if stored else {}).get(resource)
        divisor = quantity.parse(reference.get("divisor") or "0").nano or quantity.NANO
        return str(math.ceil(quantity.parse(amount or "0").nano / divisor))


def _link(name: str, address: str, ports: list[Json]) -> dict[str, str]:
    """The variables of a Service, those that Docker once had for a link among them."""
    head = name.upper().replace("-", "_")
    found = {f"{head}_SERVICE_HOST": address, f"{head}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            found[f"{head}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    host = f"[{address}]" if ":" in address else address
    for port in ports:
        number, protocol = port["port"], port.get("protocol") or "TCP"
        url, here = f"{protocol.lower()}://{host}:{number}", f"{head}_PORT_{number}_{protocol}"
        found.setdefault(f"{head}_PORT", url)
        found |= {here: url, f"{here}_PROTO": protocol.lower(), f"{here}_PORT": str(number), f"{here}_ADDR": address}
    return found


def expanded(text: str, known: Mapping[str, str]) -> str:
    """A text with its `$(NAME)`s replaced where NAME is known; `$$` stands for `$`."""
    return _REFERENCE.sub(lambda found: "$" if found[1] is None else known.get(found[1], found[0]), text)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode(errors="replace")
    except binascii.Error:
        return ""
