"""The API server: from a connection to an answer.

A request passes the faults, then authentication, authorization and dispatch; whatever it is refused with becomes
a Status.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import msgspec
from aiohttp import web
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from stswidgets.simulator import api as apis
from stswidgets.simulator import control, faults, identity, status
from stswidgets.simulator.http import (
    discovery,
    faces,
    health,
    kubelets,
    objects,
    openapi,
    paths,
    reviews,
    scrapes,
    subresources,
    usage,
)
from stswidgets.simulator.http.exchange import Exchange, Served, warn
from stswidgets.simulator.http.parameters import Parameters
from stswidgets.simulator.kinds import registry

log = logging.getLogger(__name__)

LARGEST_BODY = 3 * 1024 * 1024
DEPRECATED = {"endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"}
"""Kinds whose every answer carries a warning (`APILifecycleDeprecated` in their types)."""

_VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}

Answer = web.StreamResponse


@dataclass(slots=True)
class Server:
    """One simulated API server, without its socket."""

    api: apis.Api
    identities: identity.Identities
    faces: faces.Faces
    faults: faults.Faults = field(default_factory=faults.Faults)
    authorizer: identity.Authorizer = field(init=False)
    objects: objects.Objects = field(init=False)
    subresources: subresources.Subresources = field(init=False)
    reviews: reviews.Reviews = field(init=False)
    _web: web.Server | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.authorizer = identity.Authorizer(self.api.store)
        self.objects = objects.Objects(self.api)
        self.subresources = subresources.Subresources(self.api, self.objects, self.faces, self.identities)
        self.reviews = reviews.Reviews(self.authorizer, self.identities, self.api.clock)

    def web_server(self) -> web.Server:
        """What an aiohttp runner serves."""
        # A handler ends with its connection: an idle watch, or a request that is never answered, would stay for long.
        self._web = web.Server(self.handle, request_factory=_request, access_log=None, handler_cancellation=True)
        return self._web

    async def handle(self, request: web.BaseRequest) -> Answer:
        """Answer one request."""
        try:
            secret_user, path = self._split(request.rel_url.raw_path)
            if path.startswith(control.PREFIX):
                return await self._control(request, self._authenticate(request, secret_user), path)
            fault = self.faults.strike(request.method, path, dict(request.rel_url.query))
            if fault is not None:
                answer = await faults.happen(fault, request)
                if answer is not None:
                    return answer
            user = self._impersonated(request, self._authenticate(request, secret_user))
            exchange = await _exchange(request, path, user)
            exchange.faults = self.faults
            try:
                return await self._answer(exchange)
            except status.ApiError as error:
                error.warnings = (*exchange.warnings, *error.warnings)
                raise
        except status.ApiError as error:
            return refused(error)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:  # a defect must reach the client as the 500 that it is, and the log
            log.exception("%s %s", request.method, request.path)
            message = f"Internal error occurred: {traceback.format_exc(limit=-1).strip().splitlines()[-1]}"
            return refused(status.ApiError(500, "InternalError", message))

    def _split(self, raw_path: str) -> tuple[identity.User | None, str]:
        """The user of a secret path, and the path without it."""
        secret, slash, rest = raw_path[1:].partition("/")
        user = self.identities.find(secret, self.api.clock.now())
        path = f"{slash}{rest}" if user else raw_path
        return user, unquote(path) or "/"

    def _authenticate(self, request: web.BaseRequest, secret_user: identity.User | None) -> identity.User:
        """The user: of the token if there is one, else of the secret path. 401 for a token that nobody has."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            user = self.identities.find(token.strip(), self.api.clock.now())
            if user is None:
                raise status.unauthorized()
            return user
        return secret_user or identity.ANONYMOUS

    def _impersonated(self, request: web.BaseRequest, user: identity.User) -> identity.User:
        """The user that `kubectl --as` wants to be, if this one may be that."""
        name = request.headers.get("Impersonate-User", "")
        if not name:
            return user
        self._authorize(user, identity.Attributes("impersonate", resource="users", name=name))
        groups = request.headers.getall("Impersonate-Group", [])
        for group in groups:
            self._authorize(user, identity.Attributes("impersonate", resource="groups", name=group))
        return identity.User(name, (*groups, "system:authenticated"))

    async def _answer(self, exchange: Exchange) -> Answer:
        target = paths.parse(exchange.path)
        if target is None:
            wanted = identity.Attributes(exchange.method.lower(), path=exchange.path)
            self._authorize(exchange.user, wanted)
            return self._plain(exchange)
        self._authorize(exchange.user, _attributes(exchange, target))
        review = self.reviews.find(target)
        if review is not None:
            return review(exchange, target)
        if (target.group, target.version, target.resource) == ("", "v1", "bindings"):
            return self.subresources.bind(exchange, target)
        if (target.group, target.resource, target.subresource) == ("", "nodes", "proxy"):
            return kubelets.answer(exchange, target, self.faces)
        if target.group == "metrics.k8s.io":
            return usage.answer(exchange, target, self.faces, self.api.store)
        try:
            kind = registry.REGISTRY.by_resource(target.group, target.version, target.resource)
        except KeyError:
            raise status.no_such_path() from None
        served = Served(target, kind)
        if kind.plural in DEPRECATED:
            exchange.warnings.append(DEPRECATED[kind.plural])
        if target.subresource and target.subresource not in ("status", "finalize", "resize"):
            return await self.subresources.answer(exchange, served)
        if target.subresource and target.subresource not in kind.subresources:
            raise status.no_such_path()
        return await self._object(exchange, served)

    def _authorize(self, user: identity.User, wanted: identity.Attributes) -> None:
        allowed, _ = self.authorizer.allowed(user, wanted)
        if not allowed:
            raise identity.refusal(user, wanted)

    def _plain(self, exchange: Exchange) -> Answer:
        """What is no object: discovery, OpenAPI, health, metrics."""
        scraped = scrapes.answer(exchange, self.api.store)
        return health.answer(exchange) or scraped or openapi.answer(exchange) or discovered(exchange)

    async def _object(self, exchange: Exchange, served: Served) -> Answer:
        named = bool(served.target.name)
        method = exchange.method
        if method in ("GET", "HEAD"):
            if served.target.watch or (not named and exchange.parameters.flag("watch")):
                return await self.objects.watch(exchange, served)
            return (self.objects.get if named else self.objects.list)(exchange, served)
        table: dict[tuple[str, bool], Callable[[Exchange, Served], Answer]] = {
            ("POST", False): self.objects.create,
            ("PUT", True): self.objects.update,
            ("PATCH", True): self.objects.patch,
            ("DELETE", True): self.objects.delete,
            ("DELETE", False): self.objects.delete_collection,
        }
        act = table.get((method, named))
        if act is None or (method == "POST" and served.kind.namespaced and not served.namespace):
            raise status.method_not_allowed()
        return act(exchange, served)

    async def _control(self, request: web.BaseRequest, user: identity.User, path: str) -> Answer:
        if identity.MASTERS not in user.groups:
            raise status.unauthorized()
        answer = await control.answer(request, path.removeprefix(control.PREFIX), self.faults, self.api.clock)
        if asyncio.get_running_loop().time() < self.faults.away_until and self._web is not None:
            for connection in self._web.connections:
                if connection.transport not in (None, request.transport):
                    connection.transport.abort()
        return answer


