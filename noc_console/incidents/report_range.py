"""Ranges that are reported on, in a zone: a month, a quarter, a year, or from a day to a day. Pure.

A day begins with its first instant, whatever the clocks do: a month with a clock change is an hour
longer or shorter.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import instants_of, wall_of, zone_of
from noc_console.store.schema.metadata import to_ms

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_YEAR = re.compile(r"\d{4}")
_DAY = timedelta(days=1)


class InvalidRange(ConsoleError):
    """Words that name no range; the sentence says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRange:
    """[start, end) in a zone; `title` names it."""

    start: datetime
    end: datetime
    zone: str
    title: str

    @property
    def start_ms(self) -> int:
        """Its start in milliseconds since 1970 UTC."""
        return to_ms(self.start)

    @property
    def end_ms(self) -> int:
        """Its end in milliseconds since 1970 UTC."""
        return to_ms(self.end)

    @property
    def length_ms(self) -> int:
        """How long it is, which a clock change makes longer or shorter."""
        return self.end_ms - self.start_ms

    def words(self) -> str:
        """Say from when to when, with the zone at each end."""
        zone = zone_of(self.zone)
        first, last = self.start.astimezone(zone), self.end.astimezone(zone)
        return f"{first:%Y-%m-%d %H:%M:%S %Z} to {last:%Y-%m-%d %H:%M:%S %Z}, {self.zone}"


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant of a local day, also where midnight is skipped or doubled."""
    earlier, later = instants_of(datetime.combine(day, time()), zone)
    return later if earlier.astimezone(zone).date() < day else earlier


def month_of(moment: datetime, zone_name: str, *, before: int = 0) -> ReportRange:
    """Give the month in which a moment lies, or one `before` it by so many months."""
    day = wall_of(moment, zone_of(zone_name)).date()
    number = day.year * 12 + day.month - 1 - before
    return parse_range(f"{number // 12:04d}-{number % 12 + 1:02d}", "", zone_name, moment)


def quarter_of(moment: datetime, zone_name: str, *, before: int = 0) -> ReportRange:
    """Give the quarter in which a moment lies, or one `before` it by so many quarters."""
    day = wall_of(moment, zone_of(zone_name)).date()
    number = day.year * 4 + (day.month - 1) // 3 - before
    return parse_range(f"{number // 4:04d}-Q{number % 4 + 1}", "", zone_name, moment)


def year_of(moment: datetime, zone_name: str, *, before: int = 0) -> ReportRange:
    """Give the year in which a moment lies, or one `before` it by so many years."""
    year = wall_of(moment, zone_of(zone_name)).year - before
    return parse_range(f"{year:04d}", "", zone_name, moment)


def parse_range(first: str, last: str, zone_name: str, now: datetime) -> ReportRange:
    """Read a range: `first` and `last` are a year, quarter, month, day, or local time.

    Without `last`, a year, quarter or month is meant whole, a day or time up to now; a `last` that
    is a day, month, quarter or year is in the range as a whole. Without either: this month.

    Raises:
        InvalidRange, UnknownZone: the sentence says what to write.
    """
    zone = zone_of(zone_name)
    first = first.strip() or f"{wall_of(now, zone):%Y-%m}"
    start, end = _bounds(first, zone)
    title = first
    if last.strip():
        end = _bounds(last.strip(), zone)[1]
        title = f"{first} to {last.strip()}"
    elif _is_moment(first):
        end, title = now, f"{first} to now"
    if end <= start:
        raise InvalidRange("The range ends before it begins; exchange --from and --to.")
    return ReportRange(start=start, end=end, zone=zone_name, title=title)


def _is_moment(words: str) -> bool:
    return not any(form.fullmatch(words) for form in (_MONTH, _QUARTER, _YEAR))


def _bounds(words: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    try:
        if found := _QUARTER.fullmatch(words):
            return _months(int(found[1]), 3 * int(found[2]) - 2, 3, zone)
        if found := _MONTH.fullmatch(words):
            return _months(int(found[1]), int(found[2]), 1, zone)
        if _YEAR.fullmatch(words):
            return _months(int(words), 1, 12, zone)
        if len(words) == len("2026-05-01"):
            day = date.fromisoformat(words)
            return day_start(day, zone), day_start(day + _DAY, zone)
        moment = datetime.fromisoformat(words)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC), moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRange(
            f"{words!r} is no range; write 2026, 2026-Q3, 2026-10, 2026-10-05 or 2026-10-05T14:30."
        ) from None


def _months(year: int, month: int, count: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = year * 12 + month - 1 + count
    start = day_start(date(year, month, 1), zone)
    return start, day_start(date(last // 12, last % 12 + 1, 1), zone)
