"""An admission plugin: what sees every write between its defaults and the store."""

from __future__ import annotations

from typing import Any

from stswidgets.simulator import api as apis
from stswidgets.simulator.kinds import kind

Json = dict[str, Any]


class Plugin:
    """Sees every write from its start to its stop, as `Api.admission` and `Api.validation` call it."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api

    def start(self) -> None:
        """Look at every write from now on."""
        self._api.admission.append(self._admit)
        self._api.validation.append(self._check)

    def stop(self) -> None:
        """Look at none."""
        self._api.admission.remove(self._admit)
        self._api.validation.remove(self._check)

    def _admit(self, operation: str, of: kind.Kind, new: Json | None, old: Json | None, subresource: str, /) -> None:
        """Before validation: change what is written, or refuse it."""

    def _check(self, operation: str, of: kind.Kind, new: Json | None, old: Json | None, subresource: str, /) -> None:
        """After validation: refuse it, or let it be."""
