"""The form's table (`table.ROWS`) by section, by group and by field path."""

from __future__ import annotations

import functools

from stswidgets.domain import paths, table
from stswidgets.domain.rows import Field, Group, Kind, Row
from stswidgets.domain.table import OWN_ANNOTATIONS, ROWS, SECTIONS

__all__ = [
    "FIELDS",
    "GROUPS",
    "ORDER",
    "OWN_ANNOTATIONS",
    "ROWS",
    "SECTIONS",
    "Field",
    "Group",
    "Kind",
    "Row",
    "at",
    "pattern",
    "rows_of",
    "words",
]

FIELDS: tuple[Field, ...] = tuple(row for row in table.ROWS if isinstance(row, Field))
GROUPS: dict[str, Group] = {row.id: row for row in table.ROWS if isinstance(row, Group)}

# In which order keys are usually written, by the name of what holds them (a list's items by the list's). `paths.put`.
ORDER: dict[str, tuple[str, ...]] = {
    "": ("apiVersion", "kind", "metadata", "spec"),
    "metadata": ("name", "namespace", "labels", "annotations"),
    "spec": (
        *("accessModes", "storageClassName", "clusterIP", "publishNotReadyAddresses", "selector", "ports"),
        *("serviceName", "replicas", "podManagementPolicy", "ordinals", "minReadySeconds", "revisionHistoryLimit"),
        *("updateStrategy", "persistentVolumeClaimRetentionPolicy", "template", "volumeClaimTemplates"),
        *("terminationGracePeriodSeconds", "initContainers", "containers", "volumes", "resources"),
    ),
    "template": ("metadata", "spec"),
    "updateStrategy": ("type", "rollingUpdate"),
    "containers": (
        *("name", "image", "imagePullPolicy", "command", "args", "ports", "env", "resources", "volumeMounts"),
        *("livenessProbe", "readinessProbe"),
    ),
    "resources": ("requests", "limits"),
    "requests": ("cpu", "memory", "storage"),
    "limits": ("cpu", "memory"),
    "ports": ("name", "protocol", "port", "containerPort", "targetPort"),
    "env": ("name", "value"),
    "volumeMounts": ("name", "mountPath", "subPath", "readOnly"),
    "volumeClaimTemplates": ("metadata", "spec"),
}
ORDER["initContainers"] = ORDER["containers"]


def words(row: Row) -> str:
    """The message key of a row's label."""
    return f"fields.{row.words or row.id}"


@functools.cache
def rows_of(section: str, group: str = "") -> tuple[Row, ...]:
    """The rows directly below a section, or below an item of a group."""
    return tuple(row for row in ROWS if row.group == group and (group or row.section == section))


@functools.cache
def pattern(row: Row) -> tuple[str, paths.Steps]:
    """A row's object and full path, with `*` for any item of a group's list."""
    place = paths.parse(row.path)
    if not row.group:
        return place.object, place.steps
    kind, above = pattern(GROUPS[row.group])
    return kind, (*above, "*", *place.steps)


def _starred(steps: paths.Steps) -> paths.Steps:
    return tuple("*" if isinstance(step, int) else step for step in steps)


_BY_PATTERN: dict[tuple[str, paths.Steps], Row] = {
    (kind, _starred(steps)): row for row in ROWS for kind, steps in [pattern(row)]
}


def at(place: paths.Place) -> Row | None:
    """The row that edits `place`: a field; a group for its list or map, a map's entry and a list's bare text."""
    steps = _starred(place.steps)
    found = _BY_PATTERN.get((place.object, steps))
    if found is None and steps:
        above = _BY_PATTERN.get((place.object, steps[:-1]))
        found = above if isinstance(above, Group) and above.shape in {"map", "strings"} else None
    return found
