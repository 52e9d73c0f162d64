"""Tokens of service accounts: giving them (TokenRequest) and looking them up (TokenReview).

Rules: kubernetes `pkg/registry/core/serviceaccount/storage/token.go`, `pkg/registry/authentication/tokenreview`. The
tokens are plain secrets, not signed documents.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, identity, status
from stswidgets.simulator.http import bodies
from stswidgets.simulator.http.exchange import Exchange, Served

Json = dict[str, Any]

AUDIENCES = ["https://kubernetes.default.svc"]
_GROUP, _KIND = "authentication.k8s.io", "TokenRequest"
_SHORTEST, _USUAL, _LONGEST = 600, 3600, 1 << 32


def give(exchange: Exchange, served: Served, api: apis.Api, identities: identity.Identities) -> web.Response:
    """Answer a TokenRequest of a service account with a token that the server knows until it expires."""
    if exchange.method != "POST":
        raise status.method_not_allowed()
    account = api.read(served.kind, served.namespace, served.target.name).obj["metadata"]
    given, _ = bodies.read_one(exchange.body, exchange.content_type, _KIND)
    spec = given.get("spec") or {}
    seconds = spec.get("expirationSeconds")
    seconds = _USUAL if seconds is None else int(seconds)
    if why := _duration(seconds):
        cause = status.Cause("spec.expirationSeconds", "FieldValueInvalid", f"Invalid value: {seconds}: {why}")
        raise status.invalid(_GROUP, _KIND, "", [cause])
    now = api.clock.now()
    until = now + timedelta(seconds=seconds)
    token = identities.issue(_user(account), until)
    answer = {
        "kind": _KIND,
        "apiVersion": f"{_GROUP}/v1",
        "metadata": {
            "name": account["name"],
            "namespace": account["namespace"],
            "creationTimestamp": clock.stamp(now),
        },
        "spec": {"audiences": spec.get("audiences") or AUDIENCES, "expirationSeconds": seconds, "boundObjectRef": None},
        "status": {"token": token, "expirationTimestamp": clock.stamp(until)},
    }
    return exchange.json(answer, 201)


def _duration(seconds: int) -> str:
    if seconds < _SHORTEST:
        return "may not specify a duration less than 10 minutes"
    return "may not specify a duration larger than 2^32 seconds" if seconds > _LONGEST else ""


def _user(account: Json) -> identity.User:
    namespace, name = account["namespace"], account["name"]
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
    return identity.User(f"system:serviceaccount:{namespace}:{name}", groups, uid=account["uid"])


def review(asked: Json, identities: identity.Identities, now: datetime) -> Json:
    """The status of a TokenReview. 400 if it names no token."""
    token = (asked.get("spec") or {}).get("token")
    if not token:
        raise status.bad_request("token is required for TokenReview in authentication")
    user = identities.find(token, now)
    if user is None:
        return {"user": {}, "error": "invalid bearer token"}
    found = {"username": user.name, "uid": user.uid, "groups": list(user.groups)}
    return {"authenticated": True, "user": found, "audiences": AUDIENCES}
