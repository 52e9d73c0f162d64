"""The simulator's defaults and rules against what a Kubernetes 1.37.2 API server answered to the same requests.

`answers/` was recorded with dry runs on a control plane; `make test-cluster` asks a live one.
"""

import copy
import json
from typing import Any

import pytest

from tests.simulator.kinds import given

Json = dict[str, Any]
BASES: Json = json.loads((given.ANSWERS / "bases.json").read_text())


def _title(answer: Json) -> str:
    path = ".".join(map(str, answer["path"]))
    return f"{answer['base']} {path} = {'absent' if answer.get('drop') else json.dumps(answer['value'])}"[:120]


def manifest(answer: Json) -> Json:
    """The manifest that an answer is about."""
    changed = copy.deepcopy(BASES[answer["base"]])
    here: Any = changed
    *parents, last = answer["path"]
    for key in parents:
        here = here[key]
    if answer.get("drop"):
        del here[last]
    else:
        here[last] = answer["value"]
    return changed


@pytest.mark.parametrize("answer", given.answers("changes"), ids=_title)
def test_a_changed_manifest_is_accepted_or_refused_as_kubernetes_does(answer: Json) -> None:
    code, body = given.create(manifest(answer))
    assert code == answer["code"], body
    if code == 201:
        assert given.plain(body) == given.plain(answer["object"])
    elif code == 422:
        assert given.sorted_causes(body["details"]["causes"]) == given.sorted_causes(answer["causes"])
    else:
        assert body["message"] == answer["message"]


@pytest.mark.parametrize(
    "answer",
    given.answers("kinds"),
    ids=lambda answer: " ".join((answer["manifest"]["kind"], answer["manifest"]["metadata"]["name"])),
)
def test_every_kind_gets_the_defaults_of_kubernetes(answer: Json) -> None:
    code, body = given.create(answer["manifest"])
    assert code == answer["code"], body
    if code == 201:
        assert given.plain(body) == given.plain(answer["object"])
    else:
        assert body["message"] == answer["message"]


@pytest.mark.parametrize("answer", given.answers("updates"), ids=lambda answer: answer["old"]["kind"])
def test_an_update_keeps_and_refuses_what_kubernetes_does(answer: Json) -> None:
    code, body = given.update(answer["new"], answer["old"])
    assert code == answer["code"], body
    if code == 200:
        assert given.plain(body) == given.plain(answer["object"])
    else:
        assert given.sorted_causes(body["details"]["causes"]) == given.sorted_causes(answer["causes"])


def test_columns_are_those_of_kubernetes() -> None:
    recorded = json.loads((given.ANSWERS / "columns.json").read_text())
    columns = {
        f"{kind.group}/{kind.plural}": [[c.name, c.type, c.format, c.priority] for c in kind.columns]
        for kind in given.REGISTRY.kinds
    }
    assert columns == recorded
