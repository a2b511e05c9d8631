"""How a window repeats: its wall time is kept in its zone, whatever the clocks do. Pure."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from noc_console.errors import ConsoleError

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MAX_EVERY = 52
_NTH = ("1st", "2nd", "3rd", "4th", "5th")


class InvalidRecurrence(ConsoleError):
    """A rule that cannot be; the sentence says what to write."""


class Unit(Enum):
    """What is counted from one occurrence to the next."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS_BY_DAY = "months by day"
    """On the same day of the month; a month without that day is left out."""
    MONTHS_BY_WEEKDAY = "months by weekday"
    """On the same weekday of the same week: the second Tuesday. A month without it is left out."""
    MONTHS_BY_LAST_WEEKDAY = "months by last weekday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """Every so many days, weeks or months; day and weekday are those of the first occurrence.

    `weekdays` (0 is Monday) may name more days of a week, with `Unit.WEEKS` only. `until` is the
    last local date on which one may begin.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidRecurrence: with what to write.
        """
        if not 1 <= self.every <= MAX_EVERY:
            raise InvalidRecurrence(f"A window repeats every 1 to {MAX_EVERY} days, weeks, months.")
        if self.weekdays and self.unit is not Unit.WEEKS:
            raise InvalidRecurrence("Weekdays can be named only for a window that repeats weekly.")
        if any(not 0 <= day <= 6 for day in self.weekdays):
            raise InvalidRecurrence("A weekday is one of " + ", ".join(WEEKDAYS) + ".")

    def dates(self, first: date, start: date) -> Iterator[date]:
        """Give the local dates of the occurrences from `start` on, `first` being the first one.

        It ends with `until`, or else with the calendar.
        """
        for day in self._all(first, max(first, start)):
            if self.until is not None and day > self.until:
                return
            if day >= max(first, start):
                yield day

    def words(self, first: date) -> str:
        """Say it: `every 2 weeks on Tue`, `on the 2nd Tue of each month`."""
        often = "each" if self.every == 1 else f"every {self.every}"
        ends = f" until {self.until:%Y-%m-%d}" if self.until else ""
        weekday = WEEKDAYS[first.weekday()]
        months = "each month" if self.every == 1 else f"every {self.every} months"
        if self.unit is Unit.DAYS:
            return f"{often} day{'s' * (self.every > 1)}{ends}"
        if self.unit is Unit.WEEKS:
            days = ", ".join(WEEKDAYS[one] for one in self._weekdays(first))
            return f"{often} week{'s' * (self.every > 1)} on {days}{ends}"
        if self.unit is Unit.MONTHS_BY_DAY:
            return f"on day {first.day} of {months}{ends}"
        if self.unit is Unit.MONTHS_BY_WEEKDAY:
            return f"on the {_NTH[(first.day - 1) // 7]} {weekday} of {months}{ends}"
        return f"on the last {weekday} of {months}{ends}"

    def _weekdays(self, first: date) -> list[int]:
        return sorted({first.weekday(), *self.weekdays})

    def _all(self, first: date, start: date) -> Iterator[date]:
        """Give the dates of the rule from a little before `start` on."""
        if self.unit is Unit.DAYS:
            yield from _steps(first, start, self.every)
        elif self.unit is Unit.WEEKS:
            monday = first - timedelta(days=first.weekday())
            for week in _steps(monday, start - timedelta(days=7), 7 * self.every):
                yield from (week + timedelta(days=day) for day in self._weekdays(first))
        else:
            yield from self._months(first, start)

    def _months(self, first: date, start: date) -> Iterator[date]:
        month = first.year * 12 + first.month - 1
        wanted = max(0, (start.year * 12 + start.month - 1 - month) // self.every - 1)
        month += wanted * self.every
        while month < 12 * 9999:
            day = self._day_in(month // 12, month % 12 + 1, first)
            if day is not None:
                yield date(month // 12, month % 12 + 1, day)
            month += self.every

    def _day_in(self, year: int, month: int, first: date) -> int | None:
        length = calendar.monthrange(year, month)[1]
        if self.unit is Unit.MONTHS_BY_DAY:
            return first.day if first.day <= length else None
        earliest = (first.weekday() - date(year, month, 1).weekday()) % 7 + 1
        if self.unit is Unit.MONTHS_BY_LAST_WEEKDAY:
            return earliest + (length - earliest) // 7 * 7
        day = earliest + (first.day - 1) // 7 * 7
        return day if day <= length else None


def _steps(first: date, start: date, days: int) -> Iterator[date]:
    """Give first, first + days, … from the last one before `start` on, to the calendar's end."""
    passed = max(0, (start - first).days // days)
    day = first + timedelta(days=passed * days)
    while True:
        yield day
        if (date.max - day).days < days:
            return
        day += timedelta(days=days)


def recurrence_to_json(recurrence: Recurrence | None) -> dict[str, Any] | None:
    """Give a rule as JSON values."""
    if recurrence is None:
        return None
    return {
        "unit": recurrence.unit.value,
        "every": recurrence.every,
        "weekdays": list(recurrence.weekdays),
        "until": recurrence.until.isoformat() if recurrence.until else None,
    }


def recurrence_from_json(value: dict[str, Any] | None) -> Recurrence | None:
    """Give the rule that `recurrence_to_json` wrote."""
    if value is None:
        return None
    return Recurrence(
        unit=Unit(value["unit"]),
        every=value["every"],
        weekdays=tuple(value["weekdays"]),
        until=date.fromisoformat(value["until"]) if value["until"] else None,
    )
