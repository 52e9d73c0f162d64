"""The API server's rules about fields (`pkg/apis/*/validation`), as functions that give causes.

Every function takes values and the path that errors name. Paths and sentences are Kubernetes'; the order of causes is
the order in which the server finds them.
"""
