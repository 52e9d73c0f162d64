"""`connect()` and the cluster that it opens: one object with all that views ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from stswidgets.cluster import (
    access,
    credentials,
    logs,
    plan_apply,
    plan_changes,
    plan_delete,
    plan_roll_back,
    plans,
    pods,
    reading,
    stopping,
    transport,
    usage,
    watching,
    writing,
)
from stswidgets.cluster.decoding import Object, Row

Objects = list[Object]  # inside the class `list` is a method
Rows = list[Row]


def connect(
    *,
    kubeconfig: str | os.PathLike[str] | None = None,
    context: str | None = None,
    namespace: str | None = None,
    host: str | None = None,
    token: str | None = None,
    ca_file: str | None = None,
    verify: bool = True,
    read_only: bool = False,
    timing: transport.Timing | None = None,
) -> Cluster:
    """Open a cluster. Nothing is sent yet: the first request shows whether the server answers.

    With `host` (and perhaps `token`, `ca_file`) that address; else a kubeconfig (the one named here, `KUBECONFIG`, the
    default one) and its context; else the pod's service account.
    Raises errors.NoClusterError, which says what was tried, and errors.ContextError, which names those that exist.
    """
    if host is not None:
        source = credentials.explicit(host, token=token, ca_file=ca_file, verify=verify, namespace=namespace)
    else:
        source = credentials.find(kubeconfig=kubeconfig, context=context)
    return Cluster(source, namespace=namespace, read_only=read_only, timing=timing)


class Cluster:
    """Access to one API server as one user. Methods may be called from any thread; each blocks until it is answered.

    Objects are plain JSON without metadata.managedFields. Every method may raise errors.UnreachableError,
    UnauthorizedError, ForbiddenError, ThrottledError and UnavailableError; only others are named.
    """

    def __init__(
        self,
        source: credentials.Source,
        *,
        namespace: str | None = None,
        read_only: bool = False,
        timing: transport.Timing | None = None,
        is_simulator: bool = False,
    ) -> None:
        self._source = source
        self.transport = transport.Transport(source.load, timing or transport.Timing(), read_only=read_only)
        self._reviews = access.Reviews(self.transport)
        self.namespace = namespace or source.namespace
        self.is_simulator = is_simulator

    @property
    def name(self) -> str:
        """The context's name, or the address where there is none."""
        return self._source.name

    @property
    def context(self) -> str:
        return self._source.context

    @property
    def contexts(self) -> tuple[str, ...]:
        """All contexts of the kubeconfig."""
        return self._source.contexts

    @property
    def kubeconfig(self) -> str:
        """Path(s) of the kubeconfig, "" where there is none."""
        return self._source.kubeconfig

    @property
    def host(self) -> str:
        """Scheme, name and port."""
        return self.transport.host

    @property
    def read_only(self) -> bool:
        return self.transport.read_only

    def close(self) -> None:
        """Close idle connections. A request under way ends by itself."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Cluster {self.name} at {self.host}>"

    # What there is

    def server_version(self) -> dict[str, Any]:
        """`/version`: gitVersion, major, minor, platform. The simulator says there that it is one."""
        version = self.transport.request("GET", "/version").json()
        self.is_simulator = self.is_simulator or str(version.get("platform", "")).startswith("simulator")
        return version

    def user(self) -> str:
        """The name that the server knows this user by, "" where it does not say."""
        return access.user(self.transport)

    def namespaces(self) -> list[str]:
        """All namespaces, by name."""
        return sorted(row.metadata.name for row in self.list_rows("namespaces"))

    def list(self, kind: str, namespace: str | None = None, *, labels: str = "", fields: str = "") -> Objects:
        """Objects of a kind ("statefulsets", "pods", ...), of all namespaces without one."""
        return reading.list_objects(self.transport, kind, namespace, labels=labels, fields=fields)[0]

    def list_rows(self, kind: str, namespace: str | None = None, *, labels: str = "", fields: str = "") -> Rows:
        """As `list` for thousands of objects: metadata decoded, spec and status kept as bytes (`decoding.decode`)."""
        return reading.list_rows(self.transport, kind, namespace, labels=labels, fields=fields)

    def read(self, kind: str, namespace: str | None, name: str) -> Object:
        """One object. Raises errors.NotFoundError."""
        return reading.read(self.transport, kind, namespace, name)

    def watch(
        self, kind: str, namespace: str | None = None, *, labels: str = "", fields: str = "", stop: stopping.Stop
    ) -> Iterator[watching.Batch]:
        """A list that stays current: what is there, then what changes, until `stop`. Failures come as batches."""
        return watching.Reflector(self.transport, kind, namespace, labels=labels, fields=fields, stop=stop).batches()

    # What belongs to a set

    def pods_of(self, sts: Object) -> Objects:
        """Its pods, by ordinal."""
        return pods.pods_of(self.transport, sts)

    def revisions_of(self, sts: Object) -> Objects:
        """Its ControllerRevisions, oldest first."""
        return pods.revisions_of(self.transport, sts)

    def claims_of(self, sts: Object) -> Objects:
        """The claims made from its templates, also of ordinals that are gone."""
        return pods.claims_of(self.transport, sts)

    def events_of(self, sts: Object) -> Objects:
        """Events about it, its pods and its claims, newest first."""
        return pods.events_of(self.transport, sts)

    def service_of(self, sts: Object) -> Object | None:
        """The Service that it names, None where it is not there."""
        return pods.service_of(self.transport, sts)

    def services_of(self, sts: Object) -> Objects:
        """All Services that select its pods."""
        return pods.services_of(self.transport, sts)

    def usage(self, namespace: str | None = None, labels: str = "") -> usage.Samples:
        """CPU and memory now, one sample a container. Empty with `.missing` set where there is no metrics server."""
        return usage.usage_of(self.transport, namespace, labels)

    def logs(self, namespace: str, pod: str, **options: Any) -> str:
        """The end of a container's log; options as `logs.read` has them."""
        return logs.read(self.transport, namespace, pod, **options)

    def follow_logs(self, namespace: str, pod: str, *, stop: stopping.Stop, **options: Any) -> Iterator[str]:
        """Lines as they come; options as `logs.follow` has them."""
        return logs.follow(self.transport, namespace, pod, stop=stop, **options)

    def can(self, verb: str, resource: str, namespace: str, name: str = "", subresource: str = "") -> access.Access:
        """Whether this user may do that, and why not."""
        return self._reviews.can(access.Question(verb, resource, namespace, name, subresource))

    # Writes: planned, then applied

    def plan_apply(
        self, objects: Sequence[Object], *, opened: Sequence[Object] | Object | None = None, force: bool = False
    ) -> plans.Plan:
        """What applying these manifests would do. `opened` is what was read before they were edited."""
        return plan_apply.plan(self.transport, objects, opened=opened, force=force, namespace=self.namespace)

    def plan_scale(self, namespace: str, name: str, replicas: int, expected: int | None = None) -> plans.Plan:
        """What another number of replicas would do. `expected` is the number that the user saw."""
        return plan_changes.scale(self.transport, namespace, name, replicas, expected)

    def plan_restart(self, namespace: str, name: str) -> plans.Plan:
        """What restarting all pods in order would do."""
        return plan_changes.restart(self.transport, namespace, name)

    def plan_roll_back(self, namespace: str, name: str, revision: int = 0) -> plans.Plan:
        """What going back to a revision would do (0: the one before the newest)."""
        return plan_roll_back.plan(self.transport, namespace, name, revision)

    def plan_delete(
        self,
        namespace: str,
        name: str,
        *,
        propagation: plan_delete.Propagation = "Background",
        claims: bool | Sequence[str] = (),
        service: bool = False,
    ) -> plans.Plan:
        """What deleting would take and leave. `claims`: True for all of its claims, or some by name."""
        return plan_delete.plan(
            self.transport, namespace, name, propagation=propagation, claims=claims, service=service
        )

    def apply(self, plan: plans.Plan, *, further: bool = False) -> writing.Applied:
        """Do what was planned, step by step; `further` includes the steps that the plan only offers."""
        self._reviews.forget()
        return writing.apply(self.transport, plan, further=further)
