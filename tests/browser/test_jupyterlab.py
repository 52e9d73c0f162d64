"""The same widgets in a notebook in JupyterLab: one journey, from the form to running pods."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.binder import answers
from tests.browser.conftest import own_namespace, tab_of
from tests.browser.dashboards import free_port
from tests.browser.journey import Form, create_three_pods
from tests.contract import waiting
from tests.contract.client import Client, Namespace


@pytest.fixture(scope="module")
def namespace(kubeconfig: Path) -> Iterator[str]:
    """A namespace of this module's own on the cluster under test; no dashboards are served here."""
    with own_namespace(kubeconfig) as name:
        yield name


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, namespace: str) -> Iterator[str]:
    """JupyterLab on a folder with one notebook: the create view, as a person would write it."""
    folder = tmp_path_factory.mktemp("lab")
    source = f"import stswidgets as sts\nsts.create({namespace!r})"
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [cell]}
    (folder / "create.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    port = free_port()
    environment = {**os.environ, "STSWIDGETS_CLUSTER": str(kubeconfig), "JUPYTER_CONFIG_DIR": str(folder / "config")}
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": "",
        # Neither news nor updates are asked for outside.
        "LabApp.news_url": "",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            waiting.until(lambda: answers(f"{address}/api/status"), what="served")
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


@pytest.fixture(scope="module")
def page(browser: Browser, lab: str) -> Iterator[Page]:
    with tab_of(browser, width=1600, height=1000) as (page, _):
        page.goto(f"{lab}/lab/tree/create.ipynb")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        yield page


def test_the_form_appears_under_its_cell_without_the_page_bar(page):
    Form(page).wait()
    expect(page.locator(".sts-bar")).to_have_count(0)


def test_typing_in_the_form_runs_no_command_of_the_notebook(page):
    form = Form(page)
    form.input("metadata.name").press_sequentially("abdd")
    expect(form.input("metadata.name")).to_have_value("abdd")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(1)


def test_a_set_is_created_from_the_notebook(page, kubeconfig, namespace):
    form = Form(page)
    create_three_pods(form, "queue")
    form.review()
    form.apply()
    form.wait_for_rollout("3/3")
    assert Namespace(Client(kubeconfig), namespace).names("statefulsets") == ["queue"]


def test_the_rollout_leads_to_the_details_in_the_same_cell(page):
    Form(page).open_details()
    expect(page.locator(".sts-page")).to_contain_text(re.compile("queue-0"))
