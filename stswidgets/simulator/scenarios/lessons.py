"""Small clusters that each show one thing."""

from __future__ import annotations

from datetime import timedelta

from stswidgets.simulator.kinds import claims
from stswidgets.simulator.scenarios import manifests, stage

_HOUR = timedelta(hours=1)


def _web(on: stage.Stage, *, replicas: int = 3, image: str = "nginx:1.27", **more: object) -> None:
    on.create(
        manifests.headless("web", 80),
        manifests.statefulset("web", image, replicas=replicas, port=80, **more),  # type: ignore[arg-type]  # passed on
        namespace="default",
    )
    on.settle()


def _empty(_on: stage.Stage) -> None:
    """Nothing."""


def _stuck_rollout(on: stage.Stage) -> None:
    _web(on)
    on.ago(minutes=10)
    on.set_image("default", "web", "nginx:1.29-broken", cause="nginx 1.29")


def _rollback_trap(on: stage.Stage) -> None:
    _web(on)
    on.ago(minutes=15)
    on.set_image("default", "web", "nginx:1.29-broken", cause="nginx 1.29")
    on.ago(minutes=5)
    on.set_image("default", "web", "nginx:1.27", cause="Back to 1.27: web-2 stays broken until it is deleted")


def _on_delete(on: stage.Stage) -> None:
    _web(on, spec={"updateStrategy": {"type": "OnDelete"}})
    on.ago(minutes=20)
    on.set_image("default", "web", "nginx:1.29", cause="nginx 1.29")
    on.wait(10)
    on.delete_pod("default", "web-1")


def _canary(on: stage.Stage) -> None:
    _web(on, replicas=4, spec={"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 3}}})
    on.ago(minutes=20)
    on.set_image("default", "web", "nginx:1.29", cause="nginx 1.29 on web-3 alone")


def _full_volumes(on: stage.Stage) -> None:
    on.create(
        manifests.headless("db", 5432),
        manifests.statefulset("db", "postgres:17.2", port=5432, storage="2Gi", mount="/var/lib/postgresql/data"),
        namespace="default",
    )
    on.settle()
    for number, share in enumerate(("0.97", "0.91", "0.62")):
        note = {"metadata": {"annotations": {"simulator/fill": share}}}
        on.change("default", f"data-db-{number}", note, of=claims.KIND)


def _quota(on: stage.Stage) -> None:
    on.create(manifests.quota("team", requests_cpu="300m", pods="3"), namespace="default")
    _web(on, replicas=3)
    on.ago(minutes=10)
    on.scale("default", "web", 5)


def _node_lost(on: stage.Stage) -> None:
    _web(on, replicas=3)
    on.ago(minutes=8)
    on.cluster.kubelets.lose("worker-2")


EMPTY = stage.Scenario("empty", "A cluster with nothing in it", _empty)
STUCK_ROLLOUT = stage.Scenario(
    "stuck-rollout", "An update that cannot go on: its image does not exist", _stuck_rollout, _HOUR
)
ROLLBACK_TRAP = stage.Scenario(
    "rollback-trap", "An update undone, and a broken pod that holds it up", _rollback_trap, _HOUR
)
ON_DELETE = stage.Scenario("on-delete", "An update by hand, half-way", _on_delete, _HOUR)
CANARY = stage.Scenario("canary", "An update on the last of four pods alone", _canary, _HOUR)
FULL_VOLUMES = stage.Scenario("full-volumes", "A database whose disks fill up", _full_volumes, timedelta(days=3))
QUOTA = stage.Scenario("quota", "A set that a quota keeps from growing", _quota, _HOUR)
NODE_LOST = stage.Scenario("node-lost", "A node that no longer answers", _node_lost, _HOUR)
