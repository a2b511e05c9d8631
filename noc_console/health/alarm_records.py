"""The room's SQL for alarms: read them and what befell them, and write what people do to them.

Every write bumps "alarm" first: on both databases writes then follow one another, so that events
are numbered in the order in which they are seen.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.health.alarm import (
    Acknowledgement,
    Alarm,
    AlarmEvent,
    AlarmEventKind,
    Claim,
    Shelf,
)
from noc_console.health.alarm_acts import Deed, Outcome, expire
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.failures import StoreError
from noc_console.store.schema.alarms import alarm, alarm_event, alarm_member
from noc_console.store.store import Store

MOST_ROWS = 10_000


class UnknownAlarm(StoreError):
    """An alarm that is not in the store."""


def open_alarms(store: Store) -> dict[int, Alarm]:
    """Give every alarm that is not cleared, by its id."""
    return alarms_since(store, -1)[1]


def alarms_since(store: Store, revision: int) -> tuple[int, dict[int, Alarm]]:
    """Give the alarms written after a revision, the cleared among them, and the newest revision.

    A revision below 0 asks for all that are open.
    """
    with store.read() as connection:
        newest = max(revision, 0)
        query = sa.select(alarm).where(alarm.c.revision > revision)
        if revision < 0:
            # asked first: what is written meanwhile is then given once more, and not left out
            newest = connection.execute(sa.select(sa.func.max(alarm.c.revision))).scalar() or 0
            query = sa.select(alarm).where(alarm.c.cleared_at.is_(None))
        rows = connection.execute(query).all()
    newest = max([newest, *(row.revision for row in rows)]) if revision >= 0 else newest
    return newest, {row.id: alarm_of(row) for row in rows}


def get_alarm(store: Store, alarm_id: int) -> Alarm:
    """Give an alarm, open or cleared.

    Raises:
        UnknownAlarm: there is none of that number.
    """
    with store.read() as connection:
        return read_alarm(connection, alarm_id)


def alarms_between(
    store: Store, start: datetime, end: datetime, *, server_id: int | None = None
) -> list[Alarm]:
    """Give the alarms that were open at some time in [start, end), the newest first.

    With `server_id` those of one server, and the group alarms that explain its loss.
    """
    query = sa.select(alarm).where(
        alarm.c.raised_at < end, alarm.c.cleared_at.is_(None) | (alarm.c.cleared_at >= start)
    )
    if server_id is not None:
        explaining = sa.select(alarm_member.c.alarm_id).where(alarm_member.c.server_id == server_id)
        query = query.where((alarm.c.server_id == server_id) | alarm.c.id.in_(explaining))
    query = query.order_by(alarm.c.raised_at.desc(), alarm.c.id.desc()).limit(MOST_ROWS)
    with store.read() as connection:
        return [alarm_of(row) for row in connection.execute(query)]


def events_of(store: Store, alarm_ids: Sequence[int]) -> list[AlarmEvent]:
    """Give what befell some alarms, the oldest first."""
    query = sa.select(alarm_event).where(alarm_event.c.alarm_id.in_(list(alarm_ids)))
    return _events(store, query)


def events_between(store: Store, start: datetime, end: datetime) -> list[AlarmEvent]:
    """Give what befell all alarms in [start, end), the oldest first."""
    return _events(
        store, sa.select(alarm_event).where(alarm_event.c.at >= start, alarm_event.c.at < end)
    )


def members_of(store: Store, alarm_id: int) -> dict[int, datetime | None]:
    """Give the servers whose loss an alarm explains, with when each came back (None: not yet)."""
    query = sa.select(alarm_member.c.server_id, alarm_member.c.left_at).where(
        alarm_member.c.alarm_id == alarm_id
    )
    with store.read() as connection:
        return {row.server_id: row.left_at for row in connection.execute(query)}


def act_on(
    store: Store,
    alarm_ids: Iterable[int],
    act: Callable[[Alarm], Outcome],
    *,
    by: str,
    at: datetime,
) -> list[Alarm]:
    """Have a person's act done to some alarms, all or none; gives them as they are after it.

    Raises:
        UnknownAlarm, AlarmRefused: nothing was done to any.
    """
    with store.write() as connection:
        revision = bump(connection, "alarm")
        done = []
        for alarm_id in alarm_ids:
            outcome = act(read_alarm(connection, alarm_id))
            if outcome.deeds:
                put_alarm(connection, outcome.alarm, revision)
                put_events(connection, outcome.alarm, outcome.deeds, by=by, at=at)
            done.append(outcome.alarm)
    return done


def expire_marks(store: Store, now: datetime) -> int:
    """End the acknowledgements and shelves whose time is over; gives of how many alarms."""
    overdue = sa.select(alarm.c.id).where(
        alarm.c.cleared_at.is_(None),
        (alarm.c.acknowledged_until <= now) | (alarm.c.shelved_until <= now),
    )
    with store.read() as connection:
        ids = connection.execute(overdue).scalars().all()
    if ids:
        act_on(store, ids, lambda one: expire(one, now), by="", at=now)
    return len(ids)


def read_alarm(connection: sa.Connection, alarm_id: int) -> Alarm:
    """Give an alarm inside a transaction.

    Raises:
        UnknownAlarm: there is none of that number.
    """
    row = connection.execute(sa.select(alarm).where(alarm.c.id == alarm_id)).first()
    if row is None:
        raise UnknownAlarm(f"There is no alarm {alarm_id} in this store; list the alarms again.")
    return alarm_of(row)


def put_alarms(connection: sa.Connection, alarms: Sequence[Alarm], revision: int) -> None:
    """Write alarms that are in the store as they are now, inside a write."""
    if alarms:
        connection.execute(
            sa.update(alarm).where(alarm.c.id == sa.bindparam("alarm_id")),
            [row_of(one) | {"alarm_id": one.id, "revision": revision} for one in alarms],
        )


def put_alarm(connection: sa.Connection, one: Alarm, revision: int) -> None:
    """Write one alarm that is in the store as it is now, inside a write."""
    put_alarms(connection, [one], revision)


def put_events(
    connection: sa.Connection, one: Alarm, deeds: Sequence[Deed], *, by: str, at: datetime
) -> None:
    """Write what befell an alarm, inside a write."""
    connection.execute(sa.insert(alarm_event), event_rows(one, deeds, by=by, at=at))


def event_rows(
    one: Alarm, deeds: Sequence[Deed], *, by: str, at: datetime
) -> list[dict[str, object]]:
    """Give the rows of what befell an alarm. None is older than the alarm."""
    return [
        {
            "alarm_id": one.id,
            "kind": deed.kind.value,
            "at": max(at, one.raised_at),
            "by": by,
            "words": deed.words,
            "verdict": one.verdict.value,
        }
        for deed in deeds
    ]


def row_of(one: Alarm) -> dict[str, object]:
    """Give an alarm's columns, its id and revision left out."""
    noted, claimed, shelf = one.acknowledged, one.claimed, one.shelved
    return {
        "server_id": one.server_id,
        "key": one.key,
        "verdict": one.verdict.value,
        "words": one.words,
        "raised_at": one.raised_at,
        "times": one.times,
        "returned_at": one.returned_at,
        "cleared_at": one.cleared_at,
        "cause_id": one.cause_id,
        "is_muted": one.is_muted,
        "is_latched": one.is_latched,
        "acknowledged_by": noted and noted.by,
        "acknowledged_at": noted and noted.at,
        "acknowledged_reason": noted and noted.reason,
        "acknowledged_until": noted and noted.until,
        "claimed_by": claimed and claimed.by,
        "claimed_at": claimed and claimed.at,
        "shelved_by": shelf and shelf.by,
        "shelved_at": shelf and shelf.at,
        "shelved_reason": shelf and shelf.reason,
        "shelved_until": shelf and shelf.until,
    }


