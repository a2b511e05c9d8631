"""Hours of the week as people write them, such as `Mon-Fri 08:00-18:00, Sat 10:00-14:00`.

Pure: no I/O, no clock. A span that ends before it begins goes on into the next day. Hours are of
the wall clock of a zone, so a shift keeps its times when the clocks change.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from noc_console.errors import ConsoleError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_PART = re.compile(
    r"(?:(?P<first>[A-Za-z]{3})[a-z]*(?:\s*-\s*(?P<last>[A-Za-z]{3})[a-z]*)?\s+)?"
    r"(?P<begins>\d{1,2}:\d{2})\s*-\s*(?P<ends>\d{1,2}:\d{2})"
)
_LONGEST = 400
FORM = "Mon-Fri 08:00-18:00, Sat 10:00-14:00"


class InvalidHours(ConsoleError):
    """Hours that are not written as we read them; the sentence shows the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One stretch of the week, in minutes since Monday 00:00; it may go over the week's end."""

    begins: int
    ends: int

    def holds(self, minute: int) -> bool:
        """Whether a minute of the week lies in it."""
        return (minute - self.begins) % _WEEK_MINUTES < self.ends - self.begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Stretches of the week. Empty hours hold never: whoever asks says what that means."""

    spans: tuple[Span, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not self.spans

    def hold(self, now: datetime, zone: str) -> bool:
        """Whether a moment lies in them, by the wall clock of a zone."""
        return self.hold_minute(week_minute(now, zone))

    def hold_minute(self, minute: int) -> bool:
        """Whether a minute of the week lies in them."""
        return any(span.holds(minute) for span in self.spans)


def parse_hours(text: str) -> Hours:
    """Read hours; days left out mean every day, an empty text gives empty hours.

    Raises:
        InvalidHours: with the form that is understood.
    """
    if len(text) > _LONGEST:
        raise InvalidHours(f"These hours are too long; write them as in {FORM!r}.")
    spans: list[Span] = []
    for part in filter(None, (one.strip() for one in re.split("[,;]", text))):
        match = _PART.fullmatch(part)
        if match is None:
            raise InvalidHours(f"{part!r} are no hours; write them as in {FORM!r}.")
        begins, ends = _minutes(match["begins"], part), _minutes(match["ends"], part)
        length = (ends - begins) % _DAY_MINUTES or _DAY_MINUTES
        for day in _days(match["first"], match["last"], part):
            start = day * _DAY_MINUTES + begins
            spans.append(Span(begins=start, ends=start + length))
    return Hours(spans=tuple(spans))


def _days(first: str | None, last: str | None, part: str) -> list[int]:
    if first is None:
        return list(range(len(DAYS)))
    begin = _day(first, part)
    end = begin if last is None else _day(last, part)
    return [(begin + step) % len(DAYS) for step in range((end - begin) % len(DAYS) + 1)]


def _day(word: str, part: str) -> int:
    name = word.capitalize()
    if name not in DAYS:
        raise InvalidHours(f"{part!r}: {word} is no day; the days are {', '.join(DAYS)}.")
    return DAYS.index(name)


def _minutes(text: str, part: str) -> int:
    hour, minute = (int(number) for number in text.split(":"))
    if hour > 24 or minute > 59 or hour * 60 + minute > _DAY_MINUTES:
        raise InvalidHours(f"{part!r}: {text} is no time of the day; write it as in 08:30.")
    return hour * 60 + minute


def zone_of(name: str) -> ZoneInfo:
    """Give a zone by its name, such as `Europe/Berlin`.

    Raises:
        InvalidHours: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidHours(
            f"{name!r} is no time zone this machine knows; write one such as Europe/Berlin or UTC."
        ) from None


def week_minute(now: datetime, zone: str) -> int:
    """Give the minute of the week at a moment; a zone this machine lacks counts as UTC."""
    try:
        local = now.astimezone(zone_of(zone))
    except InvalidHours:
        local = now
    return local.weekday() * _DAY_MINUTES + local.hour * 60 + local.minute
