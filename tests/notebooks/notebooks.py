"""The project's notebooks, as the tests in this folder read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def code_cells(path: Path) -> list[dict[str, Any]]:
    """A notebook's code cells, as they are stored."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def sources(path: Path) -> list[str]:
    """The sources of a notebook's code cells."""
    return ["".join(cell["source"]) for cell in code_cells(path)]
