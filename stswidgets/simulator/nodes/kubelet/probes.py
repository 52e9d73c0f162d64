"""Startup, readiness and liveness probes over time (`pkg/kubelet/prober`), and in what words they fail.

A probe is asked once per period from the container's start on, not before its initial delay, and liveness and readiness
only once the container has started. What it is told is the fate's affair. A probe whose answers cannot change any more
is not asked again: nothing would come of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from stswidgets.simulator import clock
from stswidgets.simulator.nodes import fates
from stswidgets.simulator.nodes.kubelet import containers, timers

Json = dict[str, Any]

_FIRST = 0.2  # seconds after the start
# What is asked of a container that has no readiness probe and a fate that makes it unready.
_IMPLIED = {"httpGet": {"path": "/", "port": 80}}


class Watched(Protocol):
    """What probes tell."""

    ip: str

    def say(self, item: containers.Container, kind: str, reason: str, message: str) -> None:
        """An event about a container."""

    def write(self) -> None:
        """The status has changed."""

    def started(self, item: containers.Container) -> None:
        """The container has passed its startup probe."""

    def failed(self, item: containers.Container, probe: str, grace: float | None) -> None:
        """The container must be stopped for what a probe found; `grace` is the probe's own, in seconds."""


class _Series(msgspec.Struct):
    """One probe of one run of a container."""

    kind: str  # "startup", "readiness", "liveness"
    probe: Json
    last: bool | None = None
    times: int = 0
    is_over: bool = False

    @property
    def period(self) -> float:
        return float(self.probe.get("periodSeconds") or 10)

    def is_settled(self, good: bool) -> bool:
        """Count an answer; whether there are as many of its kind in a row as it takes."""
        self.times = self.times + 1 if self.last is good else 1
        self.last = good
        threshold = self.probe.get("successThreshold") or 1 if good else self.probe.get("failureThreshold") or 3
        return bool(self.times >= threshold)


class Probes:
    """The probes of a pod's containers."""

    def __init__(self, pod: Watched, plans: timers.Timers, time: clock.Clock) -> None:
        self._pod = pod
        self._plans = plans
        self._clock = time

    def begin(self, item: containers.Container) -> None:
        """A container has begun to run (or is found running)."""
        if item.role == "init":
            return
        if item.spec.get("startupProbe") and not item.started:
            self._ask(item, _Series("startup", item.spec["startupProbe"]))
        else:
            self._after_startup(item)

    def _after_startup(self, item: containers.Container) -> None:
        readiness, liveness = item.spec.get("readinessProbe"), item.spec.get("livenessProbe")
        if readiness or not item.fate.ready:
            self._ask(item, _Series("readiness", readiness or _IMPLIED))
        else:
            self._ready_without_probe(item)
        if liveness:
            self._ask(item, _Series("liveness", liveness))

    def _ready_without_probe(self, item: containers.Container) -> None:
        wait = item.fate.ready_after - item.age(self._clock.now())
        if wait <= 0:
            item.ready = True
            return

        def ready() -> None:
            item.ready = True
            self._pod.write()

        self._plans.later(item, wait, ready)

    def _ask(self, item: containers.Container, series: _Series) -> None:
        """Plan the next time: at whole periods from the start, not before the initial delay."""
        age = item.age(self._clock.now())
        first = float(series.probe.get("initialDelaySeconds") or 0)
        if series.last is None and first <= age:
            wait = _FIRST  # a container that has just started is asked at once
        else:
            due = _FIRST
            while due < first or due <= age + 0.001:
                due += series.period
            wait = due - age
        self._plans.later(item, wait, lambda: self._asked(item, series))

    def _asked(self, item: containers.Container, series: _Series) -> None:
        if not item.is_running or item.is_stopping or series.is_over:
            return
        answer = item.fate.answer(series.kind, item.age(self._clock.now()))
        timeout = float(series.probe.get("timeoutSeconds") or 1)
        if answer == "silent":
            self._plans.later(item, timeout, lambda: self._answered(item, series, answer))
        else:
            self._answered(item, series, answer)

    def _answered(self, item: containers.Container, series: _Series, answer: fates.Answer) -> None:
        if not item.is_running or item.is_stopping:
            return
        good = answer == "yes"
        if not good:
            name = series.kind.capitalize()
            said = complaint(series.probe, answer, item, self._pod.ip)
            self._pod.say(item, "Warning", "Unhealthy", f"{name} probe failed: {said}")
        if series.is_settled(good):
            self._settled(item, series, good)
        if not series.is_over:
            self._again(item, series, good)

    def _settled(self, item: containers.Container, series: _Series, good: bool) -> None:
        if series.kind == "readiness":
            if item.ready is not good:
                item.ready = good
                self._pod.write()
            return
        if good:
            if series.kind == "startup":
                series.is_over = True
                item.started = True
                self._after_startup(item)
                self._pod.write()
                self._pod.started(item)
            return
        series.is_over = True
        grace = series.probe.get("terminationGracePeriodSeconds")
        self._pod.failed(item, series.kind, None if grace is None else float(grace))

    def _again(self, item: containers.Container, series: _Series, good: bool) -> None:
        threshold = series.probe.get("successThreshold") or 1
        if not good or series.times < threshold:
            self._ask(item, series)
            return
        hangs = item.fate.hangs_after
        if hangs is not None:
            wait = max(hangs - item.age(self._clock.now()), 0.0)
            self._plans.later(item, wait, lambda: self._ask(item, series))


def complaint(probe: Json, answer: fates.Answer, item: containers.Container, ip: str) -> str:
    """What a probe that failed says, as `pkg/probe` words it."""
    timeout = f"{probe.get('timeoutSeconds') or 1}s"
    if "exec" in probe:
        command = " ".join(probe["exec"].get("command") or [])
        return f'command timed out: "{command}" timed out after {timeout}' if answer == "silent" else ""
    for kind, words in _WORDS.items():
        if kind in probe:
            action = probe[kind]
            address = f"{action.get('host') or ip}:{_port(action.get('port'), item)}"
            return words(action, answer, address, timeout)
    return ""


def _http(action: Json, answer: fates.Answer, address: str, timeout: str) -> str:
    del timeout
    if answer == "no":
        return "HTTP probe failed with statuscode: 503"
    path = action.get("path") or "/"
    url = f"{(action.get('scheme') or 'HTTP').lower()}://{address}{path if path.startswith('/') else '/' + path}"
    if answer == "silent":
        return f'Get "{url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    return f'Get "{url}": dial tcp {address}: connect: connection refused'


def _tcp(action: Json, answer: fates.Answer, address: str, timeout: str) -> str:
    del action, timeout
    return f"dial tcp {address}: " + ("i/o timeout" if answer == "silent" else "connect: connection refused")


def _grpc(action: Json, answer: fates.Answer, address: str, timeout: str) -> str:
    del action
    if answer == "no":
        return 'service unhealthy (responded with "NOT_SERVING")'
    return f'timeout: failed to connect service "{address}" within {timeout}: context deadline exceeded'


_WORDS: dict[str, Callable[[Json, fates.Answer, str, str], str]] = {"httpGet": _http, "tcpSocket": _tcp, "grpc": _grpc}


def _port(port: object, item: containers.Container) -> object:
    for known in item.spec.get("ports") or ():
        if known.get("name") == port:
            return known["containerPort"]
    return port
