"""The verbs on objects and collections, from a request to its answer.

Rules: k8s.io/apiserver `pkg/endpoints/handlers/{get,create,update,patch,delete}.go`.
"""

from __future__ import annotations

import contextlib
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from msgspec import structs

from stswidgets.simulator import api as apis
from stswidgets.simulator import status, store
from stswidgets.simulator.http import bodies, lists, negotiation, syntax, tables, watches
from stswidgets.simulator.http.exchange import Exchange, Served
from stswidgets.simulator.http.parameters import Parameters
from stswidgets.simulator.kinds.kind import Kind
from stswidgets.simulator.schema import gotext
from stswidgets.simulator.verbs import patch as patching
from stswidgets.simulator.verbs import scheme

Json = dict[str, Any]

RETURN_DELETED = {
    "pods", "services", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts", "resourcequotas",
    "namespaces", "storageclasses",
}  # fmt: skip
"""Kinds whose delete answers the object; the others answer a Status (`ReturnDeletedObject` in their storage)."""


class Objects:
    """Answers requests about objects."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api

    def get(self, exchange: Exchange, served: Served) -> web.Response:
        """One object."""
        item = self._api.read(served.kind, served.namespace, served.target.name)
        return self.show(exchange, served.kind, item)

    def show(self, exchange: Exchange, kind: Kind, item: store.Stored, code: int = 200) -> web.Response:
        """An object in the form that the client wants."""
        form, media = negotiation.form(exchange.accept)
        if form == "object" and media == negotiation.JSON:
            return exchange.answer(watches.raw(kind, item), code)
        if form == "table":
            include = tables.check_include(exchange.parameters.text("includeObject"))
            metadata = {"resourceVersion": item.obj["metadata"].get("resourceVersion", "")}
            now = self._api.clock.now()
            return exchange.json(tables.table(kind, [item.obj], now, include=include, metadata=metadata), code)
        if form == "object":
            return _yaml(exchange, msgspec.json.decode(watches.raw(kind, item)), code)
        return exchange.json(tables.partial(item.obj), code)

    def list(self, exchange: Exchange, served: Served) -> web.Response:
        """A collection, or a page of it."""
        form, media = negotiation.form(exchange.accept)
        kind = served.kind
        found = lists.page(self._api.store, kind, served.namespace, exchange.parameters)
        if form == "object":
            body = lists.body(kind, found)
            return exchange.answer(body) if media == negotiation.JSON else _yaml(exchange, msgspec.json.decode(body))
        objects = (item.obj for item in found.items)
        if form == "table":
            include = tables.check_include(exchange.parameters.text("includeObject"))
            now = self._api.clock.now()
            return exchange.json(tables.table(kind, objects, now, include=include, metadata=found.metadata))
        return exchange.json(tables.partial_list(objects, found.metadata))

    async def watch(self, exchange: Exchange, served: Served) -> web.StreamResponse:
        """A stream of changes."""
        form, _ = negotiation.form(exchange.accept)
        watch = watches.Watch(self._api.store, served.kind, served.namespace, exchange.parameters, form)
        response = web.StreamResponse(
            headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"}
        )
        response.enable_chunked_encoding()
        await response.prepare(exchange.request)
        # A client that goes away in the middle is no failure: watchers do, and there is nobody left to tell.
        with contextlib.suppress(aiohttp.ClientConnectionResetError):
            with exchange.faults.stream(exchange.request, exchange.path, watch.wake) as stream:
                async with contextlib.aclosing(watch.lines(self._api.clock.now)) as lines:
                    async for chunk in lines:
                        if not await stream.write(response, chunk):
                            break
            await response.write_eof()
        return response

    def create(self, exchange: Exchange, served: Served) -> web.Response:
        """A new object."""
        obj, options = self._object(exchange, served, "CreateOptions")
        result = self._api.create(served.kind, obj, namespace=served.namespace, options=options)
        return self._result(exchange, served.kind, result, 201)

    def update(self, exchange: Exchange, served: Served) -> web.Response:
        """A whole object in place of another."""
        obj, options = self._object(exchange, served, "UpdateOptions")
        target = served.target
        self._api.check_name(served.kind, obj, served.namespace, target.name, options=options)
        result = self._api.update(served.kind, obj, subresource=target.subresource, options=options)
        return self._result(exchange, served.kind, result)

    def patch(self, exchange: Exchange, served: Served) -> web.Response:
        """A patch of one of the four types."""
        body, options = patch_body(exchange)
        result = self._api.patch(
            served.kind,
            served.namespace,
            served.target.name,
            body,
            bodies.media_type(exchange.content_type),
            subresource=served.target.subresource,
            options=options,
        )
        return self._result(exchange, served.kind, result, 201 if result.created else 200)

    def delete(self, exchange: Exchange, served: Served) -> web.Response:
        """One object away."""
        deletion, options = deletion_of(exchange)
        kind, target = served.kind, served.target
        result = self._api.delete(kind, served.namespace, target.name, deletion=deletion, options=options)
        if not result.deleted or kind.plural in RETURN_DELETED:
            return self._result(exchange, kind, result)
        details = {"name": target.name, "group": kind.group, "kind": kind.plural, "uid": result.obj["metadata"]["uid"]}
        if not kind.group:
            del details["group"]
        return exchange.json(status.success(details))

    def delete_collection(self, exchange: Exchange, served: Served) -> web.Response:
        """All objects that selectors want, away."""
        deletion, options = deletion_of(exchange)
        kind = served.kind
        wanted = lists.selector(kind, exchange.parameters)
        items = [item for item in self._api.store.list(kind, served.namespace) if wanted.matches(item.obj)]
        gone = [
            self._api.delete(kind, item.namespace, item.name, deletion=deletion, options=options).obj for item in items
        ]
        metadata = {"resourceVersion": str(self._api.store.version)}
        listed = {"kind": kind.list_kind, "apiVersion": kind.api_version, "metadata": metadata, "items": gone}
        return exchange.json(listed)

    def _object(self, exchange: Exchange, served: Served, options_kind: str) -> tuple[Json, apis.Options]:
        obj, problems = read_object(exchange, served.kind)
        options = exchange.options(options_kind)
        return obj, with_problems(options, problems)

    def _result(self, exchange: Exchange, kind: Kind, result: apis.Result, code: int = 200) -> web.Response:
        exchange.warnings.extend(result.warnings)
        version = int(result.obj["metadata"].get("resourceVersion") or 0)
        return self.show(exchange, kind, store.Stored(result.obj, version), code)


def with_problems(options: apis.Options, problems: tuple[str, ...]) -> apis.Options:
    """Options that know what was wrong with the body for a strict reader."""
    if not problems:
        return options
    return structs.replace(options, problems=problems)


def read_object(exchange: Exchange, kind: Kind) -> tuple[Json, tuple[str, ...]]:
    """The object in a body, of the kind that the path names, and what is wrong with it for a strict reader.

    400 if it is of another kind.
    """
    obj, problems = bodies.read_one(exchange.body, exchange.content_type, kind.kind)
    if not obj.get("apiVersion") and not obj.get("kind"):
        obj["apiVersion"], obj["kind"] = kind.api_version, kind.kind
    check_kind(obj, kind)
    return obj, problems


def check_kind(obj: Json, kind: Kind) -> None:
    """400 if a body is of another kind than the path."""
    version, name = obj.get("apiVersion") or kind.api_version, obj.get("kind") or kind.kind
    if (version, name) == (kind.api_version, kind.kind):
        obj["apiVersion"], obj["kind"] = version, name
        return
    if name == kind.kind and scheme.is_old_version(version, name):
        raise status.bad_request(
            f"the API version in the data ({version}) does not match the expected API version ({kind.api_version})"
        )
    short = version.rpartition("/")[2]
    if scheme.knows(version, name):
        inner = f"{scheme.package(kind.group)}.{kind.kind}"
        why = f"converting ({short}.{name}) to ({inner}): unknown conversion"
    else:
        why = scheme.unknown(version, name)
    raise status.bad_request(f"{name} in version {gotext.quote(short)} cannot be handled as a {kind.kind}: {why}")


def patch_body(exchange: Exchange) -> tuple[Any, apis.Options]:
    """A patch and its options. 415 for an unknown type, 400 for what does not parse."""
    media = bodies.media_type(exchange.content_type)
    if media not in patching.TYPES:
        raise status.unsupported_patch_type()
    options = exchange.options("PatchOptions")
    if media == patching.APPLY:
        if not exchange.parameters.text("fieldManager"):
            cause = status.Cause("fieldManager", "FieldValueRequired", "Required value: is required for apply patch")
            raise status.invalid("meta.k8s.io", "PatchOptions", "", [cause])
        try:
            value, problems = bodies.read_yaml(exchange.body)
        except ValueError as error:
            raise status.bad_request(f"error encoding patch: {error}") from error
        return value, with_problems(options, problems)
    if exchange.parameters.has("force"):
        cause = status.Cause("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch")
        raise status.invalid("meta.k8s.io", "PatchOptions", "", [cause])
    try:
        value, problems = bodies.read_json(exchange.body)
    except ValueError as error:
        raise status.bad_request("invalid JSON patch") from error
    wanted, go_type = (list, "[]handlers.jsonPatchOp") if media == patching.JSON else (dict, "map[string]interface {}")
    if not isinstance(value, wanted):
        given = syntax.go_kind(value)
        text = f"json: cannot unmarshal {given} into Go value of type {go_type}"
        raise status.bad_request(text if media == patching.STRATEGIC else f"error decoding patch: {text}")
    return value, with_problems(options, problems)


def deletion_of(exchange: Exchange) -> tuple[apis.Deletion, apis.Options]:
    """How to delete: from the body alone if there is one, or else from the query.

    A `dryRun` in the query beside a body is not heard: the object is deleted.
    """
    if exchange.body:
        value, _ = bodies.read(exchange.body, exchange.content_type)
        given = value if isinstance(value, dict) else {}
        parameters = Parameters({"dryRun": given.get("dryRun") or ()})
    else:
        parameters = exchange.parameters
        given = _queried(parameters)
    preconditions = given.get("preconditions") or {}
    grace = given.get("gracePeriodSeconds")
    propagation = given.get("propagationPolicy") or ""
    orphan = given.get("orphanDependents")
    if orphan is not None and propagation:
        why = f'Invalid value: "{propagation}": orphanDependents and deletionPropagation cannot be both set'
        cause = status.Cause("propagationPolicy", "FieldValueInvalid", why)
        raise status.invalid("meta.k8s.io", "DeleteOptions", "", [cause])
    if orphan is not None:
        propagation = "Orphan" if orphan else "Background"
    if propagation not in ("", "Orphan", "Background", "Foreground"):
        message = f'Unsupported value: "{propagation}": supported values: "Foreground", "Background", "Orphan", "nil"'
        cause = status.Cause("propagationPolicy", "FieldValueNotSupported", message)
        raise status.invalid("meta.k8s.io", "DeleteOptions", "", [cause])
    deletion = apis.Deletion(
        grace=grace,
        propagation=propagation,
        uid=preconditions.get("uid") or "",
        resource_version=preconditions.get("resourceVersion") or "",
    )
    return deletion, apis.Options(user=exchange.user.name, dry_run=parameters.dry_run("DeleteOptions"))


def _queried(parameters: Parameters) -> Json:
    """DeleteOptions in a query."""
    found: Json = {"propagationPolicy": parameters.text("propagationPolicy")}
    if parameters.has("gracePeriodSeconds"):
        found["gracePeriodSeconds"] = parameters.number("gracePeriodSeconds")
    if parameters.has("orphanDependents"):
        found["orphanDependents"] = parameters.flag("orphanDependents")
    return found


def _yaml(exchange: Exchange, value: Any, code: int = 200) -> web.Response:
    return exchange.answer(bodies.write_yaml(value), code, bodies.YAML)
