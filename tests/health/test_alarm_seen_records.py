"""What a person missed while away, on both kinds of store."""

from datetime import timedelta

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_change_records import write_changes
from noc_console.health.alarm_seen_records import missed_by, note_presence, note_seen
from noc_console.health.verdict import Verdict
from tests.conftest import NOW

Kind = AlarmEventKind


@pytest.fixture
def call(any_store):
    """Give a way to have an alarm of a key raised, made worse or cleared."""
    server = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)

    def write(key, kind, verdict=Verdict.EARLY, minutes=0):
        at = NOW + timedelta(minutes=minutes)
        place = Place(server.id, key)
        write_changes(
            any_store, [Change(place=place, kind=kind, verdict=verdict, words=key, at=at)]
        )

    return write


def missed(store):
    return [(one.alarm.key, one.calls, one.worst) for one in missed_by(store, "anna@noc")]


def here(store):
    note_presence(store, "anna@noc", is_here=True, now=NOW)


def away(store):
    note_presence(store, "anna@noc", is_here=False, now=NOW)


def test_a_new_person_has_missed_nothing(any_store, call):
    call("load5", Kind.RAISED)
    away(any_store)
    here(any_store)
    assert missed(any_store) == []


def test_what_came_and_went_while_the_desk_was_closed_is_missed(any_store, call):
    away(any_store)
    call("load5", Kind.RAISED)
    call("load5", Kind.WORSE, Verdict.CUT_OFF, minutes=5)
    call("load5", Kind.CLEARED, Verdict.CUT_OFF, minutes=9)
    call("oom", Kind.RAISED, minutes=10)
    away(any_store)  # the desk opens: what came before was missed
    here(any_store)
    assert missed(any_store) == [("load5", 2, Verdict.CUT_OFF), ("oom", 1, Verdict.EARLY)]


def test_what_comes_while_a_person_is_there_is_seen(any_store, call):
    away(any_store)
    here(any_store)
    call("load5", Kind.RAISED)
    here(any_store)
    away(any_store)
    assert missed(any_store) == []


def test_what_was_missed_waits_until_it_is_seen(any_store, call):
    away(any_store)
    call("load5", Kind.RAISED)
    away(any_store)
    for _ in range(5):
        here(any_store)
    assert missed(any_store) == [("load5", 1, Verdict.EARLY)]
    note_seen(any_store, "anna@noc", NOW)
    assert missed(any_store) == []


def test_each_person_has_missed_their_own(any_store, call):
    for person in ("anna@noc", "ben@noc"):
        note_presence(any_store, person, is_here=False, now=NOW)
    call("load5", Kind.RAISED)
    for person in ("anna@noc", "ben@noc"):
        note_presence(any_store, person, is_here=False, now=NOW)
    note_seen(any_store, "ben@noc", NOW)
    assert missed(any_store) == [("load5", 1, Verdict.EARLY)]
    assert missed_by(any_store, "ben@noc") == []
