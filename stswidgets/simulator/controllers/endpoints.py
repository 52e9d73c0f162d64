"""Endpoints and EndpointSlices: which pods stand behind a Service, and which of them serve.

Rules of `pkg/controller/endpoint` and `k8s.io/endpointslice` (Kubernetes 1.37). One slice a Service: up to 100 pods.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import labelselector, store
from stswidgets.simulator.controllers import index, loop, owners, readiness
from stswidgets.simulator.kinds import endpoints, nodes, pods, services

Json = dict[str, Any]
Key = tuple[str, str]

OPTIONS = apis.Options(manager="kube-controller-manager")
SERVICE_NAME = "kubernetes.io/service-name"
HEADLESS = "service.kubernetes.io/headless"
TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"
_SLICE_LIMIT = 100


def _service_of(piece: Json) -> list[Key]:
    return [(piece["metadata"]["namespace"], (piece["metadata"].get("labels") or {}).get(SERVICE_NAME, ""))]


def _labels(pod: Json) -> list[tuple[str, str, str]]:
    namespace: str = pod["metadata"]["namespace"]
    return [(namespace, key, value) for key, value in (pod["metadata"].get("labels") or {}).items()]


def _wanted_label(service: Json) -> list[tuple[str, str, str]]:
    """One of the labels that a Service's pods must have; none if it selects none."""
    selector = service["spec"].get("selector") or {}
    return [(service["metadata"]["namespace"], *pair) for pair in list(selector.items())[:1]]


class _Triggers:
    """When what led to a change of endpoints happened (`k8s.io/endpointslice/util` TriggerTimeTracker)."""

    def __init__(self) -> None:
        self._seen: dict[Key, dict[str, str]] = {}

    def update(self, key: Key, service: Json, selected: list[Json]) -> str:
        """The earliest time that is new since the last look; a Service's creation at the first one, else ""."""
        created: str = service["metadata"]["creationTimestamp"]
        known = self._seen.get(key)
        times = {pod["metadata"]["name"]: _turned(pod) for pod in selected}
        times[""] = created
        self._seen[key] = times
        if known is None:
            return created
        return min((time for name, time in times.items() if time > known.get(name, "")), default="")

    def forget(self, key: Key) -> None:
        """The Service is gone."""
        self._seen.pop(key, None)


