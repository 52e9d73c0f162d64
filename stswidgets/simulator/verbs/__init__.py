"""What the API does with an object, without HTTP: one module a verb, and the metadata that all of them keep.

A verb reads the store, works on a copy, and puts the result. It answers errors as `status.ApiError`.
`api` is the way in; `http` takes only the values (`request`), patch types and names of types (`scheme`) from here.
"""
