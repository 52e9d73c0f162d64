"""Fields that Kubernetes knows (1.37, api/openapi-spec/v3), to point out those that it would drop or refuse."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from stswidgets.domain import paths
from stswidgets.domain.paths import Steps
from stswidgets.domain.problem import Problem


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OBJECT = frozenset({"apiVersion", "kind", "metadata", "spec", "status"})
_SET = _names(
    """
    minReadySeconds ordinals persistentVolumeClaimRetentionPolicy podManagementPolicy replicas revisionHistoryLimit
    selector serviceName template updateStrategy volumeClaimTemplates
    """
)
_POD = _names(
    """
    activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks
    ephemeralContainers evictionResponders hostAliases hostIPC hostNetwork hostPID hostUsers hostname
    hostnameOverride imagePullSecrets initContainers nodeName nodeSelector os overhead preemptionPolicy priority
    priorityClassName readinessGates resourceClaims resources restartPolicy runtimeClassName schedulerName
    schedulingGates schedulingGroup securityContext serviceAccount serviceAccountName setHostnameAsFQDN
    shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes
    """
)
_CONTAINER = _names(
    """
    args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy
    resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath
    terminationMessagePolicy tty volumeDevices volumeMounts workingDir
    """
)


def problems(manifest: Any) -> Iterator[Problem]:
    """A warning for each field that is unknown to Kubernetes 1.37; a newer server may know it."""
    yield from _unknown(manifest, (), _OBJECT)
    yield from _unknown(manifest, ("spec",), _SET)
    pod: Steps = ("spec", "template", "spec")
    yield from _unknown(manifest, pod, _POD)
    for part in ("initContainers", "containers"):
        containers = paths.get(manifest, (*pod, part), None)
        for at in range(len(containers) if isinstance(containers, list) else 0):
            yield from _unknown(manifest, (*pod, part, at), _CONTAINER)


def _unknown(manifest: Any, steps: Steps, names: frozenset[str]) -> Iterator[Problem]:
    here = paths.get(manifest, steps, None)
    for key in here if isinstance(here, dict) else ():
        if key not in names:
            nearest = difflib.get_close_matches(key, names, 1)
            message = "problem.unknown_field_like" if nearest else "problem.unknown_field"
            values = {"field": key, "nearest": nearest[0] if nearest else ""}
            yield Problem(paths.join((*steps, key)), message, values, "warning")
