"""What an API server says, turned into values: JSON bodies, Status errors, warnings."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import msgspec

from stswidgets import errors

_WARNING = re.compile(r'299 (?:[^ ]+) "((?:[^"\\]|\\.)*)"')
_LONGEST_BODY = 300
_MARKUP = re.compile(r"(?:<[^>]*>|\s)+")


def failure(code: int, body: bytes, *, reason: str = "", retry_after: str = "") -> errors.ServerError:
    """The error of an answer that is not a success. A body that is no Status (a proxy's page) becomes its message."""
    status: Any = None
    with contextlib.suppress(msgspec.DecodeError):  # proxies answer in HTML, some API paths in plain text: see below
        status = msgspec.json.decode(body)
    if not isinstance(status, dict) or status.get("kind") != "Status":
        text = _MARKUP.sub(" ", body.decode("utf-8", "replace")).strip()[:_LONGEST_BODY]
        status = {"kind": "Status", "status": "Failure", "message": text or reason, "reason": ""}
    status = {**status, "code": code or status.get("code")}
    return errors.from_status(status, retry_after=float(retry_after) if retry_after.isdigit() else None)


def warnings(headers: list[str]) -> tuple[str, ...]:
    """The texts of `Warning: 299 - "..."` headers, in order (RFC 7234, 5.5); several may share one header."""
    found = [match.group(1) for header in headers for match in _WARNING.finditer(header)]
    return tuple(dict.fromkeys(re.sub(r"\\(.)", r"\1", text) for text in found))
