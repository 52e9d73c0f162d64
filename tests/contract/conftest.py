"""The fixtures of the cases."""

from __future__ import annotations

from tests.contract.fixtures import client, identity, namespace, new_namespace

__all__ = ["client", "identity", "namespace", "new_namespace"]
