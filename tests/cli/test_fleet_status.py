"""`status` shows each server as it stands, the worst first, and invents nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.cli.fleet_status import (
    SAMPLE_FIELDS,
    EngineStatus,
    FleetStatus,
    ServerStatus,
    as_json,
    as_lines,
    worst_first,
)
from noc_console.cli.terminal_text import width_of
from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Danger, Verdict
from noc_console.telemetry.host import Mount
from noc_console.telemetry.service import Inside, Outside, ServiceState

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

WEB = ServerStatus(
    name="web1",
    verdict=Verdict.EARLY,
    since=NOW - timedelta(minutes=12),
    reasons=("The load is 9.10 on 4 cores.",),
    link=LinkState.UP,
    sample_at=NOW - timedelta(seconds=4),
    values={"load1": 9.1, "cores": 4.0, "cpu_percent": 97.4321, "tasks_total": 311.0},
    mounts=(
        Mount(
            mount="/",
            device="/dev/sda1",
            kind="ext4",
            total_bytes=1,
            used_percent=61.0,
            inodes_used_percent=None,
        ),
    ),
    services=(
        ServiceState(name="nginx", inside=Inside.RUNNING, outside=Outside.NO_ANSWER),
        ServiceState(name="cron", inside=Inside.RUNNING),
    ),
)
GONE = ServerStatus(
    name="mail1",
    verdict=Verdict.DOWN,
    since=NOW - timedelta(hours=2),
    link=LinkState.DOWN,
    sample_at=None,
    values={},
)


def fleet_of(*servers, engine=None):
    return FleetStatus(at=NOW, engine=engine, servers=worst_first(servers))


def test_the_worst_server_stands_first():
    well = replace(WEB, name="a", verdict=Verdict.OK)

    assert [one.name for one in fleet_of(well, WEB, GONE).servers] == ["mail1", "web1", "a"]


def test_the_json_of_a_server_has_the_agreed_shape():
    told = json.loads(json.dumps(as_json(fleet_of(WEB))))

    assert told["at"] == "2026-05-01T12:00:00.000Z"
    assert told["engine"] is None
    (server,) = told["servers"]
    assert set(server["sample"]) == {"at", *SAMPLE_FIELDS}
    assert server["sample"]["cores"] == 4
    assert server["sample"]["cpu_percent"] == 97.432
    del server["sample"]
    assert server == {
        "name": "web1",
        "verdict": "early",
        "since": "2026-05-01T11:48:00.000Z",
        "link": "up",
        "danger": None,
        "mounts": [{"mount": "/", "used_percent": 61.0, "inodes_used_percent": None}],
        "services": [
            {"name": "nginx", "inside": "running", "outside": "no answer"},
            {"name": "cron", "inside": "running", "outside": "not checked"},
        ],
    }


def test_what_is_unknown_is_null_and_never_zero():
    told = as_json(fleet_of(WEB, GONE))["servers"]

    assert told[0]["sample"] is None
    assert told[1]["sample"]["load5"] is None


def test_the_engine_that_watches_is_named():
    heard_at = NOW - timedelta(seconds=5)
    engine = EngineStatus(host="noc1", pid=4711, since=NOW - timedelta(hours=3), heard_at=heard_at)

    assert as_json(fleet_of(engine=engine))["engine"] == {
        "host": "noc1",
        "pid": 4711,
        "since": "2026-05-01T09:00:00.000Z",
        "heard_at": "2026-05-01T11:59:55.000Z",
    }
    assert "noc1 (process 4711) for 3 h." in as_lines(fleet_of(engine=engine), 80)[1]


def test_a_store_that_takes_nothing_more_is_said_instead_of_a_missing_engine():
    fleet = replace(fleet_of(WEB), trouble="The disk is full; free some room.")

    assert as_lines(fleet, 200)[1] == "The disk is full; free some room."


def test_an_engine_that_misses_its_heartbeats_is_said_to():
    heard_at = NOW - timedelta(seconds=12)
    engine = EngineStatus(host="noc1", pid=4711, since=NOW - timedelta(hours=3), heard_at=heard_at)

    assert "nothing was heard of it for 12 s;" in as_lines(fleet_of(engine=engine), 200)[1]


def test_a_fleet_that_nobody_watches_says_so():
    assert "No engine watches this store" in as_lines(fleet_of(WEB), 80)[1]


def test_an_empty_fleet_says_the_next_step():
    assert "noc-console server add" in as_lines(fleet_of(), 80)[0]


def test_the_table_shows_what_a_person_needs_first():
    text = "\n".join(as_lines(fleet_of(WEB, GONE), 200))

    assert "2 servers, 1 down, 1 early." in text
    row = next(line for line in text.splitlines() if "web1" in line).split()
    assert row[:2] == ["early", "web1"]
    assert {"9.10", "97", "61", "1/2"} <= set(row)
    assert "The load is 9.10 on 4 cores." in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 132, 200])
def test_the_table_fits_the_terminal(width):
    long_name = replace(WEB, name="web-" + "x" * 100, reasons=("y" * 200,))

    assert all(width_of(line) <= width for line in as_lines(fleet_of(long_name, GONE), width))


def test_the_time_to_danger_is_in_words_and_in_seconds():
    falling = replace(WEB, danger=Danger("load1", 370.0, 530.0, NOW))
    (server,) = as_json(fleet_of(falling))["servers"]

    assert "6-9 min" in "\n".join(as_lines(fleet_of(falling), 300))
    assert server["danger"] == {
        "key": "load1",
        "at": "2026-05-01T12:00:00.000Z",
        "earliest_s": 370.0,
        "latest_s": 530.0,
    }
    assert as_json(fleet_of(WEB))["servers"][0]["danger"] is None


def test_an_escape_in_a_name_or_a_reason_does_nothing():
    hostile = replace(WEB, name="a\x1b]0;b", reasons=("\x1b[2J",))

    text = "".join(as_lines(fleet_of(hostile), 300)) + json.dumps(as_json(fleet_of(hostile)))

    assert "\x1b" not in text
