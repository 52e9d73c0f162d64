"""Which cluster, and as whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from stswidgets import cluster as clusters
from stswidgets import errors
from stswidgets.apps import connection as apps
from stswidgets.cluster import credentials


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which nothing says which cluster is meant."""
    for name in ("KUBECONFIG", "STSWIDGETS_CLUSTER", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def write(path: Path, *names: str, current: str | None = None) -> Path:
    """A kubeconfig with a context for each name."""
    entries = "".join(f"- {{name: {name}, cluster: {{server: 'http://127.0.0.1:9/{name}'}}}}\n" for name in names)
    contexts = "".join(
        f"- {{name: {name}, context: {{cluster: {name}, user: me, namespace: of-{name}}}}}\n" for name in names
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"apiVersion: v1\nkind: Config\ncurrent-context: {current or names[0]}\n"
        f"clusters:\n{entries}contexts:\n{contexts}users: [{{name: me, user: {{token: secret-token}}}}]\n"
    )
    return path


def test_without_any_cluster_the_error_says_what_was_tried_and_how_to_start_the_simulator():
    with pytest.raises(errors.NoClusterError) as caught:
        clusters.connect()
    assert "~/.kube/config" in str(caught.value)
    assert "service account" in str(caught.value)
    assert "simulator" in str(caught.value)


def test_a_named_kubeconfig_that_is_not_there_is_named(tmp_path):
    with pytest.raises(errors.NoClusterError) as caught:
        clusters.connect(kubeconfig=tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(caught.value)


def test_the_default_kubeconfig_and_its_current_context_are_used(tmp_path):
    write(tmp_path / "home" / ".kube" / "config", "dev", "prod", current="prod")
    with clusters.connect() as cluster:
        assert (cluster.name, cluster.namespace, cluster.contexts) == ("prod", "of-prod", ("dev", "prod"))


def test_kubeconfig_may_name_several_files(tmp_path, monkeypatch):
    first, second = write(tmp_path / "one", "dev"), write(tmp_path / "two", "prod")
    monkeypatch.setenv("KUBECONFIG", f"{first}:{second}")
    with clusters.connect(context="prod") as cluster:
        assert cluster.context == "prod"
        assert cluster.contexts == ("dev", "prod")


def test_a_context_that_is_not_there_names_those_that_are(tmp_path):
    config = write(tmp_path / "config", "dev", "prod")
    with pytest.raises(errors.ContextError) as caught:
        clusters.connect(kubeconfig=config, context="prd")
    assert "prd" in str(caught.value)
    assert "dev, prod" in str(caught.value)


def test_a_namespace_given_by_hand_wins_over_the_contexts(tmp_path):
    with clusters.connect(kubeconfig=write(tmp_path / "config", "dev"), namespace="shop") as cluster:
        assert cluster.namespace == "shop"


@pytest.mark.parametrize("text", ["", "- a list", "contexts: {a: b}", "{not yaml", "contexts: [{name: a}]"])
def test_a_file_that_is_no_kubeconfig_is_an_error_that_names_it(tmp_path, text):
    config = tmp_path / "config"
    config.write_text(text)
    with pytest.raises(errors.ConnectionError_) as caught:
        clusters.connect(kubeconfig=config, context="a")
    assert str(config) in str(caught.value) or isinstance(caught.value, errors.ContextError)


def test_a_token_is_in_no_text_about_the_cluster(tmp_path):
    with clusters.connect(kubeconfig=write(tmp_path / "config", "dev")) as cluster:
        with pytest.raises(errors.UnreachableError) as caught:
            cluster.server_version()
        assert "secret-token" not in f"{cluster!r} {caught.value} {caught.value.detail} {cluster.transport!r}"


def test_a_pod_uses_its_service_account(tmp_path, monkeypatch):
    (tmp_path / "token").write_text("pod-token")
    (tmp_path / "namespace").write_text("shop\n")
    monkeypatch.setattr(credentials, "SERVICE_ACCOUNT", tmp_path)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    source = credentials.find(kubeconfig=None, context=None)
    assert (source.name, source.namespace) == ("in-cluster", "shop")


def test_the_variable_may_hold_a_kubeconfigs_path(tmp_path, monkeypatch):
    monkeypatch.setenv("STSWIDGETS_CLUSTER", str(write(tmp_path / "config", "dev")))
    with apps.connect() as cluster:
        assert cluster.name == "dev"


def test_an_explicit_kubeconfig_wins_over_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("STSWIDGETS_CLUSTER", "simulator")
    with apps.connect(kubeconfig=write(tmp_path / "config", "dev")) as cluster:
        assert cluster.name == "dev"
        assert not cluster.is_simulator


def test_a_running_simulator_is_connected_to_by_its_handle(simulator):
    with apps.connect(simulator) as cluster:
        assert cluster.is_simulator
        assert cluster.server_version()["gitVersion"]


def test_a_simulator_behind_a_kubeconfig_is_recognised_once_it_has_answered(simulator):
    with clusters.connect(kubeconfig=simulator.kubeconfig) as cluster:
        cluster.server_version()
        assert cluster.is_simulator
