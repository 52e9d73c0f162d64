"""What is left to read besides `sessions`: what goes on, and what is measured."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.contract import manifests, sets, waiting
from tests.contract.client import Namespace
from tests.kubectl.runner import Kubectl


def test_a_watch_shows_a_set_become_ready(run: Kubectl, namespace: Namespace) -> None:
    sets.create(namespace, manifests.statefulset(replicas=0))
    with run.follow("get", "sts", "--watch") as lines:
        assert list(islice(lines, 2)) == ["NAME READY AGE", "web 0/0 AGE"]
        sets.update(namespace, replicas=1)
        assert "web 1/1 AGE" in lines


def test_logs_are_followed(settled: Kubectl) -> None:
    with settled.follow("logs", "web-0", "--follow", "--tail", "1") as lines:
        assert next(lines)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("command", "heading"),
    [
        (("top", "pods"), "NAME CPU(cores) MEMORY(bytes)"),
        (("top", "pods", "--containers"), "POD NAME CPU(cores) MEMORY(bytes)"),
        (("top", "nodes"), "NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)"),
    ],
    ids=" ".join,
)
def test_top_shows_what_was_measured(settled: Kubectl, command: tuple[str, ...], heading: str) -> None:
    # Real metrics take half a minute to come.
    output = waiting.until(
        lambda: settled(*command) if settled(*command).code == 0 else None, seconds=150, what="measured"
    )
    assert output is not None
    assert output.lines[0] in (heading, heading.replace("(%)", "%"))
    assert len(output.lines) > 1
