"""The time machine: the whole fleet at a moment that is over, and played on from there.

Baseline: the history read server by server, as a page would that reads one server at a time.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from bench.measure import Baseline, Measure
from bench.server_days import SYNTHETIC_METRICS, synthetic_readings
from noc_console.desk.time_machine.past_reader import METRICS, PastReader
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from noc_console.incidents.availability.standing_records import Standing, Turn, write_turns
from noc_console.store import block_format
from noc_console.store.blocks import Block
from noc_console.store.heartbeat import beat, register
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.metric_names import MetricNames
from noc_console.store.schema.history import block as block_table
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store, open_store

TICK = timedelta(seconds=5)
HOUR = timedelta(hours=1)


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure a jump to a moment and the steps after it."""
    count = 200 if quick else 1000
    store = open_store(StoreLocation.parse(str(folder / "store")))
    try:
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
        ids = _fleet(store, start, count)
        at = start + timedelta(minutes=37, seconds=3)
        measures = _measures(store, ids, at, count)
        played = _played(folder / "store", start + timedelta(minutes=17, seconds=3))
        return [*measures, played]
    finally:
        store.close()


def _measures(store: Store, ids: list[int], at: datetime, count: int) -> list[Measure]:
    now = datetime.now(UTC)
    first = [_took(lambda: PastReader(store).read(at, now, has_figures=False)) for _ in range(5)]
    jumps = [_took(lambda: PastReader(store).read(at, now)) for _ in range(5)]
    reader = PastReader(store)
    found = len(reader.read(at, now).latest)
    if found != count:
        raise ValueError(f"{found} of {count} servers were found at that moment")
    reader.hour(at, now)  # as play does
    steps = [
        _took(lambda step=step: reader.read(at + step * timedelta(seconds=15), now))
        for step in range(20)
    ]
    history, some = History(store), ids[: max(1, count // 20)]

    def one_by_one() -> None:
        for server_id in some:
            history.read(server_id, METRICS, at - timedelta(minutes=15), at)

    usual_ms = _took(one_by_one) * count / len(some)
    name = "the history read server by server"
    return [
        Measure(
            name=f"{count} servers at a moment, who was how",
            unit="ms",
            ours=statistics.median(first),
            at_most=300.0,
            note="verdicts, alarms and services; shown before the figures come",
        ),
        Measure(
            name=f"{count} servers at a moment, with figures",
            unit="ms",
            ours=statistics.median(jumps),
            baseline=Baseline(name=name, value=usual_ms),
            at_most=300.0,
            note=f"worst of {len(jumps)}: {max(jumps):.0f} ms; {len(SYNTHETIC_METRICS)} metrics"
            " a server, an hour of samples every 5 s",
        ),
        Measure(
            name=f"{count} servers, a step of play",
            unit="ms",
            ours=statistics.median(steps),
            note=f"worst of {len(steps)}: {max(steps):.0f} ms, off the window's thread",
        ),
    ]


def _played(store: Path, at: datetime) -> Measure:
    """Play at 60 times the speed in a window of its own process."""
    words = [sys.executable, "-m", "bench.time_machine_play", str(store), at.isoformat(), "10"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = json.loads(told.splitlines()[-1])
    return Measure(
        name="window's longest wait while it plays",
        unit="ms",
        ours=found["longest_ms"],
        at_most=50.0,
        note=f"{found['servers']} servers at 60 x, {found['played_s']:.0f} s of the past in 10 s",
    )


def _took(do: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    do()
    return (time.perf_counter() - began_s) * 1000


def _fleet(store: Store, start: datetime, count: int) -> list[int]:
    """Make servers with an hour of samples each, watched and up."""
    engine = register(store, "bench", 1, "0", start)
    for step in range(145):
        beat(store, engine.id, start + step * timedelta(seconds=25))
    made = [Server(name=f"web{number:04}", address="192.0.2.1") for number in range(count)]
    servers = add_servers(store, made, start - timedelta(days=1))
    shapes = [synthetic_readings(1, start, int(HOUR / TICK), TICK, seed) for seed in range(20)]
    history = History(store)
    history.append([shapes[0][0]], start)  # numbers the metrics
    names = MetricNames()
    with store.history_write() as connection:
        names.load(connection)
        bodies = [_body(readings, names) for readings in shapes]
        connection.execute(
            sa.insert(block_table),
            [
                {
                    "server_id": server.id,
                    "step_s": 0,
                    "start_ms": to_ms(start),
                    "end_ms": to_ms(start + HOUR),
                    "body": bodies[place % len(bodies)],
                }
                for place, server in enumerate(servers)
            ],
        )
    with store.write() as connection:
        write_turns(connection, [Turn(one.id, "", Standing.UP, start) for one in servers])
    return [server.id for server in servers]


def _body(readings: Sequence[Reading], names: MetricNames) -> bytes:
    times_ms = np.array([one.at_ms for one in readings], dtype=np.int64)
    columns = {
        names.id_of(name) or 0: np.array([[one.values[name] for one in readings]])
        for name in SYNTHETIC_METRICS
    }
    return block_format.encode(Block(times_ms, columns), names.by_id)
