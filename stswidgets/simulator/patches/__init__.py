"""Patches as the API server applies them: JSON patch, merge patch, strategic merge patch, server-side apply.

Pure: objects in, a new object out; what a patch is given is never changed.
"""
