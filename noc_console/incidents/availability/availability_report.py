"""The availability of a fleet over a range: per server, service, group and customer, and of all.

Reads the store through the rooms' records; what it adds up is in `availability`.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers_since
from noc_console.fleet.server import Server
from noc_console.incidents.availability.availability import (
    Budget,
    Measure,
    Outage,
    Parts,
    any_down,
    budget,
    cut_up,
    measure,
    outages_of,
    pool,
)
from noc_console.incidents.availability.mark_records import Mark, list_marks, spans_by_scope
from noc_console.incidents.availability.spans import Span, Spans, subtract, union
from noc_console.incidents.availability.standing_records import (
    SERVER_ITSELF,
    Told,
    read_standings,
    read_watched,
)
from noc_console.incidents.availability.targets import Targets, read_targets
from noc_console.incidents.report_range import ReportRange
from noc_console.incidents.windows.window import Occurrence, ids_by_group
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store

_NOTHING = Told()


class NothingToReport(ConsoleError):
    """No server, group, customer or service of that name; or the range has not begun."""


class Kind(Enum):
    """What a row of the report is of."""

    ALL = "all"
    GROUP = "group"
    CUSTOMER = "customer"
    SERVER = "server"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing's availability. `server_id` is None for a group, a customer and all.

    `parts` are the spans themselves; a group and all have none: they are their servers' sums.
    """

    kind: Kind
    name: str
    server: str = ""
    server_id: int | None = None
    service: str = ""
    measure: Measure
    budget: Budget
    parts: Parts | None = None
    members: int = 1
    as_recorded: Measure | None = None
    """The sums without the marks that people set; None where no mark changes them."""

    @property
    def outages(self) -> list[Outage]:
        """The unscheduled outages, in order."""
        return outages_of(self.parts) if self.parts is not None else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is asked for; empty fields leave nothing out."""

    server: str = ""
    group: str = ""
    customer: str = ""
    service: str = ""
    with_services: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was asked for over a range; rows of all, groups, customers, servers, services."""

    range: ReportRange
    made_at: datetime
    ends_at: datetime
    """Up to where it was measured: the range's end, or the moment it was made."""
    rows: tuple[Row, ...]
    not_watched: tuple[Span, ...]
    """When no engine watched at all."""
    occurrences: tuple[Occurrence, ...]
    """The windows within the range, cancelled ones too, that are for one of its servers."""
    members: Mapping[str, Set[int]]
    """The ids of the servers in each group."""
    marks: tuple[Mark, ...] = ()
    """What people marked as seen wrongly on one of its servers, those taken back too."""
    names: Mapping[int, str] = field(default_factory=dict)
    """The names of the servers in it, by id."""

    def of(self, *kinds: Kind) -> list[Row]:
        """Give the rows of some kinds, the worst first."""
        some = [row for row in self.rows if row.kind in kinds]
        return sorted(some, key=worst_first)


def worst_first(row: Row) -> tuple[float, int, str]:
    """The order of a report: least available first, what was not watched last."""
    percent = row.measure.percent_as_up
    return (200.0 if percent is None else percent, -row.measure.scheduled_ms, row.name)


