"""What a picture of a server means for alarms, and what is written of them."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.engine import alarms
from noc_console.engine.alarm_view import view_of
from noc_console.engine.alarms import WORDS_WAIT_S, AlarmWatch
from noc_console.engine.picture import Picture
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import CheckKind, OutsideCheck, Server
from noc_console.health.alarm_book import AlarmBook, Reach
from noc_console.health.alarm_life import TELL_WORDS_EVERY_S, Standing
from noc_console.health.alarm_records import open_alarms
from noc_console.health.rules import MAX_REASONS
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.store.failures import StoreFull
from noc_console.telemetry.service import CheckResult, Outside
from tests.conftest import NOW
from tests.engine.running import wait_until

PAGE = OutsideCheck(kind=CheckKind.HTTPS, target="/")
SERVER = Server(id=7, name="web", address="192.0.2.1", checks=(PAGE,), expected_services=("nginx",))
DEAD = Reason("link", Verdict.DOWN, "gone")


def picture(*reasons, kind=None, link=LinkState.UP, server=SERVER, **fields):
    failure = Failure(kind=kind, sentence="gone") if kind else None
    found = Picture(server=server, link_since=NOW, link=link, failure=failure, **fields)
    worst = reasons[0].verdict if reasons else Verdict.OK
    found.judgement = Judgement(verdict=worst, since=NOW, reasons=reasons)
    return found


def answer(outside, after_s=5):
    return CheckResult(
        label=PAGE.label,
        service="",
        outside=outside,
        at=NOW + timedelta(seconds=after_s),
        latency_ms=None,
        detail="",
    )


@pytest.mark.parametrize(
    ("kind", "verdict", "was_up", "reach"),
    [
        (FailureKind.TIMED_OUT, Verdict.DOWN, False, Reach.LOST),
        (FailureKind.AUTHENTICATION_FAILED, Verdict.UNKNOWN, True, Reach.LOST),
        (FailureKind.AUTHENTICATION_FAILED, Verdict.UNKNOWN, False, Reach.NOT_KNOWN),
        (FailureKind.HOST_KEY_CHANGED, Verdict.UNKNOWN, False, Reach.LOST),
        (FailureKind.HOST_KEY_UNKNOWN, Verdict.UNKNOWN, False, Reach.NOT_KNOWN),
        (None, Verdict.UNKNOWN, True, Reach.NOT_KNOWN),
    ],
)
def test_a_server_is_lost_when_it_failed_or_worked_before(kind, verdict, was_up, reach):
    link = Reason("link", verdict, "no")
    view = view_of(picture(link, kind=kind, link=LinkState.DOWN, was_up=was_up))
    assert view.reach is reach
    assert (link in view.reasons) == (reach is Reach.LOST)


@pytest.mark.parametrize(
    ("kind", "address", "is_apart"),
    [
        (FailureKind.HOST_KEY_CHANGED, SERVER.address, True),
        (FailureKind.HOST_KEY_REVOKED, SERVER.address, True),
        (FailureKind.HOST_KEY_CHANGED, "the jump server's", False),
        (FailureKind.TIMED_OUT, SERVER.address, False),
    ],
)
def test_a_key_that_a_server_must_not_have_is_told_apart_from_other_losses(kind, address, is_apart):
    one = picture(Reason("link", Verdict.UNKNOWN, "no"), kind=kind, link=LinkState.DOWN)
    one.failure = replace(one.failure, address=address)

    assert view_of(one).is_apart is is_apart


def test_a_stale_server_is_lost_and_one_without_a_first_sample_is_not_known():
    assert view_of(picture(Reason("link", Verdict.STALE, "old"))).reach is Reach.LOST
    assert view_of(picture(Reason("link", Verdict.UNKNOWN, "new"))).reach is Reach.NOT_KNOWN
    assert view_of(picture()).reach is Reach.FINE


def test_a_server_that_a_person_had_reboot_raises_nothing_and_clears_nothing():
    away = picture(DEAD, kind=FailureKind.TIMED_OUT, link=LinkState.DOWN, was_up=True)
    away.is_rebooting = True

    view = view_of(away)

    assert (view.reasons, view.reach) == ((), Reach.NOT_KNOWN)
    assert view.standing("load5") is Standing.NOT_KNOWN


def test_a_machine_that_answers_elsewhere_hides_nothing():
    gone = picture(DEAD, kind=FailureKind.TIMED_OUT, link=LinkState.DOWN)
    assert view_of(gone).hides
    gone.checks = {PAGE.label: answer(Outside.ANSWERS)}
    assert not view_of(gone).hides
    gone.checks = {PAGE.label: answer(Outside.ANSWERS, after_s=-60)}  # it did before it was lost
    assert view_of(gone).hides
    refused = picture(DEAD, kind=FailureKind.REFUSED, link=LinkState.DOWN)
    assert not view_of(refused).hides


@pytest.mark.parametrize(
    ("key", "standing"),
    [
        ("load5", Standing.NORMAL),
        ("service:nginx", Standing.NOT_MEASURED),
        ("service:removed", Standing.NORMAL),
        (f"check:{PAGE.label}", Standing.NOT_KNOWN),
        ("check:removed", Standing.NORMAL),
        ("link", Standing.NORMAL),
    ],
)
def test_what_is_no_reason_is_normal_only_where_it_was_looked_at(key, standing):
    assert view_of(picture()).standing(key) is standing


def test_nothing_is_known_of_what_a_lost_server_would_tell():
    view = view_of(picture(DEAD, kind=FailureKind.TIMED_OUT, link=LinkState.DOWN))
    assert view.standing("load5") is Standing.NOT_KNOWN


def test_what_may_be_among_the_reasons_left_out_is_not_taken_for_normal():
    many = [Reason(f"k{number}", Verdict.CUT_OFF, "no") for number in range(MAX_REASONS)]
    assert view_of(picture(*many)).standing("load5") is Standing.NOT_KNOWN


class Bench:
    """An `AlarmWatch` whose store and clock a test holds; events are taken at once."""

    def __init__(self, store):
        self.store = store
        self.s = 100.0
        server = add_server(store, Server(name="web", address="192.0.2.1"), NOW)
        self.server = server
        self.watch = AlarmWatch(store, lambda event: event.act(), lambda: NOW, lambda: self.s)
        self.watch.take_fleet([server])
        wait_until(self.is_loaded)

    def is_loaded(self):
        self.watch.pass_time(frozenset())
        return self.watch._is_loaded

    def judge(self, *reasons):
        self.watch.judged(picture(*reasons, server=self.server))

    def keys(self):
        return sorted(one.key for one in open_alarms(self.store).values())


@pytest.fixture
def bench(store):
    made = Bench(store)
    yield made
    assert made.watch.close(10.0)


def test_what_befell_alarms_waits_in_order_while_the_store_takes_nothing(
    bench, monkeypatch, caplog
):
    is_full = threading.Event()
    is_full.set()
    write = alarms.write_changes

    def refuse(store, changes):
        if is_full.is_set():
            raise StoreFull("The disk is full.")
        write(store, changes)

    monkeypatch.setattr(alarms, "write_changes", refuse)
    bench.judge(Reason("load5", Verdict.EARLY, "high"))
    bench.judge(Reason("load5", Verdict.CUT_OFF, "higher"), Reason("oom", Verdict.EARLY, "1"))
    assert bench.keys() == []
    is_full.clear()
    wait_until(lambda: bench.watch.pass_time(frozenset()) or bench.keys() == ["load5", "oom"])
    assert {one.verdict for one in open_alarms(bench.store).values()} == {
        Verdict.CUT_OFF,
        Verdict.EARLY,
    }
    caplog.clear()


def test_a_change_that_brings_out_a_bug_does_not_hold_up_those_after_it(bench, monkeypatch, caplog):
    write = alarms.write_changes

    def stumble(store, changes):
        if any(change.place.key == "bad" for change in changes):
            raise ZeroDivisionError
        write(store, changes)

    monkeypatch.setattr(alarms, "write_changes", stumble)
    bad = Reason("bad", Verdict.EARLY, "x")
    bench.judge(Reason("oom", Verdict.EARLY, "1"), bad, Reason("load5", Verdict.EARLY, "high"))
    wait_until(lambda: "a bug" in caplog.text)
    wait_until(lambda: bench.watch.pass_time(frozenset()) or bench.keys() == ["load5", "oom"])
    caplog.clear()


def test_new_figures_of_an_alarm_wait_some_seconds_and_news_takes_them_along(bench, monkeypatch):
    written = []
    write = alarms.write_changes
    monkeypatch.setattr(
        alarms, "write_changes", lambda store, some: (written.append(len(some)), write(store, some))
    )
    bench.judge(Reason("load5", Verdict.EARLY, "load 4"))
    wait_until(lambda: bench.keys() == ["load5"])
    bench.s += TELL_WORDS_EVERY_S
    bench.judge(Reason("load5", Verdict.EARLY, "load 5"))
    bench.watch.pass_time(frozenset())
    assert written == [1]

    bench.s += WORDS_WAIT_S
    bench.watch.pass_time(frozenset())
    wait_until(lambda: [one.words for one in open_alarms(bench.store).values()] == ["load 5"])
    assert written == [1, 1]

    bench.s += TELL_WORDS_EVERY_S
    bench.judge(Reason("load5", Verdict.EARLY, "load 6"), Reason("oom", Verdict.EARLY, "1"))
    wait_until(lambda: bench.keys() == ["load5", "oom"])
    assert written == [1, 1, 2]


def test_a_server_that_stays_well_is_not_looked_at_anew(bench, monkeypatch):
    looks = []
    observe = AlarmBook.observe
    monkeypatch.setattr(
        AlarmBook, "observe", lambda book, *told: looks.append(told) or observe(book, *told)
    )
    for _ in range(3):
        bench.judge()
    assert len(looks) == 1

    bench.judge(Reason("load5", Verdict.EARLY, "load 4"))
    bench.judge()
    assert len(looks) == 3


def test_nothing_is_raised_before_what_is_open_was_loaded(store):
    server = add_server(store, Server(name="web", address="192.0.2.1"), NOW)
    watch = AlarmWatch(store, lambda _: None, lambda: NOW, lambda: 1.0)
    watch.take_fleet([server])
    watch.judged(picture(Reason("load5", Verdict.EARLY, "high"), server=replace(server)))
    assert watch.close(10.0)
    assert open_alarms(store) == {}
