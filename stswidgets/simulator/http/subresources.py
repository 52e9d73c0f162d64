"""Subresources that are no part of their object: scale, eviction, binding, logs, exec; and metrics.k8s.io."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from stswidgets.simulator import api as apis
from stswidgets.simulator import status
from stswidgets.simulator.http import bodies
from stswidgets.simulator.http.exchange import Exchange, Served
from stswidgets.simulator.http.objects import Objects, patch_body
from stswidgets.simulator.http.paths import Target
from stswidgets.simulator.verbs import patch as patching

Json = dict[str, Any]

_SCALE = "io.k8s.api.autoscaling.v1.Scale"


class Subresources:
    """Answers requests about subresources."""

    def __init__(self, api: apis.Api, objects: Objects) -> None:
        self._api = api
        self._objects = objects

    async def answer(self, exchange: Exchange, served: Served) -> web.StreamResponse:
        """The answer of a subresource."""
        name = served.target.subresource
        if name not in served.kind.subresources:
            raise status.no_such_path()
        if name == "scale":
            return self._scale(exchange, served)
        if name == "eviction":
            return self._evict(exchange, served)
        if name == "binding":
            return self._bind(exchange, served)
        raise status.no_such_path()

    def _scale(self, exchange: Exchange, served: Served) -> web.Response:
        target, kind = served.target, served.kind
        stored = self._api.scale(kind, served.namespace, target.name)
        if exchange.method in ("GET", "HEAD"):
            return exchange.json(stored)
        if exchange.method == "PATCH":
            body, options = patch_body(exchange)
            wanted = patching.by_type(stored, body, bodies.media_type(exchange.content_type), _SCALE)
        elif exchange.method == "PUT":
            wanted, _ = bodies.read(exchange.body, exchange.content_type)
            options = exchange.options("UpdateOptions")
        else:
            raise status.method_not_allowed()
        result = self._api.set_scale(kind, served.namespace, target.name, wanted, options=options)
        return exchange.json(result.obj)

    def _evict(self, exchange: Exchange, served: Served) -> web.Response:
        if exchange.method != "POST":
            raise status.method_not_allowed()
        eviction, _ = bodies.read(exchange.body, exchange.content_type)
        given = eviction.get("deleteOptions") or {}
        preconditions = given.get("preconditions") or {}
        deletion = apis.Deletion(
            grace=given.get("gracePeriodSeconds"),
            propagation=given.get("propagationPolicy") or "",
            uid=preconditions.get("uid") or "",
            resource_version=preconditions.get("resourceVersion") or "",
        )
        dry = bool(given.get("dryRun")) or exchange.parameters.dry_run("CreateOptions")
        options = apis.Options(user=exchange.user.name, dry_run=dry)
        self._api.evict(served.kind, served.namespace, served.target.name, deletion=deletion, options=options)
        return exchange.json(status.success(code=201), 201)

    def _bind(self, exchange: Exchange, served: Served) -> web.Response:
        if exchange.method != "POST":
            raise status.method_not_allowed()
        binding, _ = bodies.read(exchange.body, exchange.content_type)
        node = (binding.get("target") or {}).get("name", "")
        options = exchange.options("CreateOptions")
        self._api.bind(served.kind, served.namespace, served.target.name, node, options=options)
        return exchange.json(status.success(code=201), 201)

    def metrics(self, _exchange: Exchange, _target: Target) -> web.Response:
        """metrics.k8s.io."""
        raise status.no_such_path()
