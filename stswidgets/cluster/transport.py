"""One request, one stream: over the official client's connection pool, with its authentication.

Every wait has an end. A write is sent once: a dropped connection leaves it unknown whether it happened, and only a
reader can find out. Reads are tried again where nothing was answered. After a 401 the configuration is loaded once
more, since exec plugins and token files hand out new credentials while an old one is in use.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import urllib3
from kubernetes.client import ApiClient

import stswidgets
from stswidgets import errors
from stswidgets.cluster import answers

_AGENT = f"stswidgets/{stswidgets.__version__}"
_NOT_REPEATED = urllib3.Retry(total=None, connect=2, read=0, redirect=0, status=0, other=0, backoff_factor=0.2)
# 429 is the server's way to smooth a rush: it asks for a second or two. A longer ban is the caller's to show.
_READ = urllib3.Retry(
    total=None,
    connect=2,
    read=2,
    redirect=0,
    status=2,
    other=0,
    backoff_factor=0.2,
    status_forcelist=[429],
    allowed_methods=["GET"],
    raise_on_status=False,
    retry_after_max=2,
)
_REVIEWS = ("/apis/authorization.k8s.io/", "/apis/authentication.k8s.io/")


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    name = urllib.parse.urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def display(address: str) -> str:
    """Scheme, name and port, for people. A path in front of the API may be a secret, as the simulator's is."""
    parts = urllib.parse.urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@dataclass(frozen=True)
class Timing:
    """Seconds. Tests shorten them; nobody waits without an end."""

    connect: float = 5.0
    read: float = 30.0
    watch_read: float = (
        90.0  # the server sends a bookmark about once a minute: silence beyond this is a dead connection
    )
    watch_length: tuple[int, int] = (300, 600)
    backoff_first: float = 0.8
    backoff_longest: float = 30.0
    lost_after: float = 20.0
    pause_shortest: float = 1.0  # between two watches, also when the server ends them at once


@dataclass(frozen=True)
class Answer:
    """A success: code, body and the server's warnings."""

    code: int
    body: bytes
    warnings: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises errors.UnavailableError when it is not JSON: something else answered."""
        try:
            value = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise errors.UnavailableError(
                {"code": self.code, "reason": "NotJSON", "message": f"The answer is not JSON: {error}"}
            ) from error
        return cast("dict[str, Any]", value)


class Transport:
    """The only object that opens connections. Safe to use from several threads."""

    def __init__(self, load: Callable[[], ApiClient], timing: Timing, *, read_only: bool = False) -> None:
        self._load = load
        self.read_only = read_only
        self._lock = threading.Lock()
        self._client = load()
        self.timing = timing

    @property
    def host(self) -> str:
        return display(self._client.configuration.host)

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self._client.configuration.host)

    def close(self) -> None:
        """Close idle connections now: the pool's own `clear` leaves them to the garbage collector."""
        pools = self._client.rest_client.pool_manager.pools
        for key in pools.keys():  # noqa: SIM118 - urllib3's container is a mapping that cannot be iterated
            pool = pools.get(key)
            if pool is not None:
                pool.close()
        self._client.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        compressed: bool = False,
        dry_run: bool = False,
    ) -> Answer:
        """Send one request. Raises errors.ServerError for an answer of 400 and above, errors.UnreachableError for none.

        `compressed` asks for gzip, which pays below about 1 Gbit/s and costs time on loopback, where it is not asked.
        With `read_only` nothing that would change the cluster is sent; dry runs and reviews are.
        """
        if self.read_only and not (dry_run or method == "GET" or path.startswith(_REVIEWS)):
            raise errors.StsWidgetsError("cluster.read_only")
        if dry_run:
            query, body = _as_question(method, query or {}, body)
        payload = None if body is None else msgspec.json.encode(body)
        headers = {"Accept": accept, "Accept-Encoding": "gzip" if compressed and not self.is_loopback else "identity"}
        if payload is not None:
            headers["Content-Type"] = content_type
        retries = _READ if method == "GET" else _NOT_REPEATED
        response = self._send(method, path, query, headers, retries=retries, read=self.timing.read, payload=payload)
        return Answer(response.status, response.data, answers.warnings(response.headers.getlist("Warning")))

    @contextmanager
    def stream(
        self, path: str, *, query: Mapping[str, str] | None = None, accept: str = "application/json", read: float
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """A GET whose answer is read as it comes; `read` is the longest silence in seconds. Raises as `request`."""
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        response = self._send("GET", path, query, headers, retries=_NOT_REPEATED, read=read, stream=True)
        try:
            yield response
        finally:
            response.close()

    def unreachable(self, error: Exception) -> errors.UnreachableError:
        """The error of a conversation that did not happen or broke off."""
        return errors.UnreachableError(host=self.host, detail=_innermost(error))

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        headers: dict[str, str],
        *,
        retries: urllib3.Retry,
        read: float,
        payload: bytes | None = None,
        stream: bool = False,
    ) -> urllib3.BaseHTTPResponse:
        address = path + ("?" + urllib.parse.urlencode(query) if query else "")
        for attempt in (1, 2):
            client = self._client
            try:
                response = client.rest_client.pool_manager.request(
                    method,
                    client.configuration.host + address,
                    body=payload,
                    headers={**headers, "User-Agent": _AGENT, **self._authorization(client)},
                    timeout=urllib3.Timeout(connect=self.timing.connect, read=read),
                    retries=retries,
                    redirect=False,
                    preload_content=not stream,
                )
                if response.status < 300:
                    return response
                body = response.data
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise self.unreachable(error) from error
            if response.status == 401 and attempt == 1:
                self._reload(client)
                continue
            break
        raise answers.failure(
            response.status, body, reason=response.reason or "", retry_after=response.headers.get("Retry-After", "")
        )

    def _authorization(self, client: ApiClient) -> dict[str, str]:
        with self._lock:  # the refresh hooks of the official client change the configuration in place
            settings = client.configuration.auth_settings()
        return {item["key"]: item["value"] for item in settings.values() if item["in"] == "header" and item["value"]}

    def _reload(self, stale: ApiClient) -> None:
        """Load the configuration again, unless another thread has done so meanwhile."""
        with self._lock:
            if self._client is stale:
                self._client = self._load()


def _as_question(method: str, query: Mapping[str, str], body: object) -> tuple[Mapping[str, str], object]:
    """A write with dryRun. A delete's options stand in its body: with one, the server does not look at the query."""
    if method == "DELETE":
        return query, {**(body if isinstance(body, dict) else {}), "dryRun": ["All"]}
    return {**query, "dryRun": "All"}, body


def interrupt(response: urllib3.BaseHTTPResponse) -> Callable[[], None]:
    """What ends a blocked read of this response from another thread (the reader sees a broken connection)."""

    def wake() -> None:
        with contextlib.suppress(ValueError, OSError):  # it has ended by itself meanwhile
            response.shutdown()

    return wake


def _innermost(error: BaseException) -> str:
    """What a chain of wrapped errors is about, without the addresses of objects that urllib3 puts into its texts."""
    reason: object = error
    while isinstance(reason, urllib3.exceptions.MaxRetryError) and reason.reason is not None:
        reason = reason.reason
    text = str(reason)
    return text.rsplit(">: ", 1)[-1] if ">: " in text else text or type(reason).__name__
