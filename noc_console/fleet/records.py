"""The fleet's only SQL: servers and the sites on them.

Every write bumps `fleet`, so that engines and desks follow. A deleted server's row stays, marked,
so that the deletion can be undone and its history keeps its meaning.
"""

import difflib
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.fleet.server import (
    Authentication,
    CheckKind,
    OutsideCheck,
    Server,
    ServerKind,
    Site,
)
from noc_console.store.changes import bump
from noc_console.store.schema.servers import server as table
from noc_console.store.schema.servers import site
from noc_console.store.store import Store

_CHUNK = 500
"""Ids in one IN list: SQLite allows 32,766 variables, and plans stay quick."""


class UnknownServer(ConsoleError):
    """No server of that name; the sentence gives near names."""


class NameTaken(ConsoleError):
    """Another server has this name."""


class ServerChanged(ConsoleError):
    """A server is not as it was seen; somebody else changed it."""


def list_servers(store: Store) -> list[Server]:
    """Give every server, by name."""
    with store.read() as connection:
        return _select(connection, table.c.deleted_at.is_(None))


def list_servers_since(store: Store, moment: datetime) -> list[Server]:
    """Give every server, by name, and those that were deleted after a moment."""
    with store.read() as connection:
        is_there = sa.or_(table.c.deleted_at.is_(None), table.c.deleted_at > moment)
        return _select(connection, is_there)


def servers_at(store: Store, at: datetime) -> list[Server]:
    """Give the servers that were in the fleet at a moment, by name; their fields are today's."""
    was_there = sa.or_(table.c.deleted_at.is_(None), table.c.deleted_at > at)
    with store.read() as connection:
        return _select(connection, table.c.added_at <= at, was_there)


