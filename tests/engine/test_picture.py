"""What is known of one server: both views of its services, what is news, what is too old."""

from datetime import timedelta

from noc_console.engine.picture import FIGURES_TOLD_EVERY, INSIDE_LASTS, Picture
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

    picture.take_inside([ServiceState(name="nginx.service", inside=Inside.RUNNING)], NOW)

    assert picture.services() == (ServiceState(name="nginx", inside=Inside.RUNNING),)


def test_of_several_checks_of_a_service_the_worst_counts():
    picture = picture_of(expected_services=("nginx",), checks=(HTTP, HTTPS))
    picture.take_inside([ServiceState(name="nginx", inside=Inside.RUNNING)], NOW)

    for first, second in ((HTTP, HTTPS), (HTTPS, HTTP)):
        picture.checks = {}
        picture.take_check(answer(first, Outside.ANSWERS))
        picture.take_check(answer(second, Outside.REFUSED))
        assert picture.services()[0].combined is Combined.RUNNING_NOT_ANSWERING


def test_a_service_only_a_check_names_is_judged_too():
    picture = picture_of(checks=(HTTP,))

    picture.take_check(answer(HTTP, Outside.NO_ANSWER))

    assert [state.combined for state in picture.services()] == [Combined.DOWN]


def test_the_result_of_a_check_that_is_wanted_no_more_is_dropped():
    assert not picture_of().take_check(answer(HTTP, Outside.ANSWERS))


def test_what_init_said_long_ago_is_not_known_any_more():
    picture = picture_of(expected_services=("nginx",))
    picture.take_inside([ServiceState(name="nginx", inside=Inside.RUNNING)], NOW)

    assert not picture.forget_old_inside(NOW + INSIDE_LASTS)
    assert picture.forget_old_inside(NOW + INSIDE_LASTS + SECOND)
    assert picture.services()[0].inside is Inside.UNKNOWN


def test_the_time_since_when_a_link_stands_stays_while_it_stands():
    picture = picture_of()

    assert picture.set_link(LinkState.UP, None, NOW + SECOND)
    assert not picture.set_link(LinkState.UP, None, NOW + 2 * SECOND)

    assert picture.link_since == NOW + SECOND


def test_figures_that_move_are_told_seldom_and_another_verdict_at_once():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)
    picture.sample = sample(load1=3.0)
    assert picture.judge(NOW)

    picture.sample = sample(load1=3.1)
    assert not picture.judge(NOW + SECOND)
    assert picture.judge(NOW + FIGURES_TOLD_EVERY)
    picture.sample = sample(load1=30.0)

    assert picture.judge(NOW + FIGURES_TOLD_EVERY + SECOND)
    assert picture.judgement.verdict is Verdict.CUT_OFF


def test_a_server_that_is_well_is_told_once():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)

    told = []
    for seconds in range(0, 60, 5):
        picture.sample = sample(load1=0.1, at=NOW + seconds * SECOND)
        told.append(picture.judge(NOW + seconds * SECOND))

    assert told == [True] + [False] * 11


def test_a_failure_of_our_own_is_never_the_servers_outage():
    picture = picture_of()
    picture.set_link(LinkState.UP, None, NOW)
    ours = Failure(kind=FailureKind.CONSOLE_FAILED, sentence="The store does not answer.")

    picture.set_link(LinkState.DOWN, ours, NOW)
    picture.judge(NOW)

    assert picture.judgement.verdict is Verdict.UNKNOWN
