"""Views: anywidget models over the front end's bundles. They show a state and forward commands; no I/O, no rules.

The bundles in `static/` are built from `stswidgets/frontend` and committed; `make check` proves that they are current.
"""
