"""The front end's built bundles, read once a process and named by the hash of their content."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources

LIBRARIES = ("app", "editor", "chart")
"""What a loader may ask for; the loader itself is the model's `_esm`."""


@functools.cache
def source(name: str) -> bytes:
    """The bundle's JavaScript (UTF-8). Raises FileNotFoundError where the package was installed without it."""
    return (resources.files("stswidgets.widgets") / "static" / f"{name}.js").read_bytes()


@functools.cache
def content_hash(name: str) -> str:
    """A short name for the bundle's content: pages keep one module a hash, also across widgets."""
    return hashlib.sha256(source(name)).hexdigest()[:16]
