"""What a parser gives: rows with named fields, and sums over them. Pure: no I/O, no clock."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Value = str | int | float | bool

MAX_LINE = 4_000
"""A longer line of a server is cut: no path and no rule is as long."""
MAX_ROWS = 20_000
"""More rows than this are not an answer a person can go through."""


_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


class OutputNotUnderstood(Exception):
    """What was printed is not what the command prints: not measured, and why in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing a server told. `line` is the number of its line in the output, from 1."""

    line: int
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that a server told in one answer.

    `sums` are named values of the answer as a whole; `notes` are sentences about what was left out.
    """

    rows: tuple[Row, ...] = ()
    sums: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told at all."""
        return not self.rows and not self.sums


Parser = Callable[[bytes, Mapping[str, Any]], Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a parser that compares with the past is told beside the answer.

    `earlier` is the evidence of the same check on the same server in earlier months, newest first.
    `today` is the day on which the server was asked.
    """

    today: date = date.max
    earlier: tuple[bytes, ...] = ()


PastParser = Callable[[bytes, Mapping[str, Any], Past], Table]


def numbered_lines(output: bytes) -> Iterator[tuple[int, str]]:
    """Give each line that is not blank with its number, as text, cut where it is too long.

    Bytes that are no UTF-8 become U+FFFD. Only a line feed ends a line, as in the evidence.

    Raises:
        OutputNotUnderstood: it holds null bytes, which no text does, or far too many lines.
    """
    if b"\0" in output:
        raise OutputNotUnderstood("The answer holds null bytes: it is no text.")
    taken = 0
    for number, line in enumerate(output.split(b"\n"), start=1):
        text = line[:MAX_LINE].decode("utf-8", "replace").rstrip("\r")
        if not text.strip():
            continue
        taken += 1
        if taken > MAX_ROWS:
            raise OutputNotUnderstood(f"The answer has more than {MAX_ROWS:,} lines.")
        yield number, text


def number_of(text: str, what: str) -> int:
    """Give a whole number.

    Raises:
        OutputNotUnderstood: the text is none, or one of more than 18 digits.
    """
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise OutputNotUnderstood(f"The {what} is no number: {text[:40]!r}.")
    return int(text)


def decimal_of(text: str, what: str) -> float:
    """Give a number that may have a fraction, such as `-3.25`.

    Raises:
        OutputNotUnderstood: the text is none, or one of more than 18 digits.
    """
    told = text.strip()
    if not _DECIMAL.fullmatch(told):
        raise OutputNotUnderstood(f"The {what} is no number: {text[:40]!r}.")
    return float(told)
