"""Which days a calendar shows, and where windows lie on them. Pure: no I/O, no clock."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from noc_console.incidents.report_range import day_start
from noc_console.incidents.windows.window import Occurrence

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Span(Enum):
    """How much a calendar shows at once."""

    MONTH = "Month"
    WEEK = "Week"


@dataclass(frozen=True, slots=True)
class Block:
    """The part of an occurrence that lies on one day: shares of the day, and its lane of so many.

    A day of a clock change has 23 or 25 hours; shares are of the hours the wall shows.
    """

    occurrence: Occurrence
    top: float
    bottom: float
    lane: int
    lanes: int


def days_of(span: Span, day: date) -> list[date]:
    """Give the days shown when this one is chosen: whole weeks from Monday on."""
    first = day.replace(day=1) if span is Span.MONTH else day
    monday = first - timedelta(days=first.weekday())
    count = 42 if span is Span.MONTH else 7
    return [monday + place * DAY for place in range(count)]


def bounds_of(days: Sequence[date], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the first instant of some days and the first after them."""
    return day_start(days[0], zone), day_start(days[-1] + DAY, zone)


def title_of(span: Span, day: date) -> str:
    """Name what is shown."""
    if span is Span.MONTH:
        return f"{calendar.month_name[day.month]} {day.year}"
    days = days_of(span, day)
    return f"{days[0]:%d %b} to {days[-1]:%d %b %Y}, week {day.isocalendar().week}"


def step(span: Span, day: date, by: int) -> date:
    """Give the day one month or week further; the last of a shorter month."""
    if span is Span.WEEK:
        return day + by * WEEK
    number = day.year * 12 + day.month - 1 + by
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def by_day(occurrences: Sequence[Occurrence], zone: ZoneInfo) -> dict[date, list[Occurrence]]:
    """Give the occurrences that touch each day, by their start."""
    found: dict[date, list[Occurrence]] = {}
    for one in sorted(occurrences, key=lambda one: one.planned_start):
        day = one.planned_start.astimezone(zone).date()
        last = (one.planned_end - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            found.setdefault(day, []).append(one)
            day += DAY
    return found


def blocks_of(found: Sequence[Occurrence], day: date, zone: ZoneInfo) -> list[Block]:
    """Give where a day's occurrences lie on it, by their start; those at one time side by side."""
    start, end = bounds_of([day], zone)
    lanes: list[datetime] = []
    placed: list[tuple[Occurrence, int]] = []
    for one in found:
        lane = next(
            (place for place, until in enumerate(lanes) if until <= one.planned_start), len(lanes)
        )
        if lane == len(lanes):
            lanes.append(one.planned_end)
        lanes[lane] = one.planned_end
        placed.append((one, lane))
    return [
        Block(
            one,
            _share(max(one.planned_start, start), day, zone),
            1.0 if one.planned_end >= end else _share(one.planned_end, day, zone),
            lane,
            len(lanes),
        )
        for one, lane in placed
    ]


def _share(moment: datetime, day: date, zone: ZoneInfo) -> float:
    """Give where a moment stands between the wall's 00:00 and 24:00 of a day."""
    wall = moment.astimezone(zone)
    if wall.date() != day:
        return 0.0 if wall.date() < day else 1.0
    return (wall.hour * 60 + wall.minute) / 1440
