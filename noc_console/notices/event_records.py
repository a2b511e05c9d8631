"""What befell a notice, one event after the other, hash-chained: only ever added to.

Each event's SHA-256 is over itself and the one before, for each notice by itself, so that an event
that was changed or taken out later shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from noc_console.store.digest import digest
from noc_console.store.schema.metadata import to_ms
from noc_console.store.schema.notices import notice, notice_event
from noc_console.store.store import Store


class EventKind(Enum):
    """What can befall a notice."""

    DRAFTED = "drafted"
    FROZEN = "frozen"
    APPROVED = "approved"
    TRIED = "tried"
    """One send was mailed to a person as a trial."""
    PLANNED = "planned"
    SENT = "sent"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    IN_DOUBT = "in doubt"
    DECIDED = "decided"
    """A person decided about a posting: to send it again, to stop it, that it went."""
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"
    MISSED = "missed"
    BEGAN = "began"
    CHANGED = "changed"
    ENDED = "ended"
    NAGGED = "nagged"
    """People were told that a promise is overdue."""
    HELD = "held"
    """A send was kept back, because what it says is not so any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEvent:
    """One event. `details` are plain values, such as the posting it is about."""

    number: int
    at: datetime
    by: str
    kind: EventKind
    words: str
    details: Mapping[str, Any] = field(default_factory=dict)
    previous: str
    sha256: str


def add_event(
    connection: sa.Connection,
    notice_id: int,
    kind: EventKind,
    words: str,
    *,
    by: str,
    at: datetime,
    **details: Any,
) -> None:
    """Add an event inside a write. Writes to one notice follow one another."""
    token = connection.execute(
        sa.select(notice.c.token).where(notice.c.id == notice_id).with_for_update()
    ).scalar_one()
    last = connection.execute(
        sa.select(notice_event.c.number, notice_event.c.sha256)
        .where(notice_event.c.notice_id == notice_id)
        .order_by(notice_event.c.number.desc())
        .limit(1)
    ).first()
    number, previous = (last.number + 1, last.sha256) if last else (1, "")
    row = {"number": number, "at": at, "by": by, "kind": kind.value, "words": words}
    connection.execute(
        sa.insert(notice_event).values(
            notice_id=notice_id,
            **row,
            details=details,
            previous=previous,
            sha256=_hash(token, previous, details, **row),
        )
    )


def events_of(store: Store, notice_id: int) -> list[NoticeEvent]:
    """Give all that befell a notice, in order."""
    query = (
        sa.select(notice_event)
        .where(notice_event.c.notice_id == notice_id)
        .order_by(notice_event.c.number)
    )
    with store.read() as connection:
        return [_event_of(row) for row in connection.execute(query)]


def break_in(events: Sequence[NoticeEvent], token: str) -> int | None:
    """Give the number of the first event that is not as it was written; None: all are. Pure."""
    previous = ""
    for expected, one in enumerate(events, start=1):
        found = _hash(
            token,
            previous,
            one.details,
            number=one.number,
            at=one.at,
            by=one.by,
            kind=one.kind.value,
            words=one.words,
        )
        if one.number != expected or one.previous != previous or one.sha256 != found:
            return expected
        previous = one.sha256
    return None


def _hash(token: str, previous: str, details: Mapping[str, Any], **row: Any) -> str:
    told = {**row, "at": to_ms(row["at"]), "token": token, "previous": previous, "details": details}
    return digest(told)


def _event_of(row: sa.Row[Any]) -> NoticeEvent:
    return NoticeEvent(
        number=row.number,
        at=row.at,
        by=row.by,
        kind=EventKind(row.kind),
        words=row.words,
        details=row.details,
        previous=row.previous,
        sha256=row.sha256,
    )
