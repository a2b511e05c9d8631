"""What an engine writes of alarms, on both kinds of store."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from noc_console.fleet.records import add_server, add_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm import AlarmEventKind, AlarmState
from noc_console.health.alarm_acts import acknowledge, claim, latch
from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_change_records import kept_alarms, prune_alarms, write_changes
from noc_console.health.alarm_records import (
    act_on,
    alarms_between,
    events_of,
    get_alarm,
    members_of,
    open_alarms,
)
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import open_incident
from tests.conftest import NOW

Kind = AlarmEventKind
MINUTE = timedelta(minutes=1)
NETWORK = Place(None, "network")


@pytest.fixture
def servers(any_store):
    """Give the ids of three servers of a store."""
    return [
        add_server(any_store, Server(name=f"web{number}", address="192.0.2.1"), NOW).id
        for number in range(3)
    ]


def change(place, kind, **fields):
    if not isinstance(place, Place):
        place = Place(place, "load5")
    values = {"verdict": Verdict.EARLY, "words": "load 5", "at": NOW} | fields
    return Change(place=place, kind=kind, **values)


def the_open_one(store):
    (one,) = open_alarms(store).values()
    return one


def test_what_is_raised_twice_is_one_alarm(any_store, servers):
    raised = change(servers[0], Kind.RAISED)
    write_changes(any_store, [raised])
    write_changes(any_store, [raised])  # an engine that was killed before it knew
    assert the_open_one(any_store).key == "load5"


def test_worse_takes_off_what_was_said_and_claims_stay(any_store, servers):
    write_changes(any_store, [change(servers[0], Kind.RAISED)])
    one = the_open_one(any_store)
    act_on(
        any_store,
        [one.id],
        partial(acknowledge, by="Anna", now=NOW, reason="known"),
        by="Anna",
        at=NOW,
    )
    act_on(any_store, [one.id], partial(claim, by="Anna", now=NOW), by="Anna", at=NOW)

    worse = change(servers[0], Kind.WORSE, verdict=Verdict.CUT_OFF, words="load 9")
    write_changes(any_store, [worse])

    after = the_open_one(any_store)
    assert (after.verdict, after.words, after.state) == (
        Verdict.CUT_OFF,
        "load 9",
        AlarmState.RAISED,
    )
    assert after.claimed.by == "Anna"
    assert events_of(any_store, [one.id])[-1].words == "load 9; Anna had acknowledged it as early"


def test_what_comes_again_soon_is_the_same_alarm_and_later_another(any_store, servers):
    write_changes(any_store, [change(servers[0], Kind.RAISED)])
    first = the_open_one(any_store).id
    write_changes(any_store, [change(servers[0], Kind.CLEARED, at=NOW + MINUTE)])
    assert open_alarms(any_store) == {}

    again = change(servers[0], Kind.RAISED_AGAIN, at=NOW + 3 * MINUTE, times=2)
    write_changes(any_store, [again])
    assert (the_open_one(any_store).id, the_open_one(any_store).times) == (first, 2)

    write_changes(any_store, [change(servers[0], Kind.CLEARED, at=NOW + 4 * MINUTE)])
    write_changes(any_store, [change(servers[0], Kind.RAISED, at=NOW + 400 * MINUTE)])
    assert the_open_one(any_store).id != first


def test_an_alarm_never_ends_before_it_began_though_the_clock_went_back(any_store, servers):
    write_changes(any_store, [change(servers[0], Kind.RAISED)])
    write_changes(any_store, [change(servers[0], Kind.CLEARED, at=NOW - 60 * MINUTE)])
    (one,) = alarms_between(any_store, NOW - MINUTE, NOW + MINUTE)
    assert one.cleared_at == one.raised_at
    assert all(event.at >= one.raised_at for event in events_of(any_store, [one.id]))


def test_a_latched_alarm_whose_condition_is_gone_waits_for_a_person(any_store, servers):
    write_changes(any_store, [change(servers[0], Kind.RAISED)])
    one = the_open_one(any_store)
    act_on(any_store, [one.id], latch, by="Anna", at=NOW)
    write_changes(any_store, [change(servers[0], Kind.CLEARED, at=NOW + MINUTE)])
    assert the_open_one(any_store).state is AlarmState.RETURNED

    ack = partial(acknowledge, by="Anna", now=NOW + 2 * MINUTE, reason="seen")
    act_on(any_store, [one.id], ack, by="Anna", at=NOW + 2 * MINUTE)
    assert get_alarm(any_store, one.id).state is AlarmState.CLEARED


def test_a_group_alarm_knows_its_members_and_what_follows_from_it(any_store, servers):
    lost = Place(servers[0], "link")
    write_changes(
        any_store,
        [
            change(lost, Kind.RAISED, verdict=Verdict.DOWN),
            change(NETWORK, Kind.RAISED, verdict=Verdict.DOWN),
            change(NETWORK, None, joined=tuple(servers)),
            change(lost, Kind.SUPPRESSED, cause=NETWORK),
        ],
    )
    by_key = {one.key: one for one in open_alarms(any_store).values()}
    group = by_key["network"]
    assert by_key["link"].cause_id == group.id
    assert by_key["link"].state is AlarmState.SUPPRESSED
    assert members_of(any_store, group.id) == dict.fromkeys(servers)
    found = alarms_between(any_store, NOW, NOW + MINUTE, server_id=servers[2])
    assert [one.id for one in found] == [group.id]

    write_changes(any_store, [change(NETWORK, None, left=(servers[1],), at=NOW + MINUTE)])
    assert members_of(any_store, group.id)[servers[1]] == NOW + MINUTE
    write_changes(any_store, [change(NETWORK, Kind.CLEARED, at=NOW + 2 * MINUTE)])
    assert None not in members_of(any_store, group.id).values()


def test_an_engine_goes_on_with_what_is_open_or_was_cleared_shortly_before(any_store, servers):
    lost = Place(servers[0], "link")
    write_changes(
        any_store,
        [
            change(NETWORK, Kind.RAISED),
            change(NETWORK, None, joined=(servers[1], servers[2])),
            change(lost, Kind.RAISED),
            change(lost, Kind.SUPPRESSED, cause=NETWORK),
            change(servers[1], Kind.RAISED, at=NOW - 90 * MINUTE),
            change(servers[1], Kind.CLEARED, at=NOW - 80 * MINUTE),
            change(servers[2], Kind.RAISED, at=NOW - 9 * MINUTE),
            change(servers[2], Kind.CLEARED, at=NOW - 8 * MINUTE),
        ],
    )
    kept = {(one.alarm.server_id, one.alarm.key): one for one in kept_alarms(any_store, NOW)}
    assert set(kept) == {(None, "network"), (servers[0], "link"), (servers[2], "load5")}
    assert kept[servers[0], "link"].cause == NETWORK
    assert set(kept[None, "network"].out) == {servers[1], servers[2]}


def test_a_server_that_is_no_longer_there_stops_nothing(any_store, servers):
    write_changes(any_store, [change(99_999, Kind.RAISED), change(servers[0], Kind.RAISED)])
    assert the_open_one(any_store).server_id == servers[0]


def test_a_thousand_alarms_are_written_in_one_go(any_store):
    added = add_servers(
        any_store, [Server(name=f"s{number}", address="192.0.2.1") for number in range(1000)], NOW
    )
    changes = [change(one.id, Kind.RAISED) for one in added]
    write_changes(any_store, changes)
    assert len(open_alarms(any_store)) == 1000
    write_changes(any_store, [replace(one, kind=Kind.CLEARED) for one in changes])
    assert open_alarms(any_store) == {}


def test_old_alarms_go_but_those_of_an_incident_and_the_open_ones_stay(any_store, servers):
    for place in servers:
        write_changes(any_store, [change(place, Kind.RAISED)])
    by_server = {one.server_id: one.id for one in open_alarms(any_store).values()}
    for place in servers[:2]:
        write_changes(any_store, [change(place, Kind.CLEARED, at=NOW + MINUTE)])
    open_incident(
        any_store,
        [by_server[servers[1]]],
        title="web1",
        severity=Severity.MINOR,
        server_ids=[servers[1]],
        by="Anna",
        now=NOW,
    )

    assert prune_alarms(any_store, NOW) == 0
    assert prune_alarms(any_store, NOW + 2 * MINUTE) == 1
    left = alarms_between(any_store, NOW - MINUTE, NOW + MINUTE)
    assert {one.server_id for one in left} == set(servers[1:])
    assert events_of(any_store, [by_server[servers[0]]]) == []
