"""The SQL for what each person has seen of the alarms, and what came while they were away.

What comes while a person is at the desk is seen as it comes. What comes while they are away, or
while the desk is closed, waits in a list until they say that they have seen it.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from noc_console.health.alarm import Alarm, AlarmEventKind
from noc_console.health.alarm_records import alarm_of
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.rows import put_rows
from noc_console.store.schema.alarms import alarm, alarm_event, alarm_seen
from noc_console.store.store import Store

MOST_MISSED = 2_000
_CALLS = tuple(kind.value for kind in AlarmEventKind if kind.calls_person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An alarm that called while nobody was there: how often, first when, how bad at worst."""

    alarm: Alarm
    first_at: datetime
    calls: int
    worst: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    event_id: int
    away_id: int


def note_presence(store: Store, person: str, *, is_here: bool, now: datetime) -> None:
    """Move a person's mark: who is here sees what comes, unless they have missed something.

    Without a mark everything so far counts as seen: a new person has missed nothing.
    """
    with store.read() as connection:
        newest = _newest(connection)
        mark = _mark(connection, person)
        after = mark or _Mark(event_id=newest, away_id=newest)
        if not is_here:
            after = _Mark(event_id=after.event_id, away_id=newest)
        elif not _has_calls(connection, after):
            after = _Mark(event_id=newest, away_id=newest)
    if after != mark:
        _put(store, person, after, now)


def note_seen(store: Store, person: str, now: datetime) -> None:
    """Note that a person has seen everything up to now."""
    with store.read() as connection:
        newest = _newest(connection)
    _put(store, person, _Mark(event_id=newest, away_id=newest), now)


def missed_by(store: Store, person: str) -> list[Missed]:
    """Give what called while a person was away, the worst first."""
    with store.read() as connection:
        mark = _mark(connection, person)
        if mark is None or mark.away_id <= mark.event_id:
            return []
        rows = connection.execute(
            sa.select(alarm_event.c.alarm_id, alarm_event.c.at, alarm_event.c.verdict)
            .where(*_between(mark))
            .order_by(alarm_event.c.id)
            .limit(MOST_MISSED)
        ).all()
        ids = sorted({row.alarm_id for row in rows})
        alarms = {
            one.id: alarm_of(one)
            for one in connection.execute(sa.select(alarm).where(alarm.c.id.in_(ids)))
        }
    found = []
    for alarm_id in ids:
        calls = [row for row in rows if row.alarm_id == alarm_id]
        found.append(
            Missed(
                alarm=alarms[alarm_id],
                first_at=calls[0].at,
                calls=len(calls),
                worst=min((Verdict(row.verdict) for row in calls), key=lambda one: one.urgency),
            )
        )
    return sorted(found, key=lambda one: (one.worst.urgency, one.first_at, one.alarm.id))


def _between(mark: _Mark) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        alarm_event.c.id > mark.event_id,
        alarm_event.c.id <= mark.away_id,
        alarm_event.c.kind.in_(_CALLS),
    )


def _has_calls(connection: sa.Connection, mark: _Mark) -> bool:
    query = sa.select(alarm_event.c.id).where(*_between(mark)).limit(1)
    return connection.execute(query).first() is not None


def _newest(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.max(alarm_event.c.id))).scalar() or 0


def _mark(connection: sa.Connection, person: str) -> _Mark | None:
    row = connection.execute(sa.select(alarm_seen).where(alarm_seen.c.person == person)).first()
    return None if row is None else _Mark(event_id=row.event_id, away_id=row.away_id)


def _put(store: Store, person: str, mark: _Mark, now: datetime) -> None:
    with store.write() as connection:
        bump(connection, "alarm")
        row = {"person": person, "event_id": mark.event_id, "away_id": mark.away_id, "at": now}
        put_rows(connection, alarm_seen, [row])
