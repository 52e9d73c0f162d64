"""The main job through the browser, in order: create, watch, chart, change, compare, roll back.

The steps build on each other, as a person's do: each test begins where the one before it ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, tab_of
from tests.browser.journey import CONTAINER, ROLLOUT_MS, Form, create_three_pods, open_tab
from tests.contract.client import Client, Namespace

NAME = "orders"


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[tuple[Page, Watched]]:
    """One browser tab for the whole journey."""
    with tab_of(browser) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tab):
    return tab[0]


@pytest.fixture(scope="module")
def cluster(dashboards, namespace) -> Namespace:
    """The cluster itself, asked without the product."""
    return Namespace(Client(dashboards.kubeconfig), namespace)


def test_the_form_fills_the_yaml_beside_it(page, dashboards, namespace):
    page.goto(dashboards.page("create", namespace=namespace))
    form = Form(page).wait()
    create_three_pods(form, NAME)
    expect(form.yaml()).to_contain_text("clusterIP: None")


def test_the_plan_shows_what_the_server_would_store(page):
    form = Form(page)
    form.review()
    stored = form.planned("StatefulSet", NAME)
    # What the server fills in; servers differ in which comes first, and the editor draws what is in sight.
    expect(stored).to_contain_text(re.compile("imagePullPolicy|terminationMessagePath"))


def test_nothing_is_written_before_apply(cluster):
    assert cluster.names("statefulsets") == []


def test_apply_writes_the_set_and_its_headless_service(page, cluster):
    form = Form(page)
    form.apply()
    page.locator(".sts-rollout").wait_for()
    assert (cluster.names("statefulsets"), cluster.names("services")) == ([NAME], [NAME])


def test_the_rollout_is_shown_until_every_ordinal_is_ready(page):
    Form(page).wait_for_rollout("3/3")
    expect(page.locator(".sts-ordinal__pod")).to_have_text([f"{NAME}-0", f"{NAME}-1", f"{NAME}-2"])


def test_pods_were_created_in_order(cluster):
    started = {pod["metadata"]["name"]: pod["metadata"]["creationTimestamp"] for pod in cluster.items("pods")}
    assert sorted(started, key=lambda name: (started[name], name)) == [f"{NAME}-0", f"{NAME}-1", f"{NAME}-2"]


def test_the_detail_page_lists_the_pods_by_ordinal(page):
    Form(page).open_details()
    pods = page.get_by_role("table", name="Pods").locator("tbody tr .sts-name")
    expect(pods.first).to_have_text(f"{NAME}-0")


def test_usage_is_charted_with_its_limit(page):
    open_tab(page, "Usage")
    expect(page.locator(".js-plotly-plot")).to_have_count(2, timeout=ROLLOUT_MS)
    expect(page.locator(".js-plotly-plot .legendtext").filter(has_text="Limits").first).to_be_visible()


def test_usage_points_arrive_without_the_figure_being_sent_again(page):
    count = "() => document.querySelector('.js-plotly-plot').data[0].y.filter(v => v !== null).length"
    page.wait_for_function(f"{count.replace('() =>', '() => 2 <=')}", timeout=ROLLOUT_MS)


def test_an_edit_shows_its_one_difference(page):
    page.get_by_role("button", name="Edit", exact=True).click()
    form = Form(page).wait()
    form.step("Pods and containers")
    form.fill(f"{CONTAINER}.image", "postgres:17")
    form.review()
    expect(form.planned("StatefulSet", NAME)).to_contain_text("1 change")


def test_the_changed_image_rolls_out(page):
    form = Form(page)
    form.apply()
    form.wait_for_rollout("3 of 3 updated")


def test_two_revisions_are_listed_with_what_differs(page):
    Form(page).open_details()
    open_tab(page, "Revisions")
    expect(page.get_by_role("table", name="Revisions").locator("tbody tr")).to_have_count(2)
    expect(page.locator(".sts-changes__path")).to_contain_text([f"{CONTAINER}.image"])


def test_roll_back_is_planned_and_applied(page, cluster):
    page.get_by_role("button", name="Roll back", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("postgres:16")
    dialog.locator(".sts-actions .sts-button--primary").click()
    expect(page.get_by_role("table", name="Revisions").locator("tbody tr").first).to_contain_text(
        "postgres:16", timeout=ROLLOUT_MS
    )


def test_rolling_back_renumbered_the_old_revision(cluster):
    assert sorted(revision["revision"] for revision in cluster.items("controllerrevisions")) == [2, 3]


def test_the_address_opens_the_same_view_for_a_colleague(page, dashboards, namespace):
    assert page.url == dashboards.page("detail", namespace=namespace, name=NAME, tab="revisions")


def test_the_list_shows_the_set_with_its_readiness(page, namespace):
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="StatefulSets").click()
    row = page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("3/3", timeout=ROLLOUT_MS)


def test_the_list_finds_by_image(page):
    page.get_by_label("Search", exact=True).fill("no-such-image")
    expect(page.get_by_text("No StatefulSet matches.")).to_be_visible()
    page.get_by_label("Search", exact=True).fill("postgres:16")
    expect(page.get_by_role("row").filter(has_text=NAME)).to_be_visible()


def test_a_delete_asks_for_the_name_and_says_what_stays(page):
    page.get_by_role("button", name=f"Actions for {NAME}").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"data-{NAME}-0")
    expect(dialog.locator(".sts-actions .sts-button--danger")).to_be_disabled()


def test_the_confirmed_delete_removes_the_set_and_keeps_its_claims(page, cluster):
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(f"Type {NAME} to confirm").fill(NAME)
    dialog.locator(".sts-actions .sts-button--danger").click()
    expect(page.get_by_role("row").filter(has_text=NAME)).to_have_count(0, timeout=ROLLOUT_MS)
    assert len(cluster.items("persistentvolumeclaims")) == 3


def test_the_journey_asked_nothing_outside_and_reported_no_error(tab):
    _, seen = tab
    assert (seen.outside, seen.errors) == ([], [])
