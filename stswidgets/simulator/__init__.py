"""An API server of its own: a simulated Kubernetes cluster that the official client and kubectl use like any other.

It imports nothing from the rest of stswidgets, so that a wrong rule cannot pass a test because both sides hold it.
What it imitates and what it does not stands in `docs/simulator.md`.
"""

from stswidgets.simulator.process import Handle, StartError, start
from stswidgets.simulator.remote import Faults, Time

__all__ = ["Faults", "Handle", "StartError", "Time", "start"]
