"""Development tool: read struct fields from the Go sources of k8s.io/api and k8s.io/apimachinery.

OpenAPI tells neither whether a field is a pointer, nor whether it is left out when empty, nor the Go names in decoding
errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^\t(?:(\w+)\s+)?([\w.\[\]*{}]+)\s*(?:`([^`]*)`)?\s*(?://.*)?$", re.MULTILINE)
TAG = re.compile(r'json:"([^"]*)"')

# field -> [Go type as errors print it, flags ("p" pointer, "o" omitempty, "z" omitzero), embedded structs "A.B"]
Fields = dict[str, list[str]]


def folder(modules: Path, package: str) -> Path:
    """Where the package of a definition (`io.k8s.api.apps.v1`) lies among the modules."""
    for prefix, module, inside in (
        ("io.k8s.apimachinery.", "apimachinery", ""),
        ("io.k8s.api.", "api", ""),
        ("io.k8s.metrics.", "metrics", ""),
    ):
        if package.startswith(prefix):
            root = max(modules.glob(f"{module}@*"))  # the newest, where several lie in the cache
            return root / inside / package.removeprefix(prefix).replace(".", "/")
    raise LookupError(package)


def structs(source: Path) -> dict[str, str]:
    """The bodies of all structs of a package."""
    bodies: dict[str, str] = {}
    for path in sorted(source.glob("*.go")):
        if not path.name.startswith("zz_") and not path.name.endswith("_test.go"):
            bodies.update(STRUCT.findall(path.read_text()))
    return bodies


def imports(source: Path) -> dict[str, str]:
    """Import aliases of a package: alias -> definition prefix, for the packages that fields are embedded from."""
    found = {}
    for path in source.glob("*.go"):
        for alias, name in re.findall(r'^\t(\w*)\s*"k8s\.io/([\w./-]+)"', path.read_text(), re.MULTILINE):
            package = "io.k8s." + name.replace("/", ".")
            found[alias or name.rsplit("/", 1)[-1]] = package
    return found


def printed(expression: str, package: str) -> str:
    """A Go type as reflect prints it: with its package's own name, and without the first pointer."""
    expression = expression.removeprefix("*")
    own = package.rsplit(".", 1)[-1]

    def qualify(match: re.Match[str]) -> str:
        alias, name = match.group(1), match.group(2)
        if alias:
            return f"{'v1' if alias.endswith('v1') else alias}.{name}"
        return f"{own}.{name}" if name[0].isupper() else name

    return re.sub(r"(?:(\w+)\.)?(\w+)", qualify, expression).replace("[]byte", "[]uint8")


class Reader:
    """Reads the fields of definitions, embedded structs included."""

    def __init__(self, modules: Path) -> None:
        self.modules = modules
        self.packages: dict[str, tuple[dict[str, str], dict[str, str]]] = {}

    def package(self, name: str) -> tuple[dict[str, str], dict[str, str]]:
        """(struct bodies, imports) of a package."""
        if name not in self.packages:
            source = folder(self.modules, name)
            self.packages[name] = structs(source), imports(source)
        return self.packages[name]

    def fields(self, definition: str, embedded: str = "") -> Fields | None:
        """The fields of a struct in Go's order; None when the definition is no struct of its package."""
        package, name = definition.rsplit(".", 1)
        bodies, aliases = self.package(package)
        if name not in bodies:
            return None
        found: Fields = {}
        for field_name, expression, tag in FIELD.findall(bodies[name]):
            matched = TAG.search(tag)
            parts = matched.group(1).split(",") if matched else [""]
            if parts[0] == "-":
                continue
            if parts[0] == "" and not field_name:
                alias, _, struct = expression.removeprefix("*").rpartition(".")
                if alias == "time":
                    return None  # Time and MicroTime wrap the standard library's: a leaf in JSON
                target = f"{aliases[alias] if alias else package}.{struct}"
                inner = self.fields(target, f"{embedded}.{struct}".strip("."))
                found.update(inner or {})
                continue
            flags = "".join(
                flag
                for flag, on in (
                    ("p", expression.startswith("*")),
                    ("o", "omitempty" in parts),
                    ("z", "omitzero" in parts),
                )
                if on
            )
            found[parts[0] or field_name] = [printed(expression, package), flags, embedded]
        return found


def read(modules: Path, definitions: Mapping[str, Mapping[str, Any]]) -> dict[str, Fields]:
    """The fields of all definitions that have properties."""
    reader = Reader(modules)
    table = {}
    for definition, schema in definitions.items():
        fields = reader.fields(definition) if "properties" in schema else None
        if fields:
            table[definition] = fields
    return table
