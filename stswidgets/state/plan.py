"""The plan that is shown: asked for in the background, looked at, then applied or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import traitlets as t

from stswidgets import errors
from stswidgets.cluster.plans import Plan
from stswidgets.state import notices, plan_model
from stswidgets.state.desk import Answer, Desk, Topic

if TYPE_CHECKING:
    from stswidgets.cluster import Cluster

Ask = Callable[["Cluster", bool], Plan]
"""Makes the plan: called with the cluster and with whether fields of other managers are taken over."""


class PlanState(Topic):
    """`value` is the PlanModel, None while no plan stands. Only the plan asked for last is ever shown."""

    value: t.Dict[str, Any] | None = t.Dict(allow_none=True, default_value=None)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.plan: Plan | None = None
        self._ask: Ask | None = None
        self._asked = 0
        self._applying = False
        self._applied: tuple[str, dict[str, object]] | None = None
        self._listeners: list[Callable[[Plan], None]] = []

    @property
    def is_applied(self) -> bool:
        return self._applied is not None

    def on_applied(self, listen: Callable[[Plan], None]) -> None:
        """Call `listen` with each plan that has been carried out."""
        self._listeners.append(listen)

    def ask(self, ask: Ask, *, force: bool = False) -> Answer:
        """Have the server checked what `ask` plans, and show it. Nothing is written."""
        cluster = self.desk.cluster
        self._ask = ask
        self._asked += 1
        mine = self._asked

        def show(plan: Plan) -> None:
            if mine == self._asked:
                self.plan, self._applied, self._applying = plan, None, False
                self.render()

        return self.desk.work(lambda: ask(cluster, force), show)

    def cancel(self) -> None:
        """Drop the plan; one that is being made is not shown any more."""
        self._asked += 1
        self.plan, self._ask, self._applied, self._applying = None, None, None, False
        self.render()

    def apply(self, *, confirm: str = "", force: bool = False, further: bool = False) -> Answer | None:
        """Carry out the plan that stands.

        With `force` and conflicts a new plan is made that takes the fields over, and shown: what it would store has
        not been seen yet. `further` does what the plan only offers, too. Raises StsWidgetsError where no plan stands,
        it cannot be applied, or the name is not confirmed.
        """
        plan = self.plan
        if plan is None or self._applying or self.is_applied:
            raise errors.StsWidgetsError("state.plan.none")
        if force and plan.conflicts and self._ask is not None:
            return self.ask(self._ask, force=True)
        if not plan.can_apply:
            raise errors.StsWidgetsError("state.plan.cannot_apply")
        if plan.confirm and confirm != plan.confirm:
            raise errors.StsWidgetsError("state.plan.unconfirmed", name=plan.confirm)
        return self._carry_out(plan, further)

    def _carry_out(self, plan: Plan, further: bool) -> Answer:
        cluster = self.desk.cluster
        mine = self._asked
        self._applying = True
        self.render()

        def done(_applied: object) -> None:
            if mine == self._asked:
                self._applying = False
                self._applied = ("state.plan.done", {"title": plan.text(self.desk.lang)})
                self.render()
            for listen in self._listeners:
                listen(plan)

        def failed(_result: object, error: Exception | None) -> None:
            if error is not None and mine == self._asked:
                self._applying = False  # the plan stays: it can be looked at and tried again
                self.render()

        answer = self.desk.work(lambda: cluster.apply(plan, further=further), done)
        answer.then(failed)
        return answer

    def render(self) -> None:
        if self.plan is None:
            self.value = None
            return
        applied = None
        if self._applied is not None:
            key, values = self._applied
            applied = notices.said("success", key, self.desk.lang, **values)
        self.value = plan_model.model(self.plan, self.desk, applying=self._applying, applied=applied)
