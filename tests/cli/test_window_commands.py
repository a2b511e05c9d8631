"""Windows on the command line: entered, read through, begun, ended, called off."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from noc_console.fleet.records import add_servers, get_server
from noc_console.fleet.server import Server
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import open_store

HOUR = timedelta(hours=1)


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A store with two servers of the group web."""
    place = tmp_path / "store"
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(str(place)))) as store:
        servers = [
            Server(name=name, address="192.0.2.1", groups=("web",), expected_services=("nginx",))
            for name in ("web1", "web2")
        ]
        add_servers(store, servers, now)
    return place


def in_hours(hours):
    return (datetime.now(UTC) + hours * HOUR).strftime("%Y-%m-%d %H:%M")


def plan(*words, start="2030-12-07 02:00"):
    return (
        *("window", "add", "Kernel", "--server", "web1", "--start", start),
        *("--minutes", "60", "--zone", "Europe/Berlin", *words),
    )


def test_a_window_is_entered_with_what_is_odd_about_it(say, fleet):
    told = say(*plan("--notice", "https://status.example.org"), "--json")

    assert told.code == 0, told.err
    assert told.json["window"]["starts_at"] == "2030-12-07T01:00:00.000Z"
    assert {one["key"] for one in told.json["findings"]} >= {"never", "peak"}
    shown = say("window", "show", 1)
    assert "Sat 2030-12-07 02:00 - 03:00 CET (60 min, Europe/Berlin)" in shown.out
    assert say("window", "show", 1, "--json").json["window"]["servers"] == ["web1"]


def test_a_time_that_the_clocks_skip_is_entered_only_with_a_choice(say, fleet):
    refused = say(*plan(start="Sun 2027-03-28 02:30"))
    chosen = say(*plan("--clock-change", "later", start="Sun 2027-03-28 02:30"), "--json")

    assert refused.code == 1
    assert "does not exist" in refused.err
    assert chosen.json["window"]["starts_at"] == "2027-03-28T01:30:00.000Z"


def test_a_repeat_that_will_meet_a_skipped_time_is_refused_until_it_is_decided(say, fleet):
    weekly = ("--repeat", "weekly")
    sunday = "Sun 2026-12-06 02:30"

    refused = say("window", "check", *plan(*weekly, start=sunday)[3:], "--json")

    assert refused.code == 1
    assert "unclear" in {one["key"] for one in refused.json["findings"]}


def test_what_is_missing_or_unknown_is_said(say, fleet):
    assert "Name the servers" in say("window", "add", "x", "--start", "now", "--minutes", 5).err
    assert "--start and --minutes" in say("window", "add", "x", "--server", "web1").err
    assert "did you mean web" in say(*plan("--group", "wep")).err
    assert "is no start" in say(*plan(start="tomorrow")).err
    assert "no time zone" in say(*plan(), "--zone", "Mars/Olympus").err
    assert "how the window repeats" in say(*plan("--every", "2")).err
    assert "There is no window 9" in say("window", "show", 9).err


def test_work_is_begun_and_ended_by_a_person_and_listed(say, fleet):
    assert say(*plan("--zone", "UTC", start=in_hours(1))).code == 0

    assert say("window", "start", 1, "--json").json["stage"] == "running"
    assert "was begun already" in say("window", "start", 1).err
    assert "Kernel ended" in say("window", "end", 1).out

    (listed,) = say("window", "list", "--json").json["occurrences"]
    assert listed["stage"] == "over"
    assert listed["started_by"] == listed["ended_by"] != ""
    assert "begun" in say("window", "list").out
    assert say("window", "list", "--server", "web2", "--json").json == {"occurrences": []}


def test_one_occurrence_or_all_that_is_to_come_is_called_off(say, fleet):
    say(*plan("--zone", "UTC", "--repeat", "daily", start=in_hours(2)))

    assert "There is no terminal" in say("window", "cancel", 1).err
    assert say("window", "cancel", 1, "--next", "--yes").code == 0
    stages = [one["stage"] for one in say("window", "list", "--json").json["occurrences"]]
    assert stages[:2] == ["cancelled", "planned"]
    assert say("window", "cancel", 1, "--yes").code == 0
    stages = {one["stage"] for one in say("window", "list", "--json").json["occurrences"]}
    assert stages == {"cancelled"}
    assert "was cancelled by" in say("window", "cancel", 1, "--yes").err


def test_a_check_of_a_good_plan_exits_with_nothing_to_look_at(say, fleet):
    start = in_hours(48)
    told = say("window", "check", *plan("--notice", "x", "--zone", "UTC", start=start)[3:])

    assert "% of the" in told.out
    assert told.code == 1  # 60 min are more than the month allows
    short = (*plan("--notice", "x", "--zone", "UTC", start=start)[3:], "--minutes", "9")
    assert say("window", "check", *short).code == 0


