"""Putting a cluster together: store and API, the scenario's controllers and nodes, and the server in front of them."""

from __future__ import annotations

import msgspec

from stswidgets.simulator import api as apis
from stswidgets.simulator import bootstrap, clock, cluster, identity, scenarios, store
from stswidgets.simulator import server as servers


class Assembled(msgspec.Struct, frozen=True):
    """A running cluster and the server that answers for it."""

    cluster: cluster.Cluster
    server: servers.Server


def assemble(scenario: str, time: clock.Clock) -> Assembled:
    """A cluster as a scenario has it. Needs a running event loop, unless the clock is a stepped one."""
    api = apis.Api(store.Store(), time)
    bootstrap.install(api)
    made = scenarios.load(api, scenario)
    api.store.forget()  # nobody watched the past of a scenario
    return Assembled(made, servers.Server(api, identity.default_users(), made))
