"""Whose engine watches: a killed one of this machine is not waited for, any other is."""

import os
import socket
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from noc_console.engine.lease import Lease, is_gone
from noc_console.store.heartbeat import (
    EngineAlreadyWatching,
    EngineRecord,
    living_engine,
    register,
)
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
