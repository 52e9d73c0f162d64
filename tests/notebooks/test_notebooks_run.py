"""Every notebook runs against a cluster and ends in a view that holds data."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.notebooks import FOLDER, NOTEBOOKS

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def in_simulated_shop(tour, monkeypatch):
    """The environment of a dashboard's kernel: the tour's cluster, and the address of one StatefulSet."""
    monkeypatch.setenv("STSWIDGETS_CLUSTER", str(tour.kubeconfig))
    monkeypatch.setenv("QUERY_STRING", "namespace=shop&name=db")


def run(path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=60, resources={"metadata": {"path": str(FOLDER)}}, store_widget_state=True
    )
    client.execute()
    return notebook


def widget_states(notebook):
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    return [model["state"] for model in state.values() if model["model_name"] == "AnyModel"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_last_cell_shows_a_view(path, in_simulated_shop):
    notebook = run(path)
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert [VIEW_MIME in output.data for output in last.outputs if "data" in output] == [True]


@pytest.mark.parametrize("name", ["browse", "create", "detail", "usage", "history"])
def test_a_page_notebook_shows_its_page(name, in_simulated_shop):
    (state,) = widget_states(run(FOLDER / f"{name}.ipynb"))
    assert state["route"]["page"] == name


def test_the_create_notebook_holds_a_form_with_its_yaml(in_simulated_shop):
    (state,) = widget_states(run(FOLDER / "create.ipynb"))
    assert "kind: StatefulSet" in state["editor"]["text"]


def test_a_saved_notebook_holds_no_bundle_and_no_credentials(in_simulated_shop, tour):
    text = nbformat.writes(run(FOLDER / "browse.ipynb"))
    assert len(text) < 100_000
