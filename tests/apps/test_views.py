"""What every view does: its address, language, presence, notices, tables, logs, frames."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stswidgets.apps import hosting, pages
from stswidgets.apps.router import Router
from stswidgets.cluster.connection import Cluster
from stswidgets.state.route import RouteState
from stswidgets.widgets.view import View
from tests.apps.driving import Page

IMAGE = "spec.template.spec.containers[0].image"
Open = Callable[..., Page]


def impatient_view(page: str, namespace: str, cluster: Cluster) -> View:
    """A view that takes a browser for gone after half a second."""
    route = RouteState(page, namespace=namespace)
    return View(Router(route, lambda _context: cluster, cluster=cluster, host=hosting.host({}), patience=0.5))


def test_the_list_follows_the_cluster(shown: Open, cluster: Cluster, namespace: str, stored: Page) -> None:
    page = shown(pages.browse, namespace, cluster=cluster)
    page.wait(lambda: [(row["name"], row["ready"]) for row in page.rows("sets")] == [("db", 2)])
    stored.ok("plan_scale", replicas=0)
    stored.ok("apply")
    page.wait(lambda: [row["status"]["tone"] for row in page.rows("sets")] == ["stopped"])


def test_an_empty_namespace_is_said_to_be_empty(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.browse, namespace, cluster=cluster)
    page.wait(lambda: page.view.browse["empty"])
    assert namespace in page.view.browse["empty"]


def test_opening_a_row_shows_the_set_in_the_same_view(
    shown: Open, cluster: Cluster, stored: Page, namespace: str
) -> None:
    page = shown(pages.browse, namespace, cluster=cluster)
    page.ok("open", page="detail", namespace=namespace, name="db", tab="events")
    page.wait(lambda: page.view.detail)
    assert page.view.route == {"page": "detail", "namespace": namespace, "name": "db", "tab": "events"}
    page.wait(lambda: any(row["reason"] == "SuccessfulCreate" for row in page.rows("events")))


def test_another_language_is_spoken_at_once(stored: Page) -> None:
    stored.ok("set_options", lang="zh-CN")
    assert stored.view.options["lang"] == "zh"
    assert stored.view.detail["status"]["word"] == "运行中"
    assert stored.view.session["live"]["text"] == "实时"
    assert stored.view.messages["ui.create"] != "Create"


def test_a_theme_is_remembered_and_nonsense_is_not(stored: Page) -> None:
    stored.ok("set_options", theme="dark")
    stored.ok("set_options", theme="pink")
    assert stored.view.options["theme"] == "dark"


def test_a_draft_survives_a_visit_to_the_list(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, cluster=cluster)
    page.ok("set", path="metadata.name", text="half-done")
    page.ok("open", page="browse")
    page.ok("open", page="create")
    assert page.field("metadata.name")["value"] == "half-done"


def test_a_starter_fills_the_form_in_this_namespace(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, cluster=cluster)
    page.ok("use_starter", id=page.view.form["starters"][0]["id"])
    assert page.field("metadata.namespace")["value"] == namespace
    assert page.view.form["can_plan"]


def test_the_form_and_what_is_typed_meanwhile_into_the_editor_both_stand(
    shown: Open, cluster: Cluster, namespace: str
) -> None:
    page = shown(pages.create, namespace, "web", cluster=cluster)
    begun = dict(page.view.editor)
    page.ok("set", path=IMAGE, text="nginx:1.27")
    page.ok("yaml", text=begun["text"].replace("replicas: 1", "replicas: 4"), version=begun["version"])
    assert (page.field(IMAGE)["value"], page.field("spec.replicas")["value"]) == ("nginx:1.27", "4")


def test_what_is_typed_into_the_editor_comes_back_unchanged(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, "web", cluster=cluster)
    text = page.view.editor["text"].replace("replicas: 1", "replicas: 4 # as agreed")
    page.ok("yaml", text=text, version=page.view.editor["version"])
    assert (page.view.editor["text"], page.view.editor["origin"]) == (text, "editor")


def test_suggestions_come_from_the_cluster(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, cluster=cluster)
    page.wait(lambda: namespace in page.field("metadata.namespace")["suggestions"])


def test_edit_opens_the_stored_set_with_its_service(stored: Page, namespace: str) -> None:
    stored.ok("edit")
    assert stored.view.route == {"page": "create", "namespace": namespace, "name": "db", "tab": "edit"}
    assert stored.field("service:")["value"] == "true"
    assert stored.field(IMAGE)["value"] == "nginx:1.27"


def test_an_edit_that_changes_nothing_plans_nothing(stored: Page) -> None:
    stored.ok("edit")
    stored.ok("plan")
    assert not stored.view.plan["can_apply"]


def test_an_address_of_an_edit_opens_it(shown: Open, cluster: Cluster, namespace: str, stored: Page) -> None:
    page = shown(pages.browse, namespace, cluster=cluster)
    page.ok("open", page="create", namespace=namespace, name="db", tab="edit")
    page.wait(lambda: page.view.form and page.view.form["is_edit"])


def test_logs_arrive_as_lines(stored: Page) -> None:
    stored.ok("logs", pod="db-0", container="main", previous=False, follow=True)
    stored.wait(lambda: stored.rows("logs"))
    assert all(row["text"] for row in stored.rows("logs"))
    stored.ok("stop_logs")


def test_a_log_that_cannot_be_read_is_a_notice(stored: Page) -> None:
    stored.ok("logs", pod="db-0", container="nobody", previous=False, follow=False)
    stored.wait(lambda: stored.view.notices)
    assert stored.view.notices[0]["severity"] == "error"


def test_a_notice_goes_when_it_is_dismissed(stored: Page) -> None:
    notice = stored.refused("plan_scale", replicas=-1)
    stored.ok("dismiss", id=notice["id"])
    assert stored.view.notices == []


def test_nobody_there_stops_the_watches_and_a_sign_starts_them(shown: Open, cluster: Cluster, namespace: str) -> None:
    page = shown(impatient_view, "browse", namespace, cluster)
    page.wait(lambda: page.view.session["live"]["state"] == "live")
    page.wait(lambda: page.view.session["live"]["state"] == "stopped")
    assert page.view.source.parts.browse.tasks.running == 0
    page.send({"kind": "heartbeat"})
    page.wait(lambda: page.view.session["live"]["state"] == "live")


def test_closing_a_view_leaves_nothing_running(shown: Open, cluster: Cluster, namespace: str, stored: Page) -> None:
    stored.view.close()
    parts = stored.view.source.parts
    assert [topic.tasks.running for topic in parts.topics()] == [0] * 8
    assert parts.desk.tasks.running == 0


@pytest.mark.parametrize(
    ("view", "rows"),
    [
        pytest.param(pages.browse, 1, id="sets"),
        pytest.param(pages.detail, 2, id="pods"),
        pytest.param(pages.history, 1, id="revisions"),
    ],
)
def test_a_frame_has_the_pages_rows(
    view: Callable[..., View], rows: int, shown: Open, stored: Page, namespace: str
) -> None:
    where = (namespace,) if view is pages.browse else (namespace, "db")
    assert len(shown(view, *where, cluster=stored.view.source.desk.cluster).view.frame()) == rows


def test_the_forms_frame_names_fields_with_their_values(shown: Open, cluster: Cluster, namespace: str) -> None:
    frame = shown(pages.create, namespace, "web", cluster=cluster).view.frame()
    assert frame.loc[frame["path"] == "metadata.name", "value"].tolist() == ["web"]


def test_a_dashboards_address_says_what_is_shown(
    shown: Open, cluster: Cluster, stored: Page, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    monkeypatch.setenv("SCRIPT_NAME", "/voila/render/detail.ipynb")
    monkeypatch.setenv("QUERY_STRING", f"namespace={namespace}&name=db&tab=yaml&lang=zh")
    page = shown(pages.detail, cluster=cluster)
    assert page.view.route == {"page": "detail", "namespace": namespace, "name": "db", "tab": "yaml"}
    assert page.view.options["lang"] == "zh"
    assert page.view.options["chrome"]
    assert page.view.options["pages"][1]["href"] == "/voila/render/create.ipynb"


def test_in_a_notebook_there_is_no_page_bar(shown: Open, cluster: Cluster) -> None:
    options = shown(pages.browse, cluster=cluster).view.options
    assert (options["chrome"], options["hosts"]) == (False, "notebook")


def test_a_page_of_a_set_without_a_name_says_that_none_is_chosen(shown: Open, cluster: Cluster) -> None:
    page = shown(pages.detail, cluster=cluster)
    page.wait(lambda: page.view.detail)
    assert page.view.detail["missing"]["next"]
