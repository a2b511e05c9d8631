"""What the audits of earlier months kept of a server's logins. Pure: no I/O, no clock."""

import contextlib
from datetime import UTC, date, datetime, time

from noc_console.audit.logins.told import ToldLogins, read_told
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past

_LAST_DAY = date(9990, 1, 1)  # a day has to fit behind it


def earlier_told(past: Past) -> list[ToldLogins]:
    """Give what was told then, the oldest first; what cannot be read any more is left out."""
    found = []
    for one in reversed(past.earlier):
        with contextlib.suppress(OutputNotUnderstood):
            found.append(read_told(one, asked_on(past.today)))
    return found


def asked_on(day: date) -> datetime:
    """Give the end of a day, for answers that do not tell the server's clock."""
    return datetime.combine(min(day, _LAST_DAY), time.max, UTC)
