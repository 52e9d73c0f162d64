"""The two clusters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stswidgets import simulator as simulators
from tests.parity import sides


@pytest.fixture(scope="module")
def fresh(kubeconfig: Path, simulator: simulators.Handle) -> Iterator[sides.Sides]:
    """Both with an empty namespace."""
    with sides.both(kubeconfig, Path(simulator.kubeconfig)) as pair:
        yield pair


@pytest.fixture(scope="module")
def stored(kubeconfig: Path, simulator: simulators.Handle) -> Iterator[sides.Sides]:
    """Both with the same stored objects."""
    with sides.both(kubeconfig, Path(simulator.kubeconfig), stored=True) as pair:
        yield pair
