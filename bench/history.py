"""History: how many bytes a figure takes, how long a tick's write and a page's read take."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.figure_rows import FigureRows
from bench.measure import Baseline, Measure
from bench.server_days import SYNTHETIC_METRICS, samples_of_this_machine, synthetic_readings
from noc_console.store.history import History, Reading, Step
from noc_console.store.location import StoreLocation
from noc_console.store.schema.history import block
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import HISTORY_FILE, Store, open_store

ROWS = "(a row a figure)"
START = datetime(2026, 11, 1, tzinfo=UTC)
TICK = timedelta(seconds=5)
FIVE_MINUTES = timedelta(minutes=5)
DAY = timedelta(days=1)


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure sizes, reads and writes."""
    repeats = 5 if quick else 21
    real = samples_of_this_machine(1, *((60, 0.1) if quick else (300, 1.0)))
    return [
        *_sizes(folder / "real", real, f"{len(real)} real samples"),
        *_day(folder / "day", repeats),
        *_month(folder / "month", repeats),
        *_ticks(folder / "ticks", repeats),
    ]


def _sizes(folder: Path, readings: list[Reading], name: str) -> list[Measure]:
    with _stored(folder, readings) as (store, rows):
        return _bytes_a_figure(store, rows, readings, name)


def _day(folder: Path, repeats: int) -> list[Measure]:
    readings = synthetic_readings(1, START, DAY // TICK, TICK, seed=1)
    with _stored(folder, readings) as (store, rows):
        history = History(store)
        end = START + DAY
        few = SYNTHETIC_METRICS[:20]
        window = to_ms(START), to_ms(end)
        return [
            *_bytes_a_figure(store, rows, readings, f"{len(readings):,} synthetic samples"),
            _timed(
                f"24 h read as the server page does, {len(SYNTHETIC_METRICS)} metrics",
                10.0,
                repeats,
                lambda: history.read(1, SYNTHETIC_METRICS, START, end),
                lambda: rows.read(1, SYNTHETIC_METRICS, *window),
            ),
            _timed(
                "24 h read raw, 20 metrics",
                10.0,
                repeats,
                lambda: history.read(1, few, START, end, Step.RAW),
                lambda: rows.read(1, few, *window),
            ),
        ]


def _month(folder: Path, repeats: int) -> list[Measure]:
    """Five-minute steps are the same whatever the tick; a sample in each is quick to prepare."""
    readings = synthetic_readings(1, START, 30 * DAY // FIVE_MINUTES, FIVE_MINUTES, seed=2)
    with _stored(folder, readings) as (store, rows):
        history = History(store)
        end = START + 30 * DAY
        return [
            _timed(
                f"30 d read, {len(SYNTHETIC_METRICS)} metrics",
                30.0,
                repeats,
                lambda: history.read(1, SYNTHETIC_METRICS, START, end),
                lambda: rows.read(1, SYNTHETIC_METRICS, to_ms(START), to_ms(end)),
            )
        ]


def _ticks(folder: Path, repeats: int) -> list[Measure]:
    """Each server's figures differ; the same thousand are written at each tick."""
    servers = [synthetic_readings(one, START, 1, TICK, seed=one)[0] for one in range(1, 1001)]
    with _stored(folder, []) as (store, rows):
        history = History(store)
        clock = iter(range(10**6))
        history.append(servers, START)

        def later() -> list[Reading]:
            at_ms = to_ms(START) + 5000 * (next(clock) + 1)
            return [Reading(one.server_id, at_ms, one.values) for one in servers]

        ticks = [later() for _ in range(2 * repeats)]
        ours, theirs = iter(ticks), iter(ticks)
        return [
            _timed(
                f"tick of 1,000 servers x {len(SYNTHETIC_METRICS)} metrics written",
                5.0,
                repeats,
                lambda: history.append(next(ours), START),
                lambda: rows.append(next(theirs)),
            )
        ]


@contextmanager
def _stored(folder: Path, readings: list[Reading]) -> Iterator[tuple[Store, FigureRows]]:
    """Give a store and rows that hold the readings; the store's are sealed as after an hour."""
    store = open_store(StoreLocation.parse(str(folder)))
    rows = FigureRows(folder / "rows.sqlite3")
    try:
        history = History(store)
        for some in _by_hour(readings):
            history.append(some, datetime.fromtimestamp(some[0].at_ms / 1000, UTC))
        history.seal(max(datetime.now(UTC), START + 31 * DAY) + timedelta(hours=2))
        rows.append(readings)
        yield store, rows
    finally:
        rows.close()
        store.close()


def _by_hour(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    hours: dict[int, list[Reading]] = {}
    for one in readings:
        hours.setdefault(one.at_ms // 3_600_000, []).append(one)
    yield from hours.values()


def _bytes_a_figure(
    store: Store, rows: FigureRows, readings: list[Reading], name: str
) -> list[Measure]:
    figures = sum(len(one.values) for one in readings)
    with store.history_read() as connection:
        raw = connection.execute(
            sa.select(sa.func.sum(sa.func.length(block.c.body))).where(block.c.step_s == 0)
        ).scalar_one()
    with store.history_write() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("BEGIN")
    whole = (rows.path.parent / HISTORY_FILE).stat().st_size
    baseline = Baseline(name=ROWS, value=rows.bytes_used() / figures)
    return [
        Measure(
            name=f"size of a figure, {name}",
            unit="B",
            ours=raw / figures,
            baseline=baseline,
            at_most=1.5,
            note=f"{figures / len(readings):.0f} figures a sample; the whole file, with averages "
            f"of 1 and 5 min, {whole / figures:.2f} B a figure",
        )
    ]


def _timed(
    name: str,
    at_most_ms: float,
    repeats: int,
    ours: Callable[[], object],
    theirs: Callable[[], object],
) -> Measure:
    """Do both in turn, a few times, and give the medians; the first of each warms up.

    CPU time: files lie in the page cache, and a busy machine makes other times meaningless.
    """
    ours_ms, waited_ms, theirs_ms = [], [], []
    for _ in range(repeats + 1):
        started_s = time.perf_counter()
        ours_ms.append(_milliseconds(ours))
        waited_ms.append(1000.0 * (time.perf_counter() - started_s))
        theirs_ms.append(_milliseconds(theirs))
    return Measure(
        name=name,
        unit="ms",
        ours=statistics.median(ours_ms[1:]),
        baseline=Baseline(name=ROWS, value=statistics.median(theirs_ms[1:])),
        at_most=at_most_ms,
        note=f"CPU time; {statistics.median(waited_ms[1:]):.1f} ms by the clock on the wall",
    )


def _milliseconds(work: Callable[[], object]) -> float:
    started_s = time.thread_time()
    work()
    return 1000.0 * (time.thread_time() - started_s)
