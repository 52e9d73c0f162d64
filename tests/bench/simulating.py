"""The simulator beside the real control plane, each filled once: thousands of sets made ready, read, and watched."""

from __future__ import annotations

import os

from tests.bench import filling, measure, reading, servers, watching


def run() -> str:
    """STSWIDGETS_BENCH_SETS says how many sets; 2,000 unless told. Without Go the simulator stands alone."""
    sets = int(os.environ.get("STSWIDGETS_BENCH_SETS", "2000"))
    pods = sets * filling.REPLICAS
    filled: reading.Costs = {}
    read: reading.Costs = {}
    watched: reading.Costs = {}
    for start in (servers.simulated, servers.real):
        with start(pods=pods + 100) as server:
            if server is not None:
                filled[server.name] = filling.cost_of(server, sets)
                read |= reading.costs(server)
                watched[server.name] = watching.costs(server)
    number = len(watching.watchers())
    return "\n".join(
        (
            measure.table(
                f"{sets:,} StatefulSets of {filling.REPLICAS} pods (Parallel) and their Services, until all are ready",
                filling.COLUMNS,
                filled,
                servers.SIMULATOR,
            ),
            measure.table(f"Listing {pods:,} pods", reading.COLUMNS, read, next(iter(read))),
            measure.table(
                f"{number} watchers of pods during a rollout of {watching.SETS} sets; lag: behind the first of them",
                watching.COLUMNS,
                watched,
                servers.SIMULATOR,
            ),
        )
    )