def make_report(
    store: Store, wanted: ReportRange, now: datetime, scope: Scope | None = None
) -> Report:
    """Read the store and add up.

    Raises:
        NothingToReport: the scope names nothing there is, or the range lies in the future.
    """
    scope = scope or Scope()
    ends_at = min(wanted.end, now)
    if ends_at <= wanted.start:
        raise NothingToReport(f"{wanted.title} has not begun yet; choose an earlier range.")
    servers = _chosen(list_servers_since(store, wanted.start), scope)
    few = [server.id for server in servers] if len(servers) < 200 else None
    occurrences, booked = _booked(list_occurrences(store, wanted.start, ends_at), servers)
    reading = _Reading(
        wanted=wanted,
        end_ms=to_ms(ends_at),
        told=read_standings(store, wanted.start, ends_at, few),
        watched=read_watched(store, wanted.start, ends_at),
        booked=booked,
        targets=read_targets(store),
    )
    names = {server.id: server.name for server in servers}
    marks = [one for one in list_marks(store, wanted.start, ends_at) if one.server_id in names]
    return Report(
        range=wanted,
        made_at=now,
        ends_at=ends_at,
        rows=tuple(_rows_by_marks(reading, marks, servers, scope)),
        not_watched=tuple(_gaps(reading)),
        occurrences=tuple(occurrences),
        members=ids_by_group(servers),
        marks=tuple(marks),
        names=names,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What was read of the store for a report."""

    wanted: ReportRange
    end_ms: int
    told: Mapping[tuple[int, str], Told]
    watched: Spans
    booked: Mapping[int, Sequence[tuple[Span, tuple[str, ...]]]]
    targets: Targets
    marked: Mapping[tuple[int, str], Spans] = field(default_factory=dict)

    def parts(self, server: Server, service: str) -> Parts:
        told = self.told.get((server.id, service), _NOTHING)
        return cut_up(
            self.wanted.start_ms,
            self.end_ms,
            up=told.up,
            down=told.down,
            watched=self._watched_of(server, service),
            booked=self._booked_of(server, service) if told.down else (),
        )

    def _watched_of(self, server: Server, service: str) -> Spans:
        """Give when something was watched, without what was marked as seen wrongly."""
        marked = {
            *self.marked.get((server.id, SERVER_ITSELF), ()),
            *self.marked.get((server.id, service), ()),
        }
        return subtract(self.watched, union(marked)) if marked else self.watched

    def _booked_of(self, server: Server, service: str) -> Spans:
        """Give the spans that windows book for a server, or for one service on it."""
        return [
            span
            for span, services in self.booked.get(server.id, ())
            if not services or service in services
        ]

    def budget(
        self, of: Measure, scope: str, further: Iterable[str] = (), times: int = 1
    ) -> Budget:
        """Give the budget of a scope; a pool of several has that many times the range."""
        percent = self.targets.of(scope, further)
        return budget(of, percent, self.wanted.length_ms * times)


def _booked(
    occurrences: Sequence[Occurrence], servers: Sequence[Server]
) -> tuple[list[Occurrence], dict[int, list[tuple[Span, tuple[str, ...]]]]]:
    """Give the occurrences for some of these servers, and what they book for each, by its id."""
    groups, ids = ids_by_group(servers), {server.id for server in servers}
    booked: dict[int, list[tuple[Span, tuple[str, ...]]]] = {}
    ours = []
    for one in occurrences:
        covered = one.covered_ids(groups) & ids
        if not covered:
            continue
        ours.append(one)
        if one.booked is not None:
            span = to_ms(one.booked[0]), to_ms(one.booked[1])
            for server_id in covered:
                booked.setdefault(server_id, []).append((span, one.window.services))
    return ours, booked


def _rows_by_marks(
    reading: _Reading, marks: Sequence[Mark], servers: Sequence[Server], scope: Scope
) -> list[Row]:
    """Give the rows as they are marked; where a mark changes one, with its sums as recorded."""
    recorded = _rows(reading, servers, scope)
    marked = spans_by_scope(marks)
    if not marked:
        return recorded
    rows = _rows(replace(reading, marked=marked), servers, scope)
    return [
        row if row.measure == before.measure else replace(row, as_recorded=before.measure)
        for row, before in zip(rows, recorded, strict=True)
    ]


def _rows(reading: _Reading, servers: Sequence[Server], scope: Scope) -> list[Row]:
    if scope.service:
        rows = _service_rows(reading, servers, scope.service)
        if not rows:
            raise NothingToReport(
                f"No server of these was told to run {scope.service}; `server show` lists what is"
                " expected on one."
            )
        return [
            _pool_row(reading, Kind.ALL, scope.service, f"service:{scope.service}", rows),
            *rows,
        ]
    by_server = [_server_row(reading, server) for server in servers]
    rows = list(by_server)
    if scope.with_services or scope.server:
        rows += _service_rows(reading, servers, "")
    if not scope.server:
        rows += _group_rows(reading, servers, by_server)
        rows += _customer_rows(reading, servers, by_server)
        rows.append(_pool_row(reading, Kind.ALL, "all servers", "all", by_server))
    return rows


def _chosen(servers: Sequence[Server], scope: Scope) -> list[Server]:
    """Give the servers a scope is of."""
    if scope.server:
        chosen = [server for server in servers if server.name == scope.server]
        words = f"There is no server called {scope.server}; `server list` shows the names."
    elif scope.group:
        chosen = [server for server in servers if scope.group in server.groups]
        words = f"No server is in a group called {scope.group}."
    elif scope.customer:
        chosen = [
            server
            for server in servers
            if any(site.customer == scope.customer for site in server.sites)
        ]
        words = f"No server carries a site of a customer called {scope.customer}."
    else:
        return list(servers)
    if not chosen:
        raise NothingToReport(words)
    return chosen


def _server_row(reading: _Reading, server: Server) -> Row:
    parts = reading.parts(server, SERVER_ITSELF)
    of = measure(parts)
    groups = [f"group:{group}" for group in server.groups]
    return Row(
        kind=Kind.SERVER,
        name=server.name,
        server=server.name,
        server_id=server.id,
        measure=of,
        budget=reading.budget(of, f"server:{server.id}", groups),
        parts=parts,
    )


def _service_rows(reading: _Reading, servers: Sequence[Server], service: str) -> list[Row]:
    by_id = {server.id: server for server in servers}
    rows = []
    for server_id, name in reading.told:
        if server_id not in by_id or name == SERVER_ITSELF or (service and name != service):
            continue
        server = by_id[server_id]
        parts = reading.parts(server, name)
        of = measure(parts)
        further = [f"server:{server.id}", *(f"group:{group}" for group in server.groups)]
        rows.append(
            Row(
                kind=Kind.SERVICE,
                name=f"{name} on {server.name}",
                server=server.name,
                server_id=server_id,
                service=name,
                measure=of,
                budget=reading.budget(of, f"service:{name}", further),
                parts=parts,
            )
        )
    return rows


def _pool_row(reading: _Reading, kind: Kind, name: str, target: str, members: Sequence[Row]) -> Row:
    of = pool(row.measure for row in members)
    return Row(
        kind=kind,
        name=name,
        service=members[0].service if members else "",
        measure=of,
        budget=reading.budget(of, target, times=max(1, len(members))),
        members=len(members),
    )


def _group_rows(reading: _Reading, servers: Sequence[Server], rows: Sequence[Row]) -> list[Row]:
    members: dict[str, list[Row]] = {}
    for server, row in zip(servers, rows, strict=True):
        for group in server.groups:
            members.setdefault(group, []).append(row)
    return [
        _pool_row(reading, Kind.GROUP, group, f"group:{group}", some)
        for group, some in members.items()
    ]


def _customer_rows(reading: _Reading, servers: Sequence[Server], rows: Sequence[Row]) -> list[Row]:
    members: dict[str, list[Parts]] = {}
    for server, row in zip(servers, rows, strict=True):
        for customer in {site.customer for site in server.sites if site.customer}:
            if row.parts is not None:
                members.setdefault(customer, []).append(row.parts)
    found = []
    for customer, some in members.items():
        parts = any_down(some)
        of = measure(parts)
        found.append(
            Row(
                kind=Kind.CUSTOMER,
                name=customer,
                measure=of,
                budget=reading.budget(of, f"customer:{customer}"),
                parts=parts,
                members=len(some),
            )
        )
    return found


def _gaps(reading: _Reading) -> list[Span]:
    gaps, at = [], reading.wanted.start_ms
    for start, end in [*reading.watched, (reading.end_ms, reading.end_ms)]:
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    return gaps
