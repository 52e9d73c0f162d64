"""Composition: picks the cluster, wires states to views, returns one widget. What notebooks and the CLI call.

The only package, with `testing` and `__main__`, that may start the simulator.
"""
