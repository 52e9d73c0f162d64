"""The StatefulSet controller, as Kubernetes 1.37 has it.

`decision` says what to do from values alone; `controller` reads the store, does it and writes the status.
"""
