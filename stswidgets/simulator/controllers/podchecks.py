"""What admission plugins refuse of pods: runtime classes that are not there, and resizes beyond a node.

Rules and texts of `plugin/pkg/admission/runtimeclass` and `podresize` (Kubernetes 1.37). RuntimeClasses are not served
here: there is none.
"""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import status
from stswidgets.simulator.controllers import plugin
from stswidgets.simulator.kinds import kind, nodes, pods, podsums
from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

_RESOURCES = (("cpu", quantity.NANO // 1000), ("memory", quantity.NANO))  # in the units that the texts count in


class PodChecks(plugin.Plugin):
    """Looks at new pods and at resizes."""

    def _admit(self, operation: str, of: kind.Kind, new: Json | None, _old: Json | None, subresource: str, /) -> None:
        if of is pods.KIND and new is not None and (operation, subresource) == ("CREATE", ""):
            name = new["spec"].get("runtimeClassName")
            if name is not None:
                raise _refused(new, f'pod rejected: RuntimeClass "{name}" not found')

    def _check(self, operation: str, of: kind.Kind, new: Json | None, old: Json | None, subresource: str, /) -> None:
        if of is not pods.KIND or new is None:
            return
        if (operation, subresource) == ("CREATE", "") and new["spec"].get("overhead"):
            raise _refused(new, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
        if subresource == "resize" and old is not None and new["spec"] != old["spec"] and new["spec"].get("nodeName"):
            self._check_resize(new)

    def _check_resize(self, pod: Json) -> None:
        node = self._api.store.get(nodes.KIND, None, pod["spec"]["nodeName"])
        if node is None:
            raise _refused(pod, f'node "{pod["spec"]["nodeName"]}" not found')
        room = (node.obj.get("status") or {}).get("allocatable") or {}
        asked = podsums.of(pod, "requests")
        short = []
        for resource, unit in _RESOURCES:
            wanted = asked[resource].nano if resource in asked else 0
            there = quantity.parse(room.get(resource, "0")).nano
            if wanted > there:
                short.append(f"{resource}, requested: {-(-wanted // unit)}, allocatable: {-(-there // unit)}")
        if short:
            why = f"node didn't have enough allocatable resources: {'; '.join(short)}"
            raise _refused(pod, why, (status.Cause("", "NodeCapacity", ""),))


def _refused(pod: Json, why: str, causes: tuple[status.Cause, ...] = ()) -> status.ApiError:
    return status.forbidden("", "pods", pod["metadata"].get("name", ""), why, causes)
