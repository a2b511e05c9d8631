"""Alarms reach every desk, at once, on both kinds of store."""

import threading
from contextlib import ExitStack
from functools import partial

import pytest

from noc_console.desk import live_reader
from noc_console.desk.live import LiveFleet
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_acts import claim
from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_change_records import write_changes
from noc_console.health.alarm_records import act_on
from noc_console.health.verdict import Verdict
from noc_console.store.failures import StoreUnreachable
from noc_console.store.store import open_store
from tests.conftest import NOW
from tests.desk.qt_life import wait_until

Kind = AlarmEventKind


class Bugs:
    def report(self, bug):
        raise bug


@pytest.fixture
def desks(application, any_location):
    """Give two desks on one store, and the store as an engine has it."""
    with ExitStack() as stack:
        engine_store = open_store(any_location)
        stack.callback(engine_store.close)
        found = []
        for _ in range(2):
            store = open_store(any_location)
            stack.callback(store.close)
            live = LiveFleet(store, Bugs())
            stack.callback(live.close)
            live.start()
            wait_until(lambda live=live: live.is_loaded)
            found.append((live, store))
        yield engine_store, *found


def write(store, kind, key="load5"):
    place = Place(None, key)
    write_changes(
        store, [Change(place=place, kind=kind, verdict=Verdict.EARLY, words="high", at=NOW)]
    )


def test_a_claim_at_one_desk_is_seen_at_the_other(desks):
    engine_store, (one, one_store), (other, _) = desks
    write(engine_store, Kind.RAISED)
    wait_until(lambda: len(one.alarms) == len(other.alarms) == 1)
    (alarm_id,) = one.alarms

    act_on(one_store, [alarm_id], partial(claim, by="Anna", now=NOW), by="Anna", at=NOW)

    wait_until(lambda: other.alarms[alarm_id].claimed is not None)
    assert other.alarms[alarm_id].claimed.by == "Anna"


def test_a_cleared_alarm_leaves_and_is_told_as_cleared(desks):
    engine_store, (one, _), _ = desks
    told = []
    write(engine_store, Kind.RAISED)
    wait_until(lambda: len(one.alarms) == 1)
    one.alarms_changed.connect(told.append)
    write(engine_store, Kind.CLEARED)
    wait_until(lambda: not one.alarms)
    assert [[alarm.is_open for alarm in changed] for changed in told] == [[False]]


def test_alarms_that_are_open_when_a_desk_begins_are_there(application, any_store):
    write(any_store, Kind.RAISED)
    write(any_store, Kind.RAISED, "gone")
    write(any_store, Kind.CLEARED, "gone")
    live = LiveFleet(any_store, Bugs())
    live.start()
    wait_until(lambda: live.is_loaded)
    assert [alarm.key for alarm in live.alarms.values()] == ["load5"]
    live.close()


def test_what_was_cleared_while_the_store_could_not_be_read_is_gone_afterwards(
    application, any_store, monkeypatch
):
    write(any_store, Kind.RAISED)
    live = LiveFleet(any_store, Bugs())
    live.start()
    wait_until(lambda: live.is_loaded and len(live.alarms) == 1)
    is_away = threading.Event()
    read = live_reader.alarms_since

    def refuse(store, revision):
        if is_away.is_set():
            raise StoreUnreachable("The store does not answer; look at its server.")
        return read(store, revision)

    monkeypatch.setattr(live_reader, "alarms_since", refuse)
    monkeypatch.setattr(live_reader, "TRY_AGAIN_AFTER_S", 0.1)
    is_away.set()
    write(any_store, Kind.CLEARED)
    write(any_store, Kind.RAISED, "other")
    assert len(live.alarms) == 1
    is_away.clear()
    wait_until(lambda: [alarm.key for alarm in live.alarms.values()] == ["other"])
    live.close()
