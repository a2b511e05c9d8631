"""The window answers at once while the samples of many servers stream in.

Measured by the calls of its thread between two turns of its loop, which no machine stretches; the
milliseconds are told by `make bench`, group `window`.
"""

import gc
import subprocess
import sys
import time

import pytest

from bench.slice_watch import SliceWatch
from noc_console.desk.app import DeskProgram
from noc_console.desk.garbage import GarbageKeeper
from noc_console.store.location import StoreLocation
from tests.desk.call_count import CallCount
from tests.desk.qt_life import end, wait_until

pytestmark = pytest.mark.slow


SERVERS = 500
SECONDS = 10
MOST_CALLS = 60_000

STREAM = """
import random, sys, time
from datetime import UTC, datetime
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.heartbeat import register, beat
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

NAMES = (
    "load1", "load5", "load15", "cpu_user_percent", "cpu_system_percent", "mem_used_percent",
    "disk_read_bytes_per_s", "net_rx_bytes_per_s", "pressure_cpu_some_percent", "cpu_percent",
)
store = open_store(StoreLocation.parse(sys.argv[1]))
now = datetime.now(UTC)
engine = register(store, "host", 1, "0", now)
ids = [
    add_server(store, Server(name=f"web{one}", address=f"10.0.0.{one}"), now).id
    for one in range(int(sys.argv[2]))
]
print("added", flush=True)
history, turn = History(store), 0
while True:
    at = datetime.now(UTC)
    turn += 1
    readings = [
        Reading(
            server_id=one,
            at_ms=int(at.timestamp() * 1000),
            values={name: random.random() * 40 for name in NAMES} | {"cores": 4.0},
        )
        for one in ids
        if one % 5 == turn % 5
    ]
    history.append(readings, at)
    beat(store, engine.id, at)
    time.sleep(1)
"""


@pytest.fixture
def stream(tmp_path):
    """A program that writes the samples of every server each five seconds, as an engine does."""
    running = subprocess.Popen(
        [sys.executable, "-c", STREAM, str(tmp_path / "store"), str(SERVERS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout.readline() == "added\n"
    yield running
    running.kill()
    running.wait()
    running.stdout.close()


@pytest.fixture
def program(application, stream, tmp_path):
    program = DeskProgram(
        application,
        StoreLocation.parse(str(tmp_path / "store")),
        own_engine=None,
        tell_of_bug=str,
        settings_folder=tmp_path / "config",
    )
    program.start()
    gc.collect()
    keeper = GarbageKeeper(program.window)  # as the desk command does
    wait_until(lambda: program.live is not None and len(program.live.latest) == SERVERS, 60)
    yield program
    keeper.close()
    gc.unfreeze()
    program.close()
    end(program.window, program)


@pytest.fixture
def most_calls():
    count = CallCount()
    watch = SliceWatch(count)
    with count.counting():
        yield watch.longest
    end(watch)


@pytest.mark.parametrize("page", ["fleet", "server"])
def test_the_samples_of_500_servers_are_shown_in_slices(program, most_calls, page):
    if page == "server":
        program.window.open_server(program.live.servers[0].id)
    wait_until(lambda: program.background.is_idle, 30)

    ends_s = time.monotonic() + SECONDS
    calls = most_calls(lambda: None, lambda: time.monotonic() > ends_s)

    assert calls < MOST_CALLS
