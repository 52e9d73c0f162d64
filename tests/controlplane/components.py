"""The command line of each component. All of them listen on loopback alone."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass, fields
from pathlib import Path

from tests.controlplane.programs import Programs

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """One port a listener."""

    apiserver: int
    etcd: int
    peer: int
    manager: int
    scheduler: int
    kubelet: int
    metrics: int

    @classmethod
    def free(cls) -> Ports:
        """Ports that nobody listens on now: all are taken at once, so that they differ, and given back."""
        with contextlib.ExitStack() as stack:
            sockets = [stack.enter_context(socket.socket()) for _ in fields(cls)]
            for taken in sockets:
                taken.bind((LOOPBACK, 0))
            return cls(*(taken.getsockname()[1] for taken in sockets))

    @classmethod
    def following(cls, first: int) -> Ports:
        """`first` and the ones after it."""
        return cls(*range(first, first + len(fields(cls))))


@dataclass(frozen=True)
class Components:
    """The command lines, each a list for a process that runs in the state's folder."""

    programs: Programs
    ports: Ports
    state: Path

    def etcd(self) -> list[str]:
        client, peer = f"http://{LOOPBACK}:{self.ports.etcd}", f"http://{LOOPBACK}:{self.ports.peer}"
        return [
            str(self.programs.controlplane),
            "etcd",
            "--data-dir=etcd",
            "--unsafe-no-fsync",  # the data lives as long as the test run
            "--log-level=warn",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        ]

    def apiserver(self) -> list[str]:
        return [
            str(self.programs.controlplane),
            "apiserver",
            f"--etcd-servers=http://{LOOPBACK}:{self.ports.etcd}",
            f"--bind-address={LOOPBACK}",
            f"--secure-port={self.ports.apiserver}",
            # The address that is advertised may not be a loopback one; nothing ever connects to it.
            "--advertise-address=10.255.255.1",
            "--endpoint-reconciler-type=none",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--tls-cert-file=serving.crt",
            "--tls-private-key-file=serving.key",
            "--client-ca-file=ca.crt",
            "--cert-dir=certs",
            "--requestheader-client-ca-file=ca.crt",
            "--requestheader-allowed-names=front-proxy",
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--proxy-client-cert-file=front-proxy.crt",
            "--proxy-client-key-file=front-proxy.key",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=sa.pub",
            "--service-account-signing-key-file=sa.key",
            "--token-auth-file=tokens.csv",
            "--authorization-mode=RBAC",
            "--allow-privileged=true",
            "--event-ttl=24h",
            "--max-requests-inflight=2000",
            "--max-mutating-requests-inflight=1000",
            "--kubelet-preferred-address-types=InternalIP",
        ]

    def manager(self) -> list[str]:
        return [
            *self._controller("controller-manager", self.ports.manager),
            "--service-account-private-key-file=sa.key",
            "--root-ca-file=ca.crt",
            "--enable-hostpath-provisioner=true",
            "--concurrent-statefulset-syncs=20",
            "--horizontal-pod-autoscaler-sync-period=5s",
        ]

    def scheduler(self) -> list[str]:
        return self._controller("scheduler", self.ports.scheduler)

    def _controller(self, name: str, port: int) -> list[str]:
        return [
            str(self.programs.controlplane),
            name,
            *self._serving(name, port),
            "--leader-elect=false",
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
        ]

    def kwok(self) -> list[str]:
        return [
            str(self.programs.kwok),
            "--kubeconfig=kubeconfig",
            "--manage-all-nodes=true",
            f"--node-ip={LOOPBACK}",
            f"--node-port={self.ports.kubelet}",
            "--cidr=10.244.0.0/16",
            f"--server-address={LOOPBACK}:{self.ports.kubelet}",
            "--tls-cert-file=serving.crt",
            "--tls-private-key-file=serving.key",
            "--node-lease-duration-seconds=40",
            "--config=nodes.yaml",
        ]

    def metrics_server(self) -> list[str]:
        return [
            str(self.programs.metrics_server),
            *self._serving("metrics", self.ports.metrics),
            "--kubelet-insecure-tls",
            "--kubelet-use-node-status-port",
            "--metric-resolution=10s",
            "--kubelet-request-timeout=5s",
        ]

    def _serving(self, name: str, port: int) -> list[str]:
        access = [
            f"--{use}=kubeconfig" for use in ("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig")
        ]
        return [*access, f"--secure-port={port}", f"--bind-address={LOOPBACK}", f"--cert-dir=certs-{name}"]

    def kubectl(self, *arguments: str) -> list[str]:
        return [str(self.programs.controlplane), "kubectl", "--kubeconfig=kubeconfig", *arguments]
