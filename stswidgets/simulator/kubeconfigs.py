"""Kubeconfig files of a simulated cluster: one a user, readable by its owner alone."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from stswidgets.simulator import identity

CONTEXT = "simulator"


def text(address: str, user: str, token: str, authority: str = "") -> str:
    """A kubeconfig. `authority` is the CA's certificate (PEM) where there is TLS.

    Over plain http the user's secret path is in the server's URL, because kubectl sends no token there.
    """
    cluster = {"server": url(address, token)}
    if authority:
        cluster["certificate-authority-data"] = base64.b64encode(authority.encode()).decode()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "clusters": [{"name": CONTEXT, "cluster": cluster}],
        "users": [{"name": user, "user": {"token": token}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": user, "namespace": "default"}}],
    }
    return json.dumps(config, indent=2) + "\n"


def url(address: str, token: str) -> str:
    """The server's URL for a user."""
    return address if address.startswith("https:") else f"{address}/{token}"


def write(folder: Path, address: str, identities: identity.Identities, authority: str = "") -> Path:
    """Write `USER.kubeconfig` for every user into `folder`; the path of the admin's."""
    for user, token in identities.tokens.items():
        write_file(folder / f"{user}.kubeconfig", text(address, user, token, authority))
    return folder / "admin.kubeconfig"


def write_file(path: Path, content: str) -> None:
    """Write a file that nobody else may read, in one step."""
    new = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    new.replace(path)