def get_server(store: Store, name: str) -> Server:
    """Give the server of this name.

    Raises:
        UnknownServer: with near names.
    """
    with store.read() as connection:
        found = _select(connection, table.c.deleted_at.is_(None), table.c.name == name)
        if found:
            return found[0]
        names = connection.execute(sa.select(table.c.name).where(table.c.deleted_at.is_(None)))
        near = difflib.get_close_matches(name, list(names.scalars()), n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`server list` shows the names."
    raise UnknownServer(f"There is no server called {name}; {hint}")


def server_by_id(store: Store, server_id: int) -> Server:
    """Give the server of this id.

    Raises:
        UnknownServer: it was deleted.
    """
    with store.read() as connection:
        found = _select(connection, table.c.deleted_at.is_(None), table.c.id == server_id)
    if not found:
        raise UnknownServer("This server was deleted meanwhile; go back to the fleet.")
    return found[0]


def servers_by_ids(store: Store, ids: Iterable[int]) -> list[Server]:
    """Give the servers of some ids, those that are there: of a large fleet only these are read."""
    with store.read() as connection:
        return [
            server
            for some in _chunks(sorted(ids))
            for server in _select(connection, table.c.deleted_at.is_(None), table.c.id.in_(some))
        ]


def add_server(store: Store, server: Server, now: datetime) -> Server:
    """Add a server; gives it with its id.

    Raises:
        NameTaken: another server has the name.
    """
    return add_servers(store, [server], now)[0]


def add_servers(store: Store, servers: Iterable[Server], now: datetime) -> list[Server]:
    """Add many servers, all of them or none; gives them with their ids.

    Raises:
        NameTaken: a name is taken.
    """
    servers = list(servers)
    if not servers:
        return []
    with store.write() as connection:
        _refuse_doubled(connection, [server.name for server in servers])
        added = _insert(connection, servers, now)
        bump(connection, "fleet")
    return added


def edit_server(store: Store, server: Server, now: datetime) -> Server:
    """Put a server's new fields in the place of the old ones, by its id.

    Raises:
        NameTaken: another server has the new name.
        UnknownServer: it was deleted.
    """
    return edit_servers(store, [server], now)[0]


def edit_servers(store: Store, servers: Iterable[Server], now: datetime) -> list[Server]:
    """Put new fields in the place of old ones for many servers, all of them or none.

    A jump, a partner or any other reference to a name that changes follows the new name.

    Raises:
        NameTaken, UnknownServer: as `edit_server`.
    """
    servers = list(servers)
    with store.write() as connection:
        renamed: dict[str, str] = {}
        for server in servers:
            before = _select(connection, table.c.deleted_at.is_(None), table.c.id == server.id)
            if not before:
                raise UnknownServer(f"{server.name} was deleted meanwhile; nothing was changed.")
            _update(connection, server, now)
            if before[0].name != server.name:
                renamed[before[0].name] = server.name
        if renamed:
            _follow_names(connection, renamed, now)
        bump(connection, "fleet")
    return servers


def add_and_edit(
    store: Store,
    added: Sequence[Server],
    edited: Sequence[tuple[Server, Server]],
    now: datetime,
) -> None:
    """Add many servers and change many others, all of it or nothing.

    `edited` gives each server as it was seen and as it shall be, under the same name.

    Raises:
        NameTaken: a name was taken meanwhile.
        UnknownServer: a server was deleted meanwhile.
        ServerChanged: a server is not as it was seen.
    """
    with store.write() as connection:
        _refuse_doubled(connection, [server.name for server in added])
        ids = [before.id for before, _ in edited]
        few = [table.c.id.in_(ids)] if len(ids) <= _CHUNK else []
        found = _select(connection, table.c.deleted_at.is_(None), *few)
        there = {one.id: one for one in found}
        for before, _ in edited:
            _refuse_changed(before, there.get(before.id))
        if added:
            _insert(connection, added, now)
        if edited:
            _update_many(connection, [after for _, after in edited], now)
        bump(connection, "fleet")


def edit_many(
    store: Store, ids: Sequence[int], change: Callable[[Server], Server], now: datetime
) -> list[Server]:
    """Apply one change to many servers, all of them or none; gives them as they are now.

    Raises:
        NameTaken, UnknownServer, InvalidServer: nothing was changed.
    """
    wanted = set(ids)
    return edit_servers(
        store, [change(server) for server in list_servers(store) if server.id in wanted], now
    )


def delete_servers(store: Store, ids: Sequence[int], now: datetime) -> int:
    """Take servers out of the fleet; `restore_servers` undoes it. Gives how many."""
    with store.write() as connection:
        deleted = sum(
            connection.execute(
                sa.update(table)
                .where(table.c.id.in_(some), table.c.deleted_at.is_(None))
                .values(deleted_at=now)
            ).rowcount
            for some in _chunks(ids)
        )
        bump(connection, "fleet")
    return deleted


def restore_servers(store: Store, ids: Sequence[int], now: datetime) -> int:
    """Bring deleted servers back; gives how many.

    Raises:
        NameTaken: another server took a name meanwhile.
    """
    with store.write() as connection:
        for some in _chunks(ids):
            for row in connection.execute(sa.select(table.c.name).where(table.c.id.in_(some))):
                _refuse_taken(connection, row.name, besides=ids)
        restored = sum(
            connection.execute(
                sa.update(table)
                .where(table.c.id.in_(some), table.c.deleted_at.is_not(None))
                .values(deleted_at=None, changed_at=now)
            ).rowcount
            for some in _chunks(ids)
        )
        bump(connection, "fleet")
    return restored


def last_removed(store: Store) -> dict[str, int]:
    """Give the id of the server that was deleted last under each name."""
    with store.read() as connection:
        rows = connection.execute(
            sa.select(table.c.name, table.c.id)
            .where(table.c.deleted_at.is_not(None))
            .order_by(table.c.deleted_at, table.c.id)
        )
        return {row.name: row.id for row in rows}


def ensure_this_machine(store: Store, now: datetime) -> Server:
    """Give the server that stands for the machine this program runs on, made when it is new.

    It is known by its host name, kept as its address; a person may rename it.
    """
    host = socket.gethostname()
    ours = sa.and_(table.c.kind == ServerKind.THIS_MACHINE.value, table.c.address == host)
    with store.write() as connection:
        found = _select(connection, ours)
        if found:
            return found[0]
        names = set(connection.execute(sa.select(table.c.name)).scalars())
        name = host if host not in names else f"{host} (this machine)"
        machine = Server(name=name, kind=ServerKind.THIS_MACHINE, address=host)
        added = _insert(connection, [machine], now)
        bump(connection, "fleet")
    return added[0]


def _select(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Server]:
    rows = connection.execute(sa.select(table).where(*where).order_by(table.c.name)).all()
    sites = _sites(connection, None if len(rows) > _CHUNK else [row.id for row in rows])
    return [_server_of(row._asdict(), sites.get(row.id, ())) for row in rows]


def _sites(connection: sa.Connection, ids: list[int] | None) -> dict[int, tuple[Site, ...]]:
    query = sa.select(site.c.server_id, site.c.domain, site.c.customer).order_by(site.c.id)
    if ids is not None:
        query = query.where(site.c.server_id.in_(ids))
    found: dict[int, list[Site]] = {}
    for row in connection.execute(query):
        found.setdefault(row.server_id, []).append(Site(domain=row.domain, customer=row.customer))
    return {server_id: tuple(sites) for server_id, sites in found.items()}


def _insert(connection: sa.Connection, servers: Sequence[Server], now: datetime) -> list[Server]:
    ids = connection.execute(
        sa.insert(table).returning(table.c.id, sort_by_parameter_order=True),
        [{**_columns(server), "added_at": now, "changed_at": now} for server in servers],
    ).scalars()
    added = [replace(server, id=new_id) for server, new_id in zip(servers, ids, strict=True)]
    _put_sites(connection, added)
    return added


def _update(connection: sa.Connection, server: Server, now: datetime) -> None:
    _refuse_taken(connection, server.name, besides=[server.id])
    connection.execute(
        sa.update(table).where(table.c.id == server.id).values(**_columns(server), changed_at=now)
    )
    connection.execute(sa.delete(site).where(site.c.server_id == server.id))
    _put_sites(connection, [server])


def _update_many(connection: sa.Connection, servers: Sequence[Server], now: datetime) -> None:
    change = sa.update(table).where(table.c.id == sa.bindparam("row_id"))
    connection.execute(
        change, [{**_columns(one), "changed_at": now, "row_id": one.id} for one in servers]
    )
    for some in _chunks([server.id for server in servers]):
        connection.execute(sa.delete(site).where(site.c.server_id.in_(some)))
    _put_sites(connection, servers)


def _put_sites(connection: sa.Connection, servers: Iterable[Server]) -> None:
    rows = [
        {"server_id": server.id, "domain": one.domain, "customer": one.customer}
        for server in servers
        for one in server.sites
    ]
    if rows:
        connection.execute(sa.insert(site), rows)


def _refuse_doubled(connection: sa.Connection, names: Sequence[str]) -> None:
    query = sa.select(table.c.name).where(table.c.deleted_at.is_(None))
    taken = set(connection.execute(query).scalars())
    for name in names:
        if name in taken:
            raise NameTaken(f"There is already a server called {name}; choose another name.")
        taken.add(name)


def _refuse_changed(before: Server, there: Server | None) -> None:
    if there is None:
        raise UnknownServer(f"{before.name} was deleted meanwhile; nothing was changed.")
    if there != before:
        raise ServerChanged(f"{before.name} was changed meanwhile; nothing was changed by this.")


def _refuse_taken(connection: sa.Connection, name: str, besides: Sequence[int] = ()) -> None:
    query = sa.select(table.c.id).where(table.c.deleted_at.is_(None), table.c.name == name)
    holder = connection.execute(query).scalar()
    if holder is not None and holder not in besides:
        raise NameTaken(f"There is already a server called {name}; choose another name.")


def _follow_names(connection: sa.Connection, renamed: Mapping[str, str], now: datetime) -> None:
    for server in _select(connection, table.c.deleted_at.is_(None)):
        jumps = tuple(renamed.get(name, name) for name in server.jumps)
        partner = renamed.get(server.partner, server.partner)
        if (jumps, partner) != (server.jumps, server.partner):
            _update(connection, replace(server, jumps=jumps, partner=partner), now)


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


_PLAIN = (
    "name",
    "address",
    "port",
    "user",
    "key_file",
    "certificate_file",
    "notes",
    "brand",
    "partner",
    "tick_s",
    "allow_weak_algorithms",
)
_LISTS = ("jumps", "groups", "expected_services")


def _columns(server: Server) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(server, name) for name in _PLAIN}
    values |= {name: list(getattr(server, name)) for name in _LISTS}
    values["kind"] = server.kind.value
    values["authentication"] = server.authentication.value
    values["variables"] = [list(pair) for pair in server.variables]
    values["checks"] = [
        [check.kind.value, check.target, check.service, check.expect_text, check.expect_status]
        for check in server.checks
    ]
    return values


def _server_of(row: Mapping[str, Any], sites: tuple[Site, ...]) -> Server:
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    values |= {name: tuple(row[name]) for name in _LISTS}
    return Server(
        id=row["id"],
        kind=ServerKind(row["kind"]),
        authentication=Authentication(row["authentication"]),
        variables=tuple((name, value) for name, value in row["variables"]),
        checks=tuple(
            OutsideCheck(
                kind=CheckKind(kind),
                target=target,
                service=service,
                expect_text=text,
                expect_status=status,
            )
            for kind, target, service, text, status in row["checks"]
        ),
        sites=sites,
        **values,
    )