class Endpoints:
    """Keeps Endpoints and EndpointSlices of all Services that select pods."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._queue: loop.Queue[Key] = loop.Queue(api.clock, self._sync, gathers=True)
        self._following = loop.Subscriptions(api.store)
        self._triggers = _Triggers()
        self._slices = index.Index(api.store, endpoints.SLICES, _service_of)
        self._pods = index.Index(api.store, pods.KIND, _labels)
        self._selecting = index.Index(api.store, services.KIND, _wanted_label)

    def start(self) -> None:
        """Begin with the Services that are there."""
        self._following.follow(services.KIND, self._service_changed)
        self._following.follow(pods.KIND, self._pod_changed, replay=False)

    def stop(self) -> None:
        """End."""
        self._following.end()
        self._queue.stop()
        for kept in (self._slices, self._pods, self._selecting):
            kept.end()

    def _service_changed(self, event: store.Event) -> None:
        self._queue.add((event.new.namespace, event.new.name))

    def _pod_changed(self, event: store.Event) -> None:
        if event.old is not None and event.type == "MODIFIED" and _face(event.old.obj) == _face(event.obj):
            return
        seen = [event.obj]
        if event.old is not None and event.old.obj["metadata"].get("labels") != event.obj["metadata"].get("labels"):
            seen.append(event.old.obj)
        for pod in seen:
            for label in _labels(pod):
                for service in self._selecting.get(label):
                    if _selects(service, pod):
                        self._queue.add((service["metadata"]["namespace"], service["metadata"]["name"]))

    def _sync(self, key: Key) -> None:
        stored = self._api.store.get(services.KIND, *key)
        if stored is None:
            self._triggers.forget(key)
            if self._api.store.get(endpoints.ENDPOINTS, *key) is not None:
                self._api.delete(endpoints.ENDPOINTS, *key, options=OPTIONS)
            return
        service = stored.obj
        selector = service["spec"].get("selector")
        if not selector or service["spec"].get("type") == "ExternalName":
            return
        selected = [pod for pod in self._pods.get(_wanted_label(service)[0]) if _selects(service, pod)]
        behind = [
            pod
            for pod in selected
            if (pod.get("status") or {}).get("podIP") and pod["status"].get("phase") not in ("Failed", "Succeeded")
        ]
        triggered = self._triggers.update(key, service, selected)
        self._write_slice(service, behind, triggered)
        self._write_endpoints(service, behind, triggered)

    def _write_slice(self, service: Json, behind: list[Json], triggered: str) -> None:
        metadata = service["metadata"]
        published = service["spec"].get("publishNotReadyAddresses")
        known = behind if published else [pod for pod in behind if self._node(pod)]
        labels = {
            **(metadata.get("labels") or {}),
            SERVICE_NAME: metadata["name"],
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        }
        if service["spec"].get("clusterIP") == "None":
            labels[HEADLESS] = ""
        body = {
            "addressType": "IPv4",
            # Without any, Go's lists are null.
            "endpoints": [self._endpoint(service, pod) for pod in known[:_SLICE_LIMIT]] or None,
            "ports": _ports(service, known) or None,
        }
        pieces = self._slices.get((metadata["namespace"], metadata["name"]))
        if pieces:
            old = pieces[0]
            new = {**old, "metadata": {**old["metadata"], "labels": labels}, **body}
            if new != old:
                _annotate(new["metadata"], triggered)
                self._api.update(endpoints.SLICES, new, options=OPTIONS)
            return
        slice_metadata = {
            "generateName": f"{metadata['name']}-",
            "namespace": metadata["namespace"],
            "labels": labels,
            "ownerReferences": [owners.controller_reference(service)],
        }
        _annotate(slice_metadata, triggered)
        new = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": slice_metadata, **body}
        self._api.create(endpoints.SLICES, new, namespace=metadata["namespace"], options=OPTIONS)

    def _node(self, pod: Json) -> store.Stored | None:
        return self._api.store.get(nodes.KIND, None, pod["spec"].get("nodeName") or "")

    def _endpoint(self, service: Json, pod: Json) -> Json:
        serving, terminating = readiness.is_ready(pod), "deletionTimestamp" in pod["metadata"]
        found: Json = {
            "addresses": [pod["status"]["podIP"]],
            "conditions": {
                "ready": bool(service["spec"].get("publishNotReadyAddresses")) or (serving and not terminating),
                "serving": serving,
                "terminating": terminating,
            },
            "targetRef": _target(pod),
            **_place(pod),
        }
        if _named(service, pod):
            found["hostname"] = pod["spec"]["hostname"]
        node = self._node(pod)
        zone = ((node.obj["metadata"].get("labels") or {}) if node else {}).get("topology.kubernetes.io/zone")
        if zone:
            found["zone"] = zone
        return found

    def _write_endpoints(self, service: Json, behind: list[Json], triggered: str) -> None:
        metadata = service["metadata"]
        labels = {**(metadata.get("labels") or {}), "endpoints.kubernetes.io/managed-by": "endpoint-controller"}
        if service["spec"].get("clusterIP") == "None":
            labels[HEADLESS] = ""
        found = _subsets(service, behind)
        subsets: Json = {"subsets": found} if found else {}
        stored = self._api.store.get(endpoints.ENDPOINTS, metadata["namespace"], metadata["name"])
        if stored is None:
            own = {"name": metadata["name"], "namespace": metadata["namespace"], "labels": labels}
            _annotate(own, triggered)
            new: Json = {"apiVersion": "v1", "kind": "Endpoints", "metadata": own, **subsets}
            self._api.create(endpoints.ENDPOINTS, new, namespace=metadata["namespace"], options=OPTIONS)
            return
        others = {key: value for key, value in stored.obj.items() if key != "subsets"}
        new = {**others, "metadata": {**stored.obj["metadata"], "labels": labels}, **subsets}
        if new != stored.obj:
            _annotate(new["metadata"], triggered)
            self._api.update(endpoints.ENDPOINTS, new, options=OPTIONS)


def _turned(pod: Json) -> str:
    """When the pod became ready, or ceased to be; "" before it is known."""
    condition = readiness.condition(pod, "Ready") or {}
    return condition.get("lastTransitionTime") or ""


def _annotate(metadata: Json, triggered: str) -> None:
    """Say what time a change is due to, if it is due to any."""
    others = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != TRIGGERED}
    metadata["annotations"] = {**others, **({TRIGGERED: triggered} if triggered else {})}
    if not metadata["annotations"]:
        del metadata["annotations"]


def _selects(service: Json, pod: Json) -> bool:
    return labelselector.matches({"matchLabels": service["spec"]["selector"]}, pod["metadata"].get("labels") or {})


def _face(pod: Json) -> tuple[Any, ...]:
    """What a Service sees of a pod."""
    state, metadata = pod.get("status") or {}, pod["metadata"]
    return (
        state.get("podIP"),
        state.get("phase") in ("Failed", "Succeeded"),
        readiness.is_ready(pod),
        "deletionTimestamp" in metadata,
        metadata.get("labels"),
    )


def _target(pod: Json) -> Json:
    metadata = pod["metadata"]
    return {"kind": "Pod", "namespace": metadata["namespace"], "name": metadata["name"], "uid": metadata["uid"]}


def _place(pod: Json) -> Json:
    """The node that a pod is on, if it is on one."""
    return {"nodeName": pod["spec"]["nodeName"]} if pod["spec"].get("nodeName") else {}


def _named(service: Json, pod: Json) -> bool:
    """Whether DNS gives the pod a name of its own under the Service."""
    spec = pod["spec"]
    return bool(spec.get("hostname")) and spec.get("subdomain") == service["metadata"]["name"]


def _number(port: Json, pod: Json) -> int | None:
    """The port's number on a pod: named ones are looked up among its containers' ports."""
    target = port.get("targetPort", port["port"])
    if isinstance(target, int):
        return target or int(port["port"])
    for container in pod["spec"]["containers"]:
        for own in container.get("ports") or []:
            if own.get("name") == target and own.get("protocol", "TCP") == port.get("protocol", "TCP"):
                return int(own["containerPort"])
    return None


def _ports(service: Json, behind: list[Json]) -> list[Json]:
    found: list[Json] = []
    for port in service["spec"].get("ports") or []:
        numbers = [number for number in (_number(port, pod) for pod in behind) if number is not None]
        if numbers:
            name, protocol = port.get("name", ""), port.get("protocol", "TCP")
            found.append({"name": name, "protocol": protocol, "port": numbers[0]})
    return found


def _subsets(service: Json, behind: list[Json]) -> list[Json]:
    ready: list[Json] = []
    unready: list[Json] = []
    for pod in behind:
        publishes = service["spec"].get("publishNotReadyAddresses")
        if "deletionTimestamp" in pod["metadata"] and not publishes:
            continue
        address: Json = {"ip": pod["status"]["podIP"]}
        if _named(service, pod):
            address["hostname"] = pod["spec"]["hostname"]
        address |= {**_place(pod), "targetRef": _target(pod)}
        (ready if publishes or readiness.is_ready(pod) else unready).append(address)
    if not ready and not unready:
        return []
    subset: Json = {}
    if ready:
        subset["addresses"] = sorted(ready, key=lambda item: item["ip"])
    if unready:
        subset["notReadyAddresses"] = sorted(unready, key=lambda item: item["ip"])
    ports = [
        {
            key: value
            for key, value in (("name", port["name"]), ("port", port["port"]), ("protocol", port["protocol"]))
            if value
        }
        for port in _ports(service, behind)
    ]
    if ports:
        subset["ports"] = ports
    return [subset]
