"""Sets of fields as trees say the same as sets of paths."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stswidgets.simulator.patches import fields, typed
from stswidgets.simulator.schema.types import Field, Node

TEXT = Node("string")
ITEM = Node("struct", fields={"name": Field("name", TEXT), "size": Field("size", TEXT)})
ROOT = Node(
    "struct",
    fields={
        "kind": Field("kind", TEXT),
        "labels": Field("labels", Node("map", item=TEXT)),
        "ports": Field("ports", Node("list", item=ITEM, list_type="map", keys=("name",))),
        "finalizers": Field("finalizers", Node("list", item=TEXT, list_type="set")),
        "args": Field("args", Node("list", item=TEXT, list_type="atomic")),
        "inner": Field("inner", ITEM),
    },
)

WORDS = st.sampled_from(["", "a", "b"])
ITEMS = st.fixed_dictionaries({"name": WORDS}, optional={"size": WORDS})
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "kind": WORDS,
        "labels": st.none() | st.dictionaries(WORDS, WORDS),
        "ports": st.none() | st.lists(ITEMS, max_size=4),
        "finalizers": st.lists(WORDS, max_size=4),
        "args": st.lists(WORDS, max_size=2),
        "inner": st.just({}) | ITEMS,
    },
)
ELEMENTS = st.sampled_from(["f:a", "f:b", 'k:{"name":"a"}', "v:1"])
SETS = st.frozensets(st.lists(ELEMENTS, min_size=1, max_size=3).map(tuple))


@given(OBJECTS, OBJECTS)
def test_a_difference_is_what_a_comparison_finds(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = typed.compare(old, new, ROOT)
    touched, removed = typed.difference(old, new, ROOT)
    assert fields.ordered(touched) == fields.encode(found.modified | found.added)
    assert fields.ordered(removed) == fields.encode(found.removed)


@given(SETS, SETS)
def test_trees_are_joined_as_sets_are(one: fields.Fields, other: fields.Fields) -> None:
    assert fields.ordered(fields.union(fields.encode(one), fields.encode(other))) == fields.encode(one | other)


@given(SETS, SETS)
def test_trees_are_taken_from_each_other_as_sets_are(one: fields.Fields, other: fields.Fields) -> None:
    assert fields.ordered(fields.minus(fields.encode(one), fields.encode(other))) == fields.encode(one - other)


@given(SETS, SETS)
def test_what_adds_or_takes_nothing_leaves_the_tree_itself(one: fields.Fields, other: fields.Fields) -> None:
    tree = fields.encode(one)
    assert (fields.minus(tree, fields.encode(other)) is tree) == (not one & other)
    assert (fields.union(tree, fields.encode(other)) is tree) == (other <= one)
