"""All kinds that the simulated API server serves."""

from __future__ import annotations

from stswidgets.simulator.kinds import (
    autoscalers,
    claims,
    config,
    controllerrevisions,
    disruptionbudgets,
    endpoints,
    events,
    leases,
    namespaces,
    nodes,
    pods,
    priorityclasses,
    quotas,
    rbac,
    serviceaccounts,
    services,
    statefulsets,
    volumes,
)
from stswidgets.simulator.kinds.kind import Column, Kind

__all__ = ["REGISTRY", "Column", "Kind", "Registry"]


class Registry:
    """Finds kinds by how requests and objects name them."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds = kinds
        self._resources = {(kind.group, kind.version, kind.plural): kind for kind in kinds}
        self._kinds = {(kind.api_version, kind.kind): kind for kind in kinds}

    def by_resource(self, group: str, version: str, plural: str) -> Kind:
        """The kind served at `/apis/GROUP/VERSION/PLURAL` (group is empty for core). KeyError if there is none."""
        return self._resources[group, version, plural]

    def by_kind(self, api_version: str, kind: str) -> Kind:
        """The kind of an object (`apps/v1`, `StatefulSet`). KeyError if there is none."""
        return self._kinds[api_version, kind]


REGISTRY = Registry(
    (
        namespaces.KIND,
        nodes.KIND,
        pods.KIND,
        services.KIND,
        endpoints.ENDPOINTS,
        endpoints.SLICES,
        config.CONFIGMAPS,
        config.SECRETS,
        claims.KIND,
        volumes.VOLUMES,
        volumes.CLASSES,
        quotas.QUOTAS,
        quotas.LIMITS,
        serviceaccounts.KIND,
        events.CORE,
        events.EVENTS,
        leases.KIND,
        statefulsets.KIND,
        controllerrevisions.KIND,
        disruptionbudgets.KIND,
        autoscalers.KIND,
        autoscalers.V1,
        priorityclasses.KIND,
        rbac.ROLES,
        rbac.ROLE_BINDINGS,
        rbac.CLUSTER_ROLES,
        rbac.CLUSTER_ROLE_BINDINGS,
    )
)
"""In the order of discovery: core, then by group as kubectl prefers them."""
