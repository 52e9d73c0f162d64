"""A namespace of the test's own, as the contract's cases have it."""

from __future__ import annotations

from tests.contract.fixtures import client, namespace, new_namespace

__all__ = ["client", "namespace", "new_namespace"]
