"""What is left to do, and when heavy checks may have their turn: rules, without a server."""

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from noc_console.audit.audit import AuditServer, CollectState
from noc_console.audit.check import Cost, Family, Privilege
from noc_console.audit.finding import CheckResult, Result
from noc_console.engine import audit_collecting, audit_heavy
from noc_console.engine.audit_collecting import Collected, Collecting, Known
from noc_console.engine.audit_heavy import HeavyTurns
from noc_console.engine.audit_plan import (
    ServerPlan,
    WrongHours,
    chosen_checks,
    hours_of,
    plan_run,
)
from noc_console.engine.audit_reach import NotReached, Standing
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict
from noc_console.store.failures import StoreFull
from tests.audit.asking import check
from tests.conftest import NOW

WEB1 = Server(id=1, name="web1", address="192.0.2.1")
WEB2 = Server(id=2, name="web2", address="192.0.2.2")
SAME = Server(id=3, name="same", address="192.0.2.1")
LIGHT = check("AA-01", "echo")
HEAVY = check("HH-01", "echo", cost=Cost.HEAVY)
DESK = check("DD-01", "", cost=Cost.HEAVY, privilege=Privilege.DESK)
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def row(server, state=CollectState.DONE, ended_at=None):
    return AuditServer(
        audit_id=1,
        server_id=server.id,
        server_name=server.name,
        groups=(),
        customers=(),
        family="debian",
        system="Debian 12",
        state=state,
        why="",
        started_at=None,
        ended_at=ended_at,
        cpu_ms=5,
    )


def result(check_id, at):
    return CheckResult(
        check_id=check_id,
        result=Result.PASS,
        why="",
        findings=(),
        at=at,
        took_ms=0,
        cpu_ms=None,
        evidence=b"",
        sha256="",
        raw_bytes=0,
    )


def planned(rows, results=None):
    found = plan_run([WEB2, WEB1], [LIGHT, HEAVY, DESK], rows, results or {}, NOW)
    return [
        (one.server.name, [c.id for c in one.light], [c.id for c in one.heavy]) for one in found
    ]


def test_servers_of_the_audit_are_asked_by_name_heavy_checks_later():
    assert planned({1: row(WEB1), 2: row(WEB2)}) == [
        ("web1", ["AA-01", "DD-01"], ["HH-01"]),
        ("web2", ["AA-01", "DD-01"], ["HH-01"]),
    ]
    assert [one[0] for one in planned({2: row(WEB2)})] == ["web2"]


def test_a_heavy_check_that_is_switched_off_waits_for_nothing():
    off = replace(HEAVY, is_off="Our provider does it.")
    (plan,) = plan_run([WEB1], [off], {1: row(WEB1)}, {}, NOW)
    assert (plan.light, plan.heavy) == ((off,), ())


def test_what_was_asked_since_the_order_is_not_asked_again():
    results = {
        (1, "AA-01"): result("AA-01", AFTER),
        (1, "DD-01"): result("DD-01", AFTER),
        (2, "AA-01"): result("AA-01", BEFORE),
    }

    assert planned({1: row(WEB1), 2: row(WEB2)}, results) == [
        ("web1", [], ["HH-01"]),
        ("web2", ["AA-01", "DD-01"], ["HH-01"]),
    ]


def test_a_server_that_failed_since_the_order_is_not_tried_again():
    failed = row(WEB1, CollectState.FAILED, AFTER)

    assert planned({1: failed}) == []
    assert planned({1: row(WEB1, CollectState.FAILED, BEFORE)}) != []


def test_only_the_checks_that_are_wanted_are_chosen():
    known = {"AA-01": LIGHT, "HH-01": HEAVY}

    assert chosen_checks(known, None) == [LIGHT, HEAVY]
    assert chosen_checks(known, {"HH-01"}) == [HEAVY]


@pytest.mark.parametrize(
    ("text", "hour", "holds"),
    [
        ("01:00-05:00", 3, True),
        ("01:00-05:00", 5, False),
        ("22:00-04:00", 23, True),
        ("22:00-04:00", 3, True),
        ("22:00-04:00", 12, False),
    ],
)
def test_hours_may_go_over_midnight(text, hour, holds):
    assert hours_of(text).hold(datetime(2026, 11, 24, hour, 0).astimezone()) is holds


def test_no_hours_are_any_time_and_wrong_ones_are_said():
    assert hours_of("") is None
    assert hours_of("03:00-03:00") is None
    with pytest.raises(WrongHours, match="01:00-05:00"):
        hours_of("at night")


def test_hours_next_begin_today_or_tomorrow():
    hours = hours_of("22:00-04:00")

    assert hours.next_start(datetime(2026, 11, 24, 12, 0).astimezone()).day == 24
    assert hours.next_start(datetime(2026, 11, 24, 23, 0).astimezone()).day == 25


