"""Who is at the desk sees alarms as they come; who is away finds them in a list."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from noc_console.desk.alarms.presence import AWAY_AFTER, Presence, desk_person
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_change_records import write_changes
from noc_console.health.alarm_records import open_alarms
from noc_console.health.alarm_seen_records import missed_by, note_presence
from noc_console.health.verdict import Verdict
from tests.desk.page_bench import NOW
from tests.desk.qt_life import wait_until
from tests.desk.window_bench import WindowBench

Kind = AlarmEventKind


@pytest.fixture
def bench(application, tmp_path):
    made = WindowBench(application, tmp_path)
    yield made
    made.close()


@pytest.fixture
def presence(bench):
    note_presence(bench.store, desk_person(bench.context), is_here=False, now=NOW)
    window = bench.begun()
    found = Presence(bench.context, window, lambda: bench.clock)
    wait_until(lambda: bench.pool.is_idle)
    return found


def call(bench, key, kind=Kind.RAISED, verdict=Verdict.EARLY):
    place = Place(bench.server.id, key)
    write_changes(bench.store, [Change(place=place, kind=kind, verdict=verdict, words=key, at=NOW)])
    bench.live.alarms = open_alarms(bench.store)
    bench.live.alarms_changed.emit(list(bench.live.alarms.values()))


def look(bench, presence):
    presence.look()
    wait_until(lambda: bench.pool.is_idle)


def missed(bench):
    return [one.alarm.key for one in missed_by(bench.store, desk_person(bench.context))]


def test_what_comes_while_somebody_is_here_is_seen(bench, presence):
    call(bench, "load5")
    look(bench, presence)
    bench.clock += 2 * AWAY_AFTER
    look(bench, presence)
    assert missed(bench) == []


def test_what_comes_while_nobody_touches_the_desk_is_missed_and_told_at_the_next_touch(
    bench, presence
):
    told = []
    presence.missed.connect(told.append)
    bench.clock += AWAY_AFTER + timedelta(seconds=1)
    look(bench, presence)
    call(bench, "load5")
    look(bench, presence)
    assert missed(bench) == ["load5"]
    assert told == []

    window = presence.parent()
    QTest.mouseMove(window.windowHandle(), QPoint(20, 20))
    wait_until(lambda: told == [1])


def test_nobody_is_here_while_the_window_is_hidden(bench, presence):
    presence.parent().hide()
    look(bench, presence)
    call(bench, "load5")
    look(bench, presence)
    assert missed(bench) == ["load5"]


def test_the_rail_and_the_foot_count_what_waits_for_a_person(bench):
    window = bench.begun()
    bar = window.statusBar()
    assert bar.alarms.isHidden()
    call(bench, "load5")
    call(bench, "oom", verdict=Verdict.CUT_OFF)
    bar.refresh()
    assert bar.alarms.text() == "2 alarms to look at"
    assert not bar.alarms.isHidden()
