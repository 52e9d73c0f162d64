"""One walk, or all of them at once."""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.contract import waiting
from tests.contract.client import Client, Namespace, path_of
from tests.walks import actions, doing, states, stillness

Outcome = list[list[str]]
"""The lines of the state after each action of a walk; if it did not get to its end, the last line tells why."""

FAILED = "failed at"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many walks are taken side by side, and the seconds between two looks at a cluster."""

    at_once: int
    pause: float


SIMULATED = Pace(6, 0.05)
# Waits are long there, for pods take their time.
REAL = Pace(20, 0.4)


def walk(namespace: Namespace, seed: int, pause: float) -> Outcome:
    """Take a seed's walk in a namespace that nothing else uses."""
    walker, memory = doing.Walker(namespace), states.Memory()
    outcome: Outcome = []
    for step, action in enumerate(actions.walk(seed)):
        try:
            walker.do(action)
            outcome.append(stillness.wait(namespace, memory, step, pause))
        except AssertionError as error:
            return [*outcome, [f"{FAILED} {action}: {error}"]]
    return outcome


def walk_all(kubeconfig: Path, seeds: Iterable[int], pace: Pace) -> dict[int, Outcome]:
    """Take walks side by side, each in a namespace of its own, which is deleted afterwards and not waited for."""

    def alone(seed: int) -> Outcome:
        client = Client(kubeconfig)
        name = f"walk-{seed}-{secrets.token_hex(3)}"
        client.request("POST", path_of("namespaces"), {"metadata": {"name": name}}).ok()
        # Pods are refused before the namespace's service account is there.
        waiting.until(
            lambda: client.request("GET", path_of("serviceaccounts", name, "default")).code == 200,
            what="service account",
        )
        try:
            return walk(Namespace(client, name), seed, pace.pause)
        finally:
            client.request("DELETE", path_of("namespaces", name=name))

    wanted = list(seeds)
    with ThreadPoolExecutor(pace.at_once) as pool:
        return dict(zip(wanted, pool.map(alone, wanted), strict=True))


def failure(outcome: Outcome) -> str:
    """Why a walk did not get to its end, or an empty text."""
    last = outcome[-1][0] if outcome and outcome[-1] else ""
    return last if last.startswith(FAILED) else ""


def difference(seed: int, expected: Outcome, found: Outcome) -> str:
    """Where two walks of a seed part: the actions up to there, and both states after it. Empty if they do not."""
    walked = actions.walk(seed)
    for step, (want, have) in enumerate(zip_longest(expected, found, fillvalue=["nothing"])):
        if want != have:
            way = "\n".join(f"  {number}: {action}" for number, action in enumerate(walked[: step + 1]))
            before = "\n".join(f"    {line}" for line in (expected[step - 1] if step else []))
            parts = "\n".join(difflib.unified_diff(want, have, "control plane", "simulator", lineterm="", n=20))
            said = f"seed {seed} parts after action {step} ({walked[step]}):"
            return f"{said}\n{way}\n  before:\n{before}\n  after:\n{parts}"
    return ""
