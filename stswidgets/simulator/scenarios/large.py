"""Clusters of many sets, to see how things scale."""

from __future__ import annotations

from datetime import timedelta

from stswidgets.simulator.scenarios import copies, manifests, stage

_IMAGES = ("postgres:17.2", "redis:7.4", "nginx:1.27", "nats:2.11", "rabbitmq:3.13-management")


def _populate(on: stage.Stage, namespaces: list[str], each: int, replicas: int) -> None:
    """Sets of `replicas` pods, `each` a namespace: five become ready by themselves, the others are their copies."""
    for name in namespaces:
        on.namespace(name)
    originals = [f"set-{number:04}" for number in range(len(_IMAGES))]
    on.create(
        *(
            manifests.statefulset(
                name,
                image,
                replicas=replicas,
                cpu=("10m", "100m"),
                memory=("16Mi", "64Mi"),
                labels={"group": f"g{number}"},
                spec={"podManagementPolicy": "Parallel"},
            )
            for number, (name, image) in enumerate(zip(originals, _IMAGES, strict=True))
        ),
        namespace=namespaces[0],
    )
    on.settle(60)
    copier = copies.Copier(on.api)
    with copier.quickly():
        for number in range(len(originals), each * len(namespaces)):
            original = originals[number % len(originals)]
            copier.copy(namespaces[0], original, namespaces[number // each], f"set-{number:04}")
        on.wait(1)


def _many(on: stage.Stage) -> None:
    _populate(on, ["many"], 200, 3)


def _huge(on: stage.Stage) -> None:
    _populate(on, [f"team-{part:02}" for part in range(20)], 100, 5)


MANY = stage.Scenario("many", "200 sets of three pods", _many, timedelta(hours=2), nodes=10)
HUGE = stage.Scenario("huge", "2,000 sets of five pods", _huge, timedelta(hours=2), nodes=100)
