"""managedFields beyond the recorded runs: FieldsV1, times, and managers that are too many."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stswidgets.simulator.kinds.statefulsets import KIND
from stswidgets.simulator.patches import fields, managed
from tests.simulator.kinds import given as answers

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ELEMENTS = st.one_of(
    st.text("abc/.", min_size=1).map(fields.field),
    st.text("abc").map(lambda name: f"k:{fields.text({'name': name})}"),
    st.integers().map(lambda number: f"v:{number}"),
)


@given(st.frozensets(st.lists(ELEMENTS, min_size=1, max_size=4).map(tuple)))
def test_a_set_of_fields_is_read_as_it_was_written(paths: fields.Fields) -> None:
    assert fields.decode(fields.encode(paths)) == paths


def _set(replicas: int) -> dict[str, Any]:
    manifest = answers.answers("updates")[0]["old"]
    obj = answers.created({key: value for key, value in manifest.items() if key != "status"})
    obj["spec"]["replicas"] = replicas
    return obj


def test_a_write_that_changes_nothing_keeps_the_times() -> None:
    live = managed.update(None, _set(1), "ui", NOW, KIND.definition)
    again = managed.update(live, {**live}, "ui", NOW + timedelta(hours=1), KIND.definition)
    assert managed.settle(again, live) is live


def test_a_reset_forgets_all_owners() -> None:
    live = managed.update(None, _set(1), "ui", NOW, KIND.definition)
    asked = {**live, "metadata": {**live["metadata"], "managedFields": [{}]}}
    assert "managedFields" not in managed.update(live, asked, "ui", NOW, KIND.definition)["metadata"]


def test_more_than_ten_updaters_are_merged_into_one() -> None:
    obj = managed.update(None, _set(0), "create", NOW, KIND.definition)
    for number in range(1, 15):
        labels = {**obj["metadata"].get("labels", {}), f"l{number}": "x"}
        new = {**obj, "metadata": {**obj["metadata"], "labels": labels}}
        obj = managed.update(obj, new, f"m{number:02}", NOW + timedelta(minutes=number), KIND.definition)
    names = [entry["manager"] for entry in obj["metadata"]["managedFields"]]
    assert len(names) == 10
    assert "ancient-changes" in names
