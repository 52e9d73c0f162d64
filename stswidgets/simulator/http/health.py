"""`/readyz`, `/livez`, `/healthz` (k8s.io/apiserver `pkg/server/healthz`)."""

from __future__ import annotations

from aiohttp import web

from stswidgets.simulator.http.exchange import Exchange

_NAMES = ("healthz", "livez", "readyz")
_CHECKS = ("ping", "log", "etcd")


def answer(exchange: Exchange) -> web.Response | None:
    """The answer to a health check, None for other paths."""
    name, _, check = exchange.path.strip("/").partition("/")
    if name not in _NAMES:
        return None
    if check:
        found = check in _CHECKS
        return web.Response(text="ok" if found else "404 page not found\n", status=200 if found else 404)
    if exchange.parameters.has("verbose"):
        lines = [f"[+]{item} ok" for item in _CHECKS]
        return web.Response(text="\n".join([*lines, f"{name} check passed", ""]))
    return web.Response(text="ok")
