"""Moments and spans as people read them in incidents, handovers and reports."""

from datetime import datetime, timedelta

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))
_EXACT_UNITS = (*_UNITS, (1, "s"))
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNTIL_MINUTES, _UNTIL_HOURS = 2 * _MINUTE, 2 * _HOUR


def local_text(moment: datetime) -> str:
    """Give an aware moment in this machine's zone, with the zone: `2026-11-27 02:07:31 CET`."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def clock_text(moment: datetime, now: datetime) -> str:
    """Give a moment near `now` without its date: `02:07 CET`; one of another day with it."""
    local, today = moment.astimezone(), now.astimezone().date()
    form = "%H:%M %Z" if local.date() == today else "%a %Y-%m-%d %H:%M %Z"
    return local.strftime(form)


def span_text(span: timedelta) -> str:
    """Give a span in its two largest units: `4 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    left = max(0, round(span.total_seconds()))
    if left < _UNITS[-1][0]:
        return f"{left} s"
    parts = []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2])


def exact_text(milliseconds: float) -> str:
    """Give a span to the second in all its units: `8 h 45 min 36 s`."""
    left = round(abs(milliseconds) / 1000)
    sign = "-" if milliseconds < 0 and left else ""
    parts = []
    for size, unit in _EXACT_UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return sign + (" ".join(parts) or "0 s")


def age_text(age: timedelta) -> str:
    """Give a span of time in one or two units: `42 s`, `12 min`, `3 h 05 min`, `8 d 4 h`."""
    seconds = max(age.total_seconds(), 0.0)
    if seconds < _UNTIL_MINUTES:
        return f"{int(seconds)} s"
    if seconds < _UNTIL_HOURS:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE):02d} min"
    return f"{int(seconds // _DAY)} d {int(seconds % _DAY // _HOUR)} h"


def since_text(since: datetime | None, now: datetime) -> str:
    """Give since when something holds, in the local zone, with how long that is."""
    if since is None:
        return "–"
    return f"{since.astimezone():%Y-%m-%d %H:%M}  ({age_text(now - since)})"