def discovered(exchange: Exchange) -> Answer:
    """A discovery document. 404 where there is none."""
    wanted = discovery.aggregated(exchange.accept) if exchange.path.strip("/") in ("api", "apis") else None
    media, version = wanted or ("application/json", "")
    body = discovery.document(exchange.path.strip("/"), version)
    if body is None:
        parts = exchange.path.strip("/").split("/")
        if parts[0] == "api" or (parts[0] == "apis" and len(parts) > 1 and parts[1] in discovery.group_versions()):
            raise status.no_such_path()
        return web.Response(text="404 page not found\n", status=404)
    return exchange.answer(body, media=media)


def refused(error: status.ApiError) -> web.Response:
    """An error as its Status."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-cache, private", **error.headers}
    response = web.Response(body=msgspec.json.encode(error.status()), status=error.code, headers=headers)
    warn(response, error.warnings)
    return response


def _attributes(exchange: Exchange, target: paths.Target) -> identity.Attributes:
    verb = _VERBS.get(exchange.method, exchange.method.lower())
    if verb == "get" and (target.watch or (not target.name and exchange.parameters.flag("watch"))):
        verb = "watch"
    elif verb == "get" and not target.name:
        verb = "list"
    elif verb == "delete" and not target.name:
        verb = "deletecollection"
    return identity.Attributes(verb, target.group, target.resource, target.subresource, target.namespace, target.name)


async def _exchange(request: web.BaseRequest, path: str, user: identity.User) -> Exchange:
    query: dict[str, list[str]] = {}
    for key, value in request.rel_url.query.items():
        query.setdefault(key, []).append(value)
    body = b""
    if request.body_exists and request.method in ("POST", "PUT", "PATCH", "DELETE"):
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            message = f"Request entity too large: limit is {LARGEST_BODY}"
            raise status.ApiError(413, "RequestEntityTooLarge", message) from error
    return Exchange(request, path, user, Parameters(query), body)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: object,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)  # type: ignore[arg-type]  # its type is aiohttp's own
