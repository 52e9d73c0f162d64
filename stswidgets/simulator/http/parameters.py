"""Query parameters as Go reads them (apimachinery `pkg/runtime/conversion.go`, `pkg/apis/meta/v1/validation`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stswidgets.simulator import status
from stswidgets.simulator.verbs.request import Options

_FALSE = ("false", "0")


class Parameters:
    """The query of one request."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """The first value."""
        return self.all(name)[0] if self.all(name) else default

    def all(self, name: str) -> Sequence[str]:
        """Every value."""
        return self._values.get(name, ())

    def has(self, name: str) -> bool:
        """Whether it was given at all."""
        return name in self._values

    def flag(self, name: str) -> bool:
        """A boolean: anything but false and 0 is true, also nothing (`?watch`), as the server has it."""
        return self.has(name) and self.text(name).lower() not in _FALSE

    def number(self, name: str) -> int | None:
        """A whole number, None if absent. 400 if it is none."""
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text)
        except ValueError as error:
            raise status.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from error

    def dry_run(self, kind: str) -> bool:
        """Whether nothing may be stored. 422 for a value that is not All."""
        wanted = self.all("dryRun")
        for value in wanted:
            if value != "All":
                given = " ".join(f'"{item}"' for item in wanted)
                message = f'Unsupported value: [{given}]: supported values: "All"'
                cause = status.Cause("dryRun", "FieldValueNotSupported", message)
                raise status.invalid("meta.k8s.io", kind, "", [cause])
        return bool(wanted)

    def options(self, kind: str, user: str, agent: str) -> Options:
        """How a write is made. `kind` is the options' own (CreateOptions ...), for its errors."""
        validation = self.text("fieldValidation") or "Warn"
        if validation not in ("Ignore", "Warn", "Strict"):
            message = f'Unsupported value: "{validation}": supported values: "", "Ignore", "Strict", "Warn"'
            cause = status.Cause("fieldValidation", "FieldValueNotSupported", message)
            raise status.invalid("meta.k8s.io", kind, "", [cause])
        manager = self.text("fieldManager") or agent.split("/", 1)[0] or "unknown"
        if len(manager) > 128:
            cause = status.Cause("fieldManager", "FieldValueTooLong", "Too long: may not be more than 128 bytes")
            raise status.invalid("meta.k8s.io", kind, "", [cause])
        return Options(
            manager=manager,
            user=user,
            dry_run=self.dry_run(kind),
            field_validation=validation,
            force=self.flag("force"),
        )
