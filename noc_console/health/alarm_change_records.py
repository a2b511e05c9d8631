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
from noc_console.health.alarm_records import alarm_of, event_rows, put_alarms, row_of
from noc_console.store.changes import bump
from noc_console.store.rows import known_servers, put_rows
from noc_console.store.schema.alarms import alarm, alarm_event, alarm_member
from noc_console.store.schema.incidents import incident_alarm
from noc_console.store.store import Store

_SERVERS_AT_ONCE = 500
_PRUNED_AT_ONCE = 500
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
    newborn: set[Place] = field(default_factory=set)
    """Those made in this write, whose first event is still to be written."""
    changed: dict[int, Alarm] = field(default_factory=dict)
    last: dict[Place, int] = field(default_factory=dict)
    """The id of each alarm, those cleared in this write among them."""
    events: list[dict[str, object]] = field(default_factory=list)


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
        there = [one for one in changes if one.place.server_id in {None, *page.known}]
        _begin_many(page, there)
        for change in there:
            _apply(page, change)
        put_alarms(connection, list(page.changed.values()), revision)
        if page.events:
            connection.execute(sa.insert(alarm_event), page.events)


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


def prune_alarms(store: Store, before: datetime) -> int:
    """Delete alarms that were over before a moment, but no incident's; gives how many."""
    old = (
        sa.select(alarm.c.id)
        .where(
            alarm.c.cleared_at < before,
            alarm.c.id.not_in(sa.select(incident_alarm.c.alarm_id)),
        )
        .order_by(alarm.c.id)
        .limit(_PRUNED_AT_ONCE)
    )
    pruned = 0
    while True:
        with store.read() as connection:
            ids = connection.execute(old).scalars().all()
        if not ids:
            return pruned
        with store.write() as connection:
            connection.execute(sa.delete(alarm).where(alarm.c.id.in_(ids)))
        pruned += len(ids)


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


def _begin_many(page: _Page, changes: Sequence[Change]) -> None:
    """Make the alarms that these changes raise, all at once: in a storm there are many."""
    first: dict[Place, Change] = {}
    for change in changes:
        if change.kind in _AGAIN and change.place not in page.rows and change.place not in first:
            first[change.place] = change
    fresh = [one for one in first.values() if not _reopened(page, one)]
    if not fresh:
        return
    rows = [row_of(born(one)) | {"revision": page.revision} for one in fresh]
    statement = sa.insert(alarm).returning(alarm.c.id, sort_by_parameter_order=True)
    ids = page.connection.execute(statement, rows).scalars().all()
    for change, new_id in zip(fresh, ids, strict=True):
        page.rows[change.place] = replace(born(change), id=new_id)
        page.last[change.place] = new_id
        page.newborn.add(change.place)


def _reopened(page: _Page, change: Change) -> bool:
    """Take up an alarm that was cleared shortly before, where the change means that one."""
    before = _cleared_shortly(page, change) if change.kind is AlarmEventKind.RAISED_AGAIN else None
    if before is not None:
        page.rows[change.place] = before
        page.last[change.place] = before.id
    return before is not None


def _apply(page: _Page, change: Change) -> None:
    place = change.place
    if place not in page.rows and change.kind in _AGAIN:
        _begin_many(page, [change])  # it was cleared earlier in this write
    one = page.rows.get(place)
    if place in page.newborn and one is not None:
        page.newborn.discard(place)
        deeds = (Deed(AlarmEventKind.RAISED, change.words),)
        page.events += event_rows(one, deeds, by="", at=change.at)
    elif one is not None:
        _change(page, one, change)
    if place in page.last:
        _move_members(page, page.last[place], change)


def _change(page: _Page, one: Alarm, change: Change) -> None:
    cause_id = page.last.get(change.cause) if change.cause is not None else None
    if change.kind is AlarmEventKind.SUPPRESSED and cause_id is None:
        return
    is_back = not one.is_open and change.kind in _AGAIN
    outcome = come_again(one, change) if is_back else applied(one, change, cause_id)
    after = outcome.alarm
    page.events += event_rows(after, outcome.deeds, by="", at=change.at)
    page.changed[after.id] = after
    page.rows[change.place] = after
    if change.kind is AlarmEventKind.CLEARED and not after.is_open:
        del page.rows[change.place]
        _all_left(page, after.id, change.at)


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
    if not change.joined and not change.left:
        return
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
