"""History: how long a tick's write and a page's read take, and the size of a made-up day.

Reads and writes are measured on SQLite and on a PostgreSQL of the bench's own.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bench.figure_size import ROWS, START, bytes_a_figure, kept, kept_in_rows
from bench.measure import Baseline, Measure
from bench.server_days import SYNTHETIC_METRICS, synthetic_readings
from noc_console.store.history import History, Reading, Step
from noc_console.store.schema.metadata import to_ms
from tests.postgresql import make_database, postgresql

TICK = timedelta(seconds=5)
FIVE_MINUTES = timedelta(minutes=5)
DAY = timedelta(days=1)
FLEET = 1000
_SHARED = " on PostgreSQL"


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure reads and writes."""
    repeats = 5 if quick else 21
    with postgresql() as cluster:
        return [
            *_day(folder / "day", cluster, repeats),
            *_month(folder / "month", cluster, repeats),
            *_fleet(folder / "fleet", cluster, repeats),
        ]


def _day(folder: Path, cluster: Path, repeats: int) -> list[Measure]:
    readings = synthetic_readings(1, START, DAY // TICK, TICK, seed=1)
    end, few = START + DAY, SYNTHETIC_METRICS[:20]
    window = to_ms(START), to_ms(end)
    measures = []
    with kept_in_rows(folder, readings) as rows:
        for url, place in _stores(folder, cluster):
            with kept(url, readings) as store:
                history = History(store)
                if not place:
                    name = f"{len(readings):,} synthetic samples"
                    measures.append(bytes_a_figure(store, rows, readings, name))
                measures += [
                    _timed(
                        f"24 h read as the server page does, {len(SYNTHETIC_METRICS)} metrics"
                        + place,
                        10.0,
                        repeats,
                        lambda: history.read(1, SYNTHETIC_METRICS, START, end),  # noqa: B023
                        lambda: rows.read(1, SYNTHETIC_METRICS, *window),
                    ),
                    _timed(
                        f"24 h read raw, 20 metrics{place}",
                        10.0,
                        repeats,
                        lambda: history.read(1, few, START, end, Step.RAW),  # noqa: B023
                        lambda: rows.read(1, few, *window),
                    ),
                ]
    return measures


def _month(folder: Path, cluster: Path, repeats: int) -> list[Measure]:
    """Five-minute steps cost the same whatever the tick; three samples in each differ enough."""
    tick = FIVE_MINUTES / 3
    readings = synthetic_readings(1, START, 30 * DAY // tick, tick, seed=2)
    end = START + 30 * DAY
    measures = []
    with kept_in_rows(folder, readings[::3]) as rows:
        for url, place in _stores(folder, cluster):
            with kept(url, readings) as store:
                history = History(store)
                measures.append(
                    _timed(
                        f"30 d read, {len(SYNTHETIC_METRICS)} metrics{place}",
                        30.0,
                        repeats,
                        lambda: history.read(1, SYNTHETIC_METRICS, START, end),  # noqa: B023
                        lambda: rows.read(1, SYNTHETIC_METRICS, to_ms(START), to_ms(end)),
                    )
                )
    return measures


def _fleet(folder: Path, cluster: Path, repeats: int) -> list[Measure]:
    """Ticks of a thousand servers, whose figures differ; the same thousand at each tick. Then a
    read of one of them beside what all have told since the history was sealed last.
    """
    servers = [synthetic_readings(one, START, 1, TICK, seed=one)[0] for one in range(1, FLEET + 1)]
    middle, now = FLEET // 2, START + DAY
    readings = synthetic_readings(middle, START, DAY // TICK, TICK, seed=1)
    measures = []
    with kept_in_rows(folder, readings) as rows:
        for url, place in _stores(folder, cluster):
            with kept(url, readings) as store:
                history, at_ms = History(store), to_ms(now)
                ticks = []
                for _ in range(120):
                    at_ms += TICK // timedelta(milliseconds=1)
                    ticks.append([Reading(one.server_id, at_ms, one.values) for one in servers])
                ours, theirs = iter(ticks), iter(ticks)
                history.append(next(ours), now)
                measures.append(
                    _timed(
                        f"tick of 1,000 servers x {len(SYNTHETIC_METRICS)} metrics written{place}",
                        5.0,
                        repeats,
                        lambda: history.append(next(ours), now),  # noqa: B023
                        lambda: rows.append(next(theirs)),  # noqa: B023
                    )
                )
                for tick in ours:  # as the engine writes them: twice a second
                    for first in range(0, FLEET, FLEET // 10):
                        history.append(tick[first : first + FLEET // 10], now)
                measures.append(
                    _timed(
                        "24 h as the page reads it, 10 minutes of 1,000 servers not yet "
                        f"sealed{place}",
                        10.0,
                        repeats,
                        lambda: history.read(middle, SYNTHETIC_METRICS, START, now + DAY),  # noqa: B023
                        lambda: rows.read(middle, SYNTHETIC_METRICS, to_ms(START), to_ms(now)),
                    )
                )
    return measures


def _stores(folder: Path, cluster: Path) -> Iterator[tuple[str, str]]:
    """Give where each kind of store is to be, and what is said of it after a measure's name."""
    yield str(folder), ""
    yield make_database(cluster, folder.name), _SHARED


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
        note=f"CPU time, at best {min(ours_ms):.1f} ms; by the clock on the wall "
        f"{statistics.median(waited_ms[1:]):.1f} ms",
    )


def _milliseconds(work: Callable[[], object]) -> float:
    started_s = time.thread_time()
    work()
    return 1000.0 * (time.thread_time() - started_s)
