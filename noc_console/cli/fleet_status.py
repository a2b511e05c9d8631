"""The fleet as it stands, for `status`: as values, as JSON, as a table. Pure: no I/O, no clock."""

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from noc_console.cli.moments import iso, span_text
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.link_state import LinkState
from noc_console.health.figure_words import danger_words
from noc_console.health.verdict import Danger, Verdict
from noc_console.incidents.times import local_text
from noc_console.telemetry.host import Mount
from noc_console.telemetry.service import Combined, ServiceState

SAMPLE_FIELDS = (
    *("load1", "load5", "load15", "cores", "cpu_percent", "iowait_percent", "steal_percent"),
    *("mem_used_percent", "swap_used_percent", "net_rx_bytes_per_s", "net_tx_bytes_per_s"),
    *("uptime_s", "tasks_running", "tasks_total"),
)
_WHOLE = {"cores", "tasks_running", "tasks_total"}
_DECIMALS = 3
_NO_FIGURE = "-"
NO_TERMINAL = (200, 50)
"""Columns and lines where it goes to a file or a program, which cuts no sentence off."""

_BEATS_WITHIN = timedelta(seconds=9)
"""An engine that is well is heard of within this time."""

_COLUMNS = (
    Column(title="VERDICT"),
    Column(title="NAME", shrinks_to=12),
    Column(title="SINCE", is_number=True, drop_at=4),
    Column(title="LINK", drop_at=2),
    Column(title="LOAD", is_number=True, drop_at=10),
    Column(title="CORES", is_number=True, drop_at=1),
    Column(title="CPU %", is_number=True, drop_at=8),
    Column(title="MEM %", is_number=True, drop_at=6),
    Column(title="DISK %", is_number=True, drop_at=5),
    Column(title="SERVICES", is_number=True, drop_at=3),
    Column(title="DANGER IN", is_number=True, drop_at=9),
    Column(title="READ AGO", is_number=True, drop_at=11),
    Column(title="WHY", is_sentence=True, shrinks_to=16, drop_at=7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """One server as last told; `sample_at` is None where it was never read."""

    name: str
    verdict: Verdict
    since: datetime
    reasons: tuple[str, ...] = ()
    link: LinkState
    sample_at: datetime | None
    values: Mapping[str, float]
    mounts: tuple[Mount, ...] = ()
    services: tuple[ServiceState, ...] = ()
    danger: Danger | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """The engine that watches the store now."""

    host: str
    pid: int
    since: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetStatus:
    """All servers at one moment, the worst first; `engine` is None where nobody watches."""

    at: datetime
    engine: EngineStatus | None
    servers: tuple[ServerStatus, ...]
    trouble: str = ""
    """Why the store takes nothing new, as a sentence; an engine that lives cannot say so there."""


def worst_first(servers: Sequence[ServerStatus]) -> tuple[ServerStatus, ...]:
    """Give the servers in the order in which people look."""
    return tuple(sorted(servers, key=lambda server: (server.verdict.urgency, server.name)))


def as_json(fleet: FleetStatus) -> dict[str, Any]:
    """Give the fleet as plain values; times are ISO 8601 in UTC, what is unknown is null."""
    engine = fleet.engine
    return {
        "at": iso(fleet.at),
        "engine": None
        if engine is None
        else {
            "host": engine.host,
            "pid": engine.pid,
            "since": iso(engine.since),
            "heard_at": iso(engine.heard_at),
        },
        "servers": [_server_as_json(server) for server in fleet.servers],
    }


def _server_as_json(server: ServerStatus) -> dict[str, Any]:
    return {
        "name": server.name,
        "verdict": server.verdict.value,
        "since": iso(server.since),
        "link": server.link.value,
        "danger": None
        if server.danger is None
        else {
            "key": server.danger.key,
            "at": iso(server.danger.at),
            "earliest_s": _figure("earliest_s", server.danger.earliest_s),
            "latest_s": _figure("latest_s", server.danger.latest_s),
        },
        "sample": None
        if server.sample_at is None
        else {
            "at": iso(server.sample_at),
            **{name: _figure(name, server.values.get(name)) for name in SAMPLE_FIELDS},
        },
        "mounts": [
            {
                "mount": mount.mount,
                "used_percent": _figure("used_percent", mount.used_percent),
                "inodes_used_percent": _figure("inodes_used_percent", mount.inodes_used_percent),
            }
            for mount in server.mounts
        ],
        "services": [
            {"name": service.name, "inside": service.inside.value, "outside": service.outside.value}
            for service in server.services
        ],
    }


def _figure(name: str, value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if name in _WHOLE else round(value, _DECIMALS)


def as_lines(fleet: FleetStatus, width: int) -> list[str]:
    """Give the fleet as lines for a terminal of `width` cells."""
    lines = [*textwrap.wrap(_summary(fleet), width), *textwrap.wrap(_watched_by(fleet), width)]
    if fleet.servers:
        lines += ["", *table(_COLUMNS, [_cells(one, fleet.at) for one in fleet.servers], width)]
    return lines


def _summary(fleet: FleetStatus) -> str:
    if not fleet.servers:
        return "No server is in this store yet; add one with `noc-console server add`."
    counts = Counter(server.verdict for server in fleet.servers)
    parts = [f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]]
    many = "server" if len(fleet.servers) == 1 else "servers"
    return f"{local_text(fleet.at)}: {len(fleet.servers)} {many}, {', '.join(parts)}."


def _watched_by(fleet: FleetStatus) -> str:
    if fleet.trouble:
        return fleet.trouble
    if fleet.engine is None:
        return "No engine watches this store; start one with `noc-console engine` or the window."
    engine = f"{inert(fleet.engine.host)} (process {fleet.engine.pid})"
    since = span_text((fleet.at - fleet.engine.since).total_seconds())
    silence = fleet.at - fleet.engine.heard_at
    if silence <= _BEATS_WITHIN:
        return f"Watched by the engine on {engine} for {since}."
    return (
        f"Watched by the engine on {engine} for {since}, but nothing was heard of it for "
        f"{span_text(silence.total_seconds())}; see whether it still runs there."
    )


def _cells(server: ServerStatus, now: datetime) -> list[str]:
    age = None if server.sample_at is None else (now - server.sample_at).total_seconds()
    fullest = max((mount.used_percent for mount in server.mounts), default=None)
    return [
        server.verdict.value,
        inert(server.name),
        span_text((now - server.since).total_seconds()),
        server.link.value,
        _decimal(server.values.get("load1"), 2),
        _decimal(server.values.get("cores"), 0),
        _decimal(server.values.get("cpu_percent"), 0),
        _decimal(server.values.get("mem_used_percent"), 0),
        _decimal(fullest, 0),
        _services_ok(server.services),
        _danger_in(server, now),
        _NO_FIGURE if age is None else span_text(age),
        inert(server.reasons[0]) if server.reasons else "",
    ]


def _danger_in(server: ServerStatus, now: datetime) -> str:
    if server.verdict is Verdict.CUT_OFF:
        return "now"
    return _NO_FIGURE if server.danger is None else danger_words(server.danger, now)


def _decimal(value: float | None, places: int) -> str:
    return _NO_FIGURE if value is None else f"{value:.{places}f}"


def _services_ok(services: Sequence[ServiceState]) -> str:
    if not services:
        return _NO_FIGURE
    well = sum(service.combined is Combined.OK for service in services)
    return f"{well}/{len(services)}"
