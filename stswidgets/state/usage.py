"""CPU and memory of one StatefulSet over time, recorded while the view runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import traitlets as t

from stswidgets.cluster import pods as belonging
from stswidgets.state import deltas
from stswidgets.state.desk import Desk, Topic
from stswidgets.state.recording import Recording
from stswidgets.state.subject import Subject
from stswidgets.state.usage_charts import GROUPINGS, Chart, Facts, Measure, chart

MEASURES: tuple[Measure, ...] = ("cpu", "memory")
RANGES = {"5m": 300, "15m": 900, "1h": 3600, "3h": 10800}

Draw = Callable[[Chart], dict[str, Any]]


class UsageState(Topic):
    """`value` holds the charts. A chart is sent once; then the browser gets `extend` messages over `send`.

    The figure inside `value` is exchanged in place at each extension: traitlets then sends nothing, and a page that
    loads later still gets all of it.
    """

    value: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)

    def __init__(self, desk: Desk, subject: Subject, draw: Draw) -> None:
        super().__init__(desk)
        self.subject = subject
        self.recording = Recording(0)
        self.shown = False
        self.send: Callable[[dict[str, Any]], None] = lambda _message: None
        self._draw = draw
        self._of = ("", "")
        self._range, self._by, self._live = "15m", "pod", True
        self._missing: Exception | None = None
        self._answered: datetime | None = None
        self._asked = self._asking = False
        self._listeners: list[Callable[[], None]] = []

    def on_tick(self, listen: Callable[[], None]) -> None:
        """Call `listen` when something was recorded."""
        self._listeners.append(listen)

    def start(self) -> None:
        of = (self.subject.namespace, self.subject.name)
        if of != self._of:
            self._of, self._answered, self._missing, self._asked = of, None, None, False
            self.recording = Recording(int(max(RANGES.values()) / self.desk.interval))
            self.value = None
        self._asking = False
        self.tasks.tick(self.desk.interval, self._ask)
        self._ask()
        self.render()

    def forget(self) -> None:
        self._of = ("", "")

    def unavailable(self, error: Exception) -> None:
        self._asked, self._missing = True, error
        self.render()

    def set_changed(self) -> None:
        """The subject has changed: a set that was not known before is asked for at once."""
        if not self._asked:
            self._ask()
        if self.subject.set is None:
            self.render()

    def choose(self, *, span: str = "", by: str = "", live: bool | None = None) -> None:
        """Choose the range, the grouping, and whether the chart moves."""
        self._range = span if span in RANGES else self._range
        self._by = by if by in GROUPINGS else self._by
        self._live = self._live if live is None else live
        self.render()

    def show(self, shown: bool) -> None:
        """Say whether the charts are on the page; they are drawn only then."""
        self.shown = shown
        self.render()

    def render(self) -> None:
        """Draw anew and send whole."""
        if self.shown:
            self.value = self._model()

    def _ask(self) -> None:
        """Ask for the pods of the set's selector, unless a question is still open."""
        found, cluster, namespace = self.subject.set, self.desk.cluster, self.subject.namespace
        if found is None or self._asking:
            return
        self._asking = True
        labels = belonging.selector(found)
        self.tasks.run(lambda: cluster.usage(namespace, labels), self._measured, self._unmeasured)

    def _measured(self, samples: Any) -> None:
        now = datetime.now(UTC)
        self._asked, self._asking = True, False
        self._missing = getattr(samples, "missing", None)
        prefix = f"{self.subject.name}-"
        ours = [sample for sample in samples if sample.pod.startswith(prefix)]
        if ours:
            if self._answered and (now - self._answered).total_seconds() > 3 * self.desk.interval:
                self.recording.missed(self._answered + timedelta(seconds=self.desk.interval))
            self._answered = now
        if ours and self.recording.add(ours, now):
            for listen in self._listeners:
                listen()
            self._grow()
        elif self.value is None or self._missing or not ours:
            self.render()

    def _unmeasured(self, error: Exception) -> None:
        self._asked, self._asking = True, False
        self._missing = error
        if self._answered:
            self.recording.missed(datetime.now(UTC))
            self._grow()
        else:
            self.render()

    def _grow(self) -> None:
        """Send what is new: points where the charts only grew, else the whole."""
        if not self.shown or not self._live:
            return
        before, after = self.value, self._model()
        if before is None or _around(before) != _around(after):
            self.value = after
            return
        pairs = list(zip(before["charts"], after["charts"], strict=True))
        steps = [deltas.extension(old["figure"], new["figure"]) for old, new in pairs]
        if None in steps:
            self.value = after
            return
        for (old, new), step in zip(pairs, steps, strict=True):
            traces, drop = step or ([], 0)
            old["figure"] = new["figure"]
            self.send({"kind": "extend", "chart": old["id"], "traces": traces, "drop": drop})

    def _model(self) -> dict[str, Any]:
        text = self.desk.text
        ticks = self.recording.ticks(datetime.now(UTC) - timedelta(seconds=RANGES[self._range]))
        facts = Facts(
            ticks, self._by, self.subject.namespace, self.subject.set, self.subject.pods, self.subject.revisions
        )
        return {
            "ranges": [{"value": span, "label": text(f"state.usage.range.{span}")} for span in RANGES],
            "range": self._range,
            "bys": [{"value": by, "label": text(f"state.usage.by.{by}")} for by in GROUPINGS],
            "by": self._by,
            "live": self._live,
            "charts": [self._shown(chart(measure, facts, text)) for measure in MEASURES],
            "source": text("state.usage.source", seconds=round(self.desk.interval)),
            "stale": self._stale(),
        }

    def _shown(self, facts: Chart) -> dict[str, Any]:
        return {
            "id": facts.measure,
            "title": self.desk.text(f"state.usage.{facts.measure}"),
            "figure": self._draw(facts),
            "empty": None if facts.lines else self._empty(),
        }

    def _empty(self) -> str:
        if not self.subject.name:
            return self.desk.text("state.detail.none_chosen")
        if self.subject.set is None and self.subject.known:
            where = {"namespace": self.subject.namespace, "name": self.subject.name}
            return self.desk.text("state.detail.not_found", **where)
        if self._missing is not None:
            return self.desk.text("state.usage.missing", reason=self.desk.notice(self._missing)["text"])
        return self.desk.text("state.usage.none" if self._asked else "state.usage.waiting")

    def _stale(self) -> str | None:
        """Said once the last answer is old: as text without its age in seconds, which would change at each look."""
        if self._answered is None:
            return None
        age = (datetime.now(UTC) - self._answered).total_seconds()
        if self._missing is None and age < 4 * self.desk.interval:
            return None
        return self.desk.text("state.usage.stale", time=self._answered.strftime("%H:%M:%S"))


def _around(value: dict[str, Any]) -> dict[str, Any]:
    """What stands around the charts' figures."""
    charts = [{key: part for key, part in chart.items() if key != "figure"} for chart in value["charts"]]
    return {**value, "charts": charts}
