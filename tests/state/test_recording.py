"""The recorded history of usage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stswidgets.domain.usage import Sample
from stswidgets.state.recording import Recording

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def sample(pod: str, cpu: float, seconds: float = 0) -> Sample:
    return Sample(START + timedelta(seconds=seconds), "shop", pod, "main", cpu, 1024)


def test_an_answer_with_nothing_new_is_no_tick() -> None:
    recording = Recording(10)
    assert recording.add([sample("db-0", 0.1)], START)
    assert not recording.add([sample("db-0", 0.1)], START + timedelta(seconds=5))


def test_a_pod_that_is_missing_from_an_answer_has_a_gap() -> None:
    recording = Recording(10)
    recording.add([sample("db-0", 0.1), sample("db-1", 0.2)], START)
    recording.add([sample("db-1", 0.3, 15)], START + timedelta(seconds=15))
    assert recording.totals([("shop", "db-0")], 5) == [(0.1, 1024), None]


def test_no_answer_is_a_gap_for_all() -> None:
    recording = Recording(10)
    recording.add([sample("db-0", 0.1)], START)
    recording.missed(START + timedelta(seconds=15))
    assert recording.totals([("shop", "db-0")], 5) == [(0.1, 1024), None]


def test_totals_add_the_pods_of_a_set() -> None:
    recording = Recording(10)
    recording.add([sample("db-0", 0.1), sample("db-1", 0.25), sample("web-0", 5)], START)
    assert recording.totals([("shop", "db-0"), ("shop", "db-1")], 5) == [(0.35, 2048)]


def test_only_the_last_ticks_are_kept() -> None:
    recording = Recording(3)
    for second in range(10):
        recording.add([sample("db-0", second, second)], START + timedelta(seconds=second))
    assert [column["shop", "db-0"]["main"].cpu for _, column in recording.ticks()] == [7, 8, 9]
