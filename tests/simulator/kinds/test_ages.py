"""Ages as kubectl writes them."""

from datetime import UTC, datetime

import pytest

from stswidgets.simulator.kinds import ages

DAY = 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0.4, "0s"),
        (119, "119s"),
        (120, "2m"),
        (303, "5m3s"),
        (600, "10m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (7 * 3600 + 720, "7h12m"),
        (47 * 3600, "47h"),
        (2 * DAY, "2d"),
        (3 * DAY + 4 * 3600, "3d4h"),
        (8 * DAY, "8d"),
        (729 * DAY, "729d"),
        (735 * DAY, "2y5d"),
        (3000 * DAY, "8y"),
    ],
)
def test_a_duration_has_two_or_three_figures(seconds: float, text: str) -> None:
    assert ages.human(seconds) == text


def test_a_missing_time_is_unknown() -> None:
    assert ages.since(None, datetime.now(UTC)) == "<unknown>"
