"""Manifests with a field dropped, a wrong type, a bad name or quantity, an unknown field ... are answered alike."""

from __future__ import annotations

import functools
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parity import asking, manifests, mutations, sides

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]  # hundreds of requests to each of two clusters

OWN = manifests.own()
ALL = {**OWN, **manifests.corpus()}
WRITTEN = [manifests.title(manifest) for manifest in manifests.stored()]

spoiled = functools.partial(
    settings,
    derandomize=True,  # the same examples in every run
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
choices = st.randoms(use_true_random=False, note_method_calls=False)


def _case(title: str, random: Random, verb: asking.Verb) -> asking.Case:
    return asking.Case(title, mutations.spoil(ALL[title], random), verb, random.choice(["Strict", "Warn"]))


@spoiled(max_examples=300)
@given(title=st.sampled_from([*ALL]), random=choices)
def test_a_new_object_is_judged_alike(fresh: sides.Sides, title: str, random: Random) -> None:
    case = _case(title, random, "create")
    assert not fresh.differences(case, ALL[title]), str(case)


@spoiled(max_examples=150)
@given(title=st.sampled_from([*ALL]), random=choices)
def test_a_new_object_is_judged_alike_when_it_is_applied(fresh: sides.Sides, title: str, random: Random) -> None:
    case = _case(title, random, "apply")
    assert not fresh.differences(case, ALL[title]), str(case)


@spoiled(max_examples=200)
@given(title=st.sampled_from(WRITTEN), random=choices)
def test_a_change_is_judged_alike(stored: sides.Sides, title: str, random: Random) -> None:
    case = _case(title, random, "update")
    assert not stored.differences(case, ALL[title]), str(case)


@spoiled(max_examples=150)
@given(title=st.sampled_from(WRITTEN), random=choices)
def test_a_change_is_judged_alike_when_it_is_applied(stored: sides.Sides, title: str, random: Random) -> None:
    case = _case(title, random, "apply")
    assert not stored.differences(case, ALL[title]), str(case)
