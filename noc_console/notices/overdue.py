"""What customers were promised and have not heard by its time. Pure: no I/O, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice
from noc_console.notices.rulings import Fate, Ruling

END_GRACE = timedelta(minutes=5)
"""For so long after the announced end nobody is asked whether the work is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """One promise whose time has passed. `key` is its own for ever: it is told once."""

    notice_id: int
    title: str
    key: str
    since: datetime
    words: str


def overdue_of(stored: StoredNotice, live: Notice | None, now: datetime) -> list[Overdue]:
    """Give what is overdue of a notice; `live` is its version in force."""
    if stored.state.is_over or live is None:
        return []
    found = []
    promised, ends_at = stored.next_update_at, live.ends_at if live.is_scheduled else None
    if promised is not None and promised < now:
        words = "An update was promised and has not been given; give it."
        found.append(_overdue(stored, live, "update", promised, words))
    if ends_at is not None and ends_at + END_GRACE < now:
        words = "Its announced end has passed: tell that it is done, or extend it."
        found.append(_overdue(stored, live, "end", ends_at, words))
    return found


def kept_back(
    stored: StoredNotice, live: Notice, rulings: Iterable[Ruling], now: datetime
) -> list[Overdue]:
    """Give what customers do not hear though it is time, for what it says is not so any more."""
    due = {one.posting.due_at: one for one in rulings if one.fate is Fate.HELD}
    return [
        _overdue(stored, live, "held", at, f"“{one.posting.send}” is kept back: {one.words}")
        for at, one in sorted(due.items())
        if at <= now
    ]


def _overdue(stored: StoredNotice, live: Notice, what: str, since: datetime, words: str) -> Overdue:
    return Overdue(
        notice_id=stored.id,
        title=live.title,
        key=f"{what} {since.isoformat()}",
        since=since,
        words=words,
    )
