"""YAML into plain values and back. Rules: sigs.k8s.io/yaml (YAML 1.1 booleans, no timestamps)."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import yaml

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Loader):  # type: ignore[misc, valid-type]  # the C loader where libyaml is there
    """YAML as sigs.k8s.io/yaml reads it: `y` and `n` are booleans, what looks like a date stays text."""

    bool_values = {**_Loader.bool_values, "y": True, "n": False}  # noqa: RUF012 - as PyYAML declares it

    def __init__(self, stream: bytes) -> None:
        super().__init__(stream)
        self.duplicates: list[str] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; keys that stand there twice are noted."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    self.duplicates.append(f'line {key.start_mark.line + 1}: key "{key.value}" already set in map')
                seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return {_key(key): value for key, value in made.items()}


def _key(key: Any) -> str:
    """A key of a mapping as JSON has it."""
    return key if isinstance(key, str) else json.dumps(key)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^[yYnN]$"), list("yYnN"))


def read(body: bytes) -> tuple[Any, tuple[str, ...]]:
    """The value of a body's first document, and its duplicate keys. ValueError if it is no YAML."""
    loader = _PlainLoader(body)
    try:
        loaded = loader.get_data() if loader.check_data() else None
        return _whole(json.loads(msgspec.json.encode(loaded))), tuple(loader.duplicates)
    except yaml.MarkedYAMLError as error:
        raise ValueError(f"yaml: {_line(error)}{error.problem}") from error
    except yaml.YAMLError as error:
        raise ValueError(f"yaml: {error}") from error
    except TypeError as error:
        raise ValueError(f"yaml: {error}") from error
    finally:
        loader.dispose()


def _whole(value: Any) -> Any:
    """Numbers without a fraction as integers, which is how Go writes them again."""
    if isinstance(value, dict):
        return {key: _whole(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_whole(child) for child in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e21 else value


def _line(error: yaml.MarkedYAMLError) -> str:
    """The line as go-yaml counts it: from zero for the parser, from one for the scanner, and never zero."""
    for mark in (error.context_mark, error.problem_mark):
        if mark is not None and mark.line:
            return f"line {mark.line + isinstance(error, yaml.scanner.ScannerError)}: "
    return ""


def write(value: Any) -> bytes:
    """A document."""
    return yaml.safe_dump(value).encode()
