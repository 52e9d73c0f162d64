"""What goes wrong is said at its place, and nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubernetes import config
from kubernetes.client import AppsV1Api

from stswidgets import simulator as simulators
from stswidgets.apps import pages
from stswidgets.cluster.connection import Cluster
from tests.apps.driving import Page
from tests.apps.wire import Wire

IMAGE = "spec.template.spec.containers[0].image"
Open = Callable[..., Page]


@pytest.fixture
def form(shown: Open, cluster: Cluster, namespace: str) -> Page:
    """A form that lacks nothing."""
    page = shown(pages.create, namespace, "web", cluster=cluster)
    page.ok("set", path=IMAGE, text="nginx:1.27")
    assert page.view.form["can_plan"]
    return page


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("metadata.name", "Not_a_name", id="invalid-name"),
        pytest.param("metadata.name", "n" * 64, id="long-name"),
        pytest.param("spec.replicas", "-1", id="negative-replicas"),
        pytest.param("spec.replicas", "1.5", id="half-a-replica"),
        pytest.param("spec.template.spec.containers[0].resources.limits[memory]", "12Gx", id="no-quantity"),
    ],
)
def test_a_wrong_value_stays_as_typed_with_its_problem_at_its_field(form: Page, path: str, text: str) -> None:
    form.ok("set", path=path, text=text)
    assert form.field(path)["value"] == text
    assert form.field(path)["problem"]["severity"] == "error"
    assert not form.view.form["can_plan"]


def test_a_duplicate_port_is_said_at_the_second_one(form: Page) -> None:
    for at in (0, 1):
        form.ok("add", path="spec.template.spec.containers[0].ports")
        form.ok("set", path=f"spec.template.spec.containers[0].ports[{at}].containerPort", text="80")
        form.ok("set", path=f"spec.template.spec.containers[0].ports[{at}].name", text="http")
    problems = [
        form.field(f"spec.template.spec.containers[0].ports[1].{each}")["problem"] for each in ("name", "containerPort")
    ]
    assert any(problems)


def test_yaml_that_does_not_parse_stays_with_its_line(form: Page) -> None:
    text = "apiVersion: apps/v1\nkind: StatefulSet\n\tname: [\n"
    form.ok("yaml", text=text, version=form.view.editor["version"])
    assert form.view.editor["text"] == text
    assert form.view.editor["problems"][0]["line"] == 3
    assert form.field(IMAGE)["value"] == "nginx:1.27"


def test_yaml_of_another_kind_is_named(form: Page) -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"
    form.ok("yaml", text=text, version=form.view.editor["version"])
    assert "Deployment" in form.view.editor["problems"][0]["text"]
    assert form.view.editor["text"] == text


def test_a_form_with_problems_is_not_planned(form: Page) -> None:
    form.ok("set", path="spec.replicas", text="-1")
    assert form.refused("plan")["severity"] == "error"
    assert form.view.plan is None


def test_a_taken_name_is_refused_in_the_plan(stored: Page, shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, "db", cluster=cluster)
    page.ok("set", path=IMAGE, text="nginx:1.27")
    page.ok("plan")
    assert not page.view.plan["can_apply"]
    assert any("db" in problem["text"] for problem in page.view.plan["problems"])


def test_a_changed_immutable_field_has_its_problem_at_its_field(stored: Page) -> None:
    stored.ok("edit")
    stored.wait(lambda: stored.view.form and stored.view.form["is_edit"])
    text = stored.view.editor["text"].replace("serviceName: db", "serviceName: other")
    stored.ok("yaml", text=text, version=stored.view.editor["version"])
    assert stored.field("spec.serviceName")["problem"]["severity"] == "error"


def test_a_conflict_with_another_manager_names_it_and_can_be_taken_over(
    stored: Page, cluster: Cluster, namespace: str, simulator: simulators.Handle
) -> None:
    _apply_as("autoscaling-team", _scaled(namespace, 3), simulator)
    stored.ok("edit")
    stored.ok("set", path="spec.replicas", text="1")
    stored.ok("plan")
    assert [conflict["manager"] for conflict in stored.view.plan["conflicts"]] == ["autoscaling-team"]
    stored.ok("apply", force=True)
    assert stored.view.plan["can_apply"]
    stored.ok("apply", force=True)
    assert cluster.read("statefulsets", namespace, "db")["spec"]["replicas"] == 1


@pytest.fixture
def overtaken(stored: Page, namespace: str, simulator: simulators.Handle) -> Page:
    """The form of `db` with another image, while somebody else has scaled the set to 3."""
    stored.ok("edit")
    stored.ok("set", path=IMAGE, text="nginx:1.28")
    _apply_as("autoscaling-team", _scaled(namespace, 3), simulator)
    stored.ok("plan")
    assert (stored.view.plan["can_apply"], stored.view.plan["can_rebase"]) == (False, True)
    return stored


def test_an_edit_that_was_overtaken_is_planned_again_on_what_is_stored(overtaken: Page) -> None:
    overtaken.ok("rebase")
    overtaken.wait(lambda: overtaken.view.plan["can_apply"])
    (planned,) = (each for each in overtaken.view.plan["objects"] if each["verb"] != "unchanged")
    assert [(each["path"], each["after"]) for each in planned["changes"]] == [(IMAGE, "nginx:1.28")]
    assert overtaken.field("spec.replicas")["value"] == "3"


def test_a_field_that_both_changed_is_said_and_the_persons_value_stands(overtaken: Page) -> None:
    overtaken.ok("set", path="spec.replicas", text="1")
    overtaken.ok("rebase")
    overtaken.wait(lambda: overtaken.view.notices)
    assert "spec.replicas" in overtaken.view.notices[0]["text"]
    assert overtaken.field("spec.replicas")["value"] == "1"


def _scaled(namespace: str, replicas: int) -> dict[str, Any]:
    metadata = {"name": "db", "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata, "spec": {"replicas": replicas}}


def test_without_a_cluster_the_page_says_what_was_tried(
    shown: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    page = shown(pages.browse)
    page.wait(lambda: page.view.browse["error"])
    assert "KUBECONFIG" in page.view.browse["error"]["next"]


def test_a_wrong_context_names_those_that_exist_and_the_page_stays(stored: Page) -> None:
    error = stored.refused("select_context", context="elsewhere")
    assert "elsewhere" in error["text"]
    assert "simulator" in error["next"]
    assert stored.view.detail["name"] == "db"


def test_an_expired_token_is_said_on_the_page(
    shown: Open, simulator: simulators.Handle, tmp_path: Path, namespace: str
) -> None:
    page = shown(pages.browse, namespace, cluster=_kubeconfig(simulator, tmp_path, token="expired"))
    page.wait(lambda: page.view.browse["error"])
    assert "credentials" in page.view.browse["error"]["text"]


def test_a_forbidden_namespace_names_the_permission(shown: Open, simulator: simulators.Handle) -> None:
    page = shown(pages.browse, "shop", cluster=str(simulator.kubeconfigs["nobody"]))
    page.wait(lambda: page.view.browse["error"])
    assert "statefulsets" in page.view.browse["error"]["text"]


def test_what_a_viewer_may_not_do_is_off_and_says_which_permission_is_missing(
    stored: Page, shown: Open, simulator: simulators.Handle, namespace: str
) -> None:
    page = shown(pages.detail, namespace, "db", cluster=str(simulator.kubeconfigs["viewer"]))
    page.wait(lambda: page.view.detail and not any(action["enabled"] for action in page.view.detail["actions"]))
    assert "delete statefulsets" in page.view.detail["actions"][-1]["why"]


def test_a_server_that_is_gone_and_back_is_shown_and_the_page_goes_on(
    shown: Open, simulator: simulators.Handle, tmp_path: Path, namespace: str, cluster: Cluster
) -> None:
    wire = Wire(int(simulator.address.rpartition(":")[2]))
    server = f"https://127.0.0.1:{wire.port}"
    page = shown(pages.browse, namespace, cluster=_kubeconfig(simulator, tmp_path, server=server))
    page.wait(lambda: page.view.session["live"]["state"] == "live")
    wire.cut()
    page.wait(lambda: page.view.session["live"]["state"] in {"stale", "lost"})
    cluster.apply(cluster.plan_apply([_manifest(namespace, "late", 0)]))
    wire.mend()
    page.wait(lambda: page.view.session["live"]["state"] == "live")
    page.wait(lambda: [row["name"] for row in page.rows("sets")] == ["late"])
    wire.cut()


def test_a_set_that_does_not_exist_is_said_to_be_missing(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.detail, namespace, "nothing", cluster=cluster)
    page.wait(lambda: page.view.detail)
    assert "nothing" in page.view.detail["missing"]["text"]


def test_a_name_that_no_object_can_have_is_not_asked_for(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.detail, namespace, "../../secrets", cluster=cluster)
    page.wait(lambda: page.view.detail)
    assert page.view.detail["missing"]["severity"] == "warning"


def test_an_unknown_command_is_answered(form: Page) -> None:
    assert "fly" in form.refused("fly")["text"]


def test_a_command_that_breaks_is_a_notice_and_not_silence(form: Page, caplog: pytest.LogCaptureFixture) -> None:
    error = form.refused("compare", a="x", b="y")
    assert error["severity"] == "error"
    assert error in form.view.notices


def _kubeconfig(simulator: simulators.Handle, folder: Path, *, token: str = "", server: str = "") -> str:
    """The administrator's kubeconfig with another token, or with another address."""
    found = json.loads(Path(simulator.kubeconfig).read_text())
    if token:
        found["users"][0]["user"]["token"] = token
    found["clusters"][0]["cluster"]["server"] = server or simulator.address
    path = folder / "kubeconfig"
    path.write_text(json.dumps(found))
    return str(path)


def _manifest(namespace: str, name: str, replicas: int) -> dict[str, Any]:
    labels = {"app": name}
    container = {"name": "main", "image": "nginx:1.27"}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def _apply_as(manager: str, manifest: dict[str, Any], simulator: simulators.Handle) -> None:
    """Server-side apply under another field manager's name, as another tool would."""
    meta = manifest["metadata"]
    with config.new_client_from_config(str(simulator.kubeconfig)) as client:
        AppsV1Api(client).patch_namespaced_stateful_set(
            meta["name"],
            meta["namespace"],
            manifest,
            field_manager=manager,
            force=True,
            _content_type="application/apply-patch+yaml",
        )
