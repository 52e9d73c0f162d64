"""The simulator as a process: how it starts, what it says, and that it ends."""

from __future__ import annotations

import json
import ssl
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes
import lightkube
import psutil
import pytest
from lightkube.resources.apps_v1 import StatefulSet
from lightkube.resources.coordination_v1 import Lease

from stswidgets import simulator
from tests.contract import waiting


@pytest.fixture(scope="module")
def handle() -> Iterator[simulator.Handle]:
    with simulator.start("empty") as started:
        yield started


def test_it_answers_whoever_trusts_its_authority_and_has_a_token(handle: simulator.Handle) -> None:
    headers = {"Authorization": f"Bearer {handle.tokens['admin']}"}
    request = urllib.request.Request(f"{handle.address}/api/v1/namespaces/default", headers=headers)
    trusting = ssl.create_default_context(cadata=handle.authority)
    with urllib.request.urlopen(request, timeout=5, context=trusting) as response:
        assert json.load(response)["metadata"]["name"] == "default"


def test_its_files_are_for_their_owner_alone(handle: simulator.Handle) -> None:
    assert stat.S_IMODE(handle.kubeconfig.stat().st_mode) == 0o600
    assert stat.S_IMODE(handle.kubeconfig.parent.stat().st_mode) == 0o700


def test_its_secrets_are_not_in_its_text(handle: simulator.Handle) -> None:
    assert not any(token in repr(handle) for token in handle.tokens.values())


def close(client: kubernetes.client.ApiClient) -> None:
    """End a client with its connections, which its own `close` leaves to the garbage collector."""
    client.rest_client.pool_manager.clear()
    client.close()


def test_the_official_client_reads_and_writes(handle: simulator.Handle) -> None:
    client = kubernetes.config.new_client_from_config(str(handle.kubeconfigs["admin"]))
    core = kubernetes.client.CoreV1Api(client)
    core.create_namespaced_config_map("default", {"metadata": {"name": "official"}, "data": {"a": "b"}})
    assert core.read_namespaced_config_map("official", "default").data == {"a": "b"}
    close(client)


def test_the_official_client_is_refused_what_a_viewer_may_not(handle: simulator.Handle) -> None:
    client = kubernetes.config.new_client_from_config(str(handle.kubeconfigs["viewer"]))
    with pytest.raises(kubernetes.client.ApiException) as refused:
        kubernetes.client.CoreV1Api(client).delete_namespaced_config_map("official", "default")
    close(client)
    assert refused.value.status == 403


def test_another_client_lists_sets(handle: simulator.Handle) -> None:
    config = lightkube.KubeConfig.from_file(str(handle.kubeconfig))
    with lightkube.Client(config=config) as client:
        assert list(client.list(StatefulSet, namespace="*")) == []


