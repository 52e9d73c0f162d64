"""The files in a control plane's folder: keys, identities, the stand-in nodes' configuration, the first objects."""

from __future__ import annotations

import json
import shutil
import string
import subprocess
from pathlib import Path

from tests.controlplane.components import LOOPBACK, Components

HERE = Path(__file__).parent
IDENTITIES = {"admin": "system:masters", "viewer": "viewers", "editor": "editors", "nobody": "nobodies"}
SEPARATOR = "\n---\n"


def write(components: Components, *, lean: bool) -> None:
    """Write what the components read when they start."""
    folder = components.state
    subprocess.run([str(components.programs.controlplane), "certificates", str(folder)], check=True)
    rows = [f'{name}-token,{name},{name},"{group}"' for name, group in IDENTITIES.items()]
    (folder / "tokens.csv").write_text("\n".join(rows) + "\n", encoding="ascii")
    for name in IDENTITIES:
        config = json.dumps(_kubeconfig(components, f"{name}-token"))
        (folder / f"{name}.kubeconfig").write_text(config, encoding="ascii")
    shutil.copy(folder / "admin.kubeconfig", folder / "kubeconfig")
    kubectl = folder / "kubectl"
    kubectl.write_text(f'#!/bin/sh\nexec "{components.programs.controlplane}" kubectl "$@"\n', encoding="utf-8")
    kubectl.chmod(0o700)
    lines = [_log_line(number) for number in range(1, 1001)]
    (folder / "pods.log").write_text("\n".join(lines) + "\n", encoding="ascii")
    nodes = _without_usage_and_events() if lean else (HERE / "nodes.yaml").read_text(encoding="ascii")
    (folder / "nodes.yaml").write_text(nodes.replace("LOGS_FILE", str(folder / "pods.log")), encoding="ascii")


def _without_usage_and_events() -> str:
    documents = (HERE / "nodes.yaml").read_text(encoding="ascii").split(SEPARATOR)
    usage = ("kind: Metric\n", "kind: ClusterResourceUsage\n")
    kept = [document.split("\n") for document in documents if not document.startswith(usage)]
    return SEPARATOR.join("\n".join(line for line in lines if not line.startswith("    event:")) for lines in kept)


def _log_line(number: int) -> str:
    """A line of a container's log as the runtime writes it (CRI): time, stream, F for a full line, text."""
    level = "error" if number % 17 == 0 else "info"
    return f"2026-11-24T00:00:00.000000000Z stdout F line {number} level={level} <b>not html</b>"


def _kubeconfig(components: Components, token: str) -> dict[str, object]:
    server = f"https://{LOOPBACK}:{components.ports.apiserver}"
    authority = str(components.state / "ca.crt")
    name = "controlplane"
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": server, "certificate-authority": authority}}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": "default"}}],
    }


def first_objects(components: Components, nodes: int, *, lean: bool) -> str:
    """Nodes, storage classes, rights and the metrics API, as YAML documents."""
    template = string.Template((HERE / "base.yaml").read_text(encoding="ascii"))
    parts = template.substitute(metrics=components.ports.metrics).split(SEPARATOR)
    kept = [part for part in parts if not (lean and "metrics" in part)]
    return SEPARATOR.join([*kept, *(json.dumps(_node(number)) for number in range(nodes))])


def _node(number: int) -> dict[str, object]:
    name = f"node-{number}"
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/zone": f"zone-{number % 3}",
    }
    # kwok serves every node's figures at one address; metrics-server finds a node's own by this path.
    annotations = {"metrics.k8s.io/resource-metrics-path": f"/metrics/nodes/{name}/metrics/resource"}
    room = {"cpu": "64", "memory": "512Gi", "pods": "10000", "ephemeral-storage": "1Ti"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels, "annotations": annotations},
        "status": {"capacity": room, "allocatable": room},
    }
