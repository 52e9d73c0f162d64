"""Small values: quantities, names, ages, paths, usage, redaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from stswidgets.domain import ages, naming, paths, quantity, redact, usage, yaml_emit, yaml_nodes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", "1"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1.", "1"),
        ("-1", "-1"),
        ("+1", "1"),
        ("100m", "0.1"),
        ("2Ki", "2048"),
        ("1Gi", "1073741824"),
        ("3k", "3000"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1E", "1000000000000000000"),
        ("12n", "0.000000012"),
        (2, "2"),
    ],
)
def test_a_quantity_is_a_number(text: Any, number: str) -> None:
    assert quantity.parse(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "12Gx", "1 Gi", "Gi", "1K", "1e", "--1", "1gi", "1e99999", "٣", True, None, []])
def test_anything_else_is_no_quantity(text: Any) -> None:
    assert quantity.problem(text) == "problem.quantity"


@pytest.mark.parametrize(
    ("cores", "text"), [(0, "0"), (0.25, "250m"), (1, "1"), (1.5, "1.5"), (0.0004, "0"), (12.345, "12.345")]
)
def test_cores_are_written_as_kubectl_does(cores: float, text: str) -> None:
    assert quantity.format_cpu(cores) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0"),
        (1023, "1023"),
        (2**20 * 300, "300Mi"),
        (2**30 * 1.25, "1.25Gi"),
        (2**30 * 12.5, "12.5Gi"),
        (2**40, "1Ti"),
    ],
)
def test_bytes_are_written_in_binary_units(size: float, text: str) -> None:
    assert quantity.format_memory(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (150, "2m30s"),
        (600, "10m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (3 * 3600 + 1200, "3h20m"),
        (9 * 3600, "9h"),
        (48 * 3600, "2d"),
        (50 * 3600, "2d2h"),
        (9 * 86400, "9d"),
        (800 * 86400, "2y70d"),
        (3000 * 86400, "8y"),
    ],
)
def test_an_age_is_kubectls(seconds: int, text: str) -> None:
    assert ages.duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("text", ["", None, "yesterday", 3])
def test_no_time_has_no_age(text: Any) -> None:
    assert ages.since(text, datetime(2026, 1, 1, tzinfo=UTC)) == "<unknown>"


def test_a_time_with_an_offset_is_read_in_utc() -> None:
    assert ages.parse("2026-11-24T12:00:00+02:00") == datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(("name", "number"), [("db-0", 0), ("db-12", 12), ("a-b-3", 3), ("db", None), ("db-", None)])
def test_a_pods_ordinal_is_in_its_name(name: str, number: int | None) -> None:
    assert naming.ordinal(name) == number


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "path",
    [
        "spec.template.spec.containers[0].ports[1].containerPort",
        "metadata.labels[app.kubernetes.io/name]",
        "metadata.labels[]",
        "service:spec.ports[0].port",
        "service:spec.selector[app]",
        "spec.selector.matchLabels[app]",
        "spec.template.spec.containers[0].resources.requests[cpu]",
        "spec.template.spec.containers[0].volumeMounts[data].mountPath",
    ],
)
def test_a_path_is_written_as_it_was_read(path: str) -> None:
    assert paths.canonical(path) == path


def test_digits_in_brackets_are_a_key_where_a_map_is() -> None:
    assert paths.get({"labels": {"1": "a"}}, paths.parse("labels[1]").steps) == "a"


def test_changing_shares_what_does_not_change() -> None:
    tree = {"a": {"b": 1}, "c": {"d": 1}}
    changed = paths.put(tree, ("a", "b"), 2)
    assert changed["c"] is tree["c"]
    assert tree["a"] == {"b": 1}


STEPS = st.lists(st.sampled_from(["a", "b", "labels", "x.y/z"]) | st.integers(0, 2), min_size=1, max_size=4)


@hypothesis.given(STEPS)
@hypothesis.settings(max_examples=80, deadline=None, derandomize=True)
def test_what_is_put_can_be_got_and_dropped(steps: list[Any]) -> None:
    where = tuple(0 if isinstance(step, int) else step for step in steps)
    tree = paths.put({} if isinstance(where[0], str) else [], where, "v")
    assert paths.get(tree, where) == "v"
    assert paths.get(paths.drop(tree, where), where) is paths.MISSING


# ---------------------------------------------------------------- YAML scalars and values

NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=10), below, max_size=4),
    max_leaves=15,
)


@hypothesis.given(JSON)
@hypothesis.settings(max_examples=250, deadline=None, derandomize=True)
def test_what_is_written_is_read_back(value: Any) -> None:
    [document] = yaml_nodes.read(yaml_emit.dump({"value": value}))
    assert yaml_nodes.value(document.root) == {"value": value}


@pytest.mark.parametrize(
    "text",
    ["yes", "n", "on", "null", "~", "1", "1.5", "1e3", "017", "0x1f", "1_000", "-", "a: b", "a #b", " a", "a ", "*a",
     "&a", "!a", "%a", "@a", "`a", "{a", "[a",
     "'a", '"a', ">", "|", "-a", "- a", "?", "? a", ":", "a:", "\t", "", "=", "<<",
     "\u2028", "\ufeff", "\x85", "é", "𝒜", "---", "...", "--- a", "2026-01-01", ".inf"],
)  # fmt: skip
def test_a_text_that_looks_like_something_else_stays_text(text: str) -> None:
    for value in (text, f"{text}\nb", f"a\n{text}"):
        [document] = yaml_nodes.read(yaml_emit.dump({"k": value, value: ["x", value]}))
        assert yaml_nodes.value(document.root) == {"k": value, value: ["x", value]}


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", True), ("Off", False), ("y", True), ("~", None), ("017", 15), ("0o17", 15), ("08", 8), ("0b11", 3),
     ("1_000", 1000), ("+5", 5), (".5", 0.5), ("1e3", 1000), ("12:30", "12:30"), ("2026-01-02", "2026-01-02"),
     ("1.2.3", "1.2.3"), ("0b2", "0b2"), ("True1", "True1"), ("-", "-")],
)  # fmt: skip
def test_a_plain_word_means_what_go_yaml_2_takes_it_for(text: str, value: Any) -> None:
    assert yaml_nodes.resolve(text) == value


# ---------------------------------------------------------------- usage and secrets


def test_a_request_that_is_not_said_is_the_limit() -> None:
    resources = {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "500m"}}
    bounds = usage.requests_and_limits({"spec": {"containers": [{"name": "a", "resources": resources}, {"name": "b"}]}})
    assert bounds.requests == (usage.Amount("a", 0.5, 2.0**30), usage.Amount("b", None, None))
    assert bounds.limits == (usage.Amount("a", 2.0, 2.0**30), usage.Amount("b", None, None))


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("DB_PASSWORD", True), ("apiKey", True), ("GITHUB_TOKEN", True), ("PGPASS", False), ("DB_PASS", True),
     ("PASSWORD_FILE", False), ("POSTGRES_HOST_AUTH_METHOD", False), ("KEYBOARD", False), ("SECRET_NAME", False)],
)  # fmt: skip
def test_a_value_is_hidden_by_its_name(name: str, hidden: bool) -> None:
    assert (redact.value(name, "abc") == redact.MASK) is hidden


def test_a_password_in_an_address_is_hidden() -> None:
    assert redact.value("URL", "postgres://me:secret@db:5432/x") == f"postgres://me:{redact.MASK}@db:5432/x"


def test_an_empty_value_hides_nothing() -> None:
    assert redact.value("PASSWORD", "") == ""
