"""Moments and spans as people type and read them. Pure: no I/O, no clock."""

import re
from datetime import UTC, datetime, timedelta

from noc_console.errors import ConsoleError
from noc_console.incidents import times

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = timedelta(days=3660)


class UnknownMoment(ConsoleError):
    """A moment that is not written as we read it."""


def parse_moment(text: str, now: datetime) -> datetime:
    """Read `90s`, `30m`, `1h`, `7d`, `2w` as that long before `now`, or an ISO 8601 time.

    A time without zone is of the machine's own zone, as a person means it. Gives aware UTC.

    Raises:
        UnknownMoment: with the forms that are understood.
    """
    if match := _SPAN.fullmatch(text.strip()):
        span_s = float(match[1]) * _SECONDS[match[2]]
        if span_s <= _LONGEST.total_seconds():
            return now - timedelta(seconds=span_s)
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnknownMoment(
            f"{text!r} is no moment; write how long ago (90s, 30m, 1h, 7d, 2w; ten years at most)"
            " or a time such as 2026-05-01T14:30."
        ) from None


def parse_until(text: str, now: datetime) -> datetime:
    """Read `30m`, `2h`, `3d` as that long after `now`, or an ISO 8601 time as `parse_moment` does.

    Raises:
        UnknownMoment: with the forms that are understood.
    """
    if _SPAN.fullmatch(text.strip()):
        return now + parse_span(text)
    return parse_moment(text, now)


def parse_span(text: str) -> timedelta:
    """Read `90s`, `30m`, `2h`, `3d`, `2w`.

    Raises:
        UnknownMoment: with the forms that are understood.
    """
    match = _SPAN.fullmatch(text.strip())
    span_s = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if not 0 < span_s <= _LONGEST.total_seconds():
        raise UnknownMoment(
            f"{text!r} is no span of time; write 90s, 30m, 2h, 3d or 2w, ten years at most."
        )
    return timedelta(seconds=span_s)


def span_text(seconds: float) -> str:
    """Give a span in its two largest units: `4 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    return times.span_text(timedelta(seconds=seconds))


def iso(moment: datetime) -> str:
    """Give an aware moment as ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
