"""Patches as the API server applies them: JSON patch, merge patch, strategic merge patch, server-side apply.

    json_patch(obj, operations)            RFC 6902
    merge(obj, patch)                      RFC 7386
    strategic(obj, patch, definition)      Kubernetes' own, with merge keys and directives
    apply.apply(live, applied, ...)        server-side apply
    managed.update(old, new, ...)          who owns what after any other write

Pure: objects in, a new object out; what a patch is given is never changed. A result is raw: the caller decodes and
defaults it as it does with an object from a request. Refusals are `status.ApiError`.
"""

from stswidgets.simulator.patches.jsonpatch import json_patch
from stswidgets.simulator.patches.mergepatch import merge
from stswidgets.simulator.patches.strategicpatch import strategic

__all__ = ["json_patch", "merge", "strategic"]