class Machines:
    """Servers that stand as the test says; collects what has its turn, and with whom beside it."""

    def __init__(self, **loads):
        self.loads = {name: deque(some) for name, some in loads.items()}
        self.asked = []
        self.told = []
        self.now = NOW
        self.now_s = 0.0

    def standing(self, server):
        loads = self.loads.get(server.name)
        if loads is None:
            raise NotReached("It is not there.")
        load = loads[0] if len(loads) == 1 else loads.popleft()
        return Standing(
            link=None,
            state=LinkState.UP,
            failure=None,
            generation=1,
            load=load,
            verdict=Verdict.OK,
        )

    def collect_one(self, server, one, _base, *, why="", is_last=True):
        self.asked.append((server.name, one.id, bool(why), is_last))

    def clock(self):
        self.now_s += 5.0
        return self.now_s

    def wall(self):
        self.now += timedelta(minutes=20)
        return self.now


def turns(machines, *plans, hours=None, at_once=4):
    base = Collected(server=WEB1, family=Family.DEBIAN, system="", cpu_ms=None, results=())
    HeavyTurns(
        machines,
        machines,
        [(plan, base) for plan in plans],
        at_once=at_once,
        highest_load=0.7,
        hours=hours,
        now=machines.wall,
        see_wanted=lambda: None,
        wait=lambda _s: None,
        tell=lambda words, _ok, done: machines.told.append((words, done)),
        clock=machines.clock,
    ).go()


def plan(server, *checks):
    return ServerPlan(server=server, light=(), heavy=checks or (HEAVY,))


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(audit_heavy, "LOOK_EVERY_S", 0.01)


def test_every_heavy_check_has_its_turn_and_the_last_one_of_a_server_is_known(quick):
    machines = Machines(web1=[0.1], web2=[0.1])
    second = check("HH-02", "echo", cost=Cost.HEAVY)
    turns(machines, plan(WEB1, HEAVY, second), plan(WEB2))

    assert sorted(machines.asked) == [
        ("web1", "HH-01", False, False),
        ("web1", "HH-02", False, True),
        ("web2", "HH-01", False, True),
    ]
    assert [done for _, done in machines.told] == [0, 1, 2, 3, 3]


def test_a_loaded_server_waits_until_it_is_quiet(quick):
    machines = Machines(web1=[3.0, 3.0, 0.2])
    turns(machines, plan(WEB1))

    assert machines.asked == [("web1", "HH-01", False, True)]
    assert ("web1 waits until it is less loaded", 0) in machines.told


def test_a_server_that_stays_loaded_is_not_measured(quick, monkeypatch):
    monkeypatch.setattr(audit_heavy, "LOADED_FOR_S", 60.0)
    machines = Machines(web1=[3.0])
    turns(machines, plan(WEB1))

    assert machines.asked == [("web1", "HH-01", True, True)]


def test_two_servers_on_one_machine_never_have_their_turn_together(quick):
    machines = Machines(web1=[0.1], same=[0.1])
    busy = []
    first = machines.collect_one

    def collect_one(server, one, base, **how):
        busy.append(server.name)
        assert len(busy) == 1
        first(server, one, base, **how)
        busy.remove(server.name)

    machines.collect_one = collect_one
    turns(machines, plan(WEB1), plan(SAME))

    assert len(machines.asked) == 2


def test_outside_the_hours_heavy_checks_wait_and_say_until_when(quick):
    machines = Machines(web1=[0.1])
    local = NOW.astimezone()
    later = f"{local + timedelta(hours=2):%H:00}-{local + timedelta(hours=4):%H:00}"
    turns(machines, plan(WEB1), hours=hours_of(later))

    assert machines.asked == [("web1", "HH-01", False, True)]
    assert any("wait until" in words for words, _ in machines.told)


def test_a_store_that_is_full_is_waited_for_and_nothing_is_lost(store, monkeypatch):
    tries, waits = [], []

    def put(*_, **__):
        tries.append(1)
        if len(tries) < 3:
            raise StoreFull("The disk is full; make room.")

    monkeypatch.setattr(audit_collecting, "put_collected", put)
    collecting = collecting_on(store, waits)
    collecting.collect_one(WEB1, DESK, collecting.base_of(WEB1))

    assert len(tries) == 3
    assert len(waits) == 2


def test_a_store_that_stays_full_ends_the_run_with_its_sentence(store, monkeypatch):
    def put(*_, **__):
        raise StoreFull("The disk is full; make room.")

    monkeypatch.setattr(audit_collecting, "put_collected", put)
    monkeypatch.setattr(audit_collecting, "STORE_AWAY_S", 0.0)
    collecting = collecting_on(store, [])

    with pytest.raises(StoreFull, match="make room"):
        collecting.collect_one(WEB1, DESK, collecting.base_of(WEB1))


def collecting_on(store, waits):
    known = Known(agreed=(), before={}, measured=frozenset(), rows={1: row(WEB1)})
    audit = type("Month", (), {"id": 1})()
    return Collecting(
        store,
        audit,
        Machines(),
        known,
        now=lambda: NOW,
        wait=waits.append,
        is_wanted=lambda: None,
    )
