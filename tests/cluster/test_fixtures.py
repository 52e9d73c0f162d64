"""The fixtures that `stswidgets.testing` offers, in a project of somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]

TESTS = """
def test_a_set_is_made(cluster):
    assert cluster.server_version()
    assert cluster.list("statefulsets", cluster.namespace) == []
    assert cluster.namespace in cluster.namespaces()

def test_each_test_has_a_namespace_of_its_own(cluster, simulator):
    assert cluster.is_simulator
    assert cluster.namespace.startswith("test-")
"""


def test_the_fixtures_work_in_another_project(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["stswidgets.testing"]\n')
    (tmp_path / "test_mine.py").write_text(TESTS)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "2 passed" in run.stdout, run.stdout + run.stderr
