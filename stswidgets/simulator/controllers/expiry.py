"""Events are kept for an hour after they were last written (kube-apiserver's --event-ttl)."""

from __future__ import annotations

from collections import OrderedDict

from stswidgets.simulator import api as apis
from stswidgets.simulator import clock, status, store
from stswidgets.simulator.controllers import loop
from stswidgets.simulator.kinds import events

TTL = 3600.0
_SWEEP = 30.0  # seconds that an event may outlive its hour, so that many go at once


class Expiry:
    """Deletes old events. It has a timer only while there are events."""

    def __init__(self, api: apis.Api) -> None:
        self._api = api
        self._following = loop.Subscriptions(api.store)
        self._written: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._cancel: clock.Cancel | None = None

    def start(self) -> None:
        """Count from now for what is there."""
        self._following.follow(events.CORE, self._changed)

    def stop(self) -> None:
        """End."""
        self._following.end()
        if self._cancel is not None:
            self._cancel()

    def _changed(self, event: store.Event) -> None:
        key = (event.new.namespace, event.new.name)
        self._written.pop(key, None)
        if event.type != "DELETED":
            self._written[key] = self._api.clock.now().timestamp()
            if self._cancel is None:
                self._cancel = self._api.clock.call_later(TTL + _SWEEP, self._sweep)

    def _sweep(self) -> None:
        self._cancel = None
        now = self._api.clock.now().timestamp()
        while self._written:
            key, written = next(iter(self._written.items()))
            if now - written < TTL:
                self._cancel = self._api.clock.call_later(written + TTL + _SWEEP - now, self._sweep)
                return
            del self._written[key]
            try:
                self._api.delete(events.CORE, *key)
            except status.ApiError as error:
                if error.code != 404:
                    raise
