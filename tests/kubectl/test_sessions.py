"""Every command of the sessions prints what a control plane printed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from stswidgets import simulator as simulators
from tests.kubectl import playing, transcript
from tests.kubectl.transcript import Step

SESSIONS = {name: transcript.read(name) for name in transcript.names()}
CASES = [
    pytest.param(name, number, id=f"{name}: {step.command}")
    for name, session in SESSIONS.items()
    for number, step in session.steps.items()
    if not step.is_preparation
]

Played = dict[str, dict[int, tuple[str, ...]]]


@pytest.fixture(scope="module")
def clusters(request: pytest.FixtureRequest, kubeconfig: Path, simulator: simulators.Handle) -> dict[str, Path]:
    """The simulator, and the cluster that --kubeconfig names."""
    named = {"the named cluster": kubeconfig} if request.config.getoption("--kubeconfig") else {}
    return {**named, "the simulator": simulator.kubeconfig}


@pytest.fixture(scope="module")
def played(
    clusters: dict[str, Path], kubectl: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Played]:
    """Plays a session on each cluster, once; by cluster and by the number of the step's line."""

    @functools.cache
    def play(name: str) -> Played:
        found: Played = {}
        for cluster, path in clusters.items():
            with playing.stage(kubectl, path, tmp_path_factory.mktemp(name)) as stage:
                found[cluster] = stage.play(SESSIONS[name])
        return found

    return play


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_command_prints_what_the_control_plane_prints(
    played: Callable[[str], Played], name: str, number: int
) -> None:
    step: Step = SESSIONS[name].steps[number]
    for cluster, printed in played(name).items():
        assert printed[number] == step.printed, f"on {cluster}: {step.command}"