def kubectl_(kubectl: str, handle: simulator.Handle, cache: Path, *arguments: str, user: str = "admin") -> str:
    command = [kubectl, "--kubeconfig", str(handle.kubeconfigs[user]), "--cache-dir", str(cache), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_kubectl_knows_who_it_is(kubectl: str, handle: simulator.Handle, tmp_path: Path) -> None:
    assert "viewer" in kubectl_(kubectl, handle, tmp_path, "auth", "whoami", user="viewer")


def test_kubectl_creates_what_it_sends_as_protobuf(kubectl: str, handle: simulator.Handle, tmp_path: Path) -> None:
    for command in (
        ("create", "configmap", "proto", "--from-literal=a=b"),
        ("create", "secret", "generic", "proto", "--from-literal=a=b"),
        ("create", "service", "clusterip", "proto", "--tcp=80:8080"),
        ("create", "role", "proto", "--verb=get", "--resource=pods"),
        ("create", "pdb", "proto", "--selector=app=x", "--max-unavailable=10%"),
    ):
        assert "created" in kubectl_(kubectl, handle, tmp_path, *command)
    path = "jsonpath={.spec.ports[0].targetPort}"
    assert kubectl_(kubectl, handle, tmp_path, "get", "svc", "proto", "-o", path) == "8080"
    path = "jsonpath={.data.a}"
    assert kubectl_(kubectl, handle, tmp_path, "get", "secret", "proto", "-o", path) == "Yg=="
    path = "jsonpath={.spec.maxUnavailable}"
    assert kubectl_(kubectl, handle, tmp_path, "get", "pdb", "proto", "-o", path) == "10%"


def test_kubectl_explains_a_field(kubectl: str, handle: simulator.Handle, tmp_path: Path) -> None:
    assert "FIELD: replicas <integer>" in kubectl_(kubectl, handle, tmp_path, "explain", "sts.spec.replicas")


def test_kubectl_runs_a_command_to_its_end(kubectl: str, handle: simulator.Handle, tmp_path: Path) -> None:
    arguments = ("run", "greeting", "--image=busybox", "--restart=Never", "--rm", "--attach", "--", "echo", "hello")
    said = kubectl_(kubectl, handle, tmp_path, *arguments).splitlines()
    assert "hello" in said
    assert 'pod "greeting" deleted from default namespace' in said


def test_kubectl_runs_a_shell_until_its_input_ends(kubectl: str, handle: simulator.Handle, tmp_path: Path) -> None:
    command = [kubectl, "--kubeconfig", str(handle.kubeconfig), "--cache-dir", str(tmp_path)]
    arguments = ["run", "shell", "--image=busybox", "--restart=Never", "--stdin", "--", "sh"]
    typed = "echo out\necho err >&2\nexit 3\n"
    done = subprocess.run([*command, *arguments], input=typed, capture_output=True, text=True, timeout=60, check=False)
    assert "out" in done.stdout.splitlines()
    assert "err" in done.stderr.splitlines()
    assert done.stderr.splitlines()[-1] == "pod default/shell terminated (Error)"
    assert done.returncode == 3


def test_faults_are_armed_through_the_handle(handle: simulator.Handle) -> None:
    handle.faults.add("status", code=500, path="/never")
    assert [fault["code"] for fault in handle.faults.armed()] == [500]
    handle.faults.clear()
    assert handle.faults.armed() == []
    with pytest.raises(ValueError, match="kind is one of"):
        handle.faults.add("nope")


def test_it_ends_when_it_is_stopped_and_takes_its_files_along() -> None:
    started = simulator.start("empty")
    process = psutil.Process(started.pid)
    started.stop()
    assert not process.is_running()
    assert not started.kubeconfig.exists()
    started.stop()


def test_it_ends_with_its_parent() -> None:
    script = "from stswidgets import simulator; print(simulator.start('empty').pid, flush=True); input()"
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdin is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    parent.stdin.close()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"scenario": "nowhere"}, "nowhere"), ({"clock": "never"}, "never"), ({"port": 1}, "")],
)
def test_a_start_that_fails_says_why(arguments: dict[str, Any], said: str) -> None:
    with simulator.start("empty") as other:
        port = int(other.address.rpartition(":")[2])
        wanted = {"scenario": "empty", **arguments}
        if "port" in arguments:
            wanted["port"], said = port, str(port)
        with pytest.raises(simulator.StartError, match=said):
            simulator.start(**wanted)


def test_kubectl_reads_a_raw_path(kubectl: str, handle: simulator.Handle, tmp_path: Path) -> None:
    assert '"kind":"Namespace"' in kubectl_(kubectl, handle, tmp_path, "get", "--raw", "/api/v1/namespaces/default")


def test_over_plain_http_a_secret_path_tells_who_asks(kubectl: str, tmp_path: Path) -> None:
    with simulator.start("empty", tls=False) as handle:
        with urllib.request.urlopen(f"{handle.url}/api/v1/namespaces/default", timeout=5) as response:
            assert json.load(response)["metadata"]["name"] == "default"
        assert "editor" in kubectl_(kubectl, handle, tmp_path, "auth", "whoami", user="editor")
        handle.faults.add("status", code=403, path="/secrets")
        assert "a fault on demand" in kubectl_(kubectl, handle, tmp_path, "get", "secrets")


def test_nodes_renew_their_leases_once_a_scenarios_past_is_over() -> None:
    with simulator.start("canary", clock="60x") as handle:
        config = lightkube.KubeConfig.from_file(str(handle.kubeconfig))
        with lightkube.Client(config=config, namespace="kube-node-lease") as client:
            first = {lease.metadata.name: lease.spec.renewTime for lease in client.list(Lease)}
            assert first
            waiting.until(lambda: all(each.spec.renewTime > first[each.metadata.name] for each in client.list(Lease)))
