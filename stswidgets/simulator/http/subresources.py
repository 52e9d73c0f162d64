"""Subresources that are no part of their object: scale, eviction, binding, logs, exec."""

from __future__ import annotations

import copy
from typing import Any

from aiohttp import web

from stswidgets.simulator import api as apis
from stswidgets.simulator import identity, status
from stswidgets.simulator.http import bodies, logs, negotiation, streams, tables, tokens
from stswidgets.simulator.http.exchange import Exchange, Served, warn
from stswidgets.simulator.http.faces import Faces
from stswidgets.simulator.http.objects import Objects, patch_body, with_problems
from stswidgets.simulator.http.paths import Target
from stswidgets.simulator.kinds import registry, scales
from stswidgets.simulator.verbs import decoding
from stswidgets.simulator.verbs import patch as patching

Json = dict[str, Any]

_NO_FORWARD = "pods are simulated: nothing listens on their ports, so there is nothing to forward to"


class Subresources:
    """Answers requests about subresources."""

    def __init__(self, api: apis.Api, objects: Objects, nodes: Faces, identities: identity.Identities) -> None:
        self._api = api
        self._identities = identities
        self._faces = nodes
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
            return self._bind(exchange, served.namespace, served.target.name)
        if name == "token":
            return tokens.give(exchange, served, self._api, self._identities)
        if name == "log":
            return await logs.answer(exchange, served, self._api, self._faces)
        if name in ("exec", "attach"):
            return await streams.answer(exchange, served, self._api, self._faces)
        if name == "portforward":
            raise status.ApiError(501, "NotImplemented", _NO_FORWARD)
        raise status.ApiError(501, "NotImplemented", f"the simulator has no {served.kind.plural}/{name}")

    def _scale(self, exchange: Exchange, served: Served) -> web.Response:
        target, kind = served.target, served.kind
        stored = self._api.scale(kind, served.namespace, target.name)
        if exchange.method in ("GET", "HEAD"):
            return self._shown(exchange, stored)
        if exchange.method == "PATCH":
            body, options = patch_body(exchange)
            media = bodies.media_type(exchange.content_type)
            wanted, warnings = patching.patched(scales.KIND, copy.deepcopy(stored), body, media, options)
        elif exchange.method == "PUT":
            wanted, problems = bodies.read_one(exchange.body, exchange.content_type)
            options = with_problems(exchange.options("UpdateOptions"), problems)
            wanted, warnings = decoding.decode(scales.KIND, wanted, options)
        else:
            raise status.method_not_allowed()
        with decoding.told(warnings):
            result = self._api.set_scale(kind, served.namespace, target.name, wanted, options=options)
        response = self._shown(exchange, result.obj)
        warn(response, (*warnings, *result.warnings))
        return response

    def _shown(self, exchange: Exchange, scale: Json) -> web.Response:
        form, _ = negotiation.form(exchange.accept)
        if form != "table":
            return exchange.json(scale)
        include = tables.check_include(exchange.parameters.text("includeObject"))
        metadata = {"resourceVersion": scale["metadata"]["resourceVersion"]}
        now = self._api.clock.now()
        return exchange.json(tables.table(scales.KIND, [scale], now, include=include, metadata=metadata))

    def _evict(self, exchange: Exchange, served: Served) -> web.Response:
        if exchange.method != "POST":
            raise status.method_not_allowed()
        eviction, _ = bodies.read_one(exchange.body, exchange.content_type)
        name = (eviction.get("metadata") or {}).get("name", "")
        if name != served.target.name:
            raise status.bad_request("name in URL does not match name in Eviction object")
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

    def bind(self, exchange: Exchange, target: Target) -> web.Response:
        """A Binding posted to the collection that only takes them: it names its pod itself."""
        if target.name or target.subresource:
            raise status.no_such_path()
        return self._bind(exchange, target.namespace, "")

    def _bind(self, exchange: Exchange, namespace: str, name: str) -> web.Response:
        if exchange.method != "POST" or not namespace:
            raise status.method_not_allowed()
        binding, _ = bodies.read_one(exchange.body, exchange.content_type)
        name = name or (binding.get("metadata") or {}).get("name", "")
        pods = registry.REGISTRY.by_resource("", "v1", "pods")
        node = (binding.get("target") or {}).get("name", "")
        options = exchange.options("CreateOptions")
        self._api.bind(pods, namespace, name, node, options=options)
        return exchange.json(status.success(code=201), 201)
