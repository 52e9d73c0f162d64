"""The outcomes of the real control plane, in recorded.json: with each action the new lines, and what is gone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.walks import actions, walking

FILE = Path(__file__).with_name("recorded.json")


def save(outcomes: dict[int, walking.Outcome], file: Path = FILE) -> None:
    """Write the outcomes of walks that came to their ends. ValueError if one did not."""
    walks = []
    for seed, outcome in outcomes.items():
        if walking.failure(outcome):
            raise ValueError(f"seed {seed} has no outcome to record: {walking.failure(outcome)}")
        steps = ",\n".join(json.dumps(step) for step in _steps(seed, outcome))
        walks.append(f'"{seed}": [\n{steps}\n]')
    file.write_text("{\n" + ",\n".join(walks) + "\n}\n")


def _steps(seed: int, outcome: walking.Outcome) -> list[list[str]]:
    steps, before = [], dict[str, str]()
    for action, lines in zip(actions.walk(seed), outcome, strict=True):
        after = {_subject(line): line for line in lines}
        gone = [f"-{subject}" for subject in before if subject not in after]
        steps.append([str(action), *gone, *(f"+{line}" for line in lines if before.get(_subject(line)) != line)])
        before = after
    return steps


def _subject(line: str) -> str:
    """What a line is about: no other line of a state is."""
    return line.partition(" @")[0]


def load(file: Path = FILE) -> dict[int, walking.Outcome]:
    """Read the outcomes by seed. Fails if they are those of other actions: then they must be recorded again."""
    recorded = {}
    for seed, steps in json.loads(file.read_text()).items():
        walked = [str(action) for action in actions.walk(int(seed))]
        assert [step[0] for step in steps] == walked, f"seed {seed} has other actions now: python -m tests.walks"
        state: dict[str, str] = {}
        outcome = []
        for _, *changes in steps:
            for change in changes:
                if change.startswith("-"):
                    del state[change[1:]]
                else:
                    state[_subject(change[1:])] = change[1:]
            outcome.append(sorted(state.values()))
        recorded[int(seed)] = outcome
    return recorded
