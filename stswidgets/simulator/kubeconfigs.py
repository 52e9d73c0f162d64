"""Kubeconfig files of a simulated cluster: one a user, readable by its owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

from stswidgets.simulator import identity

CONTEXT = "simulator"


def text(url: str, user: str, token: str) -> str:
    """A kubeconfig. `url` has the user's secret path in it: kubectl sends no token where there is no TLS."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "clusters": [{"name": CONTEXT, "cluster": {"server": url}}],
        "users": [{"name": user, "user": {"token": token}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": user, "namespace": "default"}}],
    }
    return json.dumps(config, indent=2) + "\n"


def write(folder: Path, address: str, identities: identity.Identities) -> Path:
    """Write `USER.kubeconfig` for every user into `folder`; the path of the admin's."""
    for user, token in identities.tokens.items():
        write_file(folder / f"{user}.kubeconfig", text(f"{address}/{token}", user, token))
    return folder / "admin.kubeconfig"


def write_file(path: Path, content: str) -> None:
    """Write a file that nobody else may read, in one step."""
    new = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    new.replace(path)
