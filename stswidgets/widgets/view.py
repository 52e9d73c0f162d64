"""`View`: the only widget class. It mirrors a source's values to the browser and hands the browser's messages back.

The wire between the two sides stands in `docs/architecture.md`. A view holds no rule and does no I/O: it shows what a
source (see `Source`; `apps.router` has the real one) computes, and forwards what a person asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import anywidget
import traitlets as t

from stswidgets.state.feeds import Feed
from stswidgets.widgets import bundles

if TYPE_CHECKING:
    import pandas as pd

Message = dict[str, Any]
Send = Callable[[Message], None]


class Source(Protocol):
    """What a view shows and forwards to. All methods are called on the kernel's thread and return at once."""

    @property
    def feeds(self) -> Mapping[str, Feed]:
        """Tables by name; what the browser may `sync`."""

    def mirrors(self) -> Iterable[tuple[t.HasTraits, str, str]]:
        """Which trait of which state (state, its trait) is which trait of the view."""

    def connect(self, send: Send) -> None:
        """Where the source's own messages (`extend`, ...) go."""

    def command(self, message: Message, reply: Send) -> None:
        """Run `{id, name, args}`; `reply` gets one `done` message, now or later. Never raises."""

    def beat(self) -> None:
        """A browser has shown that it is there."""

    def close(self) -> None:
        """Stop everything that runs for this view."""

    def frame(self) -> pd.DataFrame:
        """The shown page's data. May wait for a first answer of the cluster."""


class View(anywidget.AnyWidget):
    """One view in a notebook cell or a dashboard page, whatever it shows at the time."""

    # A default and not a class attribute: the bundle is read when a view is made, not when the module is imported.
    _esm = t.Unicode().tag(sync=True)

    route = t.Dict().tag(sync=True)
    options = t.Dict().tag(sync=True)
    messages = t.Dict().tag(sync=True)
    session = t.Dict().tag(sync=True)
    notices: t.List[dict[str, Any]] = t.List().tag(sync=True)
    busy = t.Dict().tag(sync=True)
    browse = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    form = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    editor = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    plan = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    rollout = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    detail = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    usage = t.Dict(allow_none=True, default_value=None).tag(sync=True)
    history = t.Dict(allow_none=True, default_value=None).tag(sync=True)

    def __init__(self, source: Source | None = None, **kwargs: Any) -> None:
        """A view of `source`; without one it shows the traits that it is given (the front end's own tests)."""
        self.source = source
        mirrors = list(source.mirrors()) if source else []
        initial = {shown: getattr(state, name) for state, name, shown in mirrors}
        super().__init__(**{**initial, **kwargs})
        for state, name, shown in mirrors:
            state.observe(lambda change, shown=shown: setattr(self, shown, change.new), names=name)
        if source:
            source.connect(self.send)
        self.on_msg(self._received)
        if self.comm is not None:
            self.comm.on_close(lambda _message: self._leave())

    @t.default("_esm")
    def _loader(self) -> str:
        return bundles.source("loader").decode()

    def frame(self) -> pd.DataFrame:
        """The shown page's data as a pandas DataFrame."""
        if self.source is None:
            raise TypeError("this view has no source")
        return self.source.frame()

    def close(self) -> None:
        """Stop the view's watches and take it off the page."""
        self._leave()
        super().close()

    def _leave(self) -> None:
        if self.source:
            self.source.close()

    def _received(self, _widget: Any, message: Message, _buffers: list[bytes]) -> None:
        kind = message.get("kind")
        if self.source and kind != "library":
            self.source.beat()
        if kind == "library":
            self._send_library(str(message.get("name", "")))
        elif kind == "sync":
            self._sync(str(message.get("feed", "")))
        elif kind == "command" and self.source:
            self.source.command(message, self.send)

    def _send_library(self, name: str) -> None:
        if name not in bundles.LIBRARIES:
            return  # the name becomes a path: only the known ones
        self.send({"kind": "library", "name": name, "hash": bundles.content_hash(name)}, buffers=[bundles.source(name)])

    def _sync(self, name: str) -> None:
        feed = self.source.feeds.get(name) if self.source else None
        if feed is not None:
            feed.sync(self.send)
        else:  # a view without such a table answers too, so that the page is not left waiting
            self.send({"kind": "feed", "feed": name, "seq": 1, "reset": True, "upsert": [], "remove": []})
