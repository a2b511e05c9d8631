"""The room's only SQL: the newest slow readings of each server, as JSON, one row a kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import sqlalchemy as sa

from noc_console.fleet.link_state import LinkFacts
from noc_console.store.changes import bump
from noc_console.store.rows import known_servers, put_rows
from noc_console.store.schema.metadata import from_ms, to_ms
from noc_console.store.schema.state import server_reading
from noc_console.store.store import Store
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState

Row = TypeVar("Row")


class Kind(Enum):
    """The kinds of slow reading."""

    MOUNTS = "mounts"
    PROCESSES = "processes"
    FACTS = "facts"
    SERVICES = "services"
    CHECKS = "checks"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerReadings:
    """The newest slow readings of one server, each with its time; None where there is none."""

    mounts: tuple[Mount, ...] = ()
    mounts_at: datetime | None = None
    processes: tuple[Process, ...] = ()
    processes_at: datetime | None = None
    services: tuple[ServiceState, ...] = ()
    services_at: datetime | None = None
    checks: tuple[CheckResult, ...] = ()
    checks_at: datetime | None = None
    facts: Facts | None = None
    facts_at: datetime | None = None
    link: LinkFacts | None = None
    link_at: datetime | None = None


class PendingReadings:
    """Slow readings that wait to be written; of each kind and server the newest."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: dict[tuple[int, Kind], Any] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def put(
        self,
        server_id: int,
        *,
        mounts: Sequence[Mount] | None = None,
        processes: Sequence[Process] | None = None,
        facts: Facts | None = None,
        services: Sequence[ServiceState] | None = None,
        checks: Sequence[CheckResult] | None = None,
        link: LinkFacts | None = None,
    ) -> None:
        """Have what is given written in the place of what was read before."""
        for kind, rows in (
            (Kind.MOUNTS, mounts),
            (Kind.PROCESSES, processes),
            (Kind.SERVICES, services),
            (Kind.CHECKS, checks),
        ):
            if rows is not None:
                self._waiting[server_id, kind] = [_plain(row) for row in rows]
        for kind, one in ((Kind.FACTS, facts), (Kind.LINK, link)):
            if one is not None:
                self._waiting[server_id, kind] = _plain(one)

    def write(self, connection: sa.Connection, now: datetime) -> None:
        """Write what waits, inside a write; call `clear` once it is kept."""
        if not self._waiting:
            return
        known = known_servers(connection, {server_id for server_id, _ in self._waiting})
        rows = [
            {"server_id": server_id, "kind": kind.value, "at": now, "body": body}
            for (server_id, kind), body in self._waiting.items()
            if server_id in known
        ]
        if not rows:
            return
        put_rows(connection, server_reading, rows)
        bump(connection, "reading")

    def clear(self) -> None:
        """Forget what was written."""
        self._waiting.clear()

    def forget(self, server_id: int) -> None:
        """Forget what waits for one server."""
        for kind in Kind:
            self._waiting.pop((server_id, kind), None)


def list_mounts(store: Store) -> dict[int, tuple[Mount, ...]]:
    """Give every server's mounts by its id."""
    return _all(store, Kind.MOUNTS, _mount)


def list_services(store: Store) -> dict[int, tuple[ServiceState, ...]]:
    """Give every server's expected services by its id."""
    return _all(store, Kind.SERVICES, _service)


def readings_of(store: Store, server_id: int) -> ServerReadings:
    """Give the newest slow readings of one server."""
    with store.read() as connection:
        rows = connection.execute(
            sa.select(server_reading).where(server_reading.c.server_id == server_id)
        ).all()
    found: dict[str, Any] = {}
    for row in rows:
        read = _READERS[Kind(row.kind)]
        found[row.kind] = (
            read(row.body) if isinstance(row.body, dict) else tuple(map(read, row.body))
        )
        found[f"{row.kind}_at"] = row.at
    return ServerReadings(**found)


def _all(
    store: Store, kind: Kind, read: Callable[[Mapping[str, Any]], Row]
) -> dict[int, tuple[Row, ...]]:
    with store.read() as connection:
        rows = connection.execute(
            sa.select(server_reading.c.server_id, server_reading.c.body).where(
                server_reading.c.kind == kind.value
            )
        ).all()
    return {row.server_id: tuple(map(read, row.body)) for row in rows}


def _plain(row: Any) -> dict[str, Any]:
    """Give a flat dataclass as JSON values: enums by value, instants as milliseconds."""
    return {name: _value(getattr(row, name)) for name in row.__dataclass_fields__}


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return to_ms(value) if isinstance(value, datetime) else value


def _mount(row: Mapping[str, Any]) -> Mount:
    return Mount(**row)


def _process(row: Mapping[str, Any]) -> Process:
    return Process(**row)


def _facts(row: Mapping[str, Any]) -> Facts:
    return Facts(**row)


def _service(row: Mapping[str, Any]) -> ServiceState:
    since = row["since"]
    changed = {
        "inside": Inside(row["inside"]),
        "outside": Outside(row["outside"]),
        "since": None if since is None else from_ms(since),
    }
    return ServiceState(**{**row, **changed})


def _link(row: Mapping[str, Any]) -> LinkFacts:
    return LinkFacts(**{**row, "connected_at": from_ms(row["connected_at"])})


def _check(row: Mapping[str, Any]) -> CheckResult:
    expires_at = row["certificate_expires_at"]
    changed = {
        "outside": Outside(row["outside"]),
        "at": from_ms(row["at"]),
        "certificate_expires_at": None if expires_at is None else from_ms(expires_at),
    }
    return CheckResult(**{**row, **changed})


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.MOUNTS: _mount,
    Kind.PROCESSES: _process,
    Kind.FACTS: _facts,
    Kind.SERVICES: _service,
    Kind.CHECKS: _check,
    Kind.LINK: _link,
}
