"""What a person sees and does on the pages, with fixtures in the kernel's place."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.frontend.conftest import Open
from tests.setup import frontend

pytestmark = pytest.mark.browser

AXE = frontend.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("browse", "create", "detail", "usage", "history")


def commands(page: Page, name: str) -> list[dict[str, Any]]:
    """The arguments of the commands of that name that were sent."""
    sent: list[dict[str, Any]] = page.evaluate("window.model.sent")
    return [each["args"] for each in sent if each["kind"] == "command" and each["name"] == name]


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds against WCAG and good practice (names, contrast, landmarks, roles): rule and element."""
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run('.sts-root').then((found) => found.violations)")
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [800, 1400])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_its_window(open_page: Open, page: str, width: int) -> None:
    opened = open_page(width, page=page, state="long", theme="dark", lang="zh")
    expect(opened.locator("h1")).to_be_visible()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("page", "state"),
    [
        *((page, "") for page in PAGES),
        ("browse", "error"),
        ("create", "problem"),
        ("create", "plan"),
        ("create", "overtaken"),
    ],
)
def test_no_page_has_a_barrier(open_page: Open, page: str, state: str, theme: str) -> None:
    opened = open_page(page=page, state=state, theme=theme)
    expect(opened.locator("h1")).to_be_visible()
    assert barriers(opened) == []


def test_a_dialog_has_no_barrier(open_page: Open) -> None:
    page = open_page(page="browse", state="delete")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == []


def test_the_list_shows_only_the_rows_in_view(open_page: Open) -> None:
    page = open_page(page="browse", state="many")
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "2001")
    assert page.get_by_role("row").count() < 60
    grid.evaluate("(each) => { each.scrollTop = each.scrollHeight; }")
    expect(page.get_by_text("set-1999", exact=True)).to_be_visible()


def test_the_list_is_walked_by_keyboard(open_page: Open) -> None:
    page = open_page(page="browse")
    page.locator("[data-at='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".sts-detail")).to_be_visible()
    assert [each["name"] for each in commands(page, "open")] == ["cache"]


def test_a_notebooks_one_key_commands_stay_out_of_the_list(open_page: Open) -> None:
    page = open_page(page="browse", host="notebook")
    page.evaluate(
        "document.addEventListener('keydown', (each) => { window.reached = (window.reached ?? '') + each.key; })"
    )
    page.locator("[data-at='0']").focus()
    page.keyboard.press("b")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+s")
    assert page.evaluate("window.reached").replace("Control", "").replace("Shift", "") == "s"


def test_a_search_finds_by_image(open_page: Open) -> None:
    page = open_page(page="browse")
    page.get_by_role("searchbox").fill("kafka:3")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "2")
    page.get_by_role("searchbox").fill("nothing like it")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "10")


def test_typed_text_stays_while_the_form_is_sent_again(open_page: Open) -> None:
    page = open_page(page="create")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.press("End")
    name.press_sequentially("-east-1", delay=60)
    expect(name).to_have_value("db-east-1")
    page.wait_for_function("window.model.sent.some((each) => each.name === 'set' && each.args.text === 'db-east-1')")
    expect(name).to_have_value("db-east-1")


def test_what_is_typed_in_the_editor_reaches_the_kernel_with_its_version(open_page: Open) -> None:
    page = open_page(page="create")
    editor = page.get_by_role("textbox", name="Manifest as YAML")
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# mine\n")
    page.wait_for_function("window.model.sent.some((each) => each.name === 'yaml')")
    assert commands(page, "yaml")[0]["text"].startswith("# mine\napiVersion")
    assert commands(page, "yaml")[0]["version"] == 1


def test_a_change_of_the_form_reaches_the_editor(open_page: Open) -> None:
    page = open_page(page="create")
    editor = page.get_by_role("textbox", name="Manifest as YAML")
    expect(editor).to_contain_text("replicas: 3")
    page.evaluate(
        """() => {
            const old = window.model.get('editor');
            const text = old.text.replace('replicas: 3', 'replicas: 5');
            window.model.set('editor', {...old, text, version: 2, origin: 'form'});
        }"""
    )
    expect(editor).to_contain_text("replicas: 5")


