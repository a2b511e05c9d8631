"""What counts as up, down and not watched: no outage is invented, none is lost."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.engine.picture import Picture
from noc_console.engine.standings import LONGEST_DOUBT, SHORTEST_OUTAGE, Standings
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import CheckKind, OutsideCheck, Server
from noc_console.incidents.availability.standing_records import Standing
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
UP, DOWN = Standing.UP, Standing.DOWN
HTTP = OutsideCheck(kind=CheckKind.TCP, target="80", service="nginx")
PAGE = OutsideCheck(kind=CheckKind.TCP, target="8080")


class Watch:
    """A server as the conductor sees it, by seconds from NOW; each step looks once."""

    def __init__(self, **fields):
        server = Server(**({"id": 1, "name": "web", "address": "192.0.2.1"} | fields))
        self.picture = Picture(server=server, link_since=NOW)
        self.standings = Standings()
        self.shift = timedelta(0)

    def at(self, second):
        return NOW + self.shift + second * SECOND

    def look(self, second):
        now = self.at(second)
        self.standings.pass_time(now)
        self.picture.judge(now, float(second))
        self.standings.look(self.picture, now)

    def sample(self, second):
        now = self.at(second)
        self.picture.set_link(LinkState.UP, None, now)
        told = Sample(server_id=1, at=now, server_at=None, values={"cores": 1.0}, missing={})
        self.picture.take_sample(told, float(second))
        self.look(second)

    def samples(self, first, last, step=5):
        for second in range(first, last + 1, step):
            self.sample(second)

    def fail(self, second, kind=FailureKind.TIMED_OUT):
        failure = Failure(kind=kind, sentence="It does not answer.")
        self.picture.set_link(LinkState.DOWN, failure, self.at(second))
        self.look(second)

    def wait(self, first, last):
        for second in range(first, last + 1):
            self.look(second)

    def inside(self, second, state, name="nginx"):
        told = [ServiceState(name=name, inside=state)]
        self.picture.take_inside(told, self.at(second), float(second))
        self.look(second)

    def check(self, second, outside, check=HTTP):
        result = CheckResult(
            label=check.label,
            service=check.service,
            outside=outside,
            at=self.at(second),
            latency_ms=None,
            detail="",
        )
        self.picture.take_check(result, float(second))
        self.look(second)

    def turns(self, service=""):
        return [
            (turn.standing, (turn.at - NOW) / SECOND)
            for turn in self.standings.take()
            if turn.service == service
        ]


def test_a_server_is_up_from_its_first_reading_on():
    watch = Watch()
    watch.look(0)
    watch.samples(3, 60)

    assert watch.turns() == [(UP, 3)]


def test_a_link_that_is_back_soon_was_no_outage():
    watch = Watch()
    watch.samples(0, 20)
    watch.fail(24, FailureKind.CONNECTION_LOST)
    watch.wait(25, 45)
    watch.samples(46, 60)

    assert watch.turns() == [(UP, 0)]


def test_an_outage_lasts_from_the_last_reading_to_the_next():
    watch = Watch()
    watch.samples(0, 20)
    watch.fail(36)
    watch.wait(37, 200)
    watch.samples(201, 220)

    assert watch.turns() == [(UP, 0), (DOWN, 20), (UP, 201)]


def test_a_server_that_still_answers_customers_is_up_though_we_do_not_get_in():
    watch = Watch(checks=(HTTP,))
    watch.samples(0, 20)
    watch.check(21, Outside.ANSWERS)
    watch.fail(30)
    watch.wait(31, 69)
    for second in range(70, 400, 30):
        watch.check(second, Outside.ANSWERS)
        watch.wait(second + 1, second + 29)

    assert watch.turns() == [(UP, 0)]


def test_it_is_down_from_its_last_answer_when_that_ends_too():
    watch = Watch(checks=(HTTP,))
    watch.samples(0, 20)
    watch.fail(30)
    watch.check(50, Outside.ANSWERS)
    watch.check(80, Outside.REFUSED)
    watch.wait(81, 120)

    assert watch.turns() == [(UP, 0), (DOWN, 50)]


@pytest.mark.parametrize("kind", [FailureKind.AUTHENTICATION_FAILED, FailureKind.JUMP_FAILED])
def test_a_fault_that_is_ours_or_the_jump_s_is_not_watched_and_no_outage(kind):
    watch = Watch()
    watch.samples(0, 20)
    watch.fail(30, kind)
    watch.wait(31, 300)
    watch.samples(301, 310)

    assert watch.turns() == [(UP, 0), (None, 20), (UP, 301)]


def test_silence_without_a_word_on_why_is_not_watched_after_a_while():
    watch = Watch()
    watch.samples(0, 20)
    watch.wait(21, 25 + int(LONGEST_DOUBT / SECOND))

    assert watch.turns() == [(UP, 0), (None, 20)]


@pytest.mark.parametrize("jump_s", [3600, 86_400, -3600, -5])
def test_a_clock_that_jumps_makes_no_outage_and_no_time_that_did_not_pass(jump_s):
    watch = Watch()
    watch.samples(0, 20)
    watch.shift = timedelta(seconds=jump_s)
    watch.look(21)
    watch.samples(25, 60)

    assert watch.turns() == [(UP, 0), (None, 20), (UP, 25 + jump_s)]


def test_a_machine_that_slept_blames_no_server_for_links_that_died_meanwhile():
    watch = Watch()
    watch.samples(0, 20)
    watch.shift = timedelta(hours=8)
    watch.fail(21, FailureKind.CONNECTION_LOST)
    watch.wait(22, 40)
    watch.samples(41, 60)

    assert watch.turns() == [(UP, 0), (None, 20), (UP, 41 + 8 * 3600)]


def test_a_server_never_reached_is_down_from_the_first_try_when_the_fault_is_its_own():
    watch = Watch()
    watch.fail(2, FailureKind.REFUSED)
    watch.wait(3, 3 + int(SHORTEST_OUTAGE / SECOND))

    assert watch.turns() == [(DOWN, 2)]


def test_a_service_is_what_init_says():
    watch = Watch(expected_services=("nginx",))
    watch.samples(0, 10)
    watch.inside(12, Inside.RUNNING)
    watch.inside(30, Inside.FAILED)
    watch.inside(45, Inside.STARTING)
    watch.inside(60, Inside.RUNNING)

    assert watch.turns("nginx") == [(UP, 12), (DOWN, 30), (UP, 60)]


def test_a_service_is_down_with_its_server_and_up_when_init_says_so_again():
    watch = Watch(expected_services=("nginx",))
    watch.samples(0, 20)
    watch.inside(20, Inside.RUNNING)
    watch.fail(36)
    watch.wait(37, 100)
    watch.samples(101, 110)
    watch.inside(112, Inside.RUNNING)

    assert watch.turns("nginx") == [(UP, 20), (DOWN, 20), (UP, 112)]


def test_a_port_that_answers_though_its_server_is_silent_is_up():
    watch = Watch(checks=(HTTP,))
    watch.samples(0, 20)
    watch.check(21, Outside.ANSWERS)
    watch.fail(30)
    watch.check(51, Outside.ANSWERS)
    watch.wait(52, 100)

    assert watch.turns("nginx") == [(UP, 21)]


def test_a_check_for_no_service_stands_for_itself():
    watch = Watch(checks=(PAGE,))
    watch.samples(0, 5)
    watch.check(6, Outside.ANSWERS, PAGE)
    watch.check(36, Outside.WRONG_ANSWER, PAGE)
    watch.check(66, Outside.NOT_CHECKED, PAGE)

    assert watch.turns(PAGE.label) == [(UP, 6), (DOWN, 36), (None, 66)]


def test_what_is_expected_no_more_is_watched_no_more():
    watch = Watch(expected_services=("nginx",))
    watch.samples(0, 10)
    watch.inside(12, Inside.RUNNING)
    watch.picture.server = Server(id=1, name="web", address="192.0.2.1")
    watch.sample(15)

    assert watch.turns("nginx") == [(UP, 12), (None, 15)]


def test_a_server_taken_out_of_the_fleet_is_watched_no_more():
    watch = Watch(expected_services=("nginx",))
    watch.samples(0, 10)
    watch.inside(12, Inside.RUNNING)
    watch.standings.take()

    watch.standings.keep_only(set(), watch.at(14))

    assert watch.turns() == [(None, 14)]
    watch.standings.keep_only(set(), watch.at(15))
    assert watch.turns() == []


def test_each_turn_comes_after_the_one_before_it():
    watch = Watch()
    watch.fail(0)
    watch.wait(1, 40)
    watch.samples(41, 43, 1)
    watch.fail(44)
    watch.wait(45, 120)

    moments = [at for _, at in watch.turns()]
    assert moments == sorted(moments)


doings = st.one_of(
    st.tuples(st.just("sample"), st.integers(1, 20)),
    st.tuples(st.just("fail"), st.integers(1, 20), st.sampled_from(FailureKind)),
    st.tuples(st.just("wait"), st.integers(1, 90)),
    st.tuples(st.just("check"), st.integers(1, 20), st.sampled_from(Outside)),
    st.tuples(st.just("inside"), st.integers(1, 20), st.sampled_from(Inside)),
    st.tuples(st.just("jump"), st.sampled_from([-86_400, -3600, -40, -1, 40, 3600, 86_400])),
)


@given(st.lists(doings, max_size=40))
def test_whatever_happens_no_turn_lies_ahead_and_none_says_again_what_was_said(steps):
    watch = Watch(checks=(HTTP, PAGE), expected_services=("nginx", "exim4"))
    second, said, moments = 0, {}, {}
    for what, amount, *more in steps:
        if what == "jump":
            watch.shift += timedelta(seconds=amount)
            moments.clear()
            continue
        second += amount
        if what == "wait":
            watch.wait(second - amount + 1, second)
        elif what == "sample":
            watch.sample(second)
        else:
            getattr(watch, what)(second, *more)
        for turn in watch.standings.take():
            key = turn.service
            assert turn.standing is not said.get(key)
            said[key] = turn.standing
            if turn.standing is not None:
                assert turn.at <= watch.at(second)
                assert turn.at >= moments.get(key, turn.at)
                moments[key] = turn.at
