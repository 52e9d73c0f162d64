"""CPU and memory of pods from metrics.k8s.io."""

from __future__ import annotations

from datetime import datetime

from stswidgets import errors
from stswidgets.cluster import kinds, transport
from stswidgets.domain import quantity, usage


class Samples(list[usage.Sample]):
    """Samples, or none and the reason: a cluster without a metrics server is no failure. `missing` is None when asked
    and answered."""

    missing: errors.StsWidgetsError | None = None


def usage_of(connection: transport.Transport, namespace: str | None, labels: str = "") -> Samples:
    """One sample a container, with the server's own time. Raises errors.UnreachableError and UnauthorizedError."""
    samples = Samples()
    query = {"labelSelector": labels} if labels else None
    try:
        answer = connection.request("GET", kinds.POD_METRICS.path(namespace), query=query).json()
    except (errors.NotFoundError, errors.ForbiddenError, errors.UnavailableError) as error:
        samples.missing = error  # no metrics API, not allowed, or its server is not up (503)
        return samples
    for item in answer.get("items") or ():
        for container in item.get("containers") or ():
            reading = container.get("usage") or {}
            samples.append(
                usage.Sample(
                    time=datetime.fromisoformat(item["timestamp"]),
                    namespace=item["metadata"]["namespace"],
                    pod=item["metadata"]["name"],
                    container=container["name"],
                    cpu=float(quantity.parse(reading.get("cpu", "0"))),
                    memory=int(quantity.parse(reading.get("memory", "0"))),
                )
            )
    return samples
