"""The SQL of incidents: opening, telling, changing, reading. Each write bumps `incident`.

What a person does to an incident is an entry beside the change itself, in one write: neither is
ever there without the other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.incidents.incident.draft import Draft
from noc_console.incidents.incident.incident import (
    UPDATE_EVERY,
    EntryKind,
    Incident,
    IncidentEntry,
    IncidentState,
    NotNow,
    Severity,
    checked_promise,
    checked_title,
    checked_words,
)
from noc_console.incidents.incident.incident_change import (
    IncidentChange,
    columns_of,
    moved_by,
    told,
)
from noc_console.incidents.incident.incident_rows import (
    affected_servers,
    chunks,
    entries_of,
    entries_of_all,
    get_incident,
    list_incidents,
    names_in,
    put_alarms,
    put_servers,
    read_one,
    write_entry,
)
from noc_console.store.changes import bump
from noc_console.store.schema.incidents import (
    incident,
    incident_alarm,
    incident_server,
)
from noc_console.store.store import Store

__all__ = [
    "IncidentChange",
    "affected_servers",
    "change_incident",
    "change_scope",
    "close_incident",
    "entries_of",
    "entries_of_all",
    "get_incident",
    "list_incidents",
    "note",
    "open_draft_once",
    "open_incident",
    "reopen_incident",
    "resolve_incident",
    "tell_customers",
]


def open_incident(
    store: Store,
    alarm_ids: Sequence[int] = (),
    *,
    title: str,
    severity: Severity,
    server_ids: Collection[int],
    by: str,
    now: datetime,
    began_at: datetime | None = None,
    next_update_at: datetime | None = None,
    update_every: timedelta = UPDATE_EVERY,
    words: str = "",
) -> Incident:
    """Open an incident from some alarms and servers; customers shall hear within `update_every`.

    Raises:
        InvalidIncident: the title or the promised time cannot be right.
    """
    draft = Draft(
        title=title,
        severity=severity,
        began_at=began_at or now,
        server_ids=tuple(server_ids),
        alarm_ids=tuple(alarm_ids),
    )
    due_at = now + update_every if next_update_at is None else next_update_at
    row = _new_row(draft, update_every, due_at, by, now)
    with store.write() as connection:
        bump(connection, "incident")
        return _open(connection, draft, row, words)


def open_draft_once(store: Store, draft: Draft, *, by: str, now: datetime) -> tuple[Incident, bool]:
    """Open an incident as it was drafted, and tell whether it is new.

    Alarms that are all in one that is not closed open no other: a key pressed twice, or at two
    desks at once, makes one incident.

    Raises:
        InvalidIncident: its title cannot be right.
    """
    row = _new_row(draft, UPDATE_EVERY, now + UPDATE_EVERY, by, now)
    with store.write() as connection:
        bump(connection, "incident")  # from here on no other desk opens one
        held = _holding(connection, draft.alarm_ids)
        return (held, False) if held is not None else (_open(connection, draft, row, ""), True)


def _new_row(
    draft: Draft, every: timedelta, due_at: datetime, by: str, now: datetime
) -> dict[str, Any]:
    return {
        "title": checked_title(draft.title),
        "severity": draft.severity.value,
        "state": IncidentState.OPEN.value,
        "began_at": min(draft.began_at, now),
        "opened_at": now,
        "opened_by": by,
        "resolved_by": "",
        "closed_by": "",
        "lead": "",
        "communicator": "",
        "scribe": "",
        "next_update_at": checked_promise(due_at, now),
        "update_every_s": round(every.total_seconds()),
        "cause": "",
        "lessons": "",
    }


def _open(connection: sa.Connection, draft: Draft, row: dict[str, Any], words: str) -> Incident:
    new_id = connection.execute(
        sa.insert(incident).values(row).returning(incident.c.id)
    ).scalar_one()
    put_servers(connection, new_id, draft.server_ids)
    put_alarms(connection, new_id, draft.alarm_ids)
    said = words.strip() or f"Opened as {draft.severity.value}."
    write_entry(
        connection,
        new_id,
        EntryKind.OPENED,
        said,
        row["opened_by"],
        row["opened_at"],
        due_at=row["next_update_at"],
    )
    return read_one(connection, new_id)


def _holding(connection: sa.Connection, alarm_ids: Collection[int]) -> Incident | None:
    """Give the incident, not closed, to which all of some alarms belong."""
    if not alarm_ids:
        return None
    first = (
        sa.select(incident_alarm.c.incident_id)
        .join(incident, incident.c.id == incident_alarm.c.incident_id)
        .where(
            incident_alarm.c.alarm_id == min(alarm_ids),
            incident.c.state != IncidentState.CLOSED.value,
        )
        .order_by(incident_alarm.c.incident_id)
    )
    for incident_id in connection.execute(first).scalars().all():
        found = read_one(connection, incident_id)
        if set(alarm_ids).issubset(found.alarm_ids):
            return found
    return None


def note(
    store: Store,
    incident_id: int,
    words: str,
    *,
    by: str,
    now: datetime,
    at: datetime | None = None,
) -> IncidentEntry:
    """Write a note; `at` is when it happened, if that was earlier.

    Raises:
        UnknownIncident, InvalidIncident: nothing was written.
    """
    kept = checked_words(words, "note")
    with store.write() as connection:
        read_one(connection, incident_id)
        entry = write_entry(
            connection, incident_id, EntryKind.NOTE, kept, by, now, at=min(at or now, now)
        )
        bump(connection, "incident")
    return entry


def tell_customers(
    store: Store,
    incident_id: int,
    words: str,
    *,
    by: str,
    now: datetime,
    next_update_at: datetime | None,
) -> IncidentEntry:
    """Write down what customers are told, and when they hear again (None: nothing is promised).

    Raises:
        UnknownIncident, InvalidIncident: nothing was written.
    """
    kept = checked_words(words, "update")
    due_at = None if next_update_at is None else checked_promise(next_update_at, now)
    with store.write() as connection:
        read_one(connection, incident_id)
        entry = write_entry(connection, incident_id, EntryKind.UPDATE, kept, by, now, due_at=due_at)
        _set(connection, incident_id, next_update_at=due_at)
        bump(connection, "incident")
    return entry


def change_incident(
    store: Store, incident_id: int, change: IncidentChange, *, by: str, now: datetime
) -> Incident:
    """Change some fields; what truly changed becomes one entry, in words.

    Raises:
        UnknownIncident, InvalidIncident: nothing was changed.
    """
    with store.write() as connection:
        before = read_one(connection, incident_id)
        moved = moved_by(change, before, now)
        if moved:
            _set(connection, incident_id, **columns_of(moved))
            words = told(moved, before)
            write_entry(connection, incident_id, EntryKind.CHANGED, words, by, now)
            bump(connection, "incident")
        return read_one(connection, incident_id)


def change_scope(
    store: Store,
    incident_id: int,
    *,
    add_servers: Collection[int] = (),
    remove_servers: Collection[int] = (),
    add_alarms: Collection[int] = (),
    by: str,
    now: datetime,
) -> Incident:
    """Change which servers and alarms belong to an incident.

    Raises:
        UnknownIncident: there is none.
    """
    with store.write() as connection:
        before = read_one(connection, incident_id)
        names = names_in(connection, incident_id)
        gone = [names[one] for one in remove_servers if one in names]
        for some in chunks(remove_servers):
            connection.execute(
                sa.delete(incident_server).where(
                    incident_server.c.incident_id == incident_id,
                    incident_server.c.server_id.in_(some),
                )
            )
        fresh = [one for one in add_servers if one not in before.server_ids]
        added = put_servers(connection, incident_id, fresh)
        alarms = [one for one in add_alarms if one not in before.alarm_ids]
        put_alarms(connection, incident_id, alarms)
        parts = [f"{name} is affected too" for name in added]
        parts += [f"{name} is not affected" for name in gone]
        parts += [f"alarm {one} belongs to it" for one in alarms]
        if parts:
            words = f"{'; '.join(parts)}."
            write_entry(connection, incident_id, EntryKind.CHANGED, words, by, now)
            bump(connection, "incident")
        return read_one(connection, incident_id)


def resolve_incident(
    store: Store, incident_id: int, *, by: str, now: datetime, words: str = ""
) -> Incident:
    """Note that the service is back. What is promised to customers holds until it is told.

    Raises:
        UnknownIncident: there is none.
        NotNow: it is not open.
    """
    return _move(
        store,
        incident_id,
        {IncidentState.OPEN},
        IncidentState.RESOLVED,
        EntryKind.RESOLVED,
        words or "The service is back.",
        by,
        now,
        resolved_at=now,
        resolved_by=by,
    )


def reopen_incident(
    store: Store, incident_id: int, *, by: str, now: datetime, words: str = ""
) -> Incident:
    """Open an incident again: it was not over, and customers shall hear.

    Raises:
        UnknownIncident: there is none.
        NotNow: it is open.
    """
    every = get_incident(store, incident_id).update_every
    return _move(
        store,
        incident_id,
        {IncidentState.RESOLVED, IncidentState.CLOSED},
        IncidentState.OPEN,
        EntryKind.REOPENED,
        words or "It is not over.",
        by,
        now,
        resolved_at=None,
        resolved_by="",
        closed_at=None,
        closed_by="",
        next_update_at=now + every,
    )


def close_incident(
    store: Store, incident_id: int, *, by: str, now: datetime, words: str = ""
) -> Incident:
    """Note that nothing more is due; what was not resolved is resolved with it.

    Raises:
        UnknownIncident: there is none.
        NotNow: it is closed.
    """
    before = get_incident(store, incident_id)
    return _move(
        store,
        incident_id,
        {IncidentState.OPEN, IncidentState.RESOLVED},
        IncidentState.CLOSED,
        EntryKind.CLOSED,
        words or "Nothing more is due.",
        by,
        now,
        closed_at=now,
        closed_by=by,
        resolved_at=before.resolved_at or now,
        resolved_by=before.resolved_by or by,
        next_update_at=None,
    )


def _move(
    store: Store,
    incident_id: int,
    allowed: Collection[IncidentState],
    state: IncidentState,
    kind: EntryKind,
    words: str,
    by: str,
    now: datetime,
    **values: object,
) -> Incident:
    with store.write() as connection:
        before = read_one(connection, incident_id)
        if before.state not in allowed:
            who = before.closed_by if before.is_closed else before.resolved_by
            raise NotNow(
                f"Incident {incident_id} is {before.state.value}{f' by {who}' if who else ''};"
                " look at it again before you change it."
            )
        _set(connection, incident_id, state=state.value, **values)
        write_entry(connection, incident_id, kind, checked_words(words, "note"), by, now)
        bump(connection, "incident")
        return read_one(connection, incident_id)


def _set(connection: sa.Connection, incident_id: int, **values: object) -> None:
    connection.execute(sa.update(incident).where(incident.c.id == incident_id).values(**values))
