"""Starts and recurrences of windows as people type them. Pure: no I/O, no clock."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from noc_console.errors import ConsoleError
from noc_console.incidents.planning.proof_words import weekdays_named
from noc_console.incidents.wall_time import WallChoice, instant_of, zone_of
from noc_console.incidents.windows.recurrence import WEEKDAYS, InvalidRecurrence, Recurrence, Unit

_WEEKDAY = re.compile(r"^([A-Za-z]{3,9})[,.]?\s+")
_AHEAD = re.compile(r"\+(\d{1,4})\s*(m|min|h|d)")
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440}

REPEATS = {
    "daily": Unit.DAYS,
    "weekly": Unit.WEEKS,
    "monthly-day": Unit.MONTHS_BY_DAY,
    "monthly-weekday": Unit.MONTHS_BY_WEEKDAY,
    "monthly-last-weekday": Unit.MONTHS_BY_LAST_WEEKDAY,
}
"""The words for how a window repeats."""


class UnknownStart(ConsoleError):
    """A start that is not written as we read it."""


def parse_start(text: str, zone: ZoneInfo, choice: WallChoice, now: datetime) -> datetime:
    """Read `2026-12-05 02:00`, also with a weekday before it, `now`, or `+2h` as a UTC instant.

    A time without an offset is a wall time of the zone.

    Raises:
        UnknownStart, UnclearWallTime: what to write, or which choice to make.
    """
    words = text.strip()
    if words == "now":
        return now.replace(second=0, microsecond=0)
    if ahead := _AHEAD.fullmatch(words):
        minutes = int(ahead[1]) * _MINUTES[ahead[2]]
        return now.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    if (found := _WEEKDAY.match(words)) and weekdays_named(found[1].capitalize()):
        words = words[found.end() :]
    try:
        told = datetime.fromisoformat(words)
    except ValueError:
        told = None
    if told is None or len(words) < len("2026-12-05T02:00"):
        raise UnknownStart(
            f"{text!r} is no start; write 2026-12-05 02:00, Sat 2026-12-05 02:00, now or +2h."
        )
    if told.tzinfo is not None:
        return told.astimezone(zone_of("UTC"))
    return instant_of(told, zone, choice)


def read_recurrence(
    repeat: str | None, every: int, weekdays: Sequence[str], until: str | None
) -> Recurrence | None:
    """Read how a window repeats; None for one that does not.

    Raises:
        InvalidRecurrence: the words do not go together.
    """
    if repeat is None:
        if weekdays or until or every != 1:
            raise InvalidRecurrence(
                f"Say how the window repeats: {', '.join(REPEATS)}; then how often and until when."
            )
        return None
    days = []
    for word in weekdays:
        if word[:3].capitalize() not in WEEKDAYS:
            raise InvalidRecurrence(f"{word!r} is no weekday; write {', '.join(WEEKDAYS)}.")
        days.append(WEEKDAYS.index(word[:3].capitalize()))
    try:
        last = date.fromisoformat(until) if until else None
    except ValueError:
        raise InvalidRecurrence(f"{until!r} is no date; write 2027-03-31.") from None
    return Recurrence(
        unit=REPEATS[repeat], every=every, weekdays=tuple(sorted(set(days))), until=last
    )
