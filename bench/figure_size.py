"""How many bytes a figure of real samples takes in the store, beside a row a figure."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.figure_rows import FigureRows
from bench.measure import Baseline, Measure
from bench.server_days import samples_of_this_machine
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.schema.history import block
from noc_console.store.store import HISTORY_FILE, Store, open_store

ROWS = "(a row a figure)"
START = datetime(2026, 11, 1, tzinfo=UTC)


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Sample this machine and measure what its figures take."""
    real = samples_of_this_machine(1, *((60, 0.1) if quick else (300, 1.0)))
    with kept_in_rows(folder, real) as rows, kept(str(folder), real) as store:
        return [bytes_a_figure(store, rows, real, f"{len(real)} real samples")]


@contextmanager
def kept_in_rows(folder: Path, readings: list[Reading]) -> Iterator[FigureRows]:
    """Give a table that holds the readings, a row a figure."""
    folder.mkdir(exist_ok=True)
    rows = FigureRows(folder / "rows.sqlite3")
    try:
        rows.append(readings)
        yield rows
    finally:
        rows.close()


@contextmanager
def kept(url: str, readings: list[Reading]) -> Iterator[Store]:
    """Give a store that holds the readings, sealed as after an hour."""
    store = open_store(StoreLocation.parse(url))
    try:
        history = History(store)
        for some in _by_hour(readings):
            history.append(some, datetime.fromtimestamp(some[0].at_ms / 1000, UTC))
        history.seal(max(datetime.now(UTC), START + timedelta(days=31)) + timedelta(hours=2))
        yield store
    finally:
        store.close()


def _by_hour(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    hours: dict[int, list[Reading]] = {}
    for one in readings:
        hours.setdefault(one.at_ms // 3_600_000, []).append(one)
    yield from hours.values()


def bytes_a_figure(store: Store, rows: FigureRows, readings: list[Reading], name: str) -> Measure:
    """Measure what a figure takes in the store, and what it takes in rows."""
    figures = sum(len(one.values) for one in readings)
    with store.history_read() as connection:
        raw = connection.execute(
            sa.select(sa.func.sum(sa.func.length(block.c.body))).where(block.c.step_s == 0)
        ).scalar_one()
    with store.history_write() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    whole = (rows.path.parent / HISTORY_FILE).stat().st_size
    baseline = Baseline(name=ROWS, value=rows.bytes_used() / figures)
    return Measure(
        name=f"size of a figure, {name}",
        unit="B",
        ours=raw / figures,
        baseline=baseline,
        at_most=1.5,
        note=f"{figures / len(readings):.0f} figures a sample; the whole file, with averages "
        f"of 1 and 5 min, {whole / figures:.2f} B a figure",
    )
