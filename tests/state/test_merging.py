"""Merging what the form wrote with what was typed meanwhile."""

from __future__ import annotations

from stswidgets.state.merging import merge

BASE = "name: db\nreplicas: 3\nimage: a\nport: 1\n"


def test_edits_of_different_lines_both_stand() -> None:
    assert merge(BASE, BASE.replace("3", "5"), BASE.replace("port: 1", "port: 2")) == (
        "name: db\nreplicas: 5\nimage: a\nport: 2\n"
    )


def test_of_two_edits_of_one_line_the_typed_one_stands() -> None:
    assert merge(BASE, BASE.replace("3", "5"), BASE.replace("3", "7")) == BASE.replace("3", "7")


def test_what_only_the_form_changed_stays() -> None:
    assert merge(BASE, BASE + "labels: {}\n", BASE) == BASE + "labels: {}\n"


def test_what_was_typed_is_never_dropped() -> None:
    typed = BASE.replace("image: a\n", "image: a\n# a remark\n")
    assert "# a remark" in merge(BASE, BASE.replace("image: a", "image: b"), typed)
