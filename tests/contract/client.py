"""Raw requests through the official package's connection pool: what goes over the wire is what a case says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kubernetes import config

Object = dict[str, Any]

GROUPS = {
    "/api/v1": "namespaces nodes pods services configmaps secrets events persistentvolumeclaims persistentvolumes "
    "serviceaccounts endpoints resourcequotas limitranges",
    "/apis/apps/v1": "statefulsets controllerrevisions",
    "/apis/autoscaling/v2": "horizontalpodautoscalers",
    "/apis/policy/v1": "poddisruptionbudgets",
    "/apis/discovery.k8s.io/v1": "endpointslices",
    "/apis/rbac.authorization.k8s.io/v1": "roles rolebindings clusterroles clusterrolebindings",
    "/apis/scheduling.k8s.io/v1": "priorityclasses",
    "/apis/storage.k8s.io/v1": "storageclasses",
    "/apis/authorization.k8s.io/v1": "selfsubjectaccessreviews selfsubjectrulesreviews",
    "/apis/authentication.k8s.io/v1": "selfsubjectreviews",
}
GROUP_OF = {plural: group for group, plurals in GROUPS.items() for plural in plurals.split()}

PATCH = {
    "json": "application/json-patch+json",
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "apply": "application/apply-patch+yaml",
}


@dataclass(frozen=True)
class Answer:
    """What the server said. `body` is the decoded JSON, or the text where it is none."""

    code: int
    headers: Mapping[str, str]
    body: Any

    def ok(self) -> Object:
        """The body of a success."""
        assert 200 <= self.code < 300, f"{self.code}: {self.body}"
        assert isinstance(self.body, dict), self.body
        return self.body

    def failure(self, code: int, reason: str | None = None) -> Object:
        """The Status of a failure with this code and reason."""
        assert self.code == code, f"{self.code}: {self.body}"
        assert isinstance(self.body, dict), self.body
        assert (self.body["kind"], self.body["status"], self.body["code"]) == ("Status", "Failure", code)
        assert reason is None or self.body["reason"] == reason, self.body
        return self.body

    def causes(self) -> list[tuple[str, str, str]]:
        """Field, reason and message of each cause of an Invalid."""
        details = self.failure(422, "Invalid")["details"]
        return [(cause.get("field", ""), cause["reason"], cause["message"]) for cause in details["causes"]]

    @property
    def warnings(self) -> list[str]:
        """The texts of the Warning headers."""
        header = self.headers.get("Warning", "")
        return [text.replace('\\"', '"') for text in re.findall(r'299 - "((?:[^"\\]|\\.)*)"', header)]


class Client:
    """One identity on one cluster."""

    def __init__(self, kubeconfig: Path, *, token: str | None = None, user: str | None = None) -> None:
        self.kubeconfig = kubeconfig
        api = config.new_client_from_config(str(kubeconfig))
        self._host = api.configuration.host
        self._pool = api.rest_client.pool_manager
        self._headers: dict[str, str] = {"User-Agent": "contract/1"}
        api.update_params_for_auth(self._headers, [], ["BearerToken"], "/", "GET", None)
        if token is not None:
            self._headers["authorization"] = f"Bearer {token}"
        if user is not None:
            self._headers["Impersonate-User"] = user

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content_type: str = "application/json",
        accept: str = "application/json",
        **query: Any,
    ) -> Answer:
        """Send one request. A `str` or `bytes` body goes as it is, anything else as JSON; query values as str()."""
        raw = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        headers = {**self._headers, "Accept": accept}
        if raw is not None:
            headers["Content-Type"] = content_type
        url = self._host + path + ("?" + urlencode(query, doseq=True) if query else "")
        response = self._pool.request(method, url, body=raw, headers=headers, retries=False, timeout=30)
        return Answer(response.status, response.headers, _decoded(response.data))

    def stream(
        self, path: str, *, accept: str = "application/json", silence: float = 30, **query: Any
    ) -> Iterator[bytes]:
        """The lines of an answer as they come; the request is sent before this returns.

        urllib3's ReadTimeoutError after so many seconds of `silence`.
        """
        url = self._host + path + ("?" + urlencode(query) if query else "")
        headers = {**self._headers, "Accept": accept}
        response = self._pool.request(
            "GET", url, headers=headers, retries=False, timeout=silence, preload_content=False
        )
        assert response.status == 200, f"{response.status}: {response.data!r}"
        return _lines(response)

    def watch(self, path: str, **query: Any) -> Iterator[Object]:
        """The events of a watch that the server ends after `timeoutSeconds` (10, unless told)."""
        lines = self.stream(path, watch="true", **{"timeoutSeconds": 10, **query})
        return (json.loads(line) for line in lines)


def _lines(response: Any) -> Iterator[bytes]:
    try:
        line: list[bytes] = []  # in parts: a list is one line of many megabytes
        for part in response.stream(65536, decode_content=True):
            first, *others = part.split(b"\n")
            line.append(first)
            for other in others:
                yield b"".join(line)
                line = [other]
        if any(line):
            yield b"".join(line)
    finally:
        # A watch is left before its end: the connection cannot serve another request.
        response.close()


def _decoded(data: bytes) -> Any:
    text = data.decode()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def path_of(plural: str, namespace: str = "", name: str = "", subresource: str = "") -> str:
    """The address of a collection, an object or a subresource."""
    parts = [GROUP_OF[plural], *(["namespaces", namespace] if namespace else []), plural, name, subresource]
    return "/".join(part for part in parts if part)


@dataclass(frozen=True)
class Namespace:
    """A namespace of a case's own, seen by one identity."""

    client: Client
    name: str

    def path(self, plural: str, name: str = "", subresource: str = "") -> str:
        return path_of(plural, self.name, name, subresource)

    def post(self, plural: str, body: object, **query: Any) -> Answer:
        return self.client.request("POST", self.path(plural), body, **query)

    def get(self, plural: str, name: str = "", subresource: str = "", **query: Any) -> Answer:
        return self.client.request("GET", self.path(plural, name, subresource), **query)

    def put(self, plural: str, body: Object, subresource: str = "", *, name: str = "", **query: Any) -> Answer:
        address = self.path(plural, name or body["metadata"]["name"], subresource)
        return self.client.request("PUT", address, body, **query)

    def patch(self, plural: str, name: str, kind: str, body: object, subresource: str = "", **query: Any) -> Answer:
        """Patch; `kind` is a key of PATCH."""
        address = self.path(plural, name, subresource)
        return self.client.request("PATCH", address, body, content_type=PATCH[kind], **query)

    def apply(self, plural: str, body: Object, *, manager: str = "contract", **query: Any) -> Answer:
        """Server-side apply."""
        return self.patch(plural, body["metadata"]["name"], "apply", body, fieldManager=manager, **query)

    def delete(self, plural: str, name: str = "", body: object = None, **query: Any) -> Answer:
        return self.client.request("DELETE", self.path(plural, name), body, **query)

    def items(self, plural: str, **query: Any) -> list[Object]:
        """The objects of a list."""
        items: list[Object] = self.get(plural, **query).ok()["items"]
        return items

    def names(self, plural: str, **query: Any) -> list[str]:
        return [item["metadata"]["name"] for item in self.items(plural, **query)]

    def read(self, plural: str, name: str) -> Object:
        return self.get(plural, name).ok()

    def exists(self, plural: str, name: str) -> bool:
        return self.get(plural, name).code == 200

    def watch(self, plural: str, **query: Any) -> Iterator[Object]:
        return self.client.watch(self.path(plural), **query)
