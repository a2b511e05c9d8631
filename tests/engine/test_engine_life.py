"""Beginning and ending: signals, kills, leases, and what is left behind (nothing)."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import psutil
import pytest

from noc_console.store import orders
from noc_console.store.heartbeat import LEASE, last_engine, living_engine, not_watched
from noc_console.store.history import History
from noc_console.store.orders import OrderState
from noc_console.store.store import open_store
from noc_console.store.upkeep import check
from tests.engine.running import (
    add,
    busy,
    closed,
    is_up,
    now,
    readings_of,
    wait_until,
)
from tests.promised import assert_said
from tests.sshd import Sshd


@pytest.fixture
def own_sshd(tmp_path):
    """Give an sshd of this test alone: it is paused, or its sessions are counted."""
    sshd = Sshd(tmp_path / "own").start()
    yield sshd
    sshd.resume()
    sshd.stop()


def test_sigterm_stops_it_within_two_seconds_and_leaves_nothing_on_the_server(
    store, start_engine, own_sshd
):
    server = add(store, own_sshd)
    engine = start_engine(store)
    wait_until(lambda: is_up(store, server))
    wait_until(lambda: len(own_sshd.shells()) == 2)  # what the slow loop forks has ended
    probes = own_sshd.shells()

    took_s = engine.stop()

    assert engine.process.returncode == 0, engine.log
    assert took_s < 2.0 * busy()
    assert living_engine(store, now()) is None
    _, alive = psutil.wait_procs(probes, timeout=30)
    assert not alive
    assert "Traceback" not in engine.log


def test_a_hung_host_does_not_hold_up_the_stop(store, start_engine, own_sshd):
    server = add(store, own_sshd)
    engine = start_engine(store)
    wait_until(lambda: is_up(store, server))
    own_sshd.pause()

    assert engine.stop() < 2.0 * busy()
    assert engine.process.returncode == 0, engine.log


def test_it_runs_for_as_long_as_it_is_told(store, start_engine):
    engine = start_engine(store, "--for", "1")

    engine.process.wait(15)

    assert engine.process.returncode == 0
    assert "Stopped" in engine.log
    assert living_engine(store, now()) is None


def test_an_engine_with_a_parent_ends_with_it(store, start_engine):
    engine = start_engine(store, with_parent=True).wait_until_watching()

    engine.process.stdin.close()
    engine.process.wait(10)

    assert engine.process.returncode == 0, engine.log
    assert "Fatal" not in engine.log


def test_an_engine_with_a_parent_also_stops_when_it_is_told_to(store, start_engine):
    engine = start_engine(store, with_parent=True).wait_until_watching()

    assert engine.stop() < 2.0 * busy()

    assert engine.process.returncode == 0, engine.log
    assert "Fatal" not in engine.log


def test_a_second_engine_says_who_watches_and_ends(store, start_engine):
    first = start_engine(store).wait_until_watching()

    second = start_engine(store)
    second.process.wait(60)

    assert second.process.returncode == 1
    assert f"(process {first.process.pid}) already watches this store" in second.log
    assert_said(second.log.strip())
    assert first.process.poll() is None


def suspend_between_writes(store, engine):
    """Stop an engine at a moment when it holds no lock of the store, as most moments are."""

    process = psutil.Process(engine.process.pid)

    def is_suspended():
        process.suspend()
        wait_until(lambda: process.status() == psutil.STATUS_STOPPED)
        for name in ("core.sqlite3", "history.sqlite3"):
            with closing(sqlite3.connect(store.location.folder / name, timeout=0)) as file:
                try:
                    file.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    process.resume()
                    return False
        return True

    wait_until(is_suspended)


@pytest.mark.slow
def test_an_engine_that_was_away_for_too_long_gives_way_to_the_next(store, start_engine):
    first = start_engine(store).wait_until_watching()
    suspend_between_writes(store, first)
    wait_until(lambda: living_engine(store, now()) is None, LEASE.total_seconds() + 5)
    second = start_engine(store).wait_until_watching()

    psutil.Process(first.process.pid).resume()
    first.process.wait(15)

    assert first.process.returncode == 1
    assert "away for too long" in first.log
    assert second.process.poll() is None
    assert living_engine(store, now()).pid == second.process.pid


def test_after_a_kill_the_next_engine_of_this_machine_goes_on_at_once(
    store, start_engine, own_sshd
):
    server = add(store, own_sshd, tick_s=1)
    first = start_engine(store)
    wait_until(lambda: len(readings_of(store, server)) >= 3)
    probes = own_sshd.shells()

    first.kill()
    _, alive = psutil.wait_procs(probes, timeout=30)
    assert not alive, "the probe outlives its link"
    written = readings_of(store, server)
    killed_at = now()
    started_s = time.monotonic()
    start_engine(store)
    wait_until(lambda: len(readings_of(store, server)) > len(written))

    assert time.monotonic() - started_s < LEASE.total_seconds() - 3
    assert killed_at.timestamp() - written[-1].at_ms / 1000 < 7.5  # the tick, and our waiting
    gaps = not_watched(store, killed_at - timedelta(minutes=1), now())
    assert any(begins < killed_at < ends for begins, ends in gaps)
    with closing(open_store(store.location)) as again:
        assert check(again).damage == ()


@pytest.mark.slow
def test_a_kill_in_the_middle_of_writing_damages_and_loses_nothing(store, start_engine, sshd):
    servers = [add(store, sshd, f"web{number}", tick_s=1) for number in range(10)]
    for _ in range(2):
        engine = start_engine(store)
        before = History(store).after(0, limit=100_000)[0]
        wait_until(lambda last=before: History(store).after(last)[0] > last + 10)
        seen = History(store).after(0, limit=100_000)[1]

        engine.kill()

        with closing(open_store(store.location)) as again:
            assert check(again).damage == ()
            kept = History(again).after(0, limit=100_000)[1]
            assert kept[: len(seen)] == seen
    watched = {one.server_id for one in kept}
    assert watched >= {server.id for server in servers}


@pytest.mark.slow
def test_the_time_without_an_engine_is_told_in_history(store, start_engine, sshd):
    server = add(store, sshd, tick_s=1)
    first = start_engine(store)
    wait_until(lambda: len(readings_of(store, server)) >= 2)
    first.stop()
    stopped_at = last_engine(store).stopped_at
    wait_until(lambda: now() - stopped_at > timedelta(seconds=3))
    start_engine(store)
    before = len(readings_of(store, server))
    wait_until(lambda: len(readings_of(store, server)) >= before + 2)

    found = History(store).read(server.id, ["load1"], stopped_at - timedelta(seconds=1), now())

    (begins_ms, ends_ms), *others = found.not_watched
    assert others == []
    assert ends_ms - begins_ms >= 3000
    inside = (found.times_ms > begins_ms) & (found.times_ms < ends_ms)
    assert not inside.any()
    assert (found.times_ms > ends_ms).any()


def test_orders_that_wait_are_done_by_the_next_engine_and_half_done_ones_fail(store, start_engine):
    first = start_engine(store).wait_until_watching()
    first.kill()
    half_done = orders.place(store, "refresh now", asked_by="anna", now=now())
    orders.claim(store, last_engine(store).id, now())
    waiting = orders.place(store, "dance", asked_by="anna", now=now())

    start_engine(store)

    order = closed(store, half_done)
    assert order.state is OrderState.FAILED
    assert "ask again" in order.outcome["sentence"]
    assert "does not know how to dance" in closed(store, waiting).outcome["sentence"]
