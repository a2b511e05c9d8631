from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.lines import lines_of
from noc_console.health.rules import judge, verdict_now
from noc_console.health.verdict import Verdict
from noc_console.telemetry.host import Mount
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState
from tests.conftest import NOW


def sample(**values):
    return Sample(server_id=1, at=NOW, server_at=None, values={"cores": 4.0} | values, missing={})


def judged(**changes):
    usual = {
        "sample": sample(load1=0.5),
        "mounts": (),
        "services": (),
        "checks": (),
        "link": LinkState.UP,
        "failure": None,
        "was_up": True,
        "age_s": 2.0,
        "tick_s": 5.0,
        "before": None,
        "now": NOW,
    }
    return judge(**(usual | changes))


def failure(kind):
    return Failure(kind=kind, sentence="web does something.")


def test_a_live_server_with_nothing_wrong_is_ok():
    assert judged().verdict is Verdict.OK
    assert judged().reasons == ()


def test_load_is_measured_against_the_cores():
    assert judged(sample=sample(load1=7.9)).verdict is Verdict.OK
    assert judged(sample=sample(load1=8.0)).verdict is Verdict.EARLY
    cut_off = judged(sample=sample(load1=20.0))
    assert cut_off.verdict is Verdict.CUT_OFF
    assert cut_off.words == ("Load, 1 min 20.0 on 4 cores, cut-off 20",)


def test_a_line_once_crossed_is_left_only_well_below_it():
    early = judged(sample=sample(load1=8.0))
    later = NOW + timedelta(minutes=1)

    still = judged(sample=sample(load1=7.5), before=early, now=later)
    gone = judged(sample=sample(load1=7.1), before=still, now=later)

    assert (still.verdict, still.since) == (Verdict.EARLY, NOW)
    assert (gone.verdict, gone.since) == (Verdict.OK, later)


@pytest.mark.parametrize("kind", [FailureKind.REFUSED, FailureKind.STOPPED_ANSWERING])
def test_a_server_that_does_not_answer_is_down(kind):
    assert judged(link=LinkState.DOWN, failure=failure(kind)).verdict is Verdict.DOWN


@pytest.mark.parametrize(
    "kind",
    [
        FailureKind.AUTHENTICATION_FAILED,
        FailureKind.AGENT_MISSING,
        FailureKind.NAME_NOT_FOUND,
        FailureKind.HOST_KEY_CHANGED,
    ],
)
def test_what_is_our_own_fault_makes_a_server_unknown_and_never_down(kind):
    judgement = judged(link=LinkState.DOWN, failure=failure(kind), sample=None)

    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.words == ("web does something.",)


@pytest.mark.parametrize("link", [LinkState.NOT_TRIED, LinkState.CONNECTING])
def test_a_server_nobody_reached_yet_is_unknown(link):
    assert judged(link=link, sample=None, age_s=None).verdict is Verdict.UNKNOWN


def test_after_three_missed_ticks_a_sample_is_stale():
    assert judged(age_s=15.0).verdict is Verdict.OK
    stale = judged(age_s=15.1, sample=sample(load1=99.0))
    assert (stale.verdict, stale.words) == (Verdict.STALE, ("no sample for 15 s",))


def test_a_full_file_system_is_named():
    mount = Mount(
        mount="/home",
        device="/dev/sda1",
        kind="ext4",
        total_bytes=1,
        used_percent=96.0,
        inodes_used_percent=None,
    )

    judgement = judged(mounts=(mount, replace(mount, mount="/", used_percent=86.0)))

    assert judgement.verdict is Verdict.CUT_OFF
    assert judgement.words == (
        "Disk space used of /home 96.0%, cut-off 95%",
        "Disk space used of / 86.0%, early line 85%",
    )


@pytest.mark.parametrize(
    ("inside", "outside", "verdict"),
    [
        (Inside.RUNNING, Outside.ANSWERS, Verdict.OK),
        (Inside.RUNNING, Outside.NO_ANSWER, Verdict.CUT_OFF),
        (Inside.STOPPED, Outside.ANSWERS, Verdict.EARLY),
        (Inside.FAILED, Outside.REFUSED, Verdict.CUT_OFF),
        (Inside.UNKNOWN, Outside.NOT_CHECKED, Verdict.OK),
    ],
)
def test_a_service_is_judged_by_both_views(inside, outside, verdict):
    service = ServiceState(name="exim4", inside=inside, outside=outside)

    assert judged(services=(service,)).verdict is verdict


def check(**fields):
    usual = {
        "label": "https:/",
        "service": "",
        "outside": Outside.ANSWERS,
        "at": NOW,
        "latency_ms": 3.0,
        "detail": "",
    }
    return CheckResult(**(usual | fields))


def test_a_certificate_that_runs_out_is_said_in_time():
    soon = judged(checks=(check(certificate_expires_at=NOW + timedelta(days=3, hours=1)),))
    gone = judged(checks=(check(certificate_expires_at=NOW),))

    assert soon.words == ("https:/: the certificate expires in 3 days",)
    assert (soon.verdict, gone.verdict) == (Verdict.EARLY, Verdict.CUT_OFF)


def test_an_outside_check_that_fails_counts_even_when_the_link_stands():
    assert judged(checks=(check(outside=Outside.REFUSED),)).verdict is Verdict.CUT_OFF


def test_without_an_engine_what_was_well_is_stale_and_not_ok():
    judgement = judged()

    watched = verdict_now(judgement, NOW, 5, NOW, is_watched=True)
    alone = verdict_now(judgement, NOW, 5, NOW + timedelta(hours=1), is_watched=False)
    never = verdict_now(None, None, 5, NOW, is_watched=True)

    assert watched is judgement
    assert (alone.verdict, alone.since) == (Verdict.STALE, NOW + timedelta(seconds=15))
    assert "it was ok" in alone.words[0]
    assert never.verdict is Verdict.UNKNOWN


def test_every_metric_with_lines_is_in_the_catalogue_and_ordered():
    from noc_console.health.lines import LINES
    from noc_console.telemetry.metrics import METRICS

    for name in LINES:
        lines = lines_of(name, 8)
        assert name in METRICS
        assert lines is not None
        assert lines.early < lines.cut_off
