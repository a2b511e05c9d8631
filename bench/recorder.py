"""Twenty recordings at once: what they cost the engine and a server, and the room they take."""

import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.loopback import (
    add_fleet,
    empty_store,
    is_watched,
    links_up,
    running_engine,
    running_sshds,
    wait_until,
)
from bench.measure import Measure
from bench.spent import spent_by_family_s, spent_s
from noc_console.fleet.records import list_servers
from noc_console.incidents.evidence.evidence_records import list_recordings, open_recordings
from noc_console.incidents.evidence.recording_asking import ask_to_record
from noc_console.store.store import Store

SERVERS, SSHDS = 20, 4
BEFORE_S = 20.0
SETTLES_S = 15.0
"""The first round of every collector, and what the servers lack, is not the usual work."""


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Record twenty servers on loopback for a minute or three."""
    seconds = 60.0 if quick else 180.0
    with running_sshds(folder / "sshds", SSHDS) as sshds:
        store = empty_store(folder / "store", sshds)
        with contextlib.closing(store):
            add_fleet(store, sshds, SERVERS)
            with running_engine(folder / "store") as engine:
                wait_until(lambda: is_watched(store), 30, "an engine that watches")
                wait_until(lambda: links_up(store) == SERVERS, 90, "the links of all servers")
                daemons = [one.process.pid for one in sshds if one.process is not None]
                calm = _spent(engine.pid, daemons, BEFORE_S)
                _record_all(store)
                time.sleep(SETTLES_S)
                bytes_before = _stored_bytes(store)
                busy = _spent(engine.pid, daemons, seconds)
                stored = _stored_bytes(store) - bytes_before
    an_hour = stored / SERVERS / seconds * 3600.0
    return [
        Measure(
            name=f"engine, {SERVERS} recordings at once, ticks and store included",
            unit="% of a core",
            ours=busy[0] * 100.0,
            at_most=20.0,
            note=f"{calm[0] * 100.0:.1f} before",
        ),
        Measure(
            name="one recorded server, sshd and probes included",
            unit="% of a core",
            ours=busy[1] / SERVERS * 100.0,
            note=f"{calm[1] / SERVERS * 100.0:.2f} before; ps sees {len(psutil.pids())} processes",
        ),
        Measure(
            name="of which the recording",
            unit="% of a core",
            ours=max(0.0, busy[1] - calm[1]) / SERVERS * 100.0,
            at_most=1.0,
        ),
        Measure(
            name="evidence of one server",
            unit="MB an hour",
            ours=an_hour / 1e6,
            at_most=5.0,
        ),
    ]


def _record_all(store: Store) -> None:
    now = datetime.now(UTC)
    for server in list_servers(store):
        ask_to_record(store, server.id, asked_by="bench", now=now, minutes=30)
    wait_until(
        lambda: len(open_recordings(store, datetime.now(UTC))) == SERVERS, 60, "the recordings"
    )


def _spent(engine: int, daemons: list[int], seconds: float) -> tuple[float, float]:
    """Give the shares of a core that the engine, and all sshds with theirs, spend."""
    started_s = time.monotonic()
    before = spent_s(engine), sum(map(spent_by_family_s, daemons))
    time.sleep(seconds)
    after = spent_s(engine), sum(map(spent_by_family_s, daemons))
    elapsed_s = time.monotonic() - started_s
    return (after[0] - before[0]) / elapsed_s, (after[1] - before[1]) / elapsed_s


def _stored_bytes(store: Store) -> int:
    return sum(one.stored_bytes for one in list_recordings(store, datetime.now(UTC)))
