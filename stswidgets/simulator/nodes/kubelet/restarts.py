"""Whether a container that ended begins again (`pkg/api/v1/pod/util.go`, ContainerShouldRestart)."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def is_due(container: Json, pod_policy: str, code: int) -> bool:
    """By the container's own rules, its own policy, or the pod's. Not for init containers that succeeded."""
    policy = container.get("restartPolicy")
    if policy is not None and _rule(container, code):
        return True
    policy = policy or pod_policy
    return policy == "Always" or (policy == "OnFailure" and code != 0)


def may_restart_all(container: Json) -> bool:
    """Whether there is an exit code with which it begins the whole pod anew."""
    return any(rule["action"] == "RestartAllContainers" for rule in container.get("restartPolicyRules") or ())


def restarts_all(container: Json, code: int) -> bool:
    """Whether an exit with this code begins the whole pod anew, init containers and all."""
    rule = _rule(container, code)
    return rule is not None and rule["action"] == "RestartAllContainers"


def _rule(container: Json, code: int) -> Json | None:
    for rule in container.get("restartPolicyRules") or ():
        codes = rule.get("exitCodes") or {}
        is_in = code in (codes.get("values") or ())
        if codes and is_in is (codes["operator"] == "In"):
            found: Json = rule
            return found
    return None
