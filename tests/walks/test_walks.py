"""The same actions come to the same pods, revisions and claims on the simulator and on the real control plane.

By default the simulator's walks are compared with those that were recorded on the control plane. With --kubeconfig the
walks are taken there as well, compared with the simulator's, and the record is checked.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from stswidgets import simulator as simulators
from tests.walks import actions, record, walking

# All walks are taken at once, by the first test that asks for them.
pytestmark = pytest.mark.timeout(900)

Outcomes = dict[int, walking.Outcome]


@pytest.fixture(scope="module")
def recorded() -> Outcomes:
    return record.load()


@pytest.fixture(scope="module")
def simulated() -> Outcomes:
    """What the walks come to on a simulator, whose hours pass in minutes."""
    with simulators.start("empty", clock="60x") as handle:
        return walking.walk_all(Path(handle.kubeconfig), actions.SEEDS, walking.SIMULATED)


@pytest.fixture(scope="module")
def walked(kubeconfig: Path) -> Outcomes:
    """What the walks come to on the cluster that --kubeconfig names."""
    return walking.walk_all(kubeconfig, actions.SEEDS, walking.REAL)


@pytest.mark.parametrize("seed", actions.SEEDS)
def test_the_simulator_comes_to_what_was_recorded(seed: int, simulated: Outcomes, recorded: Outcomes) -> None:
    parting = walking.difference(seed, recorded[seed], simulated[seed])
    assert not parting, parting


@pytest.mark.cluster
@pytest.mark.parametrize("seed", actions.SEEDS)
def test_the_simulator_comes_to_what_the_control_plane_does(seed: int, simulated: Outcomes, walked: Outcomes) -> None:
    parting = walking.difference(seed, walked[seed], simulated[seed])
    assert not parting, parting


@pytest.mark.cluster
@pytest.mark.parametrize("seed", actions.SEEDS)
def test_the_record_is_what_the_control_plane_comes_to(seed: int, recorded: Outcomes, walked: Outcomes) -> None:
    assert not walking.failure(walked[seed]), walking.failure(walked[seed])
    assert recorded[seed] == walked[seed]


def test_a_walk_has_the_actions_that_are_asked_for() -> None:
    taken = {action.name for seed in actions.SEEDS for action in actions.walk(seed)}
    assert taken == {"create", *actions.ON_A_SET, *actions.WITHOUT_A_SET}
    assert all(len(actions.walk(seed)) >= 30 for seed in actions.SEEDS)


def test_a_seed_has_always_the_same_actions() -> None:
    assert actions.walk(1) == actions.walk(1) != actions.walk(2)


def test_a_parting_says_which_action_and_which_line() -> None:
    first = ["pod web-0: a", "set web: a"]
    said = walking.difference(1, [first, ["pod web-0: b", "set web: b"]], [first, ["pod web-0: c", "set web: b"]])
    assert f"parts after action 1 ({actions.walk(1)[1]})" in said
    assert "-pod web-0: b" in said
    assert "+pod web-0: c" in said
    assert "-set web: b" not in said


def test_a_walk_that_broke_off_is_a_parting() -> None:
    assert "failed at" in walking.difference(1, [["set"], ["set"]], [["set"], ["failed at create: 500"]])
    assert walking.difference(1, [["set"], ["set"]], [["set"]])
