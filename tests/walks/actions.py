"""What a walk consists of: a seed's actions, all drawn before the first one runs.

An action is a name and its arguments, so that it can be recorded and printed. Where it depends on what is there ("the
third pod", "the revision before the newest") the argument is a number, which `doing` counts off in the cluster's state.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LENGTH = 32
"""Actions of a walk."""
SEEDS = range(1, 21)

IMAGES = ("registry.k8s.io/pause:3.7", "registry.k8s.io/pause:3.8", "registry.k8s.io/pause:3.9")
# Never ready by their names, on the simulator and on the stand-in nodes of the control plane for tests
# (tests/controlplane/nodes.yaml): the first is never pulled and stays Pending, the second runs.
BROKEN = ("registry.invalid/broken:1", "registry.invalid/unready:1")

RETENTION = [
    {"whenDeleted": deleted, "whenScaled": scaled}
    for deleted in ("Retain", "Delete")
    for scaled in ("Retain", "Delete")
]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a user does to the set `web` or to what belongs to it."""

    name: str
    arguments: dict[str, Any]

    def __str__(self) -> str:
        said = " ".join(f"{key}={value}" for key, value in self.arguments.items())
        return f"{self.name} {said}".rstrip()


def rolling(dice: random.Random) -> dict[str, Any]:
    """An update strategy of any kind."""
    kind = dice.choices(["plain", "partition", "unavailable", "bare", "ondelete"], [4, 4, 3, 1, 2])[0]
    if kind == "ondelete":
        return {"type": "OnDelete"}
    if kind == "bare":
        # Without its block, a set's pods come back by the status' count of current ones instead of a partition.
        return {"type": "RollingUpdate"}
    partition = dice.randrange(1, 5) if kind == "partition" else 0
    unavailable = dice.choice([2, 3, "50%", "30%"]) if kind == "unavailable" else 1
    return {"type": "RollingUpdate", "rollingUpdate": {"partition": partition, "maxUnavailable": unavailable}}


def creation(dice: random.Random) -> dict[str, Any]:
    """The spec of a new set, besides its template."""
    spec: dict[str, Any] = {
        "replicas": dice.randrange(1, 5),
        "podManagementPolicy": dice.choice(["OrderedReady", "OrderedReady", "Parallel"]),
        "updateStrategy": rolling(dice) if dice.random() < 0.5 else {},
        "persistentVolumeClaimRetentionPolicy": dice.choice(RETENTION),
        "minReadySeconds": dice.choice([0, 0, 0, 1]),
        "revisionHistoryLimit": dice.choice([0, 1, 2, 4, 10]),
        "claims": dice.choice([0, 1, 1, 2]),
    }
    start = dice.choice([0, 0, 0, 2])
    return {**spec, "ordinals": {"start": start}} if start else spec


def _again(dice: random.Random) -> dict[str, Any]:
    """What is different when a set is made again: what cannot be changed otherwise."""
    changes: dict[str, Any] = {}
    if dice.random() < 0.5:
        changes["podManagementPolicy"] = dice.choice(["OrderedReady", "Parallel"])
    if dice.random() < 0.2:
        changes["claims"] = dice.randrange(0, 3)
    if dice.random() < 0.3:
        changes["replicas"] = dice.randrange(0, 5)
    if dice.random() < 0.2:
        changes["image"] = dice.choice(IMAGES)
    return changes


Draw = Callable[[random.Random], dict[str, Any]]

# What can be done to a set that is there, how often, and what is drawn for it.
ON_A_SET: dict[str, tuple[int, Draw]] = {
    "scale": (14, lambda dice: {"replicas": dice.randrange(0, 5)}),
    "image": (14, lambda dice: {"image": dice.choice(IMAGES)}),
    "break": (7, lambda dice: {"image": dice.choice(BROKEN)}),
    "undo": (10, lambda _: {}),
    "undo to": (4, lambda dice: {"place": dice.randrange(8)}),
    "restart": (4, lambda _: {}),
    "scale and image": (4, lambda dice: {"replicas": dice.randrange(1, 5), "image": dice.choice(IMAGES)}),
    "delete pod": (8, lambda dice: {"place": dice.randrange(8)}),
    "delete two pods": (3, lambda dice: {"place": dice.randrange(8)}),
    "delete unready pods": (9, lambda _: {}),
    "fail pod": (3, lambda dice: {"place": dice.randrange(8)}),
    "delete claim and pod": (3, lambda dice: {"place": dice.randrange(8)}),
    "strategy": (12, lambda dice: {"updateStrategy": rolling(dice)}),
    "retention": (6, lambda dice: {"persistentVolumeClaimRetentionPolicy": dice.choice(RETENTION)}),
    "history limit": (4, lambda dice: {"revisionHistoryLimit": dice.choice([0, 1, 2, 4, 10])}),
    "min ready": (4, lambda dice: {"minReadySeconds": dice.choice([0, 0, 1, 2])}),
    "ordinals": (4, lambda dice: {"ordinals": dice.choice([None, {"start": 1}, {"start": 2}])}),
    "change cause": (3, lambda dice: {"cause": f"reason {dice.randrange(100)}"}),
    "let go of pod": (3, lambda dice: {"place": dice.randrange(8)}),
    "give pods back": (3, lambda _: {}),
    "delete": (7, lambda dice: {"propagation": dice.choice(["Orphan", "Orphan", "Background", "Foreground"])}),
}

# What can be done while the set is gone.
WITHOUT_A_SET: dict[str, tuple[int, Draw]] = {
    "create again": (8, _again),
    "delete pod": (2, lambda dice: {"place": dice.randrange(8)}),
}


def walk(seed: int) -> list[Action]:
    """The actions of a seed: always the same ones."""
    dice = random.Random(seed)
    actions = [Action("create", {"image": IMAGES[0], **creation(dice)})]
    there, complete = True, True
    while len(actions) < LENGTH or not there:
        choices = ON_A_SET if there else WITHOUT_A_SET
        name = dice.choices(list(choices), [weight for weight, _ in choices.values()])[0]
        if name == "delete" and not complete:
            # A pod that the set let go of would keep its claim, and the claim the set, for as long as it runs.
            actions.append(Action("give pods back", {}))
        actions.append(Action(name, choices[name][1](dice)))
        there = {"delete": False, "create again": True}.get(name, there)
        complete = {"delete": True, "give pods back": True, "let go of pod": False}.get(name, complete)
    return actions
