"""What a kubelet answers through the API server: `/api/v1/nodes/NAME/proxy/...`.

Its metrics in Prometheus' format, and the summary that UIs read; what else a kubelet serves is not here.
"""

from __future__ import annotations

from aiohttp import web

from stswidgets.simulator import status
from stswidgets.simulator.http.exchange import Exchange
from stswidgets.simulator.http.faces import Faces
from stswidgets.simulator.http.paths import Target
from stswidgets.simulator.http.prometheus import nodes, text
from stswidgets.simulator.nodes import meters

_METRICS = {"metrics": nodes.kubelet, "metrics/cadvisor": nodes.cadvisor, "metrics/resource": nodes.resource}


def answer(exchange: Exchange, target: Target, faces: Faces) -> web.Response:
    """The answer of a node's kubelet. 404 for a node or a path that is not there."""
    if exchange.method not in ("GET", "HEAD"):
        raise status.method_not_allowed()
    name = target.name.split(":")[0]  # NAME:PORT is the same kubelet
    try:
        node = faces.meters.node(name)
    except meters.SilentNode as error:
        why = f"error trying to reach service: dial tcp {error}:10250: connect: no route to host"
        raise status.ApiError(503, "ServiceUnavailable", why) from error
    if node is None:
        raise status.not_found("", "nodes", name)
    path = target.rest.strip("/")
    if path == "stats/summary":
        return exchange.json(nodes.summary(node))
    if path == "healthz":
        return web.Response(text="ok")
    made = _METRICS.get(path)
    if made is None:
        return web.Response(text="404 page not found\n", status=404)
    return exchange.answer(text.write(made(node)), media=text.MEDIA)
