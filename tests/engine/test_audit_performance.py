"""The month of a server is judged by our own history; where there is none nothing is said."""

import dataclasses
from datetime import timedelta

import pytest

from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Privilege
from noc_console.audit.judging import judge
from noc_console.engine.audit_looks import look
from noc_console.engine.audit_performance import NoHistory
from noc_console.fleet.records import add_server
from noc_console.fleet.server import CheckKind, OutsideCheck, Server
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from noc_console.store.history import History, Reading
from noc_console.store.schema.metadata import to_ms
from tests.audit.judged import around, found
from tests.conftest import NOW

DAYS = 8
STEP = timedelta(minutes=30)
A_DAY = 48
OFTEN = DAYS * A_DAY
RESTARTED = NOW - timedelta(days=2, hours=3)


def figures(number, at):
    """Give what a server with a growing disk, busy nights and a restart tells."""
    night = 16.0 if number % A_DAY < 4 else 0.5
    up = (at - RESTARTED).total_seconds()
    return {
        "cores": 4.0,
        "load1": night,
        "load15": 1.0,
        "mem_used_percent": 70.0,
        "oom_kills": 2.0 if number > OFTEN // 2 else 0.0,
        "mount_used_percent:/": 40.0,
        "mount_used_percent:/home": 60.0 + number / A_DAY * 3,
        "uptime_s": up if up >= 0 else 9_000_000 + number * 1800.0,
        "clock_offset_s": -90.0 if number % A_DAY == 0 else 0.0,
    }


@pytest.fixture
def server(store):
    return add_server(store, Server(name="web1", address="192.0.2.1"), NOW - timedelta(days=60))


@pytest.fixture
def watched(store, server):
    """Write the history of some days, sealed as the engine does it."""
    history = History(store)
    for number in range(OFTEN):
        at = NOW - STEP * (OFTEN - number)
        history.append([Reading(server.id, to_ms(at), figures(number, at))], at)
    history.seal(NOW + timedelta(hours=2))
    return server


def judged(store, check_id, server):
    check = load_catalogue().checks[check_id]
    outcome = look(store, check, server, NOW)
    return judge(check, outcome, around(now=NOW)), outcome.output.decode()


def sentences(result):
    return {one.item: one.sentence for one in result.findings}


def test_the_month_of_a_server_is_told_by_its_lines(store, watched):
    load, answer = judged(store, "PERF-01", watched)
    assert found(load) == {"load1": "fail", "load15": "pass", "": "info"}
    told = "over its cut-off (8) for 160 min: half the time 0.5, 95 % below 16.0, at most 16.0."
    assert told in sentences(load)["load1"]
    assert answer.count("DAY\tload1\t") in {DAYS, DAYS + 1}

    memory, _ = judged(store, "PERF-03", watched)
    assert found(memory) == {"mem_used_percent": "pass", "": "info"}

    disks, _ = judged(store, "PERF-05", watched)
    assert found(disks) == {
        "mount_used_percent:/": "pass",
        "mount_used_percent:/home": "fail",
        "": "info",
    }
    assert "is full in 5 days" in sentences(disks)["mount_used_percent:/home"]

    kills, _ = judged(store, "PERF-04", watched)
    assert found(kills) == {"kills": "fail"}

    clock, _ = judged(store, "TIM-03", watched)
    assert found(clock)["clock_offset_s"] == "fail"

    restarts, _ = judged(store, "PERF-09", watched)
    item = f"{RESTARTED:%Y-%m-%dT%H:%MZ}"
    assert found(restarts)[item] == "warn"

    window = Window(
        title="New kernel",
        servers=(watched.id,),
        starts_at=RESTARTED - timedelta(minutes=10),
        minutes=30,
        entered_at=RESTARTED - timedelta(days=3),
    )
    add_window(store, window)
    restarts, _ = judged(store, "PERF-09", watched)
    assert found(restarts)[item] == "pass"


def test_hours_that_nobody_watched_are_told(store, watched):
    result, _ = judged(store, "PERF-08", watched)

    assert found(result) == {"": "fail"}
    (said,) = sentences(result).values()
    assert said.startswith("Only 32.0 of 744 hours were watched (4 %)")
    assert "no engine ran for 744.0 hours" in said


@pytest.mark.parametrize(
    "check",
    [
        one
        for one in load_catalogue().checks.values()
        if one.privilege is Privilege.STORE and one.id != "PERF-07"
    ],
    ids=lambda one: one.id,
)
def test_a_server_without_history_is_not_measured_and_says_so(store, server, check):
    with pytest.raises(NoHistory, match=r"no such figure of web1 in the last 31 days"):
        look(store, check, server, NOW)


def test_a_metric_that_was_never_read_is_not_measured(store, watched):
    with pytest.raises(NoHistory):
        judged(store, "PERF-06", watched)


def test_a_server_that_nobody_asks_from_outside_has_no_answer_times(store, server):
    result, _ = judged(store, "PERF-07", server)
    assert result.result.value == "not applicable"

    page = OutsideCheck(kind=CheckKind.HTTPS, target="/")
    with pytest.raises(NoHistory):
        judged(store, "PERF-07", dataclasses.replace(server, checks=(page,)))
