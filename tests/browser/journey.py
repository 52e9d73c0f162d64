"""The pages as a person uses them, said once for every journey."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# A rollout of three pods on a busy machine: the stand-in nodes of the control plane take seconds for each.
ROLLOUT_MS = 90_000

CONTAINER = "spec.template.spec.containers[0]"
CLAIM = "spec.volumeClaimTemplates[0]"


@dataclass(frozen=True)
class Form:
    """The create page, and the form over a stored set."""

    page: Page

    def wait(self) -> Form:
        self.page.locator(".sts-create .sts-field").first.wait_for()
        return self

    def step(self, title: str) -> None:
        steps = self.page.get_by_role("navigation", name="Steps")
        steps.get_by_role("button", name=re.compile(f"^{re.escape(title)}")).click()

    def node(self, path: str) -> Locator:
        """The field that shows what stands at a path of the manifest."""
        here = self.page.locator(".sts-field__path", has_text=re.compile(f"^{re.escape(path)}$"))
        return self.page.locator(".sts-field", has=here)

    def input(self, path: str) -> Locator:
        return self.node(path).locator("input, select, textarea").first

    def fill(self, path: str, text: str) -> None:
        """Type over a field's value and leave the field."""
        self.input(path).fill(text)
        self.input(path).press("Tab")

    def problem(self, path: str) -> Locator:
        return self.node(path).locator(".sts-field__problem")

    def add(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).first.click()

    def yaml(self) -> Locator:
        """The manifest's text in the editor."""
        return self.page.locator(".sts-create .cm-content").first

    def review(self) -> None:
        self.step("Review")
        self.page.locator(".sts-plan").wait_for()

    def planned(self, kind: str, name: str) -> Locator:
        """What the plan would do to one object."""
        return self.page.get_by_role("region", name=f"{kind} {name}")

    def apply(self) -> None:
        """Press the plan's one primary button."""
        self.page.locator(".sts-plan .sts-actions .sts-button--primary").click()

    def wait_for_rollout(self, sentence: str) -> None:
        expect(self.page.locator(".sts-rollout")).to_contain_text(sentence, timeout=ROLLOUT_MS)

    def open_details(self) -> None:
        self.page.get_by_role("button", name="Open details").click()
        self.page.get_by_role("tablist").first.wait_for()


def create_three_pods(form: Form, name: str) -> None:
    """Fill in what a small database needs, step by step."""
    form.fill("metadata.name", name)
    form.step("Pods and containers")
    form.fill("spec.replicas", "3")
    form.fill(f"{CONTAINER}.image", "postgres:16")
    form.add("Add port")
    form.fill(f"{CONTAINER}.ports[0].containerPort", "5432")
    form.fill(f"{CONTAINER}.resources.requests[cpu]", "100m")
    form.fill(f"{CONTAINER}.resources.limits[memory]", "256Mi")
    form.add("Add variable")
    form.fill(f"{CONTAINER}.env[0].name", "PGDATA")
    form.fill(f"{CONTAINER}.env[0].value", "/data/pg")
    form.step("Storage")
    form.add("Add persistent volume claim template")
    form.fill(f"{CLAIM}.metadata.name", "data")
    form.fill(f"{CLAIM}.spec.resources.requests[storage]", "1Gi")
    form.fill(f"{CONTAINER}.volumeMounts[data].mountPath", "/data")


def open_tab(page: Page, title: str) -> None:
    page.get_by_role("tab", name=title, exact=True).click()
