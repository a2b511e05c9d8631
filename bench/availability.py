"""Availability of 5,000 servers over a year of spans, against a count second by second."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from bench.large_fleet import servers
from bench.measure import Baseline, Measure
from noc_console.fleet.records import add_servers
from noc_console.incidents.availability.availability import Measure as Times
from noc_console.incidents.availability.availability_report import Kind, Report, make_report
from noc_console.incidents.availability.standing_records import read_standings, read_watched
from noc_console.incidents.report_range import ReportRange, parse_range
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, list_occurrences
from noc_console.store.heartbeat import register
from noc_console.store.location import StoreLocation
from noc_console.store.schema.engines import watch_span
from noc_console.store.schema.metadata import to_ms
from noc_console.store.schema.windows import standing_span
from noc_console.store.store import Store, open_store

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
_OUTAGES = 18
_COUNTED = 20
_ROWS_AT_ONCE = 20_000


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure the reports of a month and of a year, and hold them to the count."""
    count = 1_000 if quick else 5_000
    store = open_store(StoreLocation.parse(str(folder / "store")))
    try:
        spans = _fill(store, count)
        month = parse_range("2026-10", "", "Europe/Berlin", NOW)
        year = ReportRange(start=NOW - YEAR, end=NOW, zone="UTC", title="a year")
        month_s, report = _report_s(store, month)
        year_s, _ = _report_s(store, year)
        counted_s, differ = _counted(store, month, report)
    finally:
        store.close()
    whole = f"{count:,} servers, {spans:,} spans in a year, 40 windows that repeat"
    return [
        Measure(
            name=f"report of a month, {count:,} servers",
            unit="ms",
            ours=1000 * month_s,
            baseline=Baseline(name="second by second", value=1000 * counted_s * count),
            times_less=20,
            at_most=1500,
            note=f"{whole}; groups and customers included, the store read",
        ),
        Measure(name=f"report of a year, {count:,} servers", unit="ms", ours=1000 * year_s),
        Measure(
            name=f"of {_COUNTED} servers, those that differ from a count by the second",
            unit="",
            ours=differ,
            at_most=0,
            note="the month of a change of the clocks, windows of local time among it",
        ),
    ]


def _report_s(store: Store, wanted: ReportRange) -> tuple[float, Report]:
    started_s = time.perf_counter()
    report = make_report(store, wanted, NOW)
    return time.perf_counter() - started_s, report


def _counted(store: Store, month: ReportRange, report: Report) -> tuple[float, int]:
    """Give how long a count by the second takes a server, and how many differ from ours."""
    chosen = [row for row in report.rows if row.kind is Kind.SERVER][:_COUNTED]
    ids = [row.server_id for row in chosen if row.server_id is not None]
    by_id = {server.id: server for server in servers(max(ids))}
    started_s = time.perf_counter()
    told = read_standings(store, month.start, month.end, ids)
    watched = _flags(read_watched(store, month.start, month.end), month)
    occurrences = list_occurrences(store, month.start, month.end)
    differ = 0
    for row in chosen:
        server = by_id[row.server_id or 0]
        booked = _flags(
            [
                (to_ms(one.booked[0]), to_ms(one.booked[1]))
                for one in occurrences
                if one.booked is not None and one.covers(server)
            ],
            month,
        )
        spans = told[(server.id, "")]
        down = _flags(spans.down, month) & watched
        up = _flags(spans.up, month) & watched & ~down
        times = row.measure
        differ += _seconds(times) != (up.sum(), (down & booked).sum(), (down & ~booked).sum())
    return (time.perf_counter() - started_s) / len(chosen), int(differ)


def _seconds(times: Times) -> tuple[float, float, float]:
    return times.up_ms / 1000, times.scheduled_ms / 1000, times.unscheduled_ms / 1000


def _flags(spans: Sequence[tuple[int, int]], month: ReportRange) -> np.ndarray:
    flags = np.zeros(month.length_ms // 1000, dtype=bool)
    for start, end in spans:
        first = max(0, (start - month.start_ms) // 1000)
        flags[first : max(0, (end - month.start_ms) // 1000)] = True
    return flags


def _fill(store: Store, count: int) -> int:
    """Make a fleet with a year of outages, two days nobody watched, and windows."""
    chance = np.random.default_rng(7)
    add_servers(store, servers(count), NOW - YEAR)
    engine = register(store, "bench", 1, "0", NOW - YEAR)
    rows = []
    for server_id in range(1, count + 1):
        at = NOW - YEAR
        for gap_h, down_s in zip(
            chance.exponential(365 * 24 / (_OUTAGES + 1), _OUTAGES),
            chance.integers(31, 7200, _OUTAGES),
            strict=True,
        ):
            fell = at + timedelta(seconds=int(gap_h * 3600) + 1)
            back = fell + timedelta(seconds=int(down_s))
            if back >= NOW:
                break
            rows += [_row(server_id, "up", at, fell), _row(server_id, "down", fell, back)]
            at = back
        rows.append(_row(server_id, "up", at, None))
    with store.write() as connection:
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            connection.execute(sa.insert(standing_span), rows[first : first + _ROWS_AT_ONCE])
        connection.execute(sa.update(watch_span).values(ended_at=NOW - timedelta(days=20)))
        connection.execute(
            sa.insert(watch_span).values(
                engine_id=engine.id, started_at=NOW - timedelta(days=18), ended_at=NOW
            )
        )
    for number in range(40):
        add_window(
            store,
            Window(
                title=f"patches {number}",
                groups=(f"rack{number}",),
                starts_at=NOW - YEAR + timedelta(hours=6 * number),
                minutes=120,
                zone="Europe/Berlin",
                recurrence=Recurrence(unit=Unit.WEEKS, every=2),
                entered_at=NOW - YEAR - timedelta(days=1),
            ),
        )
    return len(rows)


def _row(server_id: int, standing: str, start: datetime, end: datetime | None) -> dict[str, object]:
    return {
        "server_id": server_id,
        "service": "",
        "standing": standing,
        "started_at": start,
        "ended_at": end,
    }
