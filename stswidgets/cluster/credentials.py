"""Which cluster, and as whom: the official client's configuration, found and explained.

The order is: explicit arguments; a kubeconfig that is named; `KUBECONFIG` or the default kubeconfig; the pod's service
account. What the `kubernetes` package can do (exec plugins, client certificates, tokens, proxies) works as it has it.
"""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from kubernetes import config as official
from kubernetes.client import ApiClient, Configuration

from stswidgets import errors
from stswidgets.cluster import transport

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@dataclass(frozen=True)
class Source:
    """A way to a cluster. `load` makes a client with fresh credentials each time; `name` is for people."""

    name: str
    context: str
    contexts: tuple[str, ...]
    namespace: str
    load: Callable[[], ApiClient]
    kubeconfig: str = ""


def find(*, kubeconfig: str | os.PathLike[str] | None, context: str | None) -> Source:
    """The kubeconfig that is named, else the usual ones, else the service account.

    Raises errors.NoClusterError (with all that was tried) and errors.ContextError.
    """
    tried: list[str] = []
    for label, paths in _places(kubeconfig):
        existing = [path for path in paths.split(os.pathsep) if path and Path(path).expanduser().is_file()]
        if existing:
            return from_kubeconfig(os.pathsep.join(existing), context)
        tried.append(f"{label} ({paths})" if paths else label)
    if kubeconfig is None:
        if (SERVICE_ACCOUNT / "token").is_file() and os.environ.get("KUBERNETES_SERVICE_HOST"):
            return from_service_account()
        tried.append(f"service account ({SERVICE_ACCOUNT / 'token'})")
    raise errors.NoClusterError(tried=", ".join(tried))


def _places(kubeconfig: str | os.PathLike[str] | None) -> list[tuple[str, str]]:
    if kubeconfig is not None:
        return [("kubeconfig", os.fspath(kubeconfig))]
    named = os.environ.get("KUBECONFIG", "")
    if named:
        return [("KUBECONFIG", named)]
    return [("kubeconfig", "~/.kube/config")]


def from_kubeconfig(paths: str, context: str | None) -> Source:
    """The context of a kubeconfig (several paths are merged, as kubectl does), or its current one.

    Raises errors.ContextError for a context that it does not have, errors.NoClusterError for one that cannot be read.
    """
    try:
        entries, current = _contexts(paths)
    except (official.ConfigException, yaml.YAMLError, OSError, TypeError, AttributeError, KeyError) as error:
        # the official loader indexes what the file holds without looking: a file of another shape shows as any of these
        raise errors.NoClusterError(
            "cluster.kubeconfig_unreadable", path=paths, detail=str(error) or type(error).__name__
        ) from error
    by_name = {str(entry.get("name")): entry for entry in entries}
    chosen = context or current
    if chosen not in by_name:
        raise errors.ContextError(context=chosen or "", contexts=", ".join(by_name) or "-")
    details = by_name[chosen].get("context") or {}
    return Source(
        name=chosen,
        context=chosen,
        contexts=tuple(by_name),
        namespace=str(details.get("namespace") or "default"),
        load=lambda: _load_kubeconfig(paths, chosen),
        kubeconfig=paths,
    )


def from_service_account() -> Source:
    """The pod's own account; its namespace is the pod's."""
    place = SERVICE_ACCOUNT / "namespace"
    namespace = place.read_text(encoding="utf-8").strip() if place.is_file() else "default"
    return Source("in-cluster", "", (), namespace, _load_service_account)


def explicit(host: str, *, token: str | None, ca_file: str | None, verify: bool, namespace: str | None) -> Source:
    """An address and perhaps a token, given by hand."""

    def load() -> ApiClient:
        settings = Configuration(host=host.rstrip("/"))
        if token:
            settings.api_key["BearerToken"] = f"Bearer {token}"
        settings.ssl_ca_cert = ca_file
        settings.verify_ssl = verify
        return _client(settings)

    return Source(transport.display(host), "", (), namespace or "default", load)


def _contexts(paths: str) -> tuple[list[dict[str, Any]], str]:
    """All contexts and the current one's name ("" without one). The official merger reads and merges the files."""
    merged = official.kube_config.KubeConfigMerger(paths).config
    if merged is None:
        raise official.ConfigException("it is empty")
    entries = [getattr(entry, "value", entry) for entry in merged.value.get("contexts") or []]
    return [entry for entry in entries if isinstance(entry, dict)], str(merged.value.get("current-context") or "")


def _load_kubeconfig(paths: str, context: str) -> ApiClient:
    settings = Configuration()
    try:
        official.load_kube_config(config_file=paths, context=context, client_configuration=settings)
    except (official.ConfigException, OSError, TypeError, AttributeError, KeyError) as error:
        raise errors.NoClusterError(
            "cluster.kubeconfig_unreadable", path=paths, detail=str(error) or type(error).__name__
        ) from error
    return _client(settings)


def _load_service_account() -> ApiClient:
    settings = Configuration()
    try:
        official.load_incluster_config(client_configuration=settings)
    except official.ConfigException as error:
        raise errors.NoClusterError(tried=f"service account ({error})") from error
    return _client(settings)


def _client(settings: Configuration) -> ApiClient:
    """A client that goes straight to this machine's own addresses, whatever the environment's proxies are.

    A proxy that the kubeconfig names (`proxy-url`) stays: it may be how a tunnel's loopback address is reached.
    """
    if settings.proxy in urllib.request.getproxies().values() and transport.is_loopback(settings.host):
        settings.proxy = None
    settings.keep_alive = True
    settings.connection_pool_maxsize = 16
    return ApiClient(configuration=settings)
