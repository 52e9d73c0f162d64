"""A Jupyter toolkit for Kubernetes StatefulSets.

Public names load on first use, so that `import stswidgets` is cheap and opens nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_EXPORTS = {
    "connect": "stswidgets.apps.connection",
    "simulate": "stswidgets.apps.connection",
    "create": "stswidgets.apps.pages",
    "browse": "stswidgets.apps.pages",
    "detail": "stswidgets.apps.pages",
    "usage": "stswidgets.apps.pages",
    "history": "stswidgets.apps.pages",
    "Draft": "stswidgets.domain.draft",
    "StsWidgetsError": "stswidgets.errors",
}

__all__ = ["Draft", "StsWidgetsError", "browse", "connect", "create", "detail", "history", "simulate", "usage"]


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module 'stswidgets' has no attribute {name!r}")
    return getattr(importlib.import_module(_EXPORTS[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
