"""What the API's types look like: their fields, merge keys and Go names, and the walks over them.

`types.node(definition)` is a type; `codec.decode(obj, definition)` reads an object as the API server's decoder does.
The table itself (`definitions.json.gz`) is made by `generate.py` from the OpenAPI documents and Go types of a release.
"""
