"""Errors as the API server answers them: `meta/v1` Status objects with the texts of Kubernetes 1.37.

The sentences are facts of the API (k8s.io/apimachinery `pkg/api/errors`, `pkg/util/validation/field`); clients match on
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from stswidgets.simulator.schema import gotext

Json = dict[str, Any]


class Cause(msgspec.Struct, frozen=True):
    """One field that is wrong.

    `field` is the API's path (`spec.template.spec.containers[0].image`), `reason` a cause type (`FieldValueInvalid`),
    and `message` the text behind the path (`Invalid value: -1: must be greater than or equal to 0`).
    """

    field: str
    reason: str
    message: str

    def body(self) -> Json:
        """The cause as it stands in `details.causes`."""
        return {
            key: value
            for key, value in (("reason", self.reason), ("message", self.message), ("field", self.field))
            if value
        }

    def text(self) -> str:
        """The cause as it stands in the Status message."""
        return f"{self.field}: {self.message}" if self.field else self.message


class ApiError(Exception):
    """A request that the API refuses.

    `details` is the Status' own (None: it has none); `headers` go into the answer.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        causes: Iterable[Cause] = (),
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = tuple(causes)
        self.details = None if details is None else dict(details)
        self.headers = dict(headers or {})
        self.warnings: tuple[str, ...] = ()  # for Warning headers: what was wrong besides
        self.metadata = dict(metadata or {})

    def status(self) -> Json:
        """The Status object."""
        details = self.details
        if self.causes:
            details = dict(details or {})
            details["causes"] = [cause.body() for cause in self.causes]
        body: Json = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": self.metadata,
            "status": "Failure",
            "message": self.message,
        }
        if self.reason:
            body["reason"] = self.reason
        if details is not None:
            body["details"] = details
        body["code"] = self.code
        return body


def success(details: Mapping[str, Any] | None = None, code: int | None = None) -> Json:
    """The Status of a request that went well (a delete's answer, for one)."""
    body: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    if details:
        body["details"] = dict(details)
    if code is not None:
        body["code"] = code
    return body


def qualified(resource: str, group: str) -> str:
    """A resource or kind with its group, as the API's sentences name it: `statefulsets.apps`, `pods`."""
    return f"{resource}.{group}" if group else resource


def _of(group: str, kind: str, name: str, **more: Any) -> Json:
    details: Json = {}
    if name:
        details["name"] = name
    if group:
        details["group"] = group
    if kind:
        details["kind"] = kind
    return details | more


def not_found(group: str, resource: str, name: str) -> ApiError:
    """404: no such object."""
    return ApiError(
        404, "NotFound", f'{qualified(resource, group)} "{name}" not found', details=_of(group, resource, name)
    )


def no_such_path() -> ApiError:
    """404: no such resource or path at all."""
    return ApiError(404, "NotFound", "the server could not find the requested resource", details={})


def already_exists(group: str, resource: str, name: str) -> ApiError:
    """409: the name is taken."""
    return ApiError(
        409,
        "AlreadyExists",
        f'{qualified(resource, group)} "{name}" already exists',
        details=_of(group, resource, name),
    )


def generated_name_conflict(group: str, resource: str, name: str) -> ApiError:
    """409: a generated name is taken; the client may try again."""
    message = (
        f'{qualified(resource, group)} "{name}" already exists, '
        "the server was not able to generate a unique name for the object"
    )
    return ApiError(409, "AlreadyExists", message, details=_of(group, resource, name, retryAfterSeconds=1))


MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def conflict(group: str, resource: str, name: str, why: str = MODIFIED) -> ApiError:
    """409: the object changed since it was read, or a precondition does not hold."""
    return ApiError(
        409,
        "Conflict",
        f'Operation cannot be fulfilled on {qualified(resource, group)} "{name}": {why}',
        details=_of(group, resource, name),
    )


def invalid(group: str, kind: str, name: str, causes: Iterable[Cause]) -> ApiError:
    """422: the object breaks rules. The same error twice is said once, as the server's aggregate does."""
    causes = tuple(dict.fromkeys(causes))
    texts = list(dict.fromkeys(cause.text() for cause in causes))
    joined = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return ApiError(
        422,
        "Invalid",
        f"{qualified(kind, group)} {gotext.quote(name)} is invalid: {joined}",
        causes,
        details=_of(group, kind, name),
    )


def bad_request(message: str, causes: Iterable[Cause] = ()) -> ApiError:
    """400: the request itself makes no sense."""
    return ApiError(400, "BadRequest", message, causes)


def forbidden(group: str, resource: str, name: str, why: str, causes: Iterable[Cause] = ()) -> ApiError:
    """403 about an object or a resource."""
    what = f'{qualified(resource, group)} "{name}"' if name else qualified(resource, group)
    return ApiError(403, "Forbidden", f"{what} is forbidden: {why}", causes, details=_of(group, resource, name))


def unauthorized() -> ApiError:
    """401."""
    return ApiError(401, "Unauthorized", "Unauthorized")


def method_not_allowed() -> ApiError:
    """405."""
    return ApiError(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", details={}
    )


def expired(message: str, metadata: Mapping[str, Any] | None = None) -> ApiError:
    """410: the resourceVersion or continue token is too old."""
    return ApiError(410, "Expired", message, metadata=metadata)


def unsupported_media_type(known: Iterable[str]) -> ApiError:
    """415: the body's type is not one that the server reads here."""
    message = f"the body of the request was in an unknown format - accepted media types include: {', '.join(known)}"
    return ApiError(415, "UnsupportedMediaType", message)


def not_acceptable(known: Iterable[str]) -> ApiError:
    """406: no wanted type can be given."""
    message = f"only the following media types are accepted: {', '.join(known)}"
    return ApiError(406, "NotAcceptable", message)


def no_representation(known: Iterable[str]) -> ApiError:
    """406, as the router in front of the handlers says it."""
    message = f"406: Not Acceptable\n\nAvailable representations: {', '.join(known)}"
    return ApiError(406, "NotAcceptable", message, details={})


def unsupported_patch_type() -> ApiError:
    """415 for a patch of an unknown type, as the router says it."""
    return ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", details={})


def too_large_version(wanted: int, current: int) -> ApiError:
    """504: a version was asked for that is still to come."""
    return ApiError(
        504,
        "Timeout",
        f"Timeout: Too large resource version: {wanted}, current: {current}",
        [Cause("", "ResourceVersionTooLarge", "Too large resource version")],
        details={"retryAfterSeconds": 1},
    )
