"""What differs, by path."""

from __future__ import annotations

from typing import Any

import pytest

from stswidgets.domain import diff


def shown(before: Any, after: Any) -> list[tuple[str, str, Any, Any]]:
    return [(each.path, each.op, each.before, each.after) for each in diff.changes(before, after)]


def box(name: str, **rest: Any) -> dict[str, Any]:
    return {"name": name, **rest}


def test_equal_objects_differ_in_nothing() -> None:
    assert shown({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


def test_values_that_come_go_and_change() -> None:
    assert shown({"a": 1, "b": 2}, {"a": 3, "c": {"d": 1}}) == [
        ("a", "change", 1, 3),
        ("b", "remove", 2, None),
        ("c", "add", None, {"d": 1}),
    ]


def test_true_is_not_one() -> None:
    assert shown({"a": 1}, {"a": True}) == [("a", "change", 1, True)]


def test_an_item_in_front_is_one_addition() -> None:
    before, after = [box("a", image="1")], [box("new"), box("a", image="2")]
    assert shown({"containers": before}, {"containers": after}) == [
        ("containers[1].image", "change", "1", "2"),
        ("containers[0]", "add", None, box("new")),
    ]


def test_another_order_is_a_change_of_the_list() -> None:
    before, after = [box("a"), box("b")], [box("b"), box("a")]
    assert shown({"initContainers": before}, {"initContainers": after}) == [
        ("initContainers", "change", ["a", "b"], ["b", "a"])
    ]


def test_ports_are_told_apart_by_number_and_protocol() -> None:
    before = {"ports": [{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "TCP"}]}
    after = {"ports": [{"containerPort": 53, "protocol": "TCP", "name": "dns"}]}
    assert shown(before, after) == [
        ("ports[0]", "remove", before["ports"][0], None),
        ("ports[0].name", "add", None, "dns"),
    ]


@pytest.mark.parametrize("odd", [[1, 2], [None, {"name": "a"}], [{"name": "a"}, {"name": "a"}], [{"name": {"x": 1}}]])
def test_items_without_names_of_their_own_are_compared_by_place(odd: list[Any]) -> None:
    assert shown({"containers": odd}, {"containers": [*odd, 9]})[-1] == (f"containers[{len(odd)}]", "add", None, 9)
