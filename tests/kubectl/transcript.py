"""A session in a text file: what somebody types, and what the control plane prints.

    # A comment.
    % kubectl apply -f web.yaml            prepares: has to succeed, its output is not compared
    #: mask \\d+m\\b => CPU                  for the next command: replace what a regular expression finds in a line
    #: drop ^Image ID:                      leave out the lines that it is found in
    #: until 2/2                            ask again until the output holds it
    #: sorted, #: unique                    lines that come in any order, or come again
    $ kubectl get sts
    |NAME  READY  AGE                      its output, masked
    ! error: ...                           what it prints to standard error
    = 1                                    its exit code, if that is not 0

Directives with `#: all` before them hold for the whole session. Commands are run by bash in the folder `files`, where
`kubectl` is the one under test in a namespace of the session's own, whose name is in `$NAMESPACE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

SESSIONS = Path(__file__).parent / "sessions"


@dataclass(frozen=True)
class Rules:
    """How a command's output is compared."""

    masks: tuple[tuple[str, str], ...] = ()
    drops: tuple[str, ...] = ()
    until: str = ""
    is_sorted: bool = False
    is_unique: bool = False

    def with_(self, directive: str) -> Rules:
        """These, and one more. ValueError for an unknown one."""
        word, _, rest = directive.partition(" ")
        if word == "mask":
            pattern, _, text = rest.partition(" => ")
            return replace(self, masks=(*self.masks, (pattern, text)))
        if word == "drop":
            return replace(self, drops=(*self.drops, rest))
        if word == "until":
            return replace(self, until=rest)
        if word == "sorted":
            return replace(self, is_sorted=True)
        if word == "unique":
            return replace(self, is_unique=True)
        raise ValueError(f"unknown directive: {directive}")

    def applied(self, text: str) -> list[str]:
        """The lines of an output, as they are compared."""
        lines = [line for line in text.splitlines() if not any(re.search(drop, line) for drop in self.drops)]
        for pattern, name in self.masks:
            lines = [re.sub(pattern, name, line) for line in lines]
        # Columns are as wide as what was masked.
        lines = [re.sub(r"(?<=\S) {2,}", "  ", line.replace("\t", "    ")).rstrip() for line in lines]
        if self.is_unique:
            lines = list(dict.fromkeys(lines))
        return sorted(lines) if self.is_sorted else lines


@dataclass(frozen=True)
class Step:
    """A command, how it is compared, and what it has to print."""

    command: str
    is_preparation: bool = False
    rules: Rules = Rules()
    printed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """A file: its lines without the outputs, and the steps in them by the number of their line."""

    name: str
    lines: tuple[str, ...]
    steps: dict[int, Step] = field(default_factory=dict)

    def with_printed(self, printed: dict[int, tuple[str, ...]]) -> str:
        """The file's text with other outputs."""
        lines: list[str] = []
        for number, line in enumerate(self.lines):
            lines += [line, *printed.get(number, ())]
        return "\n".join(lines) + "\n"


def names() -> list[str]:
    """The sessions that there are."""
    return sorted(path.stem for path in SESSIONS.glob("*.txt"))


def read(name: str) -> Session:
    """A session by its name."""
    text = (SESSIONS / f"{name}.txt").read_text(encoding="utf-8")
    kept = tuple(line for line in text.splitlines() if line[:1] not in ("|", "!", "="))
    return Session(name, kept, dict(_steps(text)))


def _steps(text: str) -> Iterator[tuple[int, Step]]:
    everywhere, rules = Rules(), Rules()
    number, step = -1, None
    for line in text.splitlines():
        if step is not None and line[:1] in ("|", "!", "="):
            step = replace(step, printed=(*step.printed, line))
            continue
        if step is not None:
            yield number, step
            step = None
        number += 1
        if line.startswith("#: all "):
            everywhere = rules = everywhere.with_(line.removeprefix("#: all "))
        elif line.startswith("#: "):
            rules = rules.with_(line.removeprefix("#: "))
        elif line.startswith(("$ ", "% ")):
            step = Step(line[2:], line.startswith("%"), rules)
            rules = everywhere
    if step is not None:
        yield number, step
