"""The HTTP face of the API: paths, bodies, forms of output, lists and watches, and the endpoints that are no objects.

One module a concern; `routes` says which one answers. Nothing here knows how an object is stored or checked.
"""
