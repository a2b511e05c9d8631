"""Whose engine watches: a killed one of this machine is not waited for, any other is."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import psutil
import pytest

from noc_console.engine.lease import Lease, is_gone
from noc_console.store.heartbeat import (
    EngineAlreadyWatching,
    EngineRecord,
    living_engine,
    not_watched,
    register,
)
from tests.conftest import NOW
from tests.engine.running import now, wait_until

RUNS = [sys.executable, "-c", "import sys; sys.stdin.read()"]


@pytest.fixture
def another():
    """Give a way to start processes that run until the test's end."""
    started = []

    def start(*words):
        started.append(subprocess.Popen([*RUNS, *words], stdin=subprocess.PIPE))
        return started[-1].pid

    yield start
    for process in started:
        process.communicate(timeout=30)


@pytest.fixture
def record():
    return EngineRecord(
        id=1,
        host=socket.gethostname(),
        pid=0,
        version="1",
        started_at=now(),
        heartbeat_at=now(),
        stopped_at=None,
    )


def test_an_engine_whose_process_lives_is_not_gone(record, another):
    pid = another("engine")
    wait_until(lambda: psutil.Process(pid).cmdline()[-1:] == ["engine"])

    assert not is_gone(replace(record, pid=pid))


def test_an_engine_whose_process_has_ended_is_gone(record):
    child = subprocess.Popen(["true"])
    child.wait()

    assert is_gone(replace(record, pid=child.pid))


def test_a_killed_engine_nobody_has_waited_for_is_gone(record):
    child = subprocess.Popen(["true"])
    process = psutil.Process(child.pid)
    while process.status() != psutil.STATUS_ZOMBIE:
        pass

    assert is_gone(replace(record, pid=child.pid))
    child.wait()


def test_a_process_that_took_over_its_number_is_not_the_engine(record, another):
    assert is_gone(replace(record, pid=another("vacuum")))
    assert is_gone(replace(record, pid=os.getpid()))


def test_of_another_machine_nothing_is_known(record):
    assert not is_gone(replace(record, host="elsewhere"))


def test_the_lease_is_taken_from_a_dead_one_and_given_back(store):
    child = subprocess.Popen(["true"])
    child.wait()
    register(store, socket.gethostname(), child.pid, "1", now())

    lease = Lease(store)
    assert living_engine(store, now()).id == lease.engine_id
    lease.give_back()

    assert living_engine(store, now()) is None


def test_a_living_engine_elsewhere_keeps_its_lease(store):
    register(store, "elsewhere", 1, "1", now())

    with pytest.raises(EngineAlreadyWatching, match="elsewhere"):
        Lease(store)


class Passing:
    """The clocks of an engine that is awake or not, while its store is away."""

    def __init__(self, store):
        self.store = store
        self.wall = NOW
        self.running_s = 100.0
        self.lease = Lease(store, lambda: self.wall, lambda: self.running_s)

    def pass_time(self, seconds, *, awake):
        for _ in range(seconds):
            self.wall += timedelta(seconds=1)
            self.running_s += 1.0
            if awake:
                self.lease.note_awake()

    def gaps_s(self):
        gaps = not_watched(self.store, NOW, self.wall)
        return [(end - start).total_seconds() for start, end in gaps]


def test_time_in_which_the_store_took_no_heartbeat_was_watched_all_the_same(any_store):
    engine = Passing(any_store)
    engine.pass_time(120, awake=True)

    engine.lease.renew()
    assert engine.gaps_s() == []
    engine.pass_time(7200, awake=True)
    engine.lease.give_back()

    assert engine.gaps_s() == []


def test_an_engine_that_was_suspended_while_its_store_was_away_did_not_watch(any_store):
    engine = Passing(any_store)
    engine.pass_time(60, awake=True)
    engine.pass_time(40, awake=False)

    engine.lease.renew()  # before anything else of it ran again
    engine.pass_time(60, awake=True)
    engine.lease.renew()

    assert engine.gaps_s() == [100]


def test_a_clock_that_was_set_ahead_makes_no_time_that_was_watched(any_store):
    engine = Passing(any_store)
    engine.pass_time(7200, awake=True)
    engine.lease.renew()
    engine.pass_time(5, awake=True)
    engine.wall += timedelta(hours=2)
    engine.lease.renew()

    assert engine.gaps_s() == [7205]
