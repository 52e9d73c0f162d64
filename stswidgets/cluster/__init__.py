"""The only package that talks to an API server. Objects travel as plain JSON.

Connection and authentication come from the official client's configuration; requests go over its connection pool.
Failures leave as `stswidgets.errors`, with the server's reason, field and message. Every write is planned first
(`plan_*`) and then applied. Nothing here knows of widgets, traits or the event loop, and no thread is started here:
what blocks is told to stop through a `stopping.Stop`. `state` and `apps` import it.

    connection  connect(), Cluster      credentials  kubeconfig, service account      transport  one request, one stream
    reading     one object, lists       watching     the reflector                    decoding   bytes into objects
    pods        what belongs to a set   usage, logs, access                           kinds      addresses
    plans       what a write would do; made by plan_apply (with edits, ownership, refusals, outsiders), plan_changes,
                plan_roll_back, plan_delete; writing carries it out
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stswidgets.cluster.connection import Cluster, connect
    from stswidgets.cluster.plans import Plan, Step
    from stswidgets.cluster.stopping import Stop

__all__ = ["Cluster", "Plan", "Step", "Stop", "connect"]

_PLACES = {"Cluster": "connection", "connect": "connection", "Plan": "plans", "Step": "plans", "Stop": "stopping"}


def __getattr__(name: str) -> Any:
    """Names load on first use: the official client's configuration takes a sixth of a second to import."""
    if name not in _PLACES:
        raise AttributeError(f"module 'stswidgets.cluster' has no attribute {name!r}")
    return getattr(importlib.import_module(f"stswidgets.cluster.{_PLACES[name]}"), name)