def test_too_little_history_gives_no_quiet_time(say, fleet):
    told = say("window", "slot", "--server", "web1", "--minutes", 60)

    assert told.code == 1
    assert "not enough history" in told.err


def test_the_quietest_hour_is_proposed_from_the_server_s_own_history(say, fleet):
    now = datetime.now(UTC)
    quiet = (now + 30 * HOUR).replace(minute=0, second=0, microsecond=0)
    with closing(open_store(StoreLocation.parse(str(fleet)))) as store:
        web1 = get_server(store, "web1")
        times = np.arange(to_ms(now - timedelta(days=9)), to_ms(now), 240_000).tolist()
        readings = [
            Reading(server_id=web1.id, at_ms=at, values={"load5": load_at(at, quiet)})
            for at in times
        ]
        history = History(store)
        for first in range(0, len(readings), 500):
            history.append(readings[first : first + 500], now)

    told = say("window", "slot", "--server", "web1", "--minutes", 60, "--zone", "UTC", "--json")

    assert told.code == 0, told.err
    assert told.json["slots"][0]["start"] == quiet.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert "9 days (web1)" in told.json["basis"]
    assert "of the mean load" in say("window", "slot", "--server", "web1", "--minutes", 60).out


def load_at(at_ms, quiet):
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return 0.1 if (at.weekday(), at.hour) == (quiet.weekday(), quiet.hour) else 3.0


def test_hostile_titles_do_nothing_to_the_terminal(say, fleet):
    told = say(
        *("window", "add", "\x1b[31mred\u202e", "--server", "web1"),
        *("--start", "now", "--minutes", 5),
    )

    assert "\x1b" not in told.out
    assert "\u202e" not in told.out + say("window", "list").out + say("window", "show", 1).out


def test_what_is_named_is_changed_and_the_rest_stays(say, fleet):
    say(*plan("--notice", "https://status.example.org"))

    told = say("window", "edit", 1, "--minutes", 90, "--repeat", "weekly", "--json")

    assert told.code == 0, told.err
    window = told.json["window"]
    assert (window["minutes"], window["starts_at"]) == (90, "2030-12-07T01:00:00.000Z")
    assert window["notice"] == "https://status.example.org"
    assert say("window", "edit", 1, "--zone", "UTC", "--json").json["window"]["starts_at"] == (
        "2030-12-07T02:00:00.000Z"
    )
    assert "repeats" not in say("window", "edit", 1, "--once").out
    assert "web2" in say("window", "edit", 1, "--server", "web2").out


def test_an_edit_that_says_nothing_or_cannot_be_changes_nothing(say, fleet):
    say(*plan())

    assert "Say what to change" in say("window", "edit", 1).err
    assert "all of how it repeats" in say("window", "edit", 1, "--every", 2).err
    assert "There is no window 9" in say("window", "edit", 9, "--minutes", 5).err
    refused = say("window", "edit", 1, "--start", "Sun 2027-03-28 02:30")
    assert "does not exist" in refused.err
    assert say("window", "show", 1, "--json").json["window"]["minutes"] == 60


def test_the_next_occurrence_is_postponed_and_the_other_repeats_stay(say, fleet):
    start = in_hours(2)
    say(*plan("--zone", "UTC", "--repeat", "daily", start=start))

    told = say("window", "postpone", 1, "--start", in_hours(5), "--json")

    assert told.code == 0, told.err
    assert told.json["window"]["id"] == 2
    listed = say("window", "list", "--json").json["occurrences"]
    assert [(one["window"], one["stage"]) for one in listed[:3]] == [
        (1, "cancelled"),
        (2, "planned"),
        (1, "planned"),
    ]
    assert "is now planned for" in say("window", "postpone", 2, "--start", in_hours(7)).out
    assert say("window", "show", 2, "--json").json["window"]["recurrence"] is None


def test_work_that_takes_longer_is_extended_and_stays_mute_but_unscheduled(say, fleet):
    say(*plan("--zone", "UTC", start=in_hours(1)))
    assert "cannot be extended" in say("window", "extend", 1, "--minutes", 30).err
    say("window", "start", 1)

    told = say("window", "extend", 1, "--minutes", 30, "--json")

    assert told.code == 0, told.err
    end = datetime.fromisoformat(told.json["planned_end"])
    assert datetime.fromisoformat(told.json["extended_to"]) == end + timedelta(minutes=30)
    assert told.json["booked"][1] == told.json["planned_end"]
    assert "extended to" in say("window", "show", 1).out
    assert "at most 24 hours" in say("window", "extend", 1, "--minutes", 3000).err
    assert "past its planned end" in say("window", "extend", 1, "--minutes", -60).err
