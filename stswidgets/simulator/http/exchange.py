"""One request on its way through the server: who asks for what, and how the answer is put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from aiohttp import web

from stswidgets.simulator import api as apis
from stswidgets.simulator import faults as failing
from stswidgets.simulator import identity
from stswidgets.simulator.http.parameters import Parameters
from stswidgets.simulator.http.paths import Target
from stswidgets.simulator.kinds.kind import Kind

Json = dict[str, Any]


class Exchange(msgspec.Struct):
    """A request with what is known of it. `path` is without the secret prefix."""

    request: web.BaseRequest
    path: str
    user: identity.User
    parameters: Parameters
    body: bytes = b""
    faults: failing.Faults = msgspec.field(default_factory=failing.Faults)
    warnings: list[str] = []

    @property
    def method(self) -> str:
        """GET, POST ..."""
        return self.request.method

    @property
    def accept(self) -> str:
        """The Accept header."""
        return self.request.headers.get("Accept", "")

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        return self.request.headers.get("Content-Type", "")

    def options(self, kind: str) -> apis.Options:
        """How a write is made; `kind` names the options in errors (CreateOptions ...)."""
        return self.parameters.options(kind, self.user.name, self.request.headers.get("User-Agent", ""))

    def answer(self, body: bytes, code: int = 200, media: str = "application/json") -> web.Response:
        """A response with the warnings so far."""
        response = web.Response(
            body=body, status=code, headers={"Content-Type": media, "Cache-Control": "no-cache, private"}
        )
        warn(response, self.warnings)
        return response

    def json(self, value: Any, code: int = 200) -> web.Response:
        """A JSON response."""
        return self.answer(msgspec.json.encode(value), code)


def warn(response: web.Response, warnings: Iterable[str]) -> None:
    """Put warnings into a response's headers, each once."""
    for text in dict.fromkeys(warnings):
        response.headers.add("Warning", f"299 - {quoted(text)}")


def quoted(text: str) -> str:
    """A text for a Warning header."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Served(msgspec.Struct, frozen=True):
    """What a request about objects is about."""

    target: Target
    kind: Kind

    @property
    def namespace(self) -> str:
        """The namespace of the objects; empty for cluster-wide kinds and for all namespaces."""
        return self.target.namespace if self.kind.namespaced else ""
