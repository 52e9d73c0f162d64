"""The API server's own metrics (`/metrics`): what it is, what it stores, what its process takes."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable

from stswidgets.simulator import store
from stswidgets.simulator.http.discovery import VERSION
from stswidgets.simulator.http.prometheus.text import Family
from stswidgets.simulator.kinds import registry

_STARTED = time.time()


def families(objects: store.Store) -> Iterable[Family]:
    """Everything about the server."""
    build = Family("kubernetes_build_info", "[ALPHA] A metric with a constant '1' value.")
    build.add(1, major=VERSION["major"], minor=VERSION["minor"], git_version=VERSION["gitVersion"])
    stored = Family(
        "apiserver_resource_objects", "[ALPHA] Number of stored objects at the time of last check split by kind."
    )
    for kind in registry.REGISTRY.kinds:
        if not kind.form:
            stored.add(len(objects.list(kind)), group=kind.group, resource=kind.plural)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = Family("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", "counter")
    cpu.add(usage.ru_utime + usage.ru_stime)
    memory = Family("process_max_resident_memory_bytes", "Largest resident memory size so far in bytes.")
    memory.add(usage.ru_maxrss * 1024)
    started = Family("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
    started.add(_STARTED)
    return build, stored, cpu, memory, started
