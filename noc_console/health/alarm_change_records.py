"""The SQL by which an engine keeps alarms: changes to rows, and rows to go on from.

An alarm is found by its place (server and key): the open one, or one cleared shortly before that
comes again. So a change written twice, or after a kill, makes no second alarm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.health.alarm import Alarm, AlarmEventKind
from noc_console.health.alarm_acts import Deed
from noc_console.health.alarm_change import Change, Place, applied, born, come_again
from noc_console.health.alarm_life import REOPEN_S
from noc_console.health.alarm_records import alarm_of, put_alarm, put_events, row_of
from noc_console.store.changes import bump
from noc_console.store.rows import known_servers, put_rows
from noc_console.store.schema.alarms import alarm, alarm_member
from noc_console.store.store import Store

_SERVERS_AT_ONCE = 500
_AGAIN = {AlarmEventKind.RAISED, AlarmEventKind.RAISED_AGAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAlarm:
    """An alarm an engine goes on with: its cause, and the servers it explains that are not back."""

    alarm: Alarm
    cause: Place | None
    out: tuple[int, ...]


@dataclass(slots=True)
class _Page:
    """The alarms that one write is about, as they stand in it."""

    connection: sa.Connection
    revision: int
    known: set[int]
    rows: dict[Place, Alarm]
    changed: set[Place] = field(default_factory=set)
    last: dict[Place, int] = field(default_factory=dict)
    """The id of each alarm, those cleared in this write among them."""


def write_changes(store: Store, changes: Sequence[Change]) -> None:
    """Write what befell alarms, in order: all of it or none."""
    with store.write() as connection:
        revision = bump(connection, "alarm")
        ids = {one for change in changes for one in _server_ids(change)}
        page = _Page(
            connection=connection,
            revision=revision,
            known=known_servers(connection, ids),
            rows=_open_rows(connection, ids),
        )
        page.last = {place: one.id for place, one in page.rows.items()}
        for change in changes:
            if change.place.server_id is None or change.place.server_id in page.known:
                _apply(page, change)
        for place in page.changed & page.rows.keys():
            put_alarm(connection, page.rows[place], revision)


def kept_alarms(store: Store, now: datetime) -> list[KeptAlarm]:
    """Give what is open, and what was cleared so shortly before that it may come again."""
    since = now - timedelta(seconds=REOPEN_S)
    with store.read() as connection:
        rows = connection.execute(
            sa.select(alarm)
            .where(alarm.c.cleared_at.is_(None) | (alarm.c.cleared_at > since))
            .order_by(alarm.c.id)
        ).all()
        alarms = [alarm_of(row) for row in rows]
        members = connection.execute(
            sa.select(alarm_member.c.alarm_id, alarm_member.c.server_id)
            .join(alarm, alarm.c.id == alarm_member.c.alarm_id)
            .where(alarm.c.cleared_at.is_(None), alarm_member.c.left_at.is_(None))
        ).all()
    places = {one.id: place_of(one) for one in alarms}
    out: dict[int, list[int]] = {}
    for row in members:
        out.setdefault(row.alarm_id, []).append(row.server_id)
    # of one place the open alarm counts, or else the newest
    newest = {place_of(one): one for one in sorted(alarms, key=lambda one: (one.is_open, one.id))}
    return [
        KeptAlarm(
            alarm=one,
            cause=places.get(one.cause_id) if one.cause_id is not None else None,
            out=tuple(out.get(one.id, ())),
        )
        for one in newest.values()
    ]


def place_of(one: Alarm) -> Place:
    """Give what an alarm is about."""
    return Place(one.server_id, one.key)


def _server_ids(change: Change) -> Iterable[int]:
    for place in (change.place, change.cause):
        if place is not None and place.server_id is not None:
            yield place.server_id
    yield from change.joined


def _open_rows(connection: sa.Connection, ids: set[int]) -> dict[Place, Alarm]:
    """Give the open alarms of some servers, and every group alarm, by place."""
    found: dict[Place, Alarm] = {}
    ordered = sorted(ids)
    wanted = [
        alarm.c.server_id.is_(None),
        *(
            alarm.c.server_id.in_(ordered[first : first + _SERVERS_AT_ONCE])
            for first in range(0, len(ordered), _SERVERS_AT_ONCE)
        ),
    ]
    for condition in wanted:
        query = sa.select(alarm).where(condition, alarm.c.cleared_at.is_(None))
        for row in connection.execute(query.order_by(alarm.c.id)):
            one = alarm_of(row)
            found[place_of(one)] = one
    return found


def _apply(page: _Page, change: Change) -> None:
    one = page.rows.get(change.place)
    if one is None and change.kind in _AGAIN:
        _begin(page, change)
    elif one is not None:
        cause_id = page.last.get(change.cause) if change.cause is not None else None
        if change.kind is not AlarmEventKind.SUPPRESSED or cause_id is not None:
            outcome = applied(one, change, cause_id)
            _keep(page, change, outcome.alarm, outcome.deeds)
    if change.place in page.last:
        _move_members(page, page.last[change.place], change)


def _begin(page: _Page, change: Change) -> None:
    before = _cleared_shortly(page, change) if change.kind is AlarmEventKind.RAISED_AGAIN else None
    if before is not None:
        outcome = come_again(before, change)
        _keep(page, change, outcome.alarm, outcome.deeds)
        return
    fresh = born(change)
    row = row_of(fresh) | {"revision": page.revision}
    new_id = page.connection.execute(
        sa.insert(alarm).values(row).returning(alarm.c.id)
    ).scalar_one()
    one = replace(fresh, id=new_id)
    page.rows[change.place] = one
    page.last[change.place] = new_id
    deeds = (Deed(AlarmEventKind.RAISED, change.words),)
    put_events(page.connection, one, deeds, by="", at=change.at)


def _keep(page: _Page, change: Change, one: Alarm, deeds: Sequence[Deed]) -> None:
    page.rows[change.place] = one
    page.changed.add(change.place)
    page.last[change.place] = one.id
    if deeds:
        put_events(page.connection, one, deeds, by="", at=change.at)
    if not one.is_open:
        put_alarm(page.connection, one, page.revision)
        del page.rows[change.place]
        _all_left(page, one.id, change.at)


def _cleared_shortly(page: _Page, change: Change) -> Alarm | None:
    """Give the alarm of a place that was cleared so shortly before that it is the same one."""
    server_id = change.place.server_id
    is_there = alarm.c.server_id.is_(None) if server_id is None else alarm.c.server_id == server_id
    since = change.at - timedelta(seconds=2 * REOPEN_S)  # whether it is, steady time has said
    row = page.connection.execute(
        sa.select(alarm)
        .where(is_there, alarm.c.key == change.place.key, alarm.c.cleared_at > since)
        .order_by(alarm.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else alarm_of(row)


def _move_members(page: _Page, alarm_id: int, change: Change) -> None:
    joined = [one for one in change.joined if one in page.known]
    put_rows(
        page.connection,
        alarm_member,
        [
            {"alarm_id": alarm_id, "server_id": one, "joined_at": change.at, "left_at": None}
            for one in joined
        ],
    )
    for first in range(0, len(change.left), _SERVERS_AT_ONCE):
        some = change.left[first : first + _SERVERS_AT_ONCE]
        page.connection.execute(
            sa.update(alarm_member)
            .where(alarm_member.c.alarm_id == alarm_id, alarm_member.c.server_id.in_(some))
            .values(left_at=change.at)
        )


def _all_left(page: _Page, alarm_id: int, at: datetime) -> None:
    page.connection.execute(
        sa.update(alarm_member)
        .where(alarm_member.c.alarm_id == alarm_id, alarm_member.c.left_at.is_(None))
        .values(left_at=at)
    )
