"""Clusters of many sets, to see how things scale."""

from __future__ import annotations

from datetime import timedelta

from stswidgets.simulator.scenarios import manifests, stage

_IMAGES = ("postgres:17.2", "redis:7.4", "nginx:1.27", "nats:2.11", "rabbitmq:3.13-management")


def _sets(on: stage.Stage, namespace: str, numbers: range, replicas: int) -> None:
    on.create(
        *(
            manifests.statefulset(
                f"set-{number:04}",
                _IMAGES[number % len(_IMAGES)],
                replicas=replicas,
                cpu=("10m", "100m"),
                memory=("16Mi", "64Mi"),
                labels={"group": f"g{number % 10}"},
                spec={"podManagementPolicy": "Parallel"},
            )
            for number in numbers
        ),
        namespace=namespace,
    )


def _many(on: stage.Stage) -> None:
    on.namespace("many")
    _sets(on, "many", range(200), 3)
    on.settle(60)


def _huge(on: stage.Stage) -> None:
    for part in range(20):
        on.namespace(f"team-{part:02}")
        _sets(on, f"team-{part:02}", range(part * 100, part * 100 + 100), 5)


MANY = stage.Scenario("many", "200 sets of three pods", _many, timedelta(hours=2), nodes=10)
HUGE = stage.Scenario("huge", "2,000 sets of five pods, made as the cluster starts", _huge, timedelta(0), nodes=100)
