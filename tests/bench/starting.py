"""From nothing to the first answer: the simulator's process, and the real control plane."""

from __future__ import annotations

import statistics

from tests.bench import measure, servers

ROUNDS = 5
COLUMNS = ("seconds", "CPU seconds", "peak MB")


def run() -> str:
    """Medians of some starts, after a first one that compiles its modules; the control plane is started once."""
    rows: dict[str, tuple[float, ...]] = {}
    with servers.compiled():
        for scenario in ("empty", "tour"):
            started = [_once(scenario) for _ in range(ROUNDS + 1)][1:]
            rows[f"simulator, {scenario}"] = tuple(map(statistics.median, zip(*started, strict=True)))
    with servers.real() as plane:
        if plane is not None:
            cost = plane.cost()
            rows[plane.name] = (plane.seconds, cost.cpu, cost.megabytes)
    return measure.table("From the start of the process to its first answer", COLUMNS, rows, next(iter(rows)))


def _once(scenario: str) -> tuple[float, ...]:
    with servers.simulated(scenario) as started:
        cost = started.cost()
        return started.seconds, cost.cpu, cost.megabytes
