"""What the simulated API server knows about each kind: defaults, rules, what an update may change, and its columns.

One module a kind or close family; `registry.py` lists them. A second kind is one module here and one line there.
Pure: objects in, objects and causes out. Nothing here knows the store, HTTP or the clock.
"""
