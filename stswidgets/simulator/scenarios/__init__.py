"""Named starting clusters.

A scenario is a function that tells a `stage.Stage` what happened, from the past to the present: it creates objects as a
user would, lets time pass, and changes them. What results is what the controllers made of it. `docs/simulator.md` says
how to write one.
"""

from __future__ import annotations

from pathlib import Path

from stswidgets.simulator import api as apis
from stswidgets.simulator import cluster
from stswidgets.simulator.scenarios import files, large, lessons, stage, tour
from stswidgets.simulator.scenarios.files import BadFile

__all__ = ["SCENARIOS", "BadFile", "UnknownScenario", "load", "names"]

SCENARIOS: dict[str, stage.Scenario] = {
    item.name: item
    for item in (
        tour.TOUR,
        lessons.EMPTY,
        lessons.STUCK_ROLLOUT,
        lessons.ROLLBACK_TRAP,
        lessons.ON_DELETE,
        lessons.CANARY,
        lessons.FULL_VOLUMES,
        lessons.QUOTA,
        lessons.NODE_LOST,
        lessons.AUTOSCALING,
        lessons.DRAIN,
        lessons.PENDING,
        lessons.MISSING_CONFIG,
        large.MANY,
        large.HUGE,
    )
}


class UnknownScenario(ValueError):  # noqa: N818 - it names what is unknown
    """No scenario has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no scenario {name!r}; there are {', '.join(SCENARIOS)}, and files that end in .py")


def names() -> dict[str, str]:
    """What there is: name and title."""
    return {item.name: item.title for item in SCENARIOS.values()}


def load(api: apis.Api, name: str) -> cluster.Cluster:
    """Bring an empty cluster to where a scenario begins, and start its clock. `name` may be a Python file's path.

    Needs a running loop unless the clock is a stepped one. UnknownScenario if there is none of that name; BadFile for a
    file that holds none.
    """
    if name.endswith(".py"):
        return stage.play(api, files.read(Path(name)))
    if name not in SCENARIOS:
        raise UnknownScenario(name)
    return stage.play(api, SCENARIOS[name])
