"""A server on loopback that answers what a test says: the failures that no well-behaved API server shows on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What was asked. `count` is how many requests came before."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    count: int


@dataclass
class Reply:
    """What to answer. `body` may be bytes, JSON, or an iterator of byte chunks that are sent as they come.

    `cut` sends that many bytes of the body and closes; `drop` closes without an answer."""

    body: Any = field(default_factory=dict)
    code: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drop: bool = False


Script = Callable[[Request], Reply]


class Server:
    """The running server: its address and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.released = threading.Event()

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


def status(code: int, reason: str, message: str, **details: Any) -> Reply:
    """A Status failure, as the API server writes it."""
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason}
    return Reply({**body, "message": message, "details": details}, code)


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """Serve until the end of the block. Streams that wait for `released` end with it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            headers = {key.lower(): value for key, value in self.headers.items()}
            request = Request(
                self.command, parts.path, query, headers, json.loads(raw) if raw else None, len(server.requests)
            )
            server.requests.append(request)
            self._send(script(request))

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _answer

        def _send(self, reply: Reply) -> None:
            if reply.drop:
                self.close_connection = True
                return
            self.send_response(reply.code)
            for key, value in reply.headers.items():
                self.send_header(key, value)
            if isinstance(reply.body, Iterator):
                self._stream(reply.body)
                return
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if reply.cut is None else body[: reply.cut])
            self.close_connection = reply.cut is not None

        def _stream(self, chunks: Iterator[bytes]) -> None:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for chunk in chunks:
                    self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True  # a client that keeps its connection must not keep the test
    httpd.block_on_close = False
    server = Server(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def event(type_: str, item: Any) -> bytes:
    """One line of a watch."""
    return json.dumps({"type": type_, "object": item}).encode() + b"\n"


def pod(name: str, version: str, uid: str = "", **spec: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop", "uid": uid or f"uid-{name}", "resourceVersion": version}
    return {"metadata": metadata, "spec": spec}


def page(items: list[Any], version: str = "10", token: str = "") -> Reply:
    return Reply({"kind": "List", "metadata": {"resourceVersion": version, "continue": token}, "items": items})
