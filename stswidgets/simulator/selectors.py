"""Label and field selectors as URLs carry them.

Grammar: k8s.io/apimachinery `pkg/labels/selector.go` (`a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`,
`a>1`, `a<1`, joined by commas) and `pkg/fields/selector.go` (`a=b`, `a==b`, `a!=b`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from stswidgets.simulator import status

Json = dict[str, Any]

_TOKEN = re.compile(r"\s*(?:(==|!=|=|!|\(|\)|,|<|>)|([^\s=!(),<>]+))")
_NAME = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)")
_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")


_PLAIN = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_NO_KEY = f"a valid label key {_PLAIN} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"


class Requirement(msgspec.Struct, frozen=True):
    """One condition on labels: `operator` is in, notin, exists, absent, gt or lt."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it."""
        present = self.key in labels
        if self.operator == "exists":
            return present
        if self.operator == "absent":
            return not present
        if self.operator == "in":
            return present and labels[self.key] in self.values
        if self.operator == "notin":
            return not present or labels[self.key] not in self.values
        try:
            left, right = int(labels.get(self.key, "")), int(next(iter(self.values)))
        except ValueError:
            return False
        return left > right if self.operator == "gt" else left < right


class Selector(msgspec.Struct, frozen=True):
    """What a list or watch wants: label conditions, and field values (path, wanted, equal or not)."""

    requirements: tuple[Requirement, ...] = ()
    fields: tuple[tuple[Callable[[Json], str], str, bool], ...] = ()

    def __bool__(self) -> bool:
        """Whether it selects at all."""
        return bool(self.requirements or self.fields)

    def matches(self, obj: Json) -> bool:
        """Whether an object is wanted."""
        labels = obj["metadata"].get("labels") or {}
        return all(item.matches(labels) for item in self.requirements) and all(
            (read(obj) == wanted) is equal for read, wanted, equal in self.fields
        )


EVERYTHING = Selector()


