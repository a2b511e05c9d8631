"""From a link and what a watch found to one verdict; and what a desk may say without an engine."""

from datetime import timedelta

import pytest

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.rules import judge, verdict_now
from noc_console.health.verdict import Danger, Reason, Verdict
from tests.conftest import NOW

LOAD = Reason("load1", Verdict.EARLY, "Load, 1 min 3.1")
DISK = Reason("mount_used_percent:/", Verdict.CUT_OFF, "Disk space used of / 96.0%")
PAGE = Reason("check:https:/", Verdict.CUT_OFF, "https:/: refused")
ODD = Reason("unusual:load5", Verdict.OK, "Load, 5 min 3.0 is unusual")
DANGER = Danger("load1", 300.0, 500.0, NOW)


def judged(**changes):
    usual = {
        "inside": (),
        "outside": (),
        "danger": None,
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


def test_the_worst_reason_is_the_verdict_and_stands_first():
    judgement = judged(inside=(LOAD, DISK), danger=DANGER)

    assert judgement.verdict is Verdict.CUT_OFF
    assert judgement.reasons == (DISK, LOAD)
    assert judgement.danger == DANGER


def test_what_is_only_unusual_leaves_the_verdict_ok():
    judgement = judged(inside=(ODD,))

    assert (judgement.verdict, judgement.reasons) == (Verdict.OK, (ODD,))


def test_a_verdict_that_stays_holds_since_it_came():
    first = judged(inside=(LOAD,))
    later = judged(inside=(LOAD,), before=first, now=NOW + timedelta(minutes=5))

    assert later.since == NOW


def test_a_clock_set_back_makes_no_negative_duration():
    first = judged(inside=(LOAD,))
    earlier = NOW - timedelta(hours=1)

    assert judged(inside=(LOAD,), before=first, now=earlier).since == earlier


@pytest.mark.parametrize("kind", [FailureKind.REFUSED, FailureKind.STOPPED_ANSWERING])
def test_a_server_that_does_not_answer_is_down(kind):
    assert judged(link=LinkState.DOWN, failure=failure(kind)).verdict is Verdict.DOWN


def test_a_dead_link_is_one_reason_and_not_twenty():
    judgement = judged(
        inside=(LOAD, DISK),
        danger=DANGER,
        link=LinkState.DOWN,
        failure=failure(FailureKind.STOPPED_ANSWERING),
    )

    assert [reason.key for reason in judgement.reasons] == ["link"]
    assert judgement.danger is None


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
    judgement = judged(link=LinkState.DOWN, failure=failure(kind), age_s=None)

    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.words == ("web does something.",)


@pytest.mark.parametrize("link", [LinkState.NOT_TRIED, LinkState.CONNECTING])
def test_a_server_nobody_reached_yet_is_unknown(link):
    assert judged(link=link, age_s=None).verdict is Verdict.UNKNOWN


def test_after_three_missed_ticks_a_sample_is_stale():
    assert judged(age_s=15.0).verdict is Verdict.OK
    stale = judged(age_s=15.1, inside=(DISK,))
    assert (stale.verdict, stale.words) == (Verdict.STALE, ("no sample for 15 s",))


def test_an_outside_check_that_fails_counts_whatever_the_link():
    down = failure(FailureKind.AUTHENTICATION_FAILED)

    assert judged(outside=(PAGE,)).verdict is Verdict.CUT_OFF
    assert judged(outside=(PAGE,), link=LinkState.DOWN, failure=down).verdict is Verdict.CUT_OFF


def test_without_an_engine_what_was_well_is_stale_and_not_ok():
    judgement = judged()

    watched = verdict_now(judgement, NOW, 5, NOW, is_watched=True)
    alone = verdict_now(judgement, NOW, 5, NOW + timedelta(hours=1), is_watched=False)
    never = verdict_now(None, None, 5, NOW, is_watched=True)

    assert watched is judgement
    assert (alone.verdict, alone.since) == (Verdict.STALE, NOW + timedelta(seconds=15))
    assert "it was ok" in alone.words[0]
    assert never.verdict is Verdict.UNKNOWN


def test_what_was_only_unusual_is_gone_when_it_is_over():
    odd = judged(inside=(ODD,))

    assert judged(before=odd, now=NOW + timedelta(minutes=1)).reasons == ()


def test_without_an_engine_what_never_had_a_sample_is_stale_from_now_on():
    alone = verdict_now(judged(), None, 5, NOW, is_watched=False)

    assert (alone.verdict, alone.since) == (Verdict.STALE, NOW)
