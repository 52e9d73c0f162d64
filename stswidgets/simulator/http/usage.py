"""metrics.k8s.io/v1beta1: who uses how much, as metrics-server answers it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from stswidgets.simulator import selectors, status, store
from stswidgets.simulator.http.exchange import Exchange
from stswidgets.simulator.http.faces import Faces
from stswidgets.simulator.http.paths import Target
from stswidgets.simulator.kinds import registry

Json = dict[str, Any]

_KINDS = {"pods": "PodMetrics", "nodes": "NodeMetrics"}
_VERSION = "metrics.k8s.io/v1beta1"


def answer(exchange: Exchange, target: Target, faces: Faces, objects: store.Store) -> web.Response:
    """A list of metrics, or one object's. 404 where there are none."""
    kind = _KINDS.get(target.resource)
    if kind is None or target.version != "v1beta1" or target.subresource:
        raise status.no_such_path()
    if exchange.method not in ("GET", "HEAD") or exchange.parameters.flag("watch"):
        raise status.method_not_allowed()
    found = faces.usage.pods(target.namespace) if target.resource == "pods" else faces.usage.nodes()
    head = {"kind": kind, "apiVersion": _VERSION}
    if target.name:
        for item in found:
            if item["metadata"]["name"] == target.name:
                return exchange.json({**head, **item})
        raise _unknown(target, objects)
    wanted = selectors.parse(exchange.parameters.text("labelSelector"), exchange.parameters.text("fieldSelector"))
    items = [
        {key: value for key, value in item.items() if key not in ("kind", "apiVersion")}
        for item in found
        if wanted.matches(item)
    ]
    return exchange.json({"kind": f"{kind}List", "apiVersion": _VERSION, "metadata": {}, "items": items})


def _unknown(target: Target, objects: store.Store) -> status.ApiError:
    """404: nothing of that name is there, or it was not measured yet (metrics-server `pkg/api/{pod,node}.go`)."""
    kind = registry.REGISTRY.by_resource("", "v1", target.resource)
    if objects.get(kind, target.namespace or None, target.name) is None:
        return status.not_found("", kind.plural, target.name)
    if target.resource == "nodes":
        return status.not_found("metrics.k8s.io", "nodemetrics", target.name)
    return status.not_found("metrics.k8s.io", "podmetrics", f"{target.namespace}/{target.name}")
