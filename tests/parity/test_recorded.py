"""The simulator answers to manifests and to spoiled ones as a Kubernetes 1.37.2 control plane did when it was asked."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from stswidgets import simulator as simulators
from tests.parity import asking, manifests, recorded, sides

ANSWERS = recorded.read()
OWN = manifests.own()


NAME = f"parity-{secrets.token_hex(3)}"


@pytest.fixture(scope="module")
def empty(simulator: simulators.Handle) -> Iterator[asking.Cluster]:
    """The simulator with an empty namespace."""
    with sides.space(Path(simulator.kubeconfig), NAME, stored=False) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def filled(simulator: simulators.Handle) -> Iterator[asking.Cluster]:
    """The simulator with what updates are made of."""
    with sides.space(Path(simulator.kubeconfig), f"{NAME}-filled", stored=True) as cluster:
        yield cluster


def _differences(cluster: asking.Cluster, title: str, verb: asking.Verb) -> dict[str, list[str]]:
    found = {
        str(case): sides.differences(answer, cluster.ask(case, OWN[title])) for case, answer in ANSWERS[title, verb]
    }
    return {case: lines for case, lines in found.items() if lines}


@pytest.mark.parametrize("title", [title for title, verb in ANSWERS if verb == "create"])
def test_a_new_object_is_judged_as_a_control_plane_did(empty: asking.Cluster, title: str) -> None:
    assert not _differences(empty, title, "create")


@pytest.mark.parametrize("verb", ["update", "apply"])
@pytest.mark.parametrize("title", [title for title, verb in ANSWERS if verb == "update"])
def test_a_change_is_judged_as_a_control_plane_did(filled: asking.Cluster, title: str, verb: asking.Verb) -> None:
    assert not _differences(filled, title, verb)
