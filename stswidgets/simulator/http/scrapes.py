"""The server's addresses for Prometheus: its own metrics, and what kube-state-metrics would say of its objects."""

from __future__ import annotations

from aiohttp import web

from stswidgets.simulator import status, store
from stswidgets.simulator.http.exchange import Exchange
from stswidgets.simulator.http.prometheus import objects, serving, text

_FAMILIES = {"/metrics": serving.families, "/metrics/kube-state-metrics": objects.families}


def answer(exchange: Exchange, stored: store.Store) -> web.Response | None:
    """The answer to a scrape, None for other paths."""
    made = _FAMILIES.get(exchange.path.rstrip("/"))
    if made is None:
        return None
    if exchange.method not in ("GET", "HEAD"):
        raise status.method_not_allowed()
    return exchange.answer(text.write(made(stored)), media=text.MEDIA)
