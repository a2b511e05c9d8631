"""The rows of incidents: read as values, and the rows that acts write beside one another.

With `incident_records` this is the only SQL of incidents.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.fleet.server import Site
from noc_console.incidents.incident.incident import (
    AffectedServer,
    EntryKind,
    Incident,
    IncidentEntry,
    IncidentState,
    Severity,
    UnknownIncident,
)
from noc_console.store.schema.incidents import (
    incident,
    incident_alarm,
    incident_entry,
    incident_server,
)
from noc_console.store.schema.servers import server, site
from noc_console.store.store import Store

_MOST_CLOSED = 500
_CHUNK = 500
"""Ids in one IN list: SQLite allows 32,766 variables, and plans stay quick."""


def get_incident(store: Store, incident_id: int) -> Incident:
    """Give one incident.

    Raises:
        UnknownIncident: there is none of that number.
    """
    with store.read() as connection:
        return read_one(connection, incident_id)


def list_incidents(store: Store, *, with_closed: bool = True) -> list[Incident]:
    """Give the incidents, the newest first; all that are not closed, and the newest others."""
    newest = sa.select(incident).order_by(incident.c.opened_at.desc(), incident.c.id.desc())
    is_closed = incident.c.state == IncidentState.CLOSED.value
    with store.read() as connection:
        found = _incidents(connection, newest.where(~is_closed))
        if with_closed:
            found += _incidents(connection, newest.where(is_closed).limit(_MOST_CLOSED))
    return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)


def entries_of(store: Store, incident_id: int) -> list[IncidentEntry]:
    """Give what was written to an incident, in the order in which it happened."""
    return entries_of_all(store, [incident_id])


def entries_of_all(
    store: Store, incident_ids: Collection[int], kind: EntryKind | None = None
) -> list[IncidentEntry]:
    """Give what was written to some incidents, in the order in which it happened."""
    query = sa.select(incident_entry).order_by(incident_entry.c.at, incident_entry.c.id)
    if kind is not None:
        query = query.where(incident_entry.c.kind == kind.value)
    found: list[IncidentEntry] = []
    with store.read() as connection:
        for some in chunks(incident_ids):
            rows = connection.execute(query.where(incident_entry.c.incident_id.in_(some)))
            found += [entry_of(row) for row in rows]
    return sorted(found, key=lambda entry: (entry.at, entry.id))


def affected_servers(store: Store, incident_id: int) -> list[AffectedServer]:
    """Give the servers of an incident by name, each with the sites that were on it then."""
    query = (
        sa.select(incident_server)
        .where(incident_server.c.incident_id == incident_id)
        .order_by(incident_server.c.name, incident_server.c.server_id)
    )
    with store.read() as connection:
        rows = connection.execute(query).all()
    return [
        AffectedServer(
            server_id=row.server_id,
            name=row.name,
            sites=tuple(Site(domain=domain, customer=customer) for domain, customer in row.sites),
        )
        for row in rows
    ]


def names_in(connection: sa.Connection, incident_id: int) -> dict[int, str]:
    """Give the names of an incident's servers, by their id."""
    rows = connection.execute(
        sa.select(incident_server.c.server_id, incident_server.c.name).where(
            incident_server.c.incident_id == incident_id
        )
    )
    return {row.server_id: row.name for row in rows}


def read_one(connection: sa.Connection, incident_id: int) -> Incident:
    """Give one incident inside a transaction.

    Raises:
        UnknownIncident: there is none of that number.
    """
    found = _incidents(connection, sa.select(incident).where(incident.c.id == incident_id))
    if not found:
        raise UnknownIncident(
            f"There is no incident {incident_id} in this store; `incident list` shows them all."
        )
    return found[0]


def _incidents(connection: sa.Connection, query: sa.Select[Any]) -> list[Incident]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    servers = _joined(connection, incident_server.c.incident_id, incident_server.c.server_id, ids)
    alarms = _joined(connection, incident_alarm.c.incident_id, incident_alarm.c.alarm_id, ids)
    return [_incident_of(row, servers, alarms) for row in rows]


def _joined(
    connection: sa.Connection, key: sa.Column[int], value: sa.Column[int], ids: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for some in chunks(ids):
        rows = connection.execute(sa.select(key, value).where(key.in_(some)).order_by(key, value))
        for one, other in rows:
            found.setdefault(one, []).append(other)
    return {one: tuple(others) for one, others in found.items()}


def _incident_of(
    row: sa.Row[Any],
    servers: Mapping[int, tuple[int, ...]],
    alarms: Mapping[int, tuple[int, ...]],
) -> Incident:
    values = row._asdict()
    values["severity"] = Severity(values["severity"])
    values["state"] = IncidentState(values["state"])
    values["update_every"] = timedelta(seconds=values.pop("update_every_s"))
    return Incident(**values, server_ids=servers.get(row.id, ()), alarm_ids=alarms.get(row.id, ()))


def entry_of(row: sa.Row[Any]) -> IncidentEntry:
    """Give a row of `incident_entry` as a value."""
    values = row._asdict()
    values["kind"] = EntryKind(values["kind"])
    return IncidentEntry(**values)


def chunks(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    """Give ids, each once, in lists of a length that one statement can take."""
    ordered = sorted(set(ids))
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def write_entry(
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
    """Write what happened to an incident, inside a write; gives it."""
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


def put_servers(
    connection: sa.Connection, incident_id: int, server_ids: Collection[int]
) -> list[str]:
    """Add servers with the sites they carry now, inside a write; gives their names, sorted."""
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


def put_alarms(connection: sa.Connection, incident_id: int, alarm_ids: Collection[int]) -> None:
    """Add alarms to an incident, inside a write."""
    rows = [{"incident_id": incident_id, "alarm_id": one} for one in sorted(set(alarm_ids))]
    if rows:
        connection.execute(sa.insert(incident_alarm), rows)