def test_a_deletion_waits_for_the_name(open_page: Open) -> None:
    page = open_page(page="browse", state="delete")
    dialog = page.get_by_role("dialog")
    delete = dialog.get_by_role("button", name="Delete", exact=True)
    delete.click(force=True)
    dialog.get_by_label("Type db to confirm").fill("db")
    delete.click()
    page.wait_for_function("window.model.sent.some((each) => each.name === 'apply')")
    assert commands(page, "apply") == [{"confirm": "db"}]


def test_what_else_goes_with_a_deletion_is_planned_anew(open_page: Open) -> None:
    page = open_page(page="browse", state="delete")
    page.get_by_role("dialog").get_by_label("Delete its Service too").check()
    page.wait_for_function("window.model.sent.some((each) => each.name === 'plan_delete')")
    assert commands(page, "plan_delete")[0]["service"] is True


def test_escape_drops_a_plan(open_page: Open) -> None:
    page = open_page(page="browse", state="delete")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_chart_grows_without_being_sent_again(open_page: Open) -> None:
    page = open_page(page="usage")
    expect(page.locator(".sts-chart .main-svg").first).to_be_visible()
    page.evaluate(
        """() => window.model.receive({kind: 'extend', chart: 'cpu', drop: 1,
            traces: [0, 1, 2].map((pod) => ({name: 'db-' + pod, x: ['2026-11-24T20:00:00Z'], y: [9]}))})"""
    )
    lengths = page.evaluate(
        "document.querySelector('.sts-chart__box').data.map((each) => [each.x.length, each.y.at(-1)])"
    )
    assert lengths == [[60, 9]] * 3


def test_the_editor_is_loaded_once_a_page(open_page: Open) -> None:
    page = open_page(page="create", state="plan")
    expect(page.locator(".cm-editor").first).to_be_visible()
    asked = page.evaluate("window.model.sent.filter((each) => each.kind === 'library').map((each) => each.name)")
    assert sorted(asked) == ["app", "editor"]


def test_the_address_follows_the_route_and_back_returns(open_page: Open) -> None:
    page = open_page(page="browse")
    page.get_by_role("button", name="db", exact=True).click()
    expect(page.locator(".sts-detail")).to_be_visible()
    expect(page).to_have_url(re.compile("namespace=shop&name=db"))
    page.go_back()
    expect(page.get_by_role("grid")).to_be_visible()


def test_an_edit_that_was_overtaken_can_be_planned_again(open_page: Open) -> None:
    page = open_page(page="create", state="overtaken")
    expect(page.get_by_role("button", name="Apply", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Plan again on what is stored now").click()
    assert commands(page, "rebase") == [{}]


def test_the_focus_goes_on_to_what_comes_when_a_plan_is_left(open_page: Open) -> None:
    page = open_page(page="create", state="plan")
    page.get_by_role("button", name="Back to the form").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()


def test_the_focus_goes_on_to_the_page_that_came(open_page: Open) -> None:
    page = open_page(page="browse")
    page.get_by_role("button", name="db", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sts-detail h1")).to_be_focused()


def test_a_page_about_one_set_says_its_namespace(open_page: Open) -> None:
    page = open_page(page="browse")
    chosen = page.get_by_role("combobox", name="Namespace", exact=True)
    expect(chosen).to_have_value("")
    page.get_by_role("button", name="db", exact=True).click()
    expect(page.locator(".sts-detail")).to_be_visible()
    expect(chosen).to_have_value("shop")


def test_stale_data_is_said_to_be_stale_with_its_age(open_page: Open) -> None:
    page = open_page(page="browse", state="stale")
    expect(page.locator(".sts-live")).to_contain_text("Stale ·")
    expect(page.get_by_text("Trying again. What is shown may be old.")).to_be_visible()


def test_an_error_stands_in_the_lists_place_with_what_to_do(open_page: Open) -> None:
    page = open_page(page="browse", state="error")
    expect(page.get_by_role("alert")).to_contain_text("Ask for the permission to list statefulsets.apps")
    expect(page.get_by_role("grid")).to_have_count(0)