class _Labels:
    """A reader of the label grammar, one token ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []  # (symbol, word), one of them empty
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._wrong(f"unexpected character at {at}")
            self._tokens.append((found.group(1) or "", found.group(2) or ""))
            at = found.end()
        self._at = 0

    def _wrong(self, why: str, *, inside: bool = True) -> status.ApiError:
        """400; `inside` a requirement the text says so."""
        return status.bad_request(f"unable to parse requirement: {why}" if inside else why)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def read(self) -> tuple[Requirement, ...]:
        found: list[Requirement] = []
        while self._at < len(self._tokens):
            symbol, word = self._peek()
            if symbol and symbol != "!":
                why = "expected: identifier after ','" if found else "expected: !, identifier, or 'end of string'"
                raise self._wrong(f"found '{symbol}', {why}", inside=False)
            found.append(self._requirement())
            symbol, word = self._next()
            if (symbol or word) and symbol != ",":
                raise self._wrong(f"found '{symbol or word}', expected: ',' or 'end of string'", inside=False)
            if symbol == "," and self._at >= len(self._tokens):
                raise self._wrong("found '', expected: identifier after ','", inside=False)
        return tuple(found)

    def _requirement(self) -> Requirement:
        symbol, key = self._next()
        if symbol == "!":
            _, key = self._next()
            return Requirement(self._key(key), "absent")
        if symbol:
            raise self._wrong(f"found '{symbol}', expected: !, identifier, or 'end of string'")
        key = self._key(key)
        symbol, word = self._peek()
        if symbol in ("=", "=="):
            self._next()
            return Requirement(key, "in", frozenset([self._value(key)]))
        if symbol == "!=":
            self._next()
            return Requirement(key, "notin", frozenset([self._value(key)]))
        if symbol in ("<", ">"):
            self._next()
            return Requirement(key, "gt" if symbol == ">" else "lt", frozenset([self._number()]))
        if word in ("in", "notin"):
            self._next()
            return Requirement(key, word, self._values(key))
        if word:
            raise self._wrong(f"found '{word}', expected: in, notin, =, ==, !=, gt, lt")
        return Requirement(key, "exists")

    def _key(self, key: str) -> str:
        prefix, slash, name = key.rpartition("/")
        why = ""
        if "/" in prefix:
            why = _NO_KEY
        elif slash and not prefix:
            why = "prefix part must be non-empty"
        elif not name:
            why = f"name part must be non-empty; name part {_PLAIN}"
        elif not _NAME.fullmatch(name):
            why = f"name part {_PLAIN}"
        elif len(name) > 63:
            why = "name part must be no more than 63 bytes"
        if why:
            raise self._wrong(f'<nil>: Invalid value: "{key}": {why}')
        return key

    def _checked(self, key: str, value: str) -> str:
        if len(value) > 63 or not _VALUE.fullmatch(value):
            why = (
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                "must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
                "regex used for validation is "
                "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            )
            if len(value) > 63:
                why = "must be no more than 63 bytes"
            raise status.bad_request(f'unable to parse requirement: values[0][{key}]: Invalid value: "{value}": {why}')
        return value

    def _value(self, key: str) -> str:
        symbol, word = self._peek()
        if symbol == "," or not (symbol or word):
            return ""
        if symbol:
            raise self._wrong(f"found '{symbol}', expected: identifier")
        self._next()
        return self._checked(key, word)

    def _number(self) -> str:
        _, word = self._next()
        if not re.fullmatch(r"-?\d+", word):
            why = "for 'Gt', 'Lt' operators, the value must be an integer"
            raise status.bad_request(f'unable to parse requirement: values[0]: Invalid value: "{word}": {why}')
        return word

    def _values(self, key: str) -> frozenset[str]:
        symbol, word = self._next()
        if symbol != "(":
            raise self._wrong(f"found '{symbol or word}' expected: '('")
        found: set[str] = set()
        last = "("
        while True:
            symbol, word = self._next()
            if word:
                found.add(self._checked(key, word))
            elif symbol in (",", ")"):
                if last in ("(", ","):
                    found.add("")
            else:
                raise self._wrong(f"found '{symbol}', expected: ',' or ')'")
            last = symbol or word
            if symbol == ")":
                return frozenset(found)


def _labels(text: str) -> tuple[Requirement, ...]:
    return _Labels(text).read()


def _metadata_field(name: str) -> Callable[[Json], str]:
    def read(obj: Json) -> str:
        value: str = obj["metadata"].get(name, "")
        return value

    return read


_ALWAYS = {"metadata.name": _metadata_field("name"), "metadata.namespace": _metadata_field("namespace")}


def _split(text: str) -> list[str]:
    """The parts of a field selector; a backslash takes the meaning of `,`, `=` and itself away."""
    return re.findall(r"(?:\\.|[^,\\])+", text)


def _fields(
    text: str, selectable: Mapping[str, Callable[[Json], str]], namespaced: bool
) -> tuple[tuple[Callable[[Json], str], str, bool], ...]:
    known = {**_ALWAYS, **selectable}
    if not namespaced:
        del known["metadata.namespace"]
    found: list[tuple[Callable[[Json], str], str, bool]] = []
    for part in _split(text):
        split = re.fullmatch(r"((?:\\.|[^=!\\])*)(==|!=|=)(.*)", part)
        if split is None:
            raise status.bad_request(f"invalid selector: '{text}'; can't understand '{part}'")
        name, operator, wanted = split.groups()
        if name not in known:
            if selectable:
                raise status.bad_request(f"field label not supported: {name}")
            fields = ", ".join(f'"{field}"' for field in known)
            raise status.bad_request(f'"{name}" is not a known field selector: only {fields}')
        found.append((known[name], re.sub(r"\\(.)", r"\1", wanted), operator != "!="))
    return tuple(found)


def parse(
    labels: str = "",
    fields: str = "",
    selectable: Mapping[str, Callable[[Json], str]] | None = None,
    *,
    namespaced: bool = True,
) -> Selector:
    """A selector from the texts of a URL. 400 if one of them is not in the grammar, or names an unknown field."""
    if not labels and not fields:
        return EVERYTHING
    return Selector(_labels(labels), _fields(fields, selectable or {}, namespaced) if fields else ())
