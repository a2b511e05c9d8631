"""What a window does to a verdict: nothing is lost, nothing is raised, and its end is told."""

from datetime import UTC, datetime, timedelta

from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.incidents.windows.muting import is_near, judge_in_windows
from noc_console.incidents.windows.window import Occurrence, Run, Window

START = datetime(2026, 1, 13, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LINK = Reason("link", Verdict.DOWN, "web1 does not answer")
LOAD = Reason("load5", Verdict.EARLY, "load 9.0")
EXIM = Reason("service:exim4", Verdict.CUT_OFF, "exim4 is down")


def occurrence(run=None, **fields):
    usual = {
        "id": 7,
        "title": "kernel",
        "servers": (1,),
        "starts_at": START,
        "minutes": 60,
        "zone": "Europe/Berlin",
        "entered_at": START - timedelta(days=1),
    }
    return Occurrence(window=Window(**(usual | fields)), planned_start=START, run=run)


def plain(*reasons):
    return Judgement(verdict=reasons[0].verdict, since=START - MINUTE, reasons=reasons)


def keys(judgement):
    return {reason.key: reason.verdict for reason in judgement.reasons}


def test_without_a_window_a_verdict_stays_as_it_is():
    assert judge_in_windows(plain(LINK), (), None, START) == plain(LINK)


def test_a_server_in_its_window_is_in_maintenance_and_its_reasons_are_kept():
    now = START + MINUTE
    told = judge_in_windows(plain(LINK, LOAD), (occurrence(),), plain(LINK), now)

    assert told.verdict is Verdict.IN_MAINTENANCE
    assert told.since == now
    assert keys(told) == dict.fromkeys(("window:7", "link", "load5"), Verdict.IN_MAINTENANCE)
    assert "in maintenance until 03:30 CET: kernel" in told.words
    assert LINK.words in told.words


def test_the_time_since_when_holds_from_look_to_look():
    first = judge_in_windows(plain(LINK), (occurrence(),), None, START)

    again = judge_in_windows(plain(LINK), (occurrence(),), first, START + MINUTE)

    assert again.since == START


def test_a_service_s_window_mutes_that_service_only():
    held = (occurrence(services=("exim4",)),)

    both = judge_in_windows(plain(EXIM, LOAD), held, None, START)
    one = judge_in_windows(plain(EXIM), held, None, START)

    assert both.verdict is Verdict.EARLY
    assert keys(both)["service:exim4"] is Verdict.IN_MAINTENANCE
    assert one.verdict is Verdict.IN_MAINTENANCE
    well = judge_in_windows(Judgement(verdict=Verdict.OK, since=START), held, None, START)
    assert well.verdict is Verdict.OK


def test_ten_minutes_before_the_end_what_is_still_down_is_said_aloud():
    held = (occurrence(),)
    early = judge_in_windows(plain(LINK), held, None, START + 49 * MINUTE)
    late = judge_in_windows(plain(LINK), held, early, START + 52 * MINUTE)

    assert early.verdict is Verdict.IN_MAINTENANCE
    assert late.verdict is Verdict.EARLY
    assert late.reasons[0].key == "window_end:7"
    assert "ends in 8 min, and still: web1 does not answer" in late.reasons[0].words


def test_what_is_only_loaded_is_no_reason_to_warn_before_the_end():
    told = judge_in_windows(plain(LOAD), (occurrence(),), None, START + 55 * MINUTE)

    assert told.verdict is Verdict.IN_MAINTENANCE


def test_after_the_planned_end_nothing_is_mute_and_the_overrun_is_told():
    run = Run(window_id=7, planned_at=START, started_at=START, started_by="anna")
    held, now = occurrence(run), START + 61 * MINUTE

    assert is_near(held, now)
    told = judge_in_windows(plain(LINK), (held,), None, now)

    assert told.verdict is Verdict.DOWN
    assert keys(told)["window_overrun:7"] is Verdict.EARLY
    assert "was to end at 03:30 CET" in told.words[1]


def test_a_window_nobody_began_ends_by_itself_and_an_overrun_is_not_told_for_ever():
    run = Run(window_id=7, planned_at=START, started_at=START, started_by="anna")

    assert not is_near(occurrence(), START + 61 * MINUTE)
    assert not is_near(occurrence(run), START + timedelta(days=2))


def test_an_ended_window_mutes_no_more():
    run = Run(window_id=7, planned_at=START, ended_at=START + 5 * MINUTE, ended_by="anna")

    assert not is_near(occurrence(run), START + 5 * MINUTE)


def test_work_that_a_person_extended_stays_mute_and_says_what_it_costs():
    run = Run(window_id=7, planned_at=START, extended_to=START + 120 * MINUTE, extended_by="anna")
    held = (occurrence(run),)

    told = judge_in_windows(plain(LINK), held, None, START + 90 * MINUTE)

    assert told.verdict is Verdict.IN_MAINTENANCE
    assert any("was extended to 04:30 CET by anna" in words for words in told.words)
    near_end = judge_in_windows(plain(LINK), held, told, START + 112 * MINUTE)
    assert "ends in 8 min, and still" in near_end.reasons[0].words
    after = judge_in_windows(plain(LINK), held, told, START + 121 * MINUTE)
    assert after.verdict is Verdict.DOWN
    assert keys(after)["window_overrun:7"] is Verdict.EARLY


def test_a_service_in_its_window_is_named():
    held = (occurrence(services=("exim4",)),)
    told = judge_in_windows(plain(EXIM), held, None, START + MINUTE)

    assert "exim4 in maintenance until 03:30 CET: kernel" in told.words
