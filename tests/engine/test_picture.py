"""What is known of one server: both views of its services, what is news, what is too old."""

from datetime import timedelta

from noc_console.engine.picture import FIGURES_TOLD_EVERY_S, INSIDE_LASTS_S, Picture
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import CheckKind, OutsideCheck, Server
from noc_console.health.verdict import Verdict
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, Combined, Inside, Outside, ServiceState
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
HTTP = OutsideCheck(kind=CheckKind.TCP, target="80", service="nginx")
HTTPS = OutsideCheck(kind=CheckKind.TCP, target="443", service="nginx")


def picture_of(**fields):
    values = {"name": "web", "address": "192.0.2.1"} | fields
    return Picture(server=Server(**values), link_since=NOW)


def answer(check, outside):
    return CheckResult(
        label=check.label,
        service=check.service,
        outside=outside,
        at=NOW,
        latency_ms=1.0,
        detail="",
    )


def sample(load1, at=NOW):
    return Sample(
        server_id=1, at=at, server_at=None, values={"load1": load1, "cores": 1.0}, missing={}
    )


def test_what_systemd_calls_nginx_service_is_the_nginx_a_person_expects():
    picture = picture_of(expected_services=("nginx",))

    picture.take_inside([ServiceState(name="nginx.service", inside=Inside.RUNNING)], NOW, 0.0)

    assert picture.services() == (ServiceState(name="nginx", inside=Inside.RUNNING),)


def test_of_several_checks_of_a_service_the_worst_counts():
    picture = picture_of(expected_services=("nginx",), checks=(HTTP, HTTPS))
    picture.take_inside([ServiceState(name="nginx", inside=Inside.RUNNING)], NOW, 0.0)

    for first, second in ((HTTP, HTTPS), (HTTPS, HTTP)):
        picture.checks = {}
        picture.take_check(answer(first, Outside.ANSWERS), 0.0)
        picture.take_check(answer(second, Outside.REFUSED), 0.0)
        assert picture.services()[0].combined is Combined.RUNNING_NOT_ANSWERING


def test_a_service_only_a_check_names_is_judged_too():
    picture = picture_of(checks=(HTTP,))

    picture.take_check(answer(HTTP, Outside.NO_ANSWER), 0.0)

    assert [state.combined for state in picture.services()] == [Combined.DOWN]


def test_the_result_of_a_check_that_is_wanted_no_more_is_dropped():
    assert not picture_of().take_check(answer(HTTP, Outside.ANSWERS), 0.0)


def test_what_init_said_long_ago_is_not_known_any_more():
    picture = picture_of(expected_services=("nginx",))
    picture.take_inside([ServiceState(name="nginx", inside=Inside.RUNNING)], NOW, 0.0)

    assert not picture.forget_old_inside(INSIDE_LASTS_S)
    assert picture.forget_old_inside(INSIDE_LASTS_S + 1)
    assert picture.services()[0].inside is Inside.UNKNOWN


def test_the_time_since_when_a_link_stands_stays_while_it_stands():
    picture = picture_of()

    assert picture.set_link(LinkState.UP, None, NOW + SECOND)
    assert not picture.set_link(LinkState.UP, None, NOW + 2 * SECOND)

    assert picture.link_since == NOW + SECOND


def tell(picture, load1, at_s):
    now = NOW + timedelta(seconds=at_s)
    picture.take_sample(sample(load1, at=now), at_s)
    return picture.judge(now, at_s)


def test_figures_that_move_are_told_seldom_and_another_verdict_at_once():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)
    for at_s in range(0, 300, 5):
        tell(picture, 0.9, float(at_s))
    assert tell(picture, 0.9, 300.0)
    assert picture.judgement.verdict is Verdict.EARLY

    assert not tell(picture, 1.0, 305.0)
    assert tell(picture, 1.1, 300.0 + FIGURES_TOLD_EVERY_S)
    told = [tell(picture, 30.0, float(at_s)) for at_s in range(315, 380, 5)]

    assert picture.judgement.verdict is Verdict.CUT_OFF
    assert told[-1] or told[-2]


def test_a_server_that_is_well_is_told_once():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)

    told = [tell(picture, 0.1, float(at_s)) for at_s in range(0, 60, 5)]

    assert told == [True] + [False] * 11


def test_the_desks_clock_set_by_an_hour_judges_nobody():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)
    tell(picture, 0.1, 0.0)

    for jump in (timedelta(hours=1), timedelta(hours=-1)):
        picture.judge(NOW + jump, 6.0)
        assert picture.judgement.verdict is Verdict.OK
        assert picture.judgement.since <= NOW + jump


def test_a_failure_of_our_own_is_never_the_servers_outage():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)
    ours = Failure(kind=FailureKind.CONSOLE_FAILED, sentence="The store does not answer.")

    picture.set_link(LinkState.DOWN, ours, NOW)
    picture.judge(NOW, 0.0)

    assert picture.judgement.verdict is Verdict.UNKNOWN
