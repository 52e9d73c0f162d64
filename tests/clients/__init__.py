"""Clients that others wrote, each through a StatefulSet's life, on the simulator or on what --kubeconfig names.

What only simulated nodes can do (a shell in a container) asks the simulator whatever --kubeconfig says.
"""
