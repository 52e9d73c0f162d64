"""Every manifest, of the project and of the corpus, is taken or refused alike by a control plane and the simulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.parity import asking, manifests, sides

Json = dict[str, Any]

pytestmark = pytest.mark.cluster

ALL = {**manifests.own(), **manifests.corpus()}


@pytest.mark.parametrize("validation", ["Strict", "Warn"])
@pytest.mark.parametrize("title", ALL)
def test_a_new_object_is_stored_alike(fresh: sides.Sides, title: str, validation: str) -> None:
    case = asking.Case(title, [], "create", validation)
    assert not fresh.differences(case, ALL[title])


@pytest.mark.parametrize("title", ALL)
def test_a_new_object_is_applied_alike(fresh: sides.Sides, title: str) -> None:
    case = asking.Case(title, [], "apply", "Strict")
    assert not fresh.differences(case, ALL[title])


@pytest.mark.parametrize("verb", ["update", "apply"])
@pytest.mark.parametrize("manifest", manifests.stored(), ids=manifests.title)
def test_a_stored_object_is_written_again_alike(stored: sides.Sides, manifest: Json, verb: asking.Verb) -> None:
    case = asking.Case(manifests.title(manifest), [], verb, "Strict")
    assert not stored.differences(case, manifest)
