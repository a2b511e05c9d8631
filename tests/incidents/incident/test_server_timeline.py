"""What happened to one server, from the records of every room, and only within what was asked."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.records import add_server, list_servers
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.standing_records import Standing, Told, Turn, write_turns
from noc_console.incidents.incident import server_timeline
from noc_console.incidents.incident.server_moments import of_boots, of_standings
from noc_console.incidents.incident.server_timeline import read_server_timeline
from noc_console.incidents.incident.timeline import Source
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.schema.metadata import to_ms
from tests.conftest import NOW
from tests.health.alarms import raise_alarm
from tests.incidents.night import MINUTE, failing_night


def told_of(store, server, before=120, after=90):
    moments = read_server_timeline(
        store, server, NOW - before * MINUTE, NOW + after * MINUTE
    ).moments
    assert [one.at for one in moments] == sorted(one.at for one in moments)
    return moments


@pytest.fixture
def web(any_store):
    failing_night(any_store)
    (server,) = list_servers(any_store)
    return server


def test_all_that_befell_a_server_is_told_without_its_name(any_store, web):
    other = add_server(any_store, Server(name="web-03", address="b"), NOW)
    raise_alarm(any_store, "load5", server_id=other.id, words="another's", raised_at=NOW)

    moments = told_of(any_store, web)
    words = [one.words for one in moments]

    assert {one.source for one in moments} == set(Source) - {Source.WINDOW, Source.ORDER}
    assert "Load, 1 min 8, first past the early line (2.8)." in words
    assert "Alarm acknowledged: Load 20 on 4 cores (on it)" in words
    assert "reboot web-02, done: All is well." in words
    assert any(line.startswith("Recording 1 begun: ") for line in words)
    assert any(line.startswith("Incident 1: Customers were told: ") for line in words)
    assert {one.link for one in moments if one.source is Source.UPDATE} == {"incident:1"}
    assert not any("another's" in line for line in words)


def test_only_what_happened_within_is_told(any_store, web):
    moments = told_of(any_store, web, before=0, after=6)

    assert moments
    assert all(NOW <= one.at < NOW + 6 * MINUTE for one in moments)


def test_of_too_much_the_newest_is_kept_and_the_rest_counted(any_store, monkeypatch):
    monkeypatch.setattr(server_timeline, "MOST_MOMENTS", 5)
    failing_night(any_store)
    (web,) = list_servers(any_store)

    told = read_server_timeline(any_store, web, NOW - 120 * MINUTE, NOW + 90 * MINUTE)

    assert len(told.moments) == 5
    assert told.left_out > 5
    assert told.moments[-1].words == "Incident 1: Customers were told: It is over."


def test_a_server_that_nothing_befell_has_no_moments_but_the_absence_of_an_engine(any_store):
    server = add_server(any_store, Server(name="calm", address="a"), NOW)

    assert {one.source for one in told_of(any_store, server)} == {Source.CONSOLE}


def test_a_boot_is_told_by_the_uptime_that_began_anew(any_store):
    server = add_server(any_store, Server(name="calm", address="a"), NOW)
    for minute, uptime_s in ((0, 86_400.0), (1, 86_460.0), (9, 120.0), (10, 180.0)):
        at = NOW + minute * MINUTE
        reading = Reading(server.id, to_ms(at), {"uptime_s": uptime_s})
        History(any_store).append([reading], at)

    (boot,) = (one for one in told_of(any_store, server) if one.source is Source.READING)

    assert (boot.at, boot.words) == (NOW + 7 * MINUTE, "Booted, after 1 d.")


def test_a_service_that_fell_and_stood_again_is_told_though_no_alarm_came(any_store):
    server = add_server(any_store, Server(name="calm", address="a"), NOW)
    turns = ((0, Standing.UP), (3, Standing.DOWN), (4, Standing.UP))
    with any_store.write() as connection:
        write_turns(
            connection,
            [
                Turn(server.id, "nginx", standing, NOW + minute * MINUTE)
                for minute, standing in turns
            ],
        )

    fell, stood = (one for one in told_of(any_store, server) if one.source is Source.READING)

    assert (fell.at, fell.words, fell.verdict) == (
        NOW + 3 * MINUTE,
        "nginx went down.",
        Verdict.CUT_OFF,
    )
    assert (stood.at, stood.words, stood.verdict) == (
        NOW + 4 * MINUTE,
        "nginx is up again, after 1 min.",
        None,
    )


def test_what_was_not_watched_when_a_fall_ended_is_not_said_to_stand_again():
    told = {"": Told(up=[(0, 1_000)], down=[(1_000, 5_000), (9_000, 20_000)])}

    words = [one.words for one in of_standings(1, told, (0, 20_000))]

    assert words == ["The server went down.", "The server went down."]


def test_a_fall_that_began_before_is_told_only_by_its_end():
    told = {"nginx": Told(up=[(5_000, 9_000)], down=[(1_000, 5_000)])}

    assert [one.words for one in of_standings(1, told, (2_000, 9_000))] == [
        "nginx is up again, after 4 s."
    ]


@given(st.lists(st.one_of(st.floats(0, 1e9), st.just(float("nan"))), max_size=30))
def test_each_uptime_below_the_one_before_is_one_boot(uptimes):
    known = [one for one in uptimes if one == one]
    falls = sum(after < before for before, after in pairwise(known))
    times = np.arange(len(uptimes), dtype=np.int64) * 60_000 + 2_000_000_000_000

    assert len(of_boots(1, times, np.array(uptimes, dtype=np.float64))) == falls
