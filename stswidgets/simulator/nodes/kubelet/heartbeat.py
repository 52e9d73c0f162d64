"""Node leases and node status: how a kubelet says that it is there (`pkg/kubelet/nodelease`, `kubelet_node_status.go`).

A lease is renewed every 10 seconds, the node's status every 5 minutes. Where the clock runs fast it is done less often,
once a day where it is stepped, and at the end of a scenario's past alone: nobody looks, and days would take minutes.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status
from stswidgets.simulator.kinds import leases, nodes

Json = dict[str, Any]

NAMESPACE = "kube-node-lease"
OPTIONS = apis.Options(manager="kubelet", user="system:nodes")
_LEASE = 40  # seconds
_RENEW = 10.0
_REPORT = 300.0
_STEPPED = 24 * 3600.0


class Heartbeats:
    """The heartbeats of all nodes."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._planned: dict[str, clock.Cancel] = {}
        self._reported: dict[str, float] = {}
        api.clock.when_live(self._resume)

    def begin(self, node: str) -> None:
        """A node is there."""
        self.end(node)
        self._reported[node] = self._now()
        self._planned[node] = self._api.clock.call_later(0, lambda: self._beat(node))

    def end(self, node: str) -> None:
        """A node says nothing any more."""
        cancel = self._planned.pop(node, None)
        if cancel is not None:
            cancel()

    def stop(self) -> None:
        """No node does."""
        for node in list(self._planned):
            self.end(node)

    def _resume(self) -> None:
        """The clock runs by itself now, so that the next beat is due soon."""
        for node in list(self._planned):
            self.begin(node)

    def _now(self) -> float:
        return self._api.clock.now().timestamp()

    def _beat(self, node: str) -> None:
        stored = self._api.store.get(nodes.KIND, None, node)
        if stored is None:
            return
        self._planned[node] = self._api.clock.call_later(self._pause(), lambda: self._beat(node))
        try:
            self._renew(stored.obj)
            if self._now() - self._reported[node] >= _REPORT:
                self._reported[node] = self._now()
                self._report(stored.obj)
        except status.ApiError as error:
            if error.code not in (403, 404, 409):  # its namespace may be gone
                raise

    def _pause(self) -> float:
        time = self._api.clock
        return _RENEW * max(1.0, time.pace / 10) if time.pace else time.remaining or _STEPPED

    def _renew(self, node: Json) -> None:
        name = node["metadata"]["name"]
        stored = self._api.store.get(leases.KIND, NAMESPACE, name)
        now = clock.micro_stamp(self._api.clock.now())
        if stored is not None:
            changed = {**stored.obj, "spec": {**stored.obj["spec"], "renewTime": now}}
            self._api.update(leases.KIND, changed, options=OPTIONS)
            return
        owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": node["metadata"]["uid"]}
        lease = {
            "apiVersion": leases.KIND.api_version,
            "kind": "Lease",
            "metadata": {"name": name, "namespace": NAMESPACE, "ownerReferences": [owner]},
            "spec": {"holderIdentity": name, "leaseDurationSeconds": _LEASE, "renewTime": now},
        }
        self._api.create(leases.KIND, lease, namespace=NAMESPACE, options=OPTIONS)

    def _report(self, node: Json) -> None:
        now = clock.stamp(self._api.clock.now())
        conditions = [{**item, "lastHeartbeatTime": now} for item in node["status"].get("conditions") or ()]
        changed = {**node, "status": {**node["status"], "conditions": conditions}}
        self._api.update(nodes.KIND, changed, subresource="status", options=OPTIONS)
