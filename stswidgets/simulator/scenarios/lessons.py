"""Small clusters that each show one thing."""

from __future__ import annotations

from datetime import timedelta

from stswidgets.simulator.kinds import claims, nodes, statefulsets
from stswidgets.simulator.nodes import demand, fill
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
    # db-0 has been full for two hours, db-1 will be in two hours, db-2 has room: larger claims help.
    script = (("db-0", "1Gi+14375Ki/1h"), ("db-1", "1Gi+13600Ki/1h"), ("db-2", "600Mi+2Mi/1h"))
    for pod, used in script:
        on.change("default", f"data-{pod}", {"metadata": {"annotations": {fill.USED: used}}}, of=claims.KIND)


def _quota(on: stage.Stage) -> None:
    on.create(manifests.quota("team", requests_cpu="300m", pods="3"), namespace="default")
    _web(on, replicas=3)
    on.ago(minutes=10)
    on.scale("default", "web", 5)


def _autoscaling(on: stage.Stage) -> None:
    _web(on, replicas=2, cpu=("100m", "500m"), spec={"podManagementPolicy": "Parallel"})
    on.change("default", "web", {"metadata": {"annotations": {demand.LOAD: "80m..700m/20m"}}})
    on.ago(minutes=30)
    # Down in two minutes instead of five, so that the waves show.
    quickly = {"scaleDown": {"stabilizationWindowSeconds": 120}}
    on.create(manifests.autoscaler("web", least=2, most=8, cpu=60, behavior=quickly), namespace="default")


def _drain(on: stage.Stage) -> None:
    on.create(manifests.budget("web", "web", min_available=3), namespace="default")
    _web(on, replicas=3)
    on.ago(minutes=5)
    on.change("", "worker-1", {"spec": {"unschedulable": True}}, of=nodes.KIND)


def _pending(on: stage.Stage) -> None:
    _web(on, replicas=3)
    on.ago(minutes=10)
    requests = {"cpu": "12", "memory": "128Mi"}
    on.set_resources("default", "web", {"requests": requests, "limits": requests}, cause="More CPU than a node has")


def _missing_config(on: stage.Stage) -> None:
    _web(on, replicas=3)
    on.ago(minutes=10)
    template = on.api.read(statefulsets.KIND, "default", "web").copy()["spec"]["template"]
    password = {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "web-credentials", "key": "password"}}}
    template["spec"]["containers"][0]["env"] = [password]
    on.change("default", "web", {"spec": {"template": template}}, cause="A password, whose Secret nobody has made")


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
AUTOSCALING = stage.Scenario("autoscaling", "A set that follows its load", _autoscaling, timedelta(hours=1))
DRAIN = stage.Scenario("drain", "A node that a budget keeps from being drained", _drain, _HOUR)
PENDING = stage.Scenario("pending", "An update that asks for more than any node has", _pending, _HOUR)
MISSING_CONFIG = stage.Scenario(
    "missing-config", "An update that reads a Secret which is not there", _missing_config, _HOUR
)
NODE_LOST = stage.Scenario("node-lost", "A node that no longer answers", _node_lost, _HOUR)
