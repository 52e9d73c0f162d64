"""A cluster for the notebooks' tests."""

from __future__ import annotations

import pytest

from stswidgets import simulator


@pytest.fixture(scope="session")
def tour():
    """The simulated cluster of the tour, as `stswidgets demo` starts it."""
    with simulator.start("tour") as handle:
        yield handle
