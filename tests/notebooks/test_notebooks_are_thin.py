"""A notebook holds no logic: what it does stands in `stswidgets.apps`, where tests reach it."""

from __future__ import annotations

import ast

import pytest

from tests.notebooks.notebooks import NOTEBOOKS, code_cells, sources

LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.With, ast.Lambda)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_at_most_twelve_lines_of_code(path):
    lines = [line for source in sources(path) for line in source.splitlines() if line.strip()]
    assert len(lines) <= 12


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_no_logic(path):
    nodes = [node for source in sources(path) for node in ast.walk(ast.parse(source))]
    assert [node for node in nodes if isinstance(node, LOGIC)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_stswidgets_alone(path):
    nodes = [node for source in sources(path) for node in ast.walk(ast.parse(source))]
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    assert set(modules) == {"stswidgets"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path):
    cells = code_cells(path)
    assert [(cell["outputs"], cell["execution_count"]) for cell in cells] == [([], None)] * len(cells)
