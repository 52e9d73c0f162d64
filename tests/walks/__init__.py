"""Random walks: the same seeded sequence of actions ends in the same pods, revisions and claims on every cluster.

    actions   what a walk consists of: a seed's actions, drawn before anything runs
    doing     an action carried out over HTTP, as a user's tool would
    states    what is compared: a cluster's state after an action, in lines of text
    stillness when a controller has nothing more to do
    walking   one walk, or all of them at once
    record    the outcomes of the real control plane: recorded.json

Outcomes are recorded with `python -m tests.walks --kubeconfig PATH` on a real control plane.
"""
