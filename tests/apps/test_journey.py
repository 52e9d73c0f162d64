"""The main job: form, plan, apply, rollout, pods, a new image, two revisions, and back."""

from __future__ import annotations

from collections.abc import Callable

from stswidgets.apps import pages
from stswidgets.cluster.connection import Cluster
from tests.apps.driving import Page

IMAGE = "spec.template.spec.containers[0].image"


def test_a_person_creates_a_set_and_sees_its_pods(shown: Callable[..., Page], cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, cluster=cluster)
    page.ok("set", path="metadata.name", text="web")
    page.ok("set", path=IMAGE, text="nginx:1.27")
    page.ok("plan")
    assert [(each["verb"], each["kind"]) for each in page.view.plan["objects"]] == [
        ("create", "Service"),
        ("create", "StatefulSet"),
    ]
    page.ok("apply")
    page.wait(lambda: page.view.rollout and page.view.rollout["done"])
    assert cluster.read("statefulsets", namespace, "web")["status"]["readyReplicas"] == 1


def test_a_plan_writes_nothing(shown: Callable[..., Page], cluster: Cluster, namespace: str) -> None:
    page = shown(pages.create, namespace, "web", cluster=cluster)
    page.ok("set", path=IMAGE, text="nginx:1.27")
    page.ok("plan")
    assert cluster.list("statefulsets", namespace) == []


def test_a_new_image_makes_a_second_revision_and_the_first_can_be_rolled_back_to(
    stored: Page, cluster: Cluster, namespace: str
) -> None:
    stored.ok("edit")
    stored.ok("set", path=IMAGE, text="nginx:1.28")
    stored.ok("plan")
    stored.ok("apply")
    stored.wait(lambda: stored.view.rollout and stored.view.rollout["done"] and stored.view.rollout["updated"] == 2)
    stored.ok("open", page="history", namespace=namespace, name="db")
    stored.wait(lambda: stored.view.history and len(stored.view.history["revisions"]) == 2)
    stored.ok("compare", a=1, b=2)
    assert [change["path"] for change in stored.view.history["compare"]["changes"]] == [
        "spec.template.spec.containers[0].image"
    ]
    stored.ok("plan_roll_back", revision=1)
    stored.ok("apply")
    stored.wait(lambda: [row["number"] for row in stored.view.history["revisions"]] == [3, 2])
    live = cluster.read("statefulsets", namespace, "db")
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:1.27"


def test_a_rollout_goes_on_when_the_page_is_left(stored: Page, namespace: str) -> None:
    stored.ok("plan_restart")
    stored.ok("apply")
    stored.ok("open", page="browse", namespace=namespace)
    stored.wait(lambda: [row["revision"]["to"] for row in stored.rows("sets")] == [2])
    stored.ok("open", page="detail", namespace=namespace, name="db")
    stored.wait(lambda: [row["revision"] for row in stored.rows("pods")] == [2, 2])
    stored.wait(lambda: stored.view.rollout["done"])


def test_scaling_goes_through_a_plan_that_says_what_goes(stored: Page, cluster: Cluster, namespace: str) -> None:
    stored.ok("plan_scale", replicas=1)
    assert any("db-1" in text for text in stored.view.plan["goes"])
    stored.ok("apply")
    stored.wait(lambda: len(stored.rows("pods")) == 1)
    assert cluster.read("statefulsets", namespace, "db")["spec"]["replicas"] == 1


def test_a_delete_asks_for_the_name_and_says_that_the_set_is_gone(stored: Page) -> None:
    stored.ok("plan_delete")
    assert stored.view.plan["confirm"] == "db"
    assert "db" in stored.refused("apply", confirm="dB")["text"]
    stored.ok("apply", confirm="db")
    stored.wait(lambda: (stored.view.detail or {}).get("missing"))
    assert "deleted" in stored.view.detail["missing"]["text"]
