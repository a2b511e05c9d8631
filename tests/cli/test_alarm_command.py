"""Alarms are listed and acted on from the command line, as from the window."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_change_records import write_changes
from noc_console.health.alarm_records import open_alarms
from noc_console.health.verdict import Verdict
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

Kind = AlarmEventKind


@pytest.fixture
def alarms(say):
    """Give the ids of two alarms of a store, the worse first; one more was cleared."""
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(None))) as store:
        web = add_server(store, Server(name="web", address="192.0.2.1"), now).id

        def change(key, kind, verdict=Verdict.EARLY, age_min=5):
            at = now - timedelta(minutes=age_min)
            place = Place(web, key)
            return Change(place=place, kind=kind, verdict=verdict, words=f"{key} is high", at=at)

        write_changes(
            store,
            [
                change("load5", Kind.RAISED),
                change("oom", Kind.RAISED, Verdict.CUT_OFF),
                change("swap", Kind.RAISED, age_min=90),
                change("swap", Kind.CLEARED, age_min=80),
            ],
        )
        by_key = {one.key: one.id for one in open_alarms(store).values()}
    return by_key["oom"], by_key["load5"]


def listed(say, *words):
    return [one["id"] for one in say("alarm", "list", "--json", *words).json["alarms"]]


def test_the_worst_alarm_stands_first(say, alarms):
    assert listed(say) == list(alarms)
    told = say("alarm", "list")
    assert told.out.index("oom is high") < told.out.index("load5 is high")
    assert "No engine is watching" in told.out


def test_what_is_in_hand_is_listed_only_when_asked_for(say, alarms):
    worse, other = alarms
    assert say("alarm", "ack", worse, "--reason", "known", "--until", "2h").code == 0
    assert listed(say) == [other]
    assert "1 more acknowledged, shelved or suppressed; --all" in say("alarm", "list").out
    assert listed(say, "--all") == [other, worse]


def test_since_lists_the_cleared_too(say, alarms):
    assert len(listed(say, "--since", "2h")) == 3
    assert len(listed(say, "--since", "1h")) == 2


def test_an_alarm_shows_who_did_what_and_why(say, alarms):
    worse, _ = alarms
    say("alarm", "claim", worse)
    told = say("alarm", "shelve", worse, "--for", "2h", "--reason", "disk comes")
    assert "Shelved until" in told.out
    shown = say("alarm", "show", worse, "--json").json
    assert [one["event"] for one in shown["events"]] == ["raised", "claimed", "shelved"]
    assert shown["shelved"]["reason"] == "disk comes"
    assert shown["state"] == "shelved"
    assert "shelved, cut-off, by" in say("alarm", "show", worse).out


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (("unshelve",), "shelved", None),
        (("latch",), "latched", True),
        (("unlatch",), "latched", False),
        (("release",), "claimed", None),
    ],
)
def test_every_act_tells_what_holds_after_it(say, alarms, words, field, value):
    worse, other = alarms
    say("alarm", "claim", worse, other)
    told = say("alarm", *words, worse, other, "--json")
    assert [one[field] for one in told.json["alarms"]] == [value, value]


def test_of_several_alarms_none_is_touched_when_one_refuses(say, alarms):
    told = say("alarm", "claim", *alarms, 9999)
    assert told.code == 1
    assert "There is no alarm 9999" in told.err
    assert all(one["claimed"] is None for one in say("alarm", "list", "--json").json["alarms"])


@pytest.mark.parametrize("span", ["never", "0m", "-2h", "999999d"])
def test_a_span_that_cannot_be_is_refused(say, alarms, span):
    told = say("alarm", "shelve", alarms[0], f"--for={span}", "--reason", "x")
    assert told.code == 1
    assert "is no span of time" in told.err


def test_an_act_without_a_reason_is_a_usage_error(say, alarms):
    assert say("alarm", "ack", alarms[0]).code == 2


def test_an_empty_store_says_so(say):
    say("server", "list")
    assert "No alarm is open." in say("alarm", "list").out
