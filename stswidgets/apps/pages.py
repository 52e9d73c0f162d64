"""The views that a notebook calls: each is one line in a cell and one page of the dashboards.

`cluster` is what `connect()` returned, or what it takes (a kubeconfig's path, `simulator`, `simulate()`'s handle);
without it `connect()` finds one in the background. Nothing here waits for a cluster, and nothing raises because of one:
a view without a cluster says what is missing.
"""

from __future__ import annotations

import os

from stswidgets import simulator
from stswidgets.apps import connection, hosting
from stswidgets.apps.router import Router
from stswidgets.cluster.connection import Cluster
from stswidgets.state.route import RouteState
from stswidgets.widgets.view import View

Which = Cluster | simulator.Handle | str | os.PathLike[str]
"""What a view takes for a cluster."""


def browse(
    namespace: str = "",
    *,
    cluster: Which | None = None,
    lang: str | None = None,
    chrome: bool | None = None,
) -> View:
    """All StatefulSets of a namespace, live."""
    return _view(RouteState("browse", namespace=namespace, name="", tab=""), cluster=cluster, lang=lang, chrome=chrome)


def create(
    namespace: str = "",
    name: str = "",
    *,
    cluster: Which | None = None,
    lang: str | None = None,
    chrome: bool | None = None,
) -> View:
    """A new StatefulSet: form and YAML, the server's dry run, then the rollout."""
    return _view(
        RouteState("create", namespace=namespace, name=name, tab=""), cluster=cluster, lang=lang, chrome=chrome
    )


def detail(
    namespace: str = "",
    name: str = "",
    *,
    cluster: Which | None = None,
    lang: str | None = None,
    chrome: bool | None = None,
    tab: str | None = None,
) -> View:
    """One StatefulSet: its pods, usage, revisions, storage, events, and what can be done with it."""
    return _view(
        RouteState("detail", namespace=namespace, name=name, tab=tab or ""), cluster=cluster, lang=lang, chrome=chrome
    )


def usage(
    namespace: str = "",
    name: str = "",
    *,
    cluster: Which | None = None,
    lang: str | None = None,
    chrome: bool | None = None,
) -> View:
    """CPU and memory of a StatefulSet's pods over time."""
    return _view(RouteState("usage", namespace=namespace, name=name, tab=""), cluster=cluster, lang=lang, chrome=chrome)


def history(
    namespace: str = "",
    name: str = "",
    *,
    cluster: Which | None = None,
    lang: str | None = None,
    chrome: bool | None = None,
) -> View:
    """A StatefulSet's revisions: who runs what, what differs, and the way back."""
    return _view(
        RouteState("history", namespace=namespace, name=name, tab=""), cluster=cluster, lang=lang, chrome=chrome
    )


def _view(
    route: RouteState,
    *,
    cluster: Which | None,
    lang: str | None,
    chrome: bool | None,
) -> View:
    """The view at a place. Where the call names no set and no namespace, the address of a dashboard may."""
    host = hosting.host(os.environ)
    here, asked = route.value, host.query
    if host.is_dashboard and not (here["namespace"] or here["name"]):
        route.open(here["page"], namespace=asked["namespace"], name=asked["name"], tab=asked["tab"] or here["tab"])

    given = cluster if isinstance(cluster, Cluster) else None
    which = None if isinstance(cluster, Cluster) else cluster

    def connect(context: str | None) -> Cluster:
        if given is not None:  # another context of the same kubeconfig
            return connection.connect(kubeconfig=given.kubeconfig or None, context=context)
        return connection.connect(which, context=context)

    router = Router(
        route,
        connect,
        cluster=given,
        host=host,
        lang=hosting.language(lang, host, os.environ),
        chrome=chrome,
    )
    return View(router)
