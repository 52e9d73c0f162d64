"""Development tool: make `internal.json` from the Go sources of a Kubernetes release.

    python -m stswidgets.simulator.schema.generate_internal KUBERNETES_FOLDER API_FOLDER

Some errors show an object as the server's own types print it: other names (`ImagePullPolicy`), nothing left out. The
file holds `{struct: [[printed name, key in the API, type], ...]}` in Go's order; a type is `string`, `number`,
`bool`, `quantity`, `port` (a number or a name), `value` (printed as the API does), or a struct's name, behind `*`, `[]`
or `map` as in Go.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from stswidgets.simulator.schema import gotypes

OUTPUT = Path(__file__).with_name("internal.json")
ROOTS = (
    "PodSpec",
    "PersistentVolumeSource",
    "VolumeNodeAffinity",
    "PersistentVolumeClaim",
    "ServicePort",
    "LoadBalancerIngress",
)
ALIAS = re.compile(r"^type (\w+) (string|int32|int64|bool|map\[\w+\][\w.]+)$", re.MULTILINE)
BASIC = {"string": "string", "int32": "number", "int64": "number", "int": "number", "bool": "bool"}
FOREIGN = {"resource.Quantity": "quantity", "intstr.IntOrString": "port", "types.UID": "string"}
RENAMED = {"DeprecatedServiceAccount": "serviceAccount"}

Rows = list[list[str]]


class Reader:
    """Reads the internal structs beside those of the API."""

    def __init__(self, kubernetes: Path, api: Path) -> None:
        core = kubernetes / "pkg" / "apis" / "core"
        self.internal = gotypes.structs(core)
        self.api = gotypes.structs(api / "core" / "v1")
        text = "\n".join(path.read_text() for path in core.glob("*.go"))
        self.aliases = dict(ALIAS.findall(text))

    def type(self, expression: str) -> str:
        """A Go type as the file writes it."""
        for prefix, sign in (("*", "*"), ("[]", "[]")):
            if expression.startswith(prefix):
                return sign + self.type(expression.removeprefix(prefix))
        if expression.startswith("map["):
            return "map"
        if expression == "ResourceList":
            return "map"
        if expression in self.aliases:
            return self.type(self.aliases[expression])
        if expression in self.internal:
            return expression
        return BASIC.get(expression) or FOREIGN.get(expression) or "value"

    def keys(self, struct: str) -> dict[str, str]:
        """Go names of the API's struct with their keys."""
        found = {}
        for name, expression, tag in gotypes.FIELD.findall(self.api.get(struct, "")):
            matched = gotypes.TAG.search(tag)
            key = matched.group(1).split(",")[0] if matched else ""
            if name:
                found[name] = key
            elif not key:
                found |= self.keys(expression.removeprefix("*"))
        return found

    def rows(self, struct: str) -> Rows:
        """The fields of a struct, those of embedded ones in their place."""
        keys = self.keys(struct)
        found: Rows = []
        for name, expression, tag in gotypes.FIELD.findall(self.internal[struct]):
            if name:
                found.append([name, RENAMED.get(name) or keys[name], self.type(expression)])
            elif expression == "metav1.ObjectMeta":
                found.append(["", "metadata", "metadata"])
            elif expression != "metav1.TypeMeta":
                assert not tag or ",inline" in tag, (struct, expression, tag)
                found += self.rows(expression.removeprefix("*"))
        return found


def build(kubernetes: Path, api: Path) -> dict[str, Rows]:
    """All structs that the roots hold."""
    reader = Reader(kubernetes, api)
    table: dict[str, Rows] = {}
    todo = list(ROOTS)
    while todo:
        struct = todo.pop()
        if struct in table:
            continue
        table[struct] = reader.rows(struct)
        todo += [kind for _, _, wrapped in table[struct] if (kind := wrapped.lstrip("*[]")) in reader.internal]
    return dict(sorted(table.items()))


def main() -> None:
    """Write the table next to this module."""
    table = build(Path(sys.argv[1]), Path(sys.argv[2]))
    lines = [f"{json.dumps(name)}: {json.dumps(rows, separators=(',', ':'))}" for name, rows in table.items()]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
