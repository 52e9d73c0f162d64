"""View models: what a view shows and what it can be asked to do. traitlets, no widgets, no HTTP.

A state takes the cluster as an argument, holds frozen values in traits and assigns whole new ones. Threads are started
in `tasks` alone, end with the view, and hand their results to the kernel's event loop. `widgets` and `apps` import it.
"""
