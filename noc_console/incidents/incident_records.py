"""The SQL of incidents: opening, telling, changing, reading. Each write bumps `incident`.

What a person does to an incident is an entry beside the change itself, in one write: neither is
ever there without the other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.incidents.incident import (
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
from noc_console.incidents.incident_change import IncidentChange, columns_of, moved_by, told
from noc_console.incidents.incident_rows import (
    affected_servers,
    chunks,
    entries_of,
    entries_of_all,
    entry_of,
    get_incident,
    list_incidents,
    names_in,
    read_one,
)
from noc_console.store.changes import bump
from noc_console.store.schema.incidents import (
    incident,
    incident_alarm,
    incident_entry,
    incident_server,
)
from noc_console.store.schema.servers import server, site
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
    due_at = now + update_every if next_update_at is None else next_update_at
    values = {
        "title": checked_title(title),
        "severity": severity.value,
        "state": IncidentState.OPEN.value,
        "began_at": min(began_at or now, now),
        "opened_at": now,
        "opened_by": by,
        "resolved_by": "",
        "closed_by": "",
        "lead": "",
        "communicator": "",
        "scribe": "",
        "next_update_at": checked_promise(due_at, now),
        "update_every_s": round(update_every.total_seconds()),
        "cause": "",
        "lessons": "",
    }
    with store.write() as connection:
        new_id = connection.execute(
            sa.insert(incident).values(values).returning(incident.c.id)
        ).scalar_one()
        _add_servers(connection, new_id, server_ids)
        _add_alarms(connection, new_id, alarm_ids)
        said = words.strip() or f"Opened as {severity.value}."
        _write_entry(connection, new_id, EntryKind.OPENED, said, by, now, due_at=due_at)
        bump(connection, "incident")
        return read_one(connection, new_id)


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
        entry = _write_entry(
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
        entry = _write_entry(
            connection, incident_id, EntryKind.UPDATE, kept, by, now, due_at=due_at
        )
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
            _write_entry(connection, incident_id, EntryKind.CHANGED, words, by, now)
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
        added = _add_servers(connection, incident_id, fresh)
        alarms = [one for one in add_alarms if one not in before.alarm_ids]
        _add_alarms(connection, incident_id, alarms)
        parts = [f"{name} is affected too" for name in added]
        parts += [f"{name} is not affected" for name in gone]
        parts += [f"alarm {one} belongs to it" for one in alarms]
        if parts:
            words = f"{'; '.join(parts)}."
            _write_entry(connection, incident_id, EntryKind.CHANGED, words, by, now)
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
        _write_entry(connection, incident_id, kind, checked_words(words, "note"), by, now)
        bump(connection, "incident")
        return read_one(connection, incident_id)


def _set(connection: sa.Connection, incident_id: int, **values: object) -> None:
    connection.execute(sa.update(incident).where(incident.c.id == incident_id).values(**values))


def _write_entry(
    connection: sa.Connection,
    incident_id: int,
    kind: EntryKind,
    words: str,
    by: str,
    now: datetime,
    *,
    at: datetime | None = None,
    due_at: datetime | None = None,
) -> IncidentEntry:
    values = {
        "incident_id": incident_id,
        "kind": kind.value,
        "at": at or now,
        "written_at": now,
        "by": by,
        "words": words,
        "due_at": due_at,
    }
    row = connection.execute(
        sa.insert(incident_entry).values(values).returning(*incident_entry.c)
    ).one()
    return entry_of(row)


def _add_servers(
    connection: sa.Connection, incident_id: int, server_ids: Collection[int]
) -> list[str]:
    names: list[str] = []
    for some in chunks(server_ids):
        sites: dict[int, list[list[str]]] = {}
        rows = connection.execute(
            sa.select(site.c.server_id, site.c.domain, site.c.customer)
            .where(site.c.server_id.in_(some))
            .order_by(site.c.id)
        )
        for row in rows:
            sites.setdefault(row.server_id, []).append([row.domain, row.customer])
        found = connection.execute(
            sa.select(server.c.id, server.c.name).where(server.c.id.in_(some))
        ).all()
        names += [row.name for row in found]
        if found:
            connection.execute(
                sa.insert(incident_server),
                [
                    {
                        "incident_id": incident_id,
                        "server_id": row.id,
                        "name": row.name,
                        "sites": sites.get(row.id, []),
                    }
                    for row in found
                ],
            )
    return sorted(names)


def _add_alarms(connection: sa.Connection, incident_id: int, alarm_ids: Collection[int]) -> None:
    rows = [{"incident_id": incident_id, "alarm_id": one} for one in sorted(set(alarm_ids))]
    if rows:
        connection.execute(sa.insert(incident_alarm), rows)
