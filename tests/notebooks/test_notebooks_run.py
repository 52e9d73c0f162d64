"""Every notebook runs against a cluster and ends in a view that holds data."""

from __future__ import annotations

import functools
import json

import pytest

from tests.notebooks.notebooks import FOLDER, NOTEBOOKS

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def run(tour):
    """Runs a notebook, once for all its cases, as a dashboard does: on the tour's cluster, told of one set."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STSWIDGETS_CLUSTER", str(tour.kubeconfig))
        environment.setenv("QUERY_STRING", "namespace=shop&name=db")
        yield functools.cache(executed)


def executed(path):
    # Imported where they are needed: their schemas take seconds, in each process that collects tests.
    import nbformat
    from nbclient import NotebookClient

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
def test_every_last_cell_shows_a_view(path, run):
    notebook = run(path)
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert [VIEW_MIME in output.data for output in last.outputs if "data" in output] == [True]


@pytest.mark.parametrize("name", ["browse", "create", "detail", "usage", "history"])
def test_a_page_notebook_shows_its_page(name, run):
    (state,) = widget_states(run(FOLDER / f"{name}.ipynb"))
    assert state["route"]["page"] == name


def test_the_create_notebook_holds_a_form_with_its_yaml(run):
    (state,) = widget_states(run(FOLDER / "create.ipynb"))
    assert "kind: StatefulSet" in state["editor"]["text"]


def test_a_saved_notebook_holds_no_bundle_and_no_credentials(run):
    text = json.dumps(run(FOLDER / "browse.ipynb"))
    assert len(text) < 100_000
