"""What a running simulator can be told from outside: failures on demand, and time that passes. The client's side."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

ANSWER_WITHIN = 300.0
"""Seconds until an answer is given up: a day on a stepped clock takes some."""


class Remote:
    """The admin's way to the simulator's own paths."""

    def __init__(self, address: str, token: str, authority: str = "") -> None:
        self._address = f"{address}/simulator/"
        self._headers = {"Authorization": f"Bearer {token}"}
        # No proxy: it is loopback, whatever HTTP_PROXY says.
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if authority:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=authority)))
        self._opener = urllib.request.build_opener(*handlers)

    def ask(self, method: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request; answers its JSON. ValueError, with the simulator's words, if it is refused."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + what, data=data, method=method, headers=self._headers)  # noqa: S310
        try:
            with self._opener.open(request, timeout=ANSWER_WITHIN) as response:
                answer: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(json.load(error)["message"]) from error
        return answer


class Faults:
    """Failures on demand, of a running simulator (`simulator.faults` says what there is)."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def add(self, kind: str, **rule: Any) -> None:
        """Arm one: `add("status", code=429, after=2, path="/statefulsets", times=3)`. ValueError for nonsense."""
        self._remote.ask("POST", "faults", {"kind": kind, **rule})

    def clear(self) -> None:
        """Disarm all."""
        self._remote.ask("DELETE", "faults")

    def armed(self) -> list[dict[str, Any]]:
        """Those that still wait for a request."""
        found: list[dict[str, Any]] = self._remote.ask("GET", "faults")["faults"]
        return found


class Time:
    """The clock of a running simulator."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def now(self) -> datetime:
        """The present in the cluster, in UTC."""
        return datetime.fromisoformat(self._remote.ask("GET", "clock")["now"])

    def advance(self, seconds: float) -> datetime:
        """Let time pass on a stepped clock; answers the new present, once all that was due has happened.

        ValueError on a clock that runs by itself, and for time that is to pass backwards.
        """
        return datetime.fromisoformat(self._remote.ask("POST", "clock", {"advance": seconds})["now"])
