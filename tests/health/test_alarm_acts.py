from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.alarm import Alarm, AlarmEventKind, AlarmState, pressing_order
from noc_console.health.alarm_acts import (
    AlarmRefused,
    acknowledge,
    claim,
    end_condition,
    expire,
    latch,
    release,
    shelve,
    unlatch,
    unshelve,
)
from noc_console.health.alarm_change import Change, Place, applied, come_again
from noc_console.health.verdict import Verdict
from tests.conftest import NOW

Kind = AlarmEventKind
HOUR = timedelta(hours=1)
ALARM = Alarm(
    id=3, server_id=1, key="load5", verdict=Verdict.EARLY, words="load 5", raised_at=NOW - HOUR
)
ack = partial(acknowledge, by="Anna", now=NOW, reason="backup")


def change(kind: Kind, **fields: object) -> Change:
    fields = {"verdict": Verdict.EARLY, "words": "load 5", "at": NOW, **fields}
    return Change(place=Place(1, "load5"), kind=kind, **fields)


def test_a_latched_alarm_waits_for_a_person_when_its_condition_is_gone():
    gone = end_condition(latch(ALARM).alarm, NOW, "").alarm
    assert (gone.state, gone.is_open, gone.needs_person) == (AlarmState.RETURNED, True, True)

    seen = ack(gone)
    assert seen.alarm.state is AlarmState.CLEARED
    assert [deed.kind for deed in seen.deeds] == [Kind.ACKNOWLEDGED, Kind.CLEARED]


def test_a_latched_alarm_that_was_acknowledged_clears_by_itself():
    assert not end_condition(ack(latch(ALARM).alarm).alarm, NOW, "").alarm.is_open


def test_an_unlatched_alarm_whose_condition_is_gone_clears_at_once():
    gone = end_condition(latch(ALARM).alarm, NOW, "").alarm
    assert unlatch(gone, now=NOW).alarm.state is AlarmState.CLEARED


def test_a_latched_alarm_whose_condition_comes_back_is_the_same_alarm_again():
    gone = end_condition(latch(ALARM).alarm, NOW, "").alarm
    back = applied(gone, change(Kind.RAISED_AGAIN, times=2), None).alarm
    assert (back.id, back.state, back.times, back.is_latched) == (3, AlarmState.RAISED, 2, True)


def test_worse_ends_what_was_said_when_it_was_less_bad():
    quiet = shelve(
        ack(ALARM).alarm, by="Ben", now=NOW, until=NOW + HOUR, reason="disk is ordered"
    ).alarm
    outcome = applied(quiet, change(Kind.WORSE, verdict=Verdict.CUT_OFF, words="load 9"), None)
    assert outcome.alarm.state is AlarmState.RAISED
    assert outcome.deeds[0].words == (
        "load 9; Anna had acknowledged it as early; Ben had shelved it as early"
    )


def test_who_acknowledged_until_later_is_not_asked_again_when_it_comes_back_before():
    cleared = end_condition(ack(ALARM, until=NOW + HOUR).alarm, NOW, "").alarm
    again = change(Kind.RAISED_AGAIN, times=2)
    assert come_again(cleared, again).alarm.state is AlarmState.ACKNOWLEDGED
    late = replace(again, at=NOW + 2 * HOUR)
    assert come_again(cleared, late).alarm.state is AlarmState.RAISED


def test_a_claim_is_taken_over_by_name_and_repeating_it_is_no_event():
    anna = claim(ALARM, by="Anna", now=NOW).alarm
    assert claim(anna, by="Anna", now=NOW).deeds == ()
    ben = claim(anna, by="Ben", now=NOW)
    assert (ben.alarm.claimed.by, ben.deeds[0].words) == ("Ben", "taken over from Anna")
    assert release(ben.alarm, by="Anna").deeds[0].words == "Ben was on it"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (partial(acknowledge, by="Anna", now=NOW, reason=" \t"), "Write a reason"),
        (partial(ack, until=NOW), "would end in the past"),
        (partial(shelve, by="A", now=NOW, until=NOW, reason="x"), "would end in the past"),
        (partial(shelve, by="A", now=NOW, until=NOW + 800 * HOUR, reason="x"), "31 days at most"),
        (partial(shelve, by="A", now=NOW, until=NOW + HOUR, reason=""), "Write a reason"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(act, words):
    with pytest.raises(AlarmRefused, match=words):
        act(ALARM)


ACTS = {
    "acknowledge": ack,
    "claim": partial(claim, by="Anna", now=NOW),
    "release": partial(release, by="Anna"),
    "shelve": partial(shelve, by="Anna", now=NOW, until=NOW + HOUR, reason="x"),
    "unshelve": unshelve,
    "latch": latch,
    "unlatch": partial(unlatch, now=NOW),
    "gone": lambda alarm: end_condition(alarm, NOW, ""),
    "later": lambda alarm: expire(alarm, NOW + 2 * HOUR),
    "worse": lambda alarm: applied(alarm, change(Kind.WORSE, verdict=Verdict.DOWN), None),
    "again": lambda alarm: applied(alarm, change(Kind.RAISED_AGAIN), None),
    "follows": lambda alarm: applied(alarm, change(Kind.SUPPRESSED), 8),
    "alone": lambda alarm: applied(alarm, change(Kind.STANDS_ALONE), None),
}


@pytest.mark.parametrize("name", ["acknowledge", "claim", "shelve", "latch", "unlatch", "gone"])
def test_a_cleared_alarm_takes_no_act(name):
    with pytest.raises(AlarmRefused, match="Alarm 3 is cleared"):
        ACTS[name](end_condition(ALARM, NOW, "").alarm)


@given(st.lists(st.sampled_from(sorted(ACTS))))
def test_whatever_is_done_each_change_has_an_event_and_the_state_says_what_is_so(names):
    alarm = ALARM
    for name in names:
        try:
            outcome = ACTS[name](alarm)
        except AlarmRefused:
            assert not alarm.is_open
            continue
        assert outcome.deeds or outcome.alarm == alarm
        alarm = outcome.alarm
        assert alarm.is_open == (alarm.state is not AlarmState.CLEARED)
        assert alarm.is_open or alarm.claimed is None
        assert alarm.returned_at is None or alarm.is_latched or not alarm.is_open
        if alarm.state is AlarmState.RETURNED:
            assert alarm.is_latched


def test_the_most_pressing_come_first():
    quiet = ack(replace(ALARM, id=4, verdict=Verdict.DOWN)).alarm
    worse = replace(ALARM, id=5, verdict=Verdict.CUT_OFF)
    newer = replace(ALARM, id=6, raised_at=NOW)
    ordered = sorted([quiet, ALARM, newer, worse], key=pressing_order)
    assert [alarm.id for alarm in ordered] == [5, 6, 3, 4]
