"""The named comparators rules are made of; nothing of a check file is ever evaluated as code.

Pure: no I/O, no clock.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from noc_console.audit.agreed import Agreed
from noc_console.audit.check import Family
from noc_console.audit.lifetimes import Lifetimes
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a row is judged against, beside its own check.

    `before` are the keys (check, item) of what the last signed audit knew of this server; None
    where there is none, and then nothing is new. `earlier` is the evidence of checks in earlier
    months, newest first, for those whose parser asks for it.
    """

    now: datetime
    server: str
    family: Family
    agreed: Agreed
    before: frozenset[tuple[str, str]] | None
    lifetimes: Lifetimes
    earlier: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a comparator may ask about the row beside the value: its check and its item."""

    check_id: str
    item: str


Comparator = Callable[[Value, Any, Judged, Around], bool]


def holds(name: str, value: Value, wanted: Any, row: Judged, around: Around) -> bool:
    """Whether a condition holds.

    Raises:
        OutputNotUnderstood: the value is not of the kind the comparator compares.
    """
    return COMPARATORS[name](value, wanted, row, around)


def _same(value: Value, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return value == wanted
    return str(value) == str(wanted)


def _number(value: Value) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise OutputNotUnderstood(f"{value!r:.60} is compared as a number, but is none.") from error


def _instant(value: Value) -> datetime:
    """Read seconds since 1970, a day, or a time in ISO form; without a zone it is UTC."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        told = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError) as error:
        raise OutputNotUnderstood(f"{value!r:.60} is compared as a time, but is none.") from error
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _days(number: Any) -> timedelta:
    return timedelta(days=float(number))


def _is_new(row: Judged, around: Around) -> bool:
    return around.before is not None and (row.check_id, row.item) not in around.before


def _end(product: Any, value: Value, around: Around) -> date | None:
    return around.lifetimes.end_of(str(product), str(value))


def _is_past_end(value: Value, product: Any, around: Around) -> bool:
    end = _end(product, value, around)
    return end is not None and end < around.now.date()


def _ends_within(value: Value, wanted: Any, around: Around) -> bool:
    product, days = wanted
    end = _end(product, value, around)
    return end is not None and end < (around.now + _days(days)).date()


def _matches(value: Value, pattern: Any) -> bool:
    return re.search(pattern, str(value)) is not None


COMPARATORS: Mapping[str, Comparator] = {
    "is": lambda value, wanted, _row, _around: _same(value, wanted),
    "is not": lambda value, wanted, _row, _around: not _same(value, wanted),
    "over": lambda value, wanted, _row, _around: _number(value) > wanted,
    "under": lambda value, wanted, _row, _around: _number(value) < wanted,
    "at least": lambda value, wanted, _row, _around: _number(value) >= wanted,
    "at most": lambda value, wanted, _row, _around: _number(value) <= wanted,
    "in": lambda value, wanted, _row, _around: any(_same(value, one) for one in wanted),
    "not in": lambda value, wanted, _row, _around: not any(_same(value, one) for one in wanted),
    "contains": lambda value, wanted, _row, _around: str(wanted) in str(value),
    "matches": lambda value, wanted, _row, _around: _matches(value, wanted),
    "does not match": lambda value, wanted, _row, _around: not _matches(value, wanted),
    "starts with": lambda value, wanted, _row, _around: str(value).startswith(str(wanted)),
    "older than days": lambda value, wanted, _row, around: (
        _instant(value) < around.now - _days(wanted)
    ),
    "newer than days": lambda value, wanted, _row, around: (
        _instant(value) > around.now - _days(wanted)
    ),
    "within days": lambda value, wanted, _row, around: _instant(value) < around.now + _days(wanted),
    "before today": lambda value, _wanted, _row, around: _instant(value).date() < around.now.date(),
    "agreed": lambda value, wanted, _row, around: around.agreed.holds(wanted, str(value)),
    "not agreed": lambda value, wanted, _row, around: not around.agreed.holds(wanted, str(value)),
    "known last month": lambda _value, _wanted, row, around: (
        around.before is not None and (row.check_id, row.item) in around.before
    ),
    "new since last month": lambda _value, _wanted, row, around: _is_new(row, around),
    "past end of life": lambda value, wanted, _row, around: _is_past_end(value, wanted, around),
    "ends within days": lambda value, wanted, _row, around: _ends_within(value, wanted, around),
    "unknown end of life": lambda value, wanted, _row, around: _end(wanted, value, around) is None,
}
ENDS = frozenset({"past end of life", "ends within days", "unknown end of life"})
"""Comparators that ask the table of ends of life."""
LISTS = frozenset({"in", "not in"})
PATTERNS = frozenset({"matches", "does not match"})
NUMBERS = frozenset(
    {
        *("over", "under", "at least", "at most"),
        *("older than days", "newer than days", "within days"),
    }
)
"""Comparators that want a list, a pattern, a number: the catalogue sees to it."""
