"""The session: which cluster, context and namespace, and whether what is shown is live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import traitlets as t

from stswidgets import errors
from stswidgets.state.desk import Answer, Desk, Topic
from stswidgets.state.watching import Watched

if TYPE_CHECKING:
    from stswidgets.cluster import Cluster

Connect = Callable[[str | None], "Cluster"]
"""Makes a cluster of a context's name (None: the one that is current)."""

_SEVERITY = ("lost", "stale", "stopped", "connecting", "live")
"""Of the states of several watches, the one that is told is the first of these."""


class SessionState(Topic):
    """`value` is what the browser shows in its bar; `connected` hears of each new cluster."""

    value: t.Dict[str, Any] = t.Dict()
    namespaces: t.List[str] = t.List()

    def __init__(self, desk: Desk, connect: Connect) -> None:
        super().__init__(desk)
        self._connect = connect
        self._contexts: list[str] = []
        self._namespace = ""
        self._live: dict[str, str] = {}
        self._since = _now()
        self._told = "connecting"
        self.failure: Exception | None = None
        self._listeners: list[Callable[[], None]] = []
        self._ours = False
        self._user = ""
        self._watched = Watched(self, "namespaces", lambda _: self._listed(), self.follow)
        self.render()

    @property
    def namespace(self) -> str:
        """The namespace that is looked at; "" is all of them, as long as nobody chose one."""
        return self._namespace

    def on_connected(self, listen: Callable[[], None]) -> None:
        """Call `listen` when there is another cluster, or none after all (then `failure` says why)."""
        self._listeners.append(listen)

    def connect(self, context: str | None = None) -> Answer:
        """Connect in the background and ask the server who it is, so that a wrong address or token shows now."""

        def open_cluster() -> Cluster:
            cluster = self._connect(context)
            try:
                cluster.server_version()
            except errors.StsWidgetsError:
                cluster.close()
                raise
            return cluster

        answer = self.desk.work(open_cluster, self._made)
        answer.then(lambda _result, error: self._broke(error) if error else None)
        return answer

    def adopt(self, cluster: Cluster) -> None:
        """Use a cluster that the caller made and will close."""
        self._take(cluster)

    def start(self) -> None:
        """Watch the namespaces. On every page this also tells whether the server is there."""
        self._watched.start()

    def close(self) -> None:
        """Close the cluster, if it was opened here."""
        if self._ours and self.desk.connected is not None:
            self.desk.connected.close()

    def select_namespace(self, namespace: str) -> None:
        """Look at one namespace, or with "" at all."""
        self._namespace = namespace
        self._listed()
        self.render()

    def follow(self, name: str, state: str) -> None:
        """A watch (by its name) says how it is; "" when it was stopped."""
        # A watch that is forbidden is answered by a live server; what is refused is told where its objects would stand.
        told = "live" if state == "forbidden" else state
        kept = {key: each for key, each in self._live.items() if key != name}
        self._live = {**kept, name: told} if told else kept
        self._tell()

    def paused(self) -> None:
        """Nothing is watched any more: nobody looks."""
        self._tell("stopped")

    def _tell(self, otherwise: str = "connecting") -> None:
        states = set(self._live.values())
        told = next((state for state in _SEVERITY if state in states), otherwise)
        if told != self._told:
            self._told, self._since = told, _now()
        self.render()

    def _made(self, cluster: Cluster) -> None:
        previous, was_ours = self.desk.connected, self._ours
        self._ours = True
        self._take(cluster)
        if previous is not None and was_ours:
            previous.close()

    def _take(self, cluster: Cluster) -> None:
        self.stop()
        self._watched.forget()
        self.desk.connected = cluster
        self.failure = None
        self._contexts = list(cluster.contexts)
        if not self._namespace and cluster.namespace != "default":
            self._namespace = cluster.namespace  # somebody chose it, in the call or in the context
        self._listed()
        self.desk.work(cluster.user, self._known_as)
        for listen in self._listeners:
            listen()

    def _listed(self) -> None:
        """The namespaces, and the one that is looked at even where they may not be listed (it can still be typed)."""
        found = {each["metadata"]["name"] for each in self._watched.values()}
        namespaces = sorted(found | ({self._namespace} - {""}))
        if namespaces != self.namespaces:
            self.namespaces = namespaces
            self.render()

    def _known_as(self, user: str) -> None:
        self._user = user
        self.render()

    def _broke(self, error: Exception) -> None:
        """The connection failed. The cluster that is there stays, if there is one."""
        known = error.values.get("contexts") if isinstance(error, errors.ContextError) else None
        if isinstance(known, list | tuple):
            self._contexts = [str(name) for name in known]
        if self.desk.connected is None:
            self.failure = error
            self._told, self._since = "lost", _now()
        self.render()
        if self.desk.connected is None:
            for listen in self._listeners:
                listen()

    def render(self) -> None:
        cluster = self.desk.connected
        self.value = {
            "cluster": cluster.name if cluster else "",
            "context": cluster.context if cluster else "",
            "contexts": self._contexts,
            "namespace": self._namespace,
            "namespaces": self.namespaces,
            "simulator": bool(cluster and cluster.is_simulator),
            "live": {"state": self._told, "since": self._since, "text": self.desk.text(f"state.live.{self._told}")},
            "user": self._user,
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