def alarm_of(row: sa.Row[Any]) -> Alarm:
    """Give the alarm of a whole row."""
    return Alarm(
        id=row.id,
        server_id=row.server_id,
        key=row.key,
        verdict=Verdict(row.verdict),
        words=row.words,
        raised_at=row.raised_at,
        times=row.times,
        returned_at=row.returned_at,
        cleared_at=row.cleared_at,
        acknowledged=_acknowledgement(row),
        claimed=None if row.claimed_by is None else Claim(by=row.claimed_by, at=row.claimed_at),
        shelved=_shelf(row),
        is_latched=bool(row.is_latched),
        is_muted=bool(row.is_muted),
        cause_id=row.cause_id,
    )


def _acknowledgement(row: sa.Row[Any]) -> Acknowledgement | None:
    if row.acknowledged_by is None:
        return None
    return Acknowledgement(
        by=row.acknowledged_by,
        at=row.acknowledged_at,
        reason=row.acknowledged_reason,
        until=row.acknowledged_until,
    )


def _shelf(row: sa.Row[Any]) -> Shelf | None:
    if row.shelved_by is None:
        return None
    return Shelf(
        by=row.shelved_by,
        at=row.shelved_at,
        until=row.shelved_until,
        reason=row.shelved_reason,
    )


def _events(store: Store, query: sa.Select[Any]) -> list[AlarmEvent]:
    with store.read() as connection:
        rows = connection.execute(query.order_by(alarm_event.c.id)).all()
    return [
        AlarmEvent(
            id=row.id,
            alarm_id=row.alarm_id,
            kind=AlarmEventKind(row.kind),
            at=row.at,
            by=row.by,
            words=row.words,
            verdict=Verdict(row.verdict),
        )
        for row in rows
    ]
