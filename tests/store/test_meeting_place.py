"""Where programs meet: orders, the change signal, heartbeats, settings."""

from contextlib import closing
from datetime import timedelta

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store import orders
from noc_console.store.changes import NOUNS, ChangeSignal, bump
from noc_console.store.heartbeat import (
    LEASE,
    EngineAlreadyWatching,
    beat,
    last_engine,
    living_engine,
    not_watched,
    register,
    stopped,
)
from noc_console.store.history import History, Reading
from noc_console.store.orders import OrderState, UnknownOrder
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import open_store
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def signal(any_store):
    with closing(ChangeSignal(any_store)) as signal:
        yield signal


def test_the_first_look_gives_every_noun(signal):
    assert signal.poll() == NOUNS


def test_a_look_gives_what_another_program_changed_and_nothing_twice(any_location, signal):
    signal.poll()
    with closing(open_store(any_location)) as other:
        add_server(other, Server(name="web", address="192.0.2.1"), NOW)
        History(other).append([Reading(1, 1, {"load1": 1.0})], NOW)

    assert signal.poll() == {"fleet", "journal"}
    assert signal.poll() == frozenset()


def test_a_write_that_was_rolled_back_signals_nothing(any_store, signal):
    signal.poll()

    def write_and_fail():
        with any_store.write() as connection:
            bump(connection, "fleet")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert signal.poll() == frozenset()


def test_an_order_goes_from_waiting_to_done_with_its_progress(any_store):
    engine = register(any_store, "desk", 1, "1", NOW)
    placed = orders.place(any_store, "test connection", asked_by="anna", request={"x": 1}, now=NOW)

    claimed = orders.claim(any_store, engine.id, NOW)
    orders.report(any_store, placed, {"name": "port", "ok": True})
    orders.close(any_store, placed, OrderState.DONE, {"ok": True}, NOW + SECOND)

    assert claimed is not None
    assert (claimed.id, claimed.kind, claimed.request) == (placed, "test connection", {"x": 1})
    done = orders.get(any_store, placed)
    assert (done.state, done.progress, done.outcome) == (
        OrderState.DONE,
        ({"name": "port", "ok": True},),
        {"ok": True},
    )
    assert (done.asked_by, done.closed_at) == ("anna", NOW + SECOND)


def test_an_order_is_claimed_once(any_store):
    orders.place(any_store, "refresh now", asked_by="anna", now=NOW)

    assert orders.claim(any_store, 1, NOW) is not None
    assert orders.claim(any_store, 2, NOW) is None


def test_a_cancelled_order_stays_cancelled_whatever_its_engine_says(any_store):
    placed = orders.place(any_store, "refresh now", asked_by="anna", now=NOW)
    orders.claim(any_store, 1, NOW)
    orders.cancel(any_store, placed, NOW)

    assert not orders.report(any_store, placed, {})
    orders.close(any_store, placed, OrderState.DONE, {}, NOW)

    assert orders.get(any_store, placed).state is OrderState.CANCELLED


def test_an_order_whose_engine_died_fails_with_a_sentence(any_store):
    engine = register(any_store, "desk", 1, "1", NOW)
    placed = orders.place(any_store, "refresh now", asked_by="anna", now=NOW)
    orders.claim(any_store, engine.id, NOW)

    assert orders.reclaim_orphans(any_store, NOW + SECOND) == 0
    assert orders.reclaim_orphans(any_store, NOW + 2 * LEASE) == 1

    order = orders.get(any_store, placed)
    assert order.state is OrderState.FAILED
    assert "ask again" in order.outcome["sentence"]


def test_an_order_that_goes_on_waits_for_the_next_engine_with_its_progress(any_store):
    engine = register(any_store, "desk", 1, "1", NOW)
    request = {orders.GOES_ON: True}
    placed = orders.place(any_store, "run audit", request=request, asked_by="anna", now=NOW)
    orders.claim(any_store, engine.id, NOW)
    orders.report(any_store, placed, {"name": "web1"})

    assert orders.reclaim_orphans(any_store, NOW + 2 * LEASE) == 1

    order = orders.claim(any_store, engine.id + 1, NOW + 2 * LEASE)
    assert order.id == placed
    assert order.progress == ({"name": "web1"},)


def test_an_order_that_is_not_there_is_said(any_store):
    with pytest.raises(UnknownOrder):
        orders.get(any_store, 99)


def test_a_second_engine_is_told_which_one_watches(any_store):
    register(any_store, "alpha", 42, "1", NOW)

    with pytest.raises(EngineAlreadyWatching, match=r"alpha \(process 42\)"):
        register(any_store, "beta", 43, "1", NOW + LEASE)


def test_after_a_kill_the_lease_runs_out_and_after_a_stop_it_is_free_at_once(any_store):
    first = register(any_store, "alpha", 1, "1", NOW)
    second = register(any_store, "beta", 2, "1", NOW + LEASE + SECOND)
    stopped(any_store, second.id, NOW + LEASE + 2 * SECOND)
    third = register(any_store, "gamma", 3, "1", NOW + LEASE + 3 * SECOND)

    living = living_engine(any_store, NOW + LEASE + 4 * SECOND)
    assert living is not None
    assert living.id == third.id
    with pytest.raises(EngineAlreadyWatching, match="was away for too long"):
        beat(any_store, first.id, NOW + LEASE + 4 * SECOND)


def test_a_heartbeat_from_the_future_is_not_trusted_for_ever(any_store):
    engine = register(any_store, "alpha", 1, "1", NOW + timedelta(hours=5))

    assert living_engine(any_store, NOW) is None
    assert last_engine(any_store) == engine


def test_only_the_time_between_watch_spans_is_not_watched(any_store):
    first = register(any_store, "alpha", 1, "1", NOW)
    for second in range(5, 65, 5):
        beat(any_store, first.id, NOW + second * SECOND)
    stopped(any_store, first.id, NOW + 60 * SECOND)
    second_engine = register(any_store, "alpha", 2, "1", NOW + 90 * SECOND)
    beat(any_store, second_engine.id, NOW + 95 * SECOND)
    beat(any_store, second_engine.id, NOW + 395 * SECOND)  # the machine slept for five minutes

    gaps = not_watched(any_store, NOW, NOW + 395 * SECOND)

    assert gaps == [
        (NOW + 60 * SECOND, NOW + 90 * SECOND),
        (NOW + 95 * SECOND, NOW + 395 * SECOND),
    ]


@pytest.mark.parametrize(
    ("seconds", "gaps"),
    [(0, 0), (LEASE.total_seconds(), 0), (LEASE.total_seconds() + 1, 1)],
)
def test_the_time_until_the_next_heartbeat_is_watched_as_long_as_the_lease(
    any_store, seconds, gaps
):
    engine = register(any_store, "alpha", 1, "1", NOW)
    beat(any_store, engine.id, NOW + 5 * SECOND)

    found = not_watched(any_store, NOW, NOW + (5 + seconds) * SECOND)

    assert len(found) == gaps


def test_an_engine_that_stopped_watches_no_longer(any_store):
    engine = register(any_store, "alpha", 1, "1", NOW)
    stopped(any_store, engine.id, NOW + 5 * SECOND)

    assert not_watched(any_store, NOW, NOW + 6 * SECOND) == [(NOW + 5 * SECOND, NOW + 6 * SECOND)]


def test_settings_are_kept_for_everybody(any_location, any_store):
    put_setting(any_store, "retention.raw_days", 3)

    with closing(open_store(any_location)) as other:
        assert get_setting(other, "retention.raw_days", 7) == 3
        assert get_setting(other, "retention.other", 7) == 7
