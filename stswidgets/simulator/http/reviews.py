"""Access reviews: may I, what may I, who am I; and the same about others for those who may ask.

Shapes: k8s.io/api `authorization/v1`, `authentication/v1`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from stswidgets.simulator import clock, identity, status
from stswidgets.simulator.http import bodies, tokens
from stswidgets.simulator.http.exchange import Exchange
from stswidgets.simulator.http.paths import Target
from stswidgets.simulator.patches import managed
from stswidgets.simulator.schema import codec

Json = dict[str, Any]
Review = Callable[[Exchange, Target], web.Response]


_KINDS = {
    "selfsubjectaccessreviews": "SelfSubjectAccessReview",
    "subjectaccessreviews": "SubjectAccessReview",
    "localsubjectaccessreviews": "LocalSubjectAccessReview",
    "selfsubjectrulesreviews": "SelfSubjectRulesReview",
    "selfsubjectreviews": "SelfSubjectReview",
    "tokenreviews": "TokenReview",
}


class Reviews:
    """Answers reviews."""

    def __init__(self, authorizer: identity.Authorizer, identities: identity.Identities, time: clock.Clock) -> None:
        self._authorizer = authorizer
        self._identities = identities
        self._clock = time
        self._table: dict[tuple[str, str], Callable[[Exchange, Target, Json], Json]] = {
            ("authorization.k8s.io", "selfsubjectaccessreviews"): self._access,
            ("authorization.k8s.io", "subjectaccessreviews"): self._access,
            ("authorization.k8s.io", "localsubjectaccessreviews"): self._access,
            ("authorization.k8s.io", "selfsubjectrulesreviews"): self._rules,
            ("authentication.k8s.io", "selfsubjectreviews"): self._self,
            ("authentication.k8s.io", "tokenreviews"): self._token,
        }

    def find(self, target: Target) -> Review | None:
        """What answers a review, None if the target is none."""
        act = self._table.get((target.group, target.resource))
        if act is None:
            return None

        def review(exchange: Exchange, target: Target) -> web.Response:
            if exchange.method != "POST":
                raise status.method_not_allowed()
            asked = self._read(exchange, target)
            return exchange.json({**asked, **act(exchange, target, asked)}, 201)

        return review

    def _read(self, exchange: Exchange, target: Target) -> Json:
        """The review in a body, as the server's types hold it. 400 if it cannot be read as one."""
        kind, package = _KINDS[target.resource], target.group.partition(".")[0]
        definition = f"io.k8s.api.{package}.v1.{kind}"
        given, _ = bodies.read_one(exchange.body, exchange.content_type, kind)
        head = {"kind": kind, "apiVersion": f"{target.group}/{target.version}"}
        try:
            asked = codec.decode({**head, **given}, definition).obj
        except codec.DecodeError as error:
            raise status.bad_request(codec.refusal(kind, target.version, error)) from error
        asked.setdefault("metadata", {})
        manager = exchange.options("CreateOptions").manager
        return managed.update(None, asked, manager, self._clock.now(), definition)

    def _access(self, exchange: Exchange, target: Target, asked: Json) -> Json:
        spec = asked.get("spec") or {}
        user = exchange.user
        if target.resource != "selfsubjectaccessreviews":
            user = identity.User(spec.get("user", ""), tuple(spec.get("groups") or ()))
        wanted = _wanted(spec, asked.get("kind", ""))
        allowed, reason = self._authorizer.allowed(user, wanted)
        return {"status": {"allowed": allowed} | ({"reason": reason} if reason else {})}

    def _rules(self, exchange: Exchange, _target: Target, asked: Json) -> Json:
        namespace = (asked.get("spec") or {}).get("namespace", "")
        if not namespace:
            raise status.bad_request("no namespace on request")
        resource: list[Json] = []
        other: list[Json] = []
        rules = (rule for rule, _ in self._authorizer.rules(exchange.user, namespace))
        for rule in rules:
            fields = ("verbs", "nonResourceURLs") if "nonResourceURLs" in rule else _RESOURCE_FIELDS
            entry = {name: rule[name] for name in fields if name in rule}
            (other if "nonResourceURLs" in rule else resource).append(entry)
        found = {"resourceRules": resource, "nonResourceRules": other, "incomplete": False}
        return {"metadata": {}, "spec": {}, "status": found}  # a new object, as on the server

    def _self(self, exchange: Exchange, _target: Target, _asked: Json) -> Json:
        user = exchange.user
        found = {"username": user.name, "uid": user.uid, "groups": list(user.groups)}
        created = {"creationTimestamp": clock.stamp(self._clock.now())}
        return {"metadata": created, "status": {"userInfo": {key: value for key, value in found.items() if value}}}

    def _token(self, _exchange: Exchange, _target: Target, asked: Json) -> Json:
        return {"status": tokens.review(asked, self._identities, self._clock.now())}


_RESOURCE_FIELDS = ("verbs", "apiGroups", "resources", "resourceNames")


def _wanted(spec: Json, kind: str) -> identity.Attributes:
    resource, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if bool(resource) == bool(path):
        message = "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified"
        cause = status.Cause("spec", "FieldValueInvalid", message)
        raise status.invalid("authorization.k8s.io", kind, "", [cause])
    if path:
        return identity.Attributes(path.get("verb", ""), path=path.get("path", ""))
    resource = resource or {}
    return identity.Attributes(
        verb=resource.get("verb", ""),
        group=resource.get("group", ""),
        resource=resource.get("resource", ""),
        subresource=resource.get("subresource", ""),
        namespace=resource.get("namespace", ""),
        name=resource.get("name", ""),
    )
