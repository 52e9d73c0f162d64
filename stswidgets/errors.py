"""Every error that leaves stswidgets.

    StsWidgetsError
      ConnectionError_            no conversation with a cluster
        NoClusterError              nothing says which cluster is meant
        ContextError                the kubeconfig has no such context
        UnreachableError            nobody answers
        UnauthorizedError           401 (also a ServerError)
      ServerError                 the server answered with a Status
        ForbiddenError              403
        NotFoundError               404
        AlreadyExistsError          409, reason AlreadyExists
        ConflictError               409
        ExpiredError                410
        InvalidError                422
        ThrottledError              429
        UnavailableError            5xx
      ManifestError               a manifest that cannot be read
        YamlError                   text that is not YAML, with its line and column
        WrongKindError              an object of another kind

Each has a message key. `text(lang)` says what happened, `next(lang)` what to do now; `str(error)` is both in English.
`detail` is what the server or a library said, in its own words: hostile text, as all that comes from a cluster; it is
cut to a length.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from stswidgets import messages

_LONGEST_DETAIL = 2000


class Cause(NamedTuple):
    """One of a Status' `details.causes`: the field path, why, and the server's own words."""

    field: str
    reason: str
    message: str


class StsWidgetsError(Exception):
    """An error with a message key; a class has a key of its own, so that `NoClusterError(tried=...)` needs none."""

    default_key: ClassVar[str] = "errors.unexpected"

    def __init__(self, key: str | None = None, /, *, detail: str = "", **values: object) -> None:
        self.key = key or self.default_key
        self.detail = detail[:_LONGEST_DETAIL]
        self.values: dict[str, object] = {"detail": self.detail, **values}
        super().__init__(self.key)

    def text(self, lang: str = "en") -> str:
        """What happened, in one sentence."""
        return messages.text(self.key, lang, **self.values)

    def next(self, lang: str = "en") -> str:
        """What to do now, or "" where nothing can be said."""
        key = f"{self.key}.next"
        return messages.text(key, lang, **self.values) if messages.has(key) else ""

    def __str__(self) -> str:
        sentence, advice = self.text(), self.next()
        if not advice:
            return sentence
        return f"{sentence} {advice}" if sentence.endswith((".", "!", "?")) else f"{sentence}. {advice}"


class ConnectionError_(StsWidgetsError):  # noqa: N801, N818 - Python's own ConnectionError is another thing
    """No conversation with a cluster."""

    default_key = "errors.connection"


class NoClusterError(ConnectionError_):
    """Nothing says which cluster is meant. Values: `tried`, what was looked at."""

    default_key = "errors.no_cluster"


class ContextError(ConnectionError_):
    """The kubeconfig has no such context. Values: `context`, `contexts` (those that it has)."""

    default_key = "errors.context"


class UnreachableError(ConnectionError_):
    """Nobody answers. Values: `host`."""

    default_key = "errors.unreachable"


class ServerError(StsWidgetsError):
    """The server answered with a Status (or with something else, from which a Status was made).

    `code` and `reason` are the Status'; `causes` name fields; `retry_after` is the pause in seconds that the server
    asked for, or None.
    """

    default_key = "errors.server"

    def __init__(self, status: dict[str, Any], *, retry_after: float | None = None) -> None:
        details = status.get("details") or {}
        self.status = status
        self.code = int(status.get("code") or 0)
        self.reason = str(status.get("reason") or "")
        self.message = str(status.get("message") or "")[:_LONGEST_DETAIL]
        self.causes = tuple(
            Cause(str(cause.get("field") or ""), str(cause.get("reason") or ""), str(cause.get("message") or ""))
            for cause in details.get("causes") or ()
        )
        seconds = details.get("retryAfterSeconds")
        self.retry_after = retry_after if retry_after is not None or seconds is None else float(seconds)
        super().__init__(
            detail=self.message,
            code=self.code,
            reason=self.reason,
            message=self.message,
            kind=str(details.get("kind") or ""),
            name=str(details.get("name") or ""),
            count=len(self.causes),
            seconds=0 if self.retry_after is None else round(self.retry_after),
        )


class UnauthorizedError(ServerError, ConnectionError_):
    """401: the credentials are missing, wrong or expired."""

    default_key = "errors.unauthorized"


class ForbiddenError(ServerError):
    """403: known, but not allowed. The server's message names verb, resource and namespace."""

    default_key = "errors.forbidden"


class NotFoundError(ServerError):
    """404."""

    default_key = "errors.not_found"


class AlreadyExistsError(ServerError):
    """409 with reason AlreadyExists: the name is taken."""

    default_key = "errors.already_exists"


class ConflictError(ServerError):
    """409: the object changed meanwhile, or fields belong to another manager (then `causes` name them)."""

    default_key = "errors.conflict"


class ExpiredError(ServerError):
    """410: a resourceVersion or a continue token is too old. Listing again helps."""

    default_key = "errors.expired"


class InvalidError(ServerError):
    """422: fields are not valid; `causes` name them."""

    default_key = "errors.invalid"


class ThrottledError(ServerError):
    """429: too many requests; `retry_after` says for how long to wait."""

    default_key = "errors.throttled"


class UnavailableError(ServerError):
    """5xx."""

    default_key = "errors.unavailable"


_BY_CODE: dict[int, type[ServerError]] = {
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: ExpiredError,
    422: InvalidError,
    429: ThrottledError,
}


def from_status(status: dict[str, Any], *, retry_after: float | None = None) -> ServerError:
    """The error that a Status means, by code and reason. `retry_after` is the header's, in seconds."""
    code = int(status.get("code") or 0)
    if code == 409 and status.get("reason") == "AlreadyExists":
        return AlreadyExistsError(status, retry_after=retry_after)
    kind = UnavailableError if code >= 500 else _BY_CODE.get(code, ServerError)
    return kind(status, retry_after=retry_after)


class ManifestError(StsWidgetsError):
    """A manifest that cannot be read."""

    default_key = "errors.manifest"


class YamlError(ManifestError):
    """Text that is not YAML, or not the YAML that Kubernetes reads. `line` and `column` count from 1."""

    default_key = "errors.yaml"

    def __init__(
        self, key: str | None = None, /, *, line: int, column: int = 1, detail: str = "", **values: object
    ) -> None:
        self.line = line
        self.column = column
        super().__init__(key, detail=detail, line=line, column=column, **values)


class WrongKindError(ManifestError):
    """An object of another kind than a StatefulSet or its Service. `line` counts from 1. Values: `kind`."""

    default_key = "errors.wrong_kind"

    def __init__(self, key: str | None = None, /, *, kind: str, line: int, detail: str = "", **values: object) -> None:
        self.kind = kind
        self.line = line
        super().__init__(key, detail=detail, kind=kind, line=line, **values)
