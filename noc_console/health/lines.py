"""The two lines of one value: early (warn while there is time) and cut-off (dangerous). Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from noc_console.errors import ConsoleError

MOST_MINUTES = 7 * 24 * 60.0


class InvalidLines(ConsoleError):
    """Lines that cannot be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """When a value is worth a warning and when it is dangerous, in the value's own unit.

    Either line may be missing. `below` turns the direction: dangerous is what is lower. A line is
    crossed after its minutes, and left when the value is back beyond `hysteresis` times the line
    for `clear_minutes`. The early verdict also comes when the cut-off is forecast within
    `forecast_minutes`, counted from the value `forecast_from` on (else from the early line).
    """

    early: float | None = None
    cut_off: float | None = None
    per_core: bool = False
    below: bool = False
    early_minutes: float = 0.0
    cut_off_minutes: float = 0.0
    clear_minutes: float = 1.0
    hysteresis: float = 0.9
    forecast_minutes: float = 0.0
    forecast_from: float | None = None

    def __post_init__(self) -> None:
        """Refuse what could never warn, or would warn in the wrong order."""
        told = [one for one in (self.early, self.cut_off, self.forecast_from) if one is not None]
        if any(not math.isfinite(one) or one < 0 for one in told):
            raise InvalidLines("A line must be a number of zero or more; write it without a sign.")
        if self.early is not None and self.cut_off is not None:
            order = self.cut_off - self.early
            if (order > 0) if self.below else (order < 0):
                side = "above" if self.below else "below"
                raise InvalidLines(
                    f"The cut-off {self.cut_off:g} is {side} the early line {self.early:g}; "
                    "the early line must be reached first."
                )
        spans = (
            self.early_minutes,
            self.cut_off_minutes,
            self.clear_minutes,
            self.forecast_minutes,
        )
        if any(not 0 <= one <= MOST_MINUTES for one in spans):
            raise InvalidLines("Minutes must be between 0 and a week.")
        if not 0.1 <= self.hysteresis <= 1:
            raise InvalidLines("Hysteresis is a share of the line, between 0.1 and 1.")

    @property
    def is_silent(self) -> bool:
        """Whether there is no line at all: somebody chose not to be told."""
        return self.early is None and self.cut_off is None

    def scaled(self, cores: float) -> "Lines":
        """Give the lines as they are on a server with so many cores."""
        if not self.per_core:
            return self
        cores = max(cores, 1.0)
        return replace(
            self,
            per_core=False,
            early=_times(self.early, cores),
            cut_off=_times(self.cut_off, cores),
            forecast_from=_times(self.forecast_from, cores),
        )


def lines_to_json(lines: Lines) -> dict[str, Any]:
    """Give lines as JSON values; what is as usual is left out."""
    usual = Lines()
    return {
        field.name: getattr(lines, field.name)
        for field in fields(Lines)
        if getattr(lines, field.name) != getattr(usual, field.name)
    }


def lines_from_json(values: Mapping[str, Any]) -> Lines:
    """Give the lines of JSON or TOML values.

    Raises:
        InvalidLines: a value is not known, of the wrong kind, or cannot be right.
    """
    known = {field.name for field in fields(Lines)}
    for name, value in values.items():
        if name not in known:
            raise InvalidLines(f"{name!r} is nothing that lines have; see the command `line set`.")
        if (name in {"per_core", "below"}) != isinstance(value, bool):
            raise InvalidLines(f"{name} cannot be {value!r}.")
        if not isinstance(value, bool | int | float):
            raise InvalidLines(f"{name} must be a number, not {value!r}.")
    return Lines(**values)


def _times(line: float | None, cores: float) -> float | None:
    return None if line is None else line * cores
