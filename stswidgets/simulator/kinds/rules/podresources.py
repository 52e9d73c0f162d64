"""Rules about the resources of a pod as a whole (core `validatePodResources`)."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator.kinds import podsums
from stswidgets.simulator.kinds.rules import causes, resources
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.kinds.rules.containers import Pod
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]


def check(spec: Json, pod: Pod, path: str) -> Causes:
    """spec.resources: known names, and no less than the containers need."""
    wanted = spec.get("resources")
    if wanted is None:
        return []
    if pod.system == "windows":
        return [causes.forbidden(path, "may not be set for a windows pod")]
    found: Causes = []
    if "claims" in wanted:
        found.append(causes.forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level"))
    found += resources.requirements(wanted, path, pod.claims, resources.pod_name)
    limits, requests = wanted.get("limits") or {}, wanted.get("requests") or {}
    needed = podsums.of_containers(spec, "requests")
    for name, text in requests.items():
        total = needed.get(name)
        if total is not None and total.nano > quantity.parse(text).nano:
            detail = f"must be greater than or equal to aggregate container requests of {total}"
            found.append(causes.invalid(f"{path}.requests[{name}]", text, detail))
    most = podsums.of_containers(spec, "limits")
    for name, text in limits.items():
        total = most.get(name)
        if name.startswith(resources.HUGE) and total is not None and total.nano > quantity.parse(text).nano:
            detail = f"must be greater than or equal to aggregate container limits of {total}"
            found.append(causes.invalid(f"{path}.limits[{name}]", text, detail))
    for index, container in enumerate(spec.get("containers") or ()):
        for name, text in ((container.get("resources") or {}).get("limits") or {}).items():
            if name in limits and resources.compare(text, limits[name]) > 0:
                here = f"{path}.containers[{index}][{name}].limits"
                found.append(causes.invalid(here, text, f"must be less than or equal to pod limits of {limits[name]}"))
    return found
