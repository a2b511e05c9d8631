"""Since when something goes on, as a person types it in a hurry. Pure: no I/O, no clock."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from noc_console.errors import ConsoleError

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_AGO = re.compile(r"(\d{1,4})\s*(m|min|h|d)?(\s*ago)?")
_MINUTES = {"": 1, "m": 1, "min": 1, "h": 60, "d": 1440}


class UnknownSince(ConsoleError):
    """A moment that is not written as we read it."""


def parse_since(typed: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read `02:14`, `12 min`, `2h`, `now` or `2026-12-05 02:14`; None for nothing.

    A clock time is the last one that has passed, on the clocks of `zone` (our own without).

    Raises:
        UnknownSince: with what to write.
    """
    words = typed.strip().casefold()
    if not words:
        return None
    if words == "now":
        return now
    if (clock := _CLOCK.fullmatch(words)) and int(clock[1]) < 24 and int(clock[2]) < 60:
        return _last_passed(int(clock[1]), int(clock[2]), now, zone)
    if ago := _AGO.fullmatch(words):
        return now - timedelta(minutes=int(ago[1]) * _MINUTES[ago[2] or ""])
    try:
        told = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise UnknownSince(
            f"{typed!r} is no moment; write 02:14, 12 min, 2h or 2026-12-05 02:14."
        ) from None
    placed = told if told.tzinfo is not None else told.replace(tzinfo=zone)
    return placed.astimezone(UTC)


def _last_passed(hour: int, minute: int, now: datetime, zone: tzinfo | None) -> datetime:
    today = now.astimezone(zone).replace(tzinfo=None)
    wall = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if wall > today:
        wall -= timedelta(days=1)
    return wall.replace(tzinfo=zone).astimezone(UTC)
