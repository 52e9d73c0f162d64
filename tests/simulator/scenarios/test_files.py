"""Scenarios of people's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stswidgets import simulator
from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, scenarios, store
from stswidgets.simulator.kinds import statefulsets

MINE = """
from datetime import timedelta

from stswidgets.simulator.scenarios import manifests, stage


def tells(on):
    on.namespace("shop", alias="Online shop")
    on.create(manifests.statefulset("db", "postgres:16.4", storage="8Gi", port=5432), namespace="shop")
    on.settle()
    on.ago(days=2)
    on.set_image("shop", "db", "postgres:17.2", cause="PostgreSQL 17")
    on.settle()


MINE = stage.Scenario("mine", "A database that was updated", tells, starts=timedelta(days=12))
"""


def load(path: Path) -> apis.Api:
    api = apis.Api(store.Store(), clock.SteppedClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC)))
    bootstrap.install(api)
    scenarios.load(api, str(path)).stop()
    return api


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.py"
    path.write_text(text)
    return path


def test_a_file_s_scenario_is_lived_through(tmp_path: Path) -> None:
    stored = load(written(tmp_path, MINE)).read(statefulsets.KIND, "shop", "db").obj
    assert stored["status"]["readyReplicas"] == 3
    assert stored["metadata"]["annotations"]["kubernetes.io/change-cause"] == "PostgreSQL 17"


def test_a_simulator_starts_from_a_file(tmp_path: Path) -> None:
    with simulator.start(str(written(tmp_path, MINE))) as handle:
        assert handle.running


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds 0 scenarios instead of one"),
        (MINE + "ANOTHER = stage.Scenario('other', 'Another', tells)\n", "holds 2 scenarios instead of one"),
        ("import nowhere_at_all\n", "fails: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("def broken(:\n", "fails: SyntaxError: "),
    ],
)
def test_a_file_without_one_scenario_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(scenarios.BadFile) as refused:
        load(written(tmp_path, text))
    assert why in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(scenarios.BadFile, match="there is no scenario file"):
        load(tmp_path / "nowhere.py")


def test_who_starts_a_bad_file_is_told_why(tmp_path: Path) -> None:
    with pytest.raises(simulator.StartError, match="holds 0 scenarios instead of one"):
        simulator.start(str(written(tmp_path, "")))
