from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from noc_console.health.alarm import AlarmEventKind, AlarmState
from noc_console.health.alarm_acts import AlarmRefused, acknowledge, claim, shelve
from noc_console.health.alarm_records import (
    UnknownAlarm,
    act_on,
    alarms_between,
    alarms_since,
    events_of,
    expire_marks,
    get_alarm,
    open_alarms,
    put_alarm,
)
from noc_console.store.changes import ChangeSignal, bump
from noc_console.store.store import open_store
from tests.conftest import NOW
from tests.health.alarms import raise_alarm

HOUR = timedelta(hours=1)
ack = partial(acknowledge, by="Anna", now=NOW, reason="known: backup runs")


def test_an_alarm_comes_back_as_it_was_written(any_store):
    one = raise_alarm(any_store, "load5", words="load 9.1, early line 4")

    assert get_alarm(any_store, one.id) == one
    assert open_alarms(any_store) == {one.id: one}
    assert one.state is AlarmState.RAISED


def test_every_act_has_who_when_and_words(any_store):
    one = raise_alarm(any_store, "load5")

    act_on(any_store, [one.id], ack, by="Anna", at=NOW)
    act_on(any_store, [one.id], partial(claim, by="Ben", now=NOW), by="Ben", at=NOW + HOUR)

    told = [
        (event.kind, event.by, event.at, event.words) for event in events_of(any_store, [one.id])
    ]
    assert told[-2:] == [
        (AlarmEventKind.ACKNOWLEDGED, "Anna", NOW, "known: backup runs"),
        (AlarmEventKind.CLAIMED, "Ben", NOW + HOUR, ""),
    ]


def test_one_refused_act_of_many_leaves_all_as_they_were(any_store):
    one, other = raise_alarm(any_store, "load5"), raise_alarm(any_store, "load1")
    with any_store.write() as connection:
        put_alarm(connection, replace(other, cleared_at=NOW), bump(connection, "alarm"))

    with pytest.raises(AlarmRefused, match="is cleared"):
        act_on(any_store, [one.id, other.id], ack, by="Anna", at=NOW)

    assert get_alarm(any_store, one.id).state is AlarmState.RAISED


def test_an_alarm_that_is_not_there_is_said(any_store):
    with pytest.raises(UnknownAlarm, match="no alarm 77"):
        act_on(any_store, [77], ack, by="Anna", at=NOW)


def test_two_desks_see_a_claim(any_location):
    one_desk, other_desk = open_store(any_location), open_store(any_location)
    try:
        one = raise_alarm(one_desk, "load5")
        signal = ChangeSignal(other_desk)
        signal.poll()
        seen, _ = alarms_since(other_desk, -1)
        assert signal.poll() == frozenset()

        act_on(one_desk, [one.id], partial(claim, by="Anna", now=NOW), by="Anna", at=NOW)

        assert "alarm" in signal.poll()
        _, changed = alarms_since(other_desk, seen)
        assert changed[one.id].claimed.by == "Anna"
    finally:
        signal.close()
        one_desk.close()
        other_desk.close()


def test_a_reader_is_given_only_what_changed_and_the_cleared_too(any_store):
    one, other = raise_alarm(any_store, "load5"), raise_alarm(any_store, "load1")
    seen, first = alarms_since(any_store, -1)
    assert set(first) == {one.id, other.id}

    with any_store.write() as connection:
        put_alarm(connection, replace(one, cleared_at=NOW), bump(connection, "alarm"))

    seen, changed = alarms_since(any_store, seen)
    assert [(one.id, one.is_open) for one in changed.values()] == [(one.id, False)]
    assert alarms_since(any_store, seen) == (seen, {})
    assert set(open_alarms(any_store)) == {other.id}


def test_marks_end_with_their_time(any_store):
    one, other = raise_alarm(any_store, "load5"), raise_alarm(any_store, "load1")
    act_on(any_store, [one.id], partial(ack, until=NOW + HOUR), by="Anna", at=NOW)
    put_aside = partial(shelve, by="Anna", now=NOW, until=NOW + 2 * HOUR, reason="new disk comes")
    act_on(any_store, [other.id], put_aside, by="Anna", at=NOW)

    assert expire_marks(any_store, NOW + HOUR) == 1
    assert get_alarm(any_store, one.id).state is AlarmState.RAISED
    assert get_alarm(any_store, other.id).state is AlarmState.SHELVED
    assert expire_marks(any_store, NOW + 2 * HOUR) == 1
    assert get_alarm(any_store, other.id).state is AlarmState.RAISED
    last = events_of(any_store, [other.id])[-1]
    assert (last.kind, last.by, last.words) == (AlarmEventKind.UNSHELVED, "", "its time was over")


def test_the_alarms_of_a_span_are_those_open_in_it(any_store):
    long = raise_alarm(any_store, "load5", raised_at=NOW - 5 * HOUR)
    before = raise_alarm(any_store, "load1", raised_at=NOW - 5 * HOUR)
    with any_store.write() as connection:
        gone = replace(before, cleared_at=NOW - 4 * HOUR)
        put_alarm(connection, gone, bump(connection, "alarm"))

    assert [one.id for one in alarms_between(any_store, NOW - HOUR, NOW)] == [long.id]
    span = alarms_between(any_store, NOW - 6 * HOUR, NOW)
    assert {one.id for one in span} == {long.id, before.id}
    assert alarms_between(any_store, NOW - 6 * HOUR, NOW, server_id=999) == []
