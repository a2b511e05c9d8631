"""The catch-up table: what becomes of what waits, by the time it is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.notices.notice import Send
from noc_console.notices.plan import TIMED
from noc_console.notices.posting import Act, PostingState
from noc_console.notices.rulings import Fate, rule
from tests.notices.outbox import START, scheduled, waiting

END = START + timedelta(minutes=60)
DUE = {
    Send.WEEK_BEFORE: START - timedelta(days=7),
    Send.DAY_BEFORE: START - timedelta(days=1),
    Send.START: START,
}


def posting(number, send, state=PostingState.QUEUED, **changes):
    """Give a posting that waits, of a channel of its own."""
    channel = {"channel_id": 7, "channel_name": "site", "channel_kind": "wordpress"}
    return waiting(number, send, DUE.get(send, START), **{**channel, "state": state, **changes})


def fates(postings, at, **more):
    """Give what becomes of each send at a time."""
    found = rule(scheduled(), 1, postings, at, **more)
    return {Send(one.posting.send): one.fate for one in found}


def plan(**states):
    """Give the three sends of one channel."""
    named = {"week": Send.WEEK_BEFORE, "day": Send.DAY_BEFORE, "start": Send.START}
    return [
        posting(number, send, states.get(name, PostingState.QUEUED))
        for number, (name, send) in enumerate(named.items(), start=1)
    ]


W, D, S = Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at", "week", "day", "start"),
    [
        (DUE[W] - MINUTE, Fate.WAIT, Fate.WAIT, Fate.WAIT),
        (DUE[W], Fate.GO, Fate.WAIT, Fate.WAIT),
        (DUE[W] + timedelta(days=2), Fate.GO_LATE, Fate.WAIT, Fate.WAIT),
        (DUE[D] - MINUTE, Fate.GO_LATE, Fate.WAIT, Fate.WAIT),
        (DUE[D], Fate.SUPERSEDED, Fate.GO, Fate.WAIT),
        (DUE[D] + timedelta(hours=5), Fate.SUPERSEDED, Fate.GO_LATE, Fate.WAIT),
        (START - MINUTE, Fate.SUPERSEDED, Fate.GO_LATE, Fate.WAIT),
        (START, Fate.MISSED, Fate.MISSED, Fate.GO),
        (END - MINUTE, Fate.MISSED, Fate.MISSED, Fate.GO_LATE),
        (END, Fate.MISSED, Fate.MISSED, Fate.MISSED),
        (END + timedelta(days=30), Fate.MISSED, Fate.MISSED, Fate.MISSED),
    ],
)
def test_what_was_not_sent_in_time_goes_late_yields_or_is_missed(at, week, day, start):
    assert fates(plan(), at) == {W: week, D: day, S: start}


def test_a_week_before_that_failed_to_go_yields_once_the_day_before_is_out():
    late = DUE[D] + timedelta(hours=1)

    assert fates(plan(week=PostingState.DELAYED, day=PostingState.SENT), late)[W] is Fate.SUPERSEDED


def test_where_no_day_before_is_planned_the_week_before_goes_until_the_start():
    alone = [posting(1, W), posting(2, D, PostingState.SUPPRESSED)]

    assert fates(alone, START - MINUTE) == {W: Fate.GO_LATE}
    assert fates(alone, START) == {W: Fate.MISSED}


def test_a_day_before_that_a_channel_has_only_for_later_supersedes_nothing_yet():
    handed = plan(day=PostingState.SCHEDULED)

    assert fates(handed, DUE[W] + MINUTE)[W] is Fate.GO
    assert fates(handed, DUE[D])[W] is Fate.SUPERSEDED


def test_another_channel_s_day_before_supersedes_nothing_here():
    elsewhere = posting(2, D, PostingState.SENT, channel_id=8)

    assert fates([posting(1, W), elsewhere], DUE[D] + MINUTE)[W] is Fate.GO_LATE


def test_the_start_yields_to_an_update_of_the_same_channel():
    update = posting(4, Send.UPDATE, PostingState.SENT)

    assert fates([posting(3, S), update], START + MINUTE)[S] is Fate.SUPERSEDED


def test_of_updates_that_wait_only_the_newest_goes():
    first, second = posting(1, Send.UPDATE), posting(2, Send.UPDATE, round=2)
    found = rule(scheduled(), 1, [first, second], START + MINUTE)

    assert [one.fate for one in found] == [Fate.SUPERSEDED, Fate.GO]


def test_a_first_word_that_waits_yields_to_the_all_clear():
    waiting = [posting(1, Send.FIRST_WORD), posting(2, Send.ALL_CLEAR)]
    found = rule(scheduled(), 1, waiting, START + MINUTE)

    assert [one.fate for one in found] == [Fate.SUPERSEDED, Fate.GO]


def test_what_is_of_an_older_version_never_goes():
    found = rule(scheduled(), 2, [posting(1, W)], DUE[W])

    assert found[0].fate is Fate.SUPERSEDED


def test_of_a_notice_that_is_over_nothing_timed_goes():
    assert fates(plan(), DUE[W], is_over=True) == dict.fromkeys(DUE, Fate.SUPERSEDED)


def test_a_notice_that_is_over_is_said_to_be_and_an_older_version_to_be_no_longer_in_force():
    over = rule(scheduled(), 1, [posting(1, W)], DUE[W], is_over=True)
    older = rule(scheduled(), 2, [posting(1, W)], DUE[W])

    assert over[0].words == "The notice is over."
    assert older[0].words == "What it says is no longer in force."


def test_what_says_what_is_not_so_is_held_until_it_is_missed():
    assert fates(plan(), DUE[W], hold="Window 3 was called off.")[W] is Fate.HELD
    assert fates(plan(), START, hold="Window 3 was called off.")[W] is Fate.MISSED


def test_what_went_or_failed_is_not_judged():
    assert fates(plan(week=PostingState.SENT, day=PostingState.FAILED), DUE[D]) == {S: Fate.WAIT}


def test_what_takes_something_back_goes_whatever_the_time():
    back = posting(9, W, act=Act.DELETE, target_id=1, due_at=DUE[W])

    assert rule(scheduled(), 2, [back], END + timedelta(days=1))[0].fate is Fate.GO_LATE


@given(
    st.timedeltas(timedelta(days=-40), timedelta(days=40)),
    st.lists(st.sampled_from(list(PostingState)), min_size=3, max_size=3),
)
def test_at_any_time_nothing_waiting_is_left_without_a_ruling(offset, states):
    three = [
        posting(number, send, state)
        for number, (send, state) in enumerate(zip(TIMED, states, strict=True), start=1)
    ]
    found = rule(scheduled(), 1, three, START + offset)

    assert [one.posting for one in found] == [one for one in three if one.state.waits]
    assert all(one.words for one in found if one.fate.is_end)
    for one in found:
        if one.fate in {Fate.GO, Fate.GO_LATE}:
            assert one.posting.due_at <= START + offset
            assert START + offset < END
