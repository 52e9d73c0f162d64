"""Rules about the resources of a pod as a whole (core `validatePodResources`)."""

from __future__ import annotations

from typing import Any

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
    for name, text in requests.items():
        total = _total(spec, "requests", name)
        if total is not None and total.nano > quantity.parse(text).nano:
            detail = f"must be greater than or equal to aggregate container requests of {total}"
            found.append(causes.invalid(f"{path}.requests[{name}]", text, detail))
    for name, text in limits.items():
        total = _total(spec, "limits", name)
        if name.startswith(resources.HUGE) and total is not None and total.nano > quantity.parse(text).nano:
            detail = f"must be greater than or equal to aggregate container limits of {total}"
            found.append(causes.invalid(f"{path}.limits[{name}]", text, detail))
    for index, container in enumerate(spec.get("containers") or ()):
        for name, text in ((container.get("resources") or {}).get("limits") or {}).items():
            if name in limits and resources.compare(text, limits[name]) > 0:
                here = f"{path}.containers[{index}][{name}].limits"
                found.append(causes.invalid(here, text, f"must be less than or equal to pod limits of {limits[name]}"))
    return found


def _total(spec: Json, part: str, name: str) -> quantity.Quantity | None:
    """What all containers need at once: the regular ones and sidecars together, or one init container at its time."""
    running: list[quantity.Quantity] = []
    sidecars: list[quantity.Quantity] = []
    highest: quantity.Quantity | None = None
    for container in spec.get("initContainers") or ():
        text = ((container.get("resources") or {}).get(part) or {}).get(name)
        if text is None:
            continue
        value = quantity.parse(text)
        if container.get("restartPolicy") == "Always":
            sidecars.append(value)
            value = quantity.plus(*sidecars)
        else:
            value = quantity.plus(value, *sidecars)
        highest = value if highest is None or value.nano > highest.nano else highest
    for container in spec.get("containers") or ():
        text = ((container.get("resources") or {}).get(part) or {}).get(name)
        if text is not None:
            running.append(quantity.parse(text))
    if running or sidecars:
        whole = quantity.plus(*running, *sidecars)
        highest = whole if highest is None or whole.nano > highest.nano else highest
    return highest
