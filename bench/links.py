"""Links: what hundreds and thousands of them cost the engine, beside plain paramiko polling."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.loopback import (
    IN_ALARM,
    add_fleet,
    empty_store,
    is_watched,
    links_up,
    running_engine,
    running_sshds,
    show_load,
    wait_until,
)
from bench.measure import Baseline, Measure
from bench.spent import resident_bytes, spent_s
from noc_console.health.alarm_records import open_alarms
from noc_console.health.records import list_states
from noc_console.health.verdict import Verdict
from noc_console.store.history import History
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store
from tests.sshd import Sshd

TICK_S = 5
SSHDS = 8
"""The engine opens few connections at once to one place."""

FEW = 500
MANY = 2000
MANY_QUICK = 1000
SETTLE_S = 30.0
"""With the span before: a server lists its processes twice in its first minute, then seldom."""

RAISED_WITHIN_S = 240.0
SERVER_BYTES_A_LINK = 4 * 1024 * 1024
"""What sshd and two shells take for one link; with too little memory we measure fewer links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an engine costs with a number of links up."""

    links: int
    core_percent: float
    first_percent: float
    """In the span before: each server is asked then for all that is asked seldom."""
    samples_a_second: float
    well: int
    """How many of the servers were ok then."""
    bytes_a_link: float
    connected_within_s: float


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure few links beside the baseline, then many."""
    few_s, many_s, plain_s = (20.0, 20.0, 15.0) if quick else (60.0, 60.0, 30.0)
    many = min(MANY_QUICK if quick else MANY, _room_for_links())
    servers = folder / "servers"
    with running_sshds(servers, SSHDS) as sshds:
        with _engine(folder / "few", sshds, FEW) as engine:
            few = engine.cost(few_s)
        plain = _plain_percent(folder, sshds[0], FEW, plain_s)
        with _engine(folder / "many", sshds, many) as engine:
            more = engine.cost(many_s)
            show_load(servers, IN_ALARM)
            wait_until(lambda: engine.alarms >= many, RAISED_WITHIN_S, "every server's alarm")
            ill = engine.cost(many_s)
    return [
        Measure(
            name=f"{FEW} links at {TICK_S} s, CPU of the engine",
            unit="% of a core",
            ours=few.core_percent,
            baseline=Baseline(name="(paramiko exec_command)", value=plain),
            times_less=3.0,
            note=_told(few, few_s),
        ),
        Measure(
            name=f"{more.links:,} links at {TICK_S} s, CPU of the engine",
            unit="% of a core",
            ours=more.core_percent,
            at_most=15.0 * more.links / MANY,
            note=_told(more, many_s)
            + (
                ""
                if more.links == MANY
                else f"; the goal is 15 % for {MANY:,}, taken in proportion"
            ),
        ),
        Measure(
            name=f"{ill.links:,} links, every server in alarm, CPU of the engine",
            unit="% of a core",
            ours=ill.core_percent,
            note=_told(ill, many_s),
        ),
        Measure(
            name=f"{more.links:,} links, memory of the engine a link",
            unit="kB",
            ours=more.bytes_a_link / 1000,
            at_most=100.0,
        ),
    ]


def _told(cost: Cost, seconds: float) -> str:
    return (
        f"{cost.samples_a_second:.0f} samples a second recorded over {seconds:.0f} s, "
        f"{10 * cost.core_percent / max(cost.samples_a_second, 0.1):.3f} ms a sample with "
        f"verdicts, store and slow readings; {cost.first_percent:.1f} % in the {seconds:.0f} s "
        f"before that; {cost.well:,} were ok; all were up within {cost.connected_within_s:.0f} s"
    )


def _room_for_links() -> int:
    return max(100, int(psutil.virtual_memory().available * 0.8 / SERVER_BYTES_A_LINK))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    """An engine that watches a fleet of which all links are up."""

    pid: int
    store: Store
    count: int
    alone_bytes: int
    connected_within_s: float

    @property
    def alarms(self) -> int:
        return len(open_alarms(self.store))

    def cost(self, seconds: float) -> Cost:
        time.sleep(SETTLE_S)
        first = _percent_over(self.pid, seconds)
        started_at, started_s = datetime.now(UTC), time.monotonic()
        percent = _percent_over(self.pid, seconds)
        elapsed_s = time.monotonic() - started_s
        states = list_states(self.store).values()
        return Cost(
            links=links_up(self.store),
            core_percent=percent,
            first_percent=first,
            samples_a_second=_samples_since(self.store, started_at) / elapsed_s,
            well=sum(one.judgement.verdict is Verdict.OK for one in states if one.judgement),
            bytes_a_link=(resident_bytes(self.pid) - self.alone_bytes) / self.count,
            connected_within_s=self.connected_within_s,
        )


@contextmanager
def _engine(folder: Path, sshds: Sequence[Sshd], count: int) -> Iterator[_Engine]:
    with closing(empty_store(folder, sshds)) as store, running_engine(folder) as engine:
        wait_until(lambda: is_watched(store), 60, "an engine's start")
        alone_bytes = resident_bytes(engine.pid)
        add_fleet(store, sshds, count)
        yield _Engine(
            pid=engine.pid,
            store=store,
            count=count,
            alone_bytes=alone_bytes,
            connected_within_s=wait_until(lambda: links_up(store) == count, 300, f"{count} links"),
        )


def _percent_over(pid: int, seconds: float) -> float:
    """Give what a process takes of a core from now on."""
    before_s, started_s = spent_s(pid), time.monotonic()
    time.sleep(seconds)
    return 100.0 * (spent_s(pid) - before_s) / (time.monotonic() - started_s)


def _samples_since(store: Store, start: datetime) -> int:
    history, start_ms = History(store), to_ms(start)
    last, found = 0, 0
    while True:
        newest, readings = history.after(last)
        found += sum(one.at_ms >= start_ms for one in readings)
        if newest == last:
            return found
        last = newest


def _plain_percent(folder: Path, sshd: Sshd, count: int, seconds: float) -> float:
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(f"[{sshd.address}]:{sshd.port} {sshd.host_key_line}\n")
    arguments = (sshd.port, sshd.server().user, sshd.key, known_hosts, count, TICK_S)
    polling = subprocess.Popen(
        [sys.executable, "-m", "bench.plain_polling", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        if polling.stdout is None or polling.stdout.readline() != b"up\n":
            raise RuntimeError("the plain polling of the baseline did not start")
        time.sleep(SETTLE_S)
        before_s, at_s = spent_s(polling.pid), time.monotonic()
        time.sleep(seconds)
        return 100.0 * (spent_s(polling.pid) - before_s) / (time.monotonic() - at_s)
    finally:
        polling.kill()
        polling.communicate()
