"""What the server warns of while it takes the object."""

import copy
from typing import Any

import pytest

from stswidgets.simulator.kinds.statefulsets import KIND
from tests.simulator.kinds import given

CONTAINER = "spec.template.spec.containers[0]"


def _warnings(**changes: Any) -> list[str]:
    manifest = copy.deepcopy(next(answer["old"] for answer in given.answers("updates")))
    manifest["spec"]["template"]["spec"]["containers"][0].update(changes)
    return list(KIND.warnings(manifest))


def test_a_plain_manifest_has_no_warnings() -> None:
    assert _warnings() == []


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        (
            {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]},
            f'{CONTAINER}.env[1]: hides previous definition of "A", which may be dropped when using apply',
        ),
        (
            {"ports": [{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]},
            f"{CONTAINER}.ports[1]: duplicate port definition with {CONTAINER}.ports[0]",
        ),
        (
            {"resources": {"limits": {"memory": "100m"}}},
            f'{CONTAINER}.resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
        ),
    ],
)
def test_a_warning_names_its_field(changes: dict[str, Any], warning: str) -> None:
    assert _warnings(**changes) == [warning]


def test_a_variable_that_builds_on_itself_hides_nothing() -> None:
    assert _warnings(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "$(A):2"}]) == []
