"""What a new version or a person's act means for what was told and what waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.notice import PlannedSend, Send
from noc_console.notices.posting import Act, PostingState
from noc_console.notices.replan import approve, change_between, tell_now
from tests.notices.outbox import START, scheduled
from tests.notices.test_rulings import DUE, posting

SITE = Channel(id=7, name="site", kind=ChannelKind.STATIC_SITE)
BLOG = Channel(id=8, name="blog", kind=ChannelKind.WORDPRESS)
SKY = Channel(id=9, name="sky", kind=ChannelKind.BLUESKY)
EARLY = START - timedelta(days=30)
LATER = START + timedelta(days=7)


def told(number, send, channel, state=PostingState.SENT, **more):
    """Give a posting that went."""
    return posting(
        number,
        send,
        state,
        channel_id=channel.id,
        channel_name=channel.name,
        channel_kind=channel.kind.value,
        **more,
    )


def new(plan):
    """Give what a plan asks for, as send, channel and act."""
    return {
        (one.send, one.channel.name, one.act)
        for one in plan.new
        if one.state is PostingState.QUEUED
    }


def test_a_first_version_plans_a_week_a_day_and_the_start_on_each_channel():
    plan = approve(None, scheduled(), [], [SITE, SKY], EARLY)

    assert new(plan) == {
        (send, channel, Act.POST)
        for send in (Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START)
        for channel in ("site", "sky")
    }
    assert {one.due_at for one in plan.new} == set(DUE.values())


def test_what_is_switched_off_is_written_down_as_such():
    off = scheduled(plan=(PlannedSend(send=Send.DAY_BEFORE, channel="site", is_on=False),))
    plan = approve(None, off, [], [SITE], EARLY)
    suppressed = [one for one in plan.new if one.state is PostingState.SUPPRESSED]

    assert [one.send for one in suppressed] == [Send.DAY_BEFORE]
    assert suppressed[0].words


def test_a_channel_that_publishes_by_itself_is_handed_the_posting_at_once():
    plan = approve(None, scheduled(), [], [BLOG], EARLY)

    assert {one.next_at for one in plan.new} == {EARLY}


def test_postponed_work_is_told_to_whoever_was_told_the_old_time_and_nobody_else():
    went = [told(1, Send.WEEK_BEFORE, SITE)]
    waiting = [told(2, Send.DAY_BEFORE, SITE, PostingState.QUEUED)]
    after = scheduled(starts_at=LATER)
    now = START - timedelta(days=2)
    plan = approve(scheduled(), after, went + waiting, [SITE, SKY], now, said="Delayed parts")

    moved = [one for one in plan.new if one.send is Send.POSTPONED]
    assert [(one.channel.name, one.said) for one in moved] == [("site", "Delayed parts")]
    assert [one.id for one, _ in plan.superseded] == [2]
    assert (Send.DAY_BEFORE, "site", Act.POST) in new(plan)
    assert (Send.WEEK_BEFORE, "site", Act.POST) in new(plan)  # again, for the new time
    again = next(one for one in plan.new if one.send is Send.WEEK_BEFORE)
    assert (again.round, again.due_at) == (2, LATER - timedelta(days=7))


def test_a_week_before_that_is_past_for_the_new_time_is_said_by_the_postponement():
    went = [told(1, Send.WEEK_BEFORE, SITE)]
    now = START - timedelta(days=2)
    plan = approve(scheduled(), scheduled(starts_at=START + timedelta(days=2)), went, [SITE], now)
    week = next(one for one in plan.new if one.send is Send.WEEK_BEFORE)

    assert week.state is PostingState.SUPERSEDED
    assert week.words


def test_extended_work_is_told_and_plans_nothing_anew_that_went():
    went = [told(1, Send.WEEK_BEFORE, SITE), told(2, Send.DAY_BEFORE, SITE)]
    went.append(told(3, Send.START, SITE))
    plan = approve(scheduled(), scheduled(minutes=120), went, [SITE], START + timedelta(minutes=50))

    assert new(plan) == {(Send.EXTENDED, "site", Act.POST)}


def test_a_quiet_correction_changes_what_can_be_changed_where_it_stands():
    went = [told(1, Send.WEEK_BEFORE, SITE), told(2, Send.WEEK_BEFORE, SKY)]
    after = scheduled(reasons="A security update of the kernel and of OpenSSH")
    plan = approve(scheduled(), after, went, [SITE, SKY], START - timedelta(days=5), tell=False)

    acts = {one for one in new(plan) if one[2] is not Act.POST}
    assert acts == {(Send.WEEK_BEFORE, "site", Act.EDIT)}
    assert not any(one.send is Send.CORRECTION for one in plan.new)


def test_what_a_channel_was_handed_for_later_is_taken_back_once():
    handed = told(
        1, Send.WEEK_BEFORE, BLOG, PostingState.SCHEDULED, publishes_at=DUE[Send.WEEK_BEFORE]
    )
    plan = approve(scheduled(), scheduled(starts_at=LATER), [handed], [BLOG], EARLY)
    back = [one for one in plan.new if one.act is Act.DELETE]

    assert [one.target_id for one in back] == [1]
    assert not any(one.send is Send.POSTPONED for one in plan.new)  # nobody could read it yet
    asked = told(2, Send.WEEK_BEFORE, BLOG, PostingState.QUEUED, act=Act.DELETE, target_id=1)
    again = approve(scheduled(), scheduled(starts_at=LATER), [handed, asked], [BLOG], EARLY)
    assert not any(one.act is Act.DELETE for one in again.new)


def test_a_cancellation_goes_to_whoever_was_told_and_stops_the_rest():
    rows = [
        told(1, Send.WEEK_BEFORE, SITE),
        told(2, Send.DAY_BEFORE, SITE, PostingState.QUEUED),
        told(3, Send.WEEK_BEFORE, SKY, PostingState.DELAYED),
    ]
    plan = tell_now(Send.CANCELLED, scheduled(), rows, [SITE, SKY], START - timedelta(days=3))

    assert new(plan) == {(Send.CANCELLED, "site", Act.POST)}
    assert [one.id for one, _ in plan.superseded] == [2, 3]


def test_a_second_update_is_round_two():
    rows = [told(1, Send.UPDATE, SITE)]
    plan = tell_now(Send.UPDATE, scheduled(), rows, [SITE], START, said="Half is done")

    assert [(one.round, one.said) for one in plan.new] == [(2, "Half is done")]


def test_an_update_leaves_what_waits_as_it_is():
    waits = told(1, Send.START, BLOG, PostingState.QUEUED)
    plan = tell_now(Send.UPDATE, scheduled(), [waits], [SITE], START, said="Half is done")

    assert plan.superseded == ()


@pytest.mark.parametrize(
    ("changes", "send"),
    [
        ({"starts_at": LATER}, Send.POSTPONED),
        ({"minutes": 61}, Send.EXTENDED),
        ({"minutes": 30}, Send.CORRECTION),
        ({"disrupted": "All web sites"}, Send.CORRECTION),
        ({"template": "kernel-update"}, None),
        ({"plan": (PlannedSend(send=Send.START, channel="site"),)}, None),
    ],
)
def test_a_change_is_told_by_what_changed(changes, send):
    assert change_between(scheduled(), replace(scheduled(), **changes)) is send


def test_who_posts_by_hand_may_have_forgotten_to_tick_it_off():
    rows = [told(1, Send.WEEK_BEFORE, SITE, PostingState.BY_HAND)]
    plan = tell_now(Send.CANCELLED, scheduled(), rows, [SITE], START - timedelta(days=3))

    assert new(plan) == {(Send.CANCELLED, "site", Act.POST)}


def test_what_was_to_go_before_work_that_has_begun_is_not_missed_but_too_late():
    now = START + timedelta(minutes=10)
    plan = approve(None, scheduled(), [], [SITE], now)
    by_send = {one.send: one for one in plan.new}

    assert by_send[Send.START].state is PostingState.QUEUED
    assert by_send[Send.WEEK_BEFORE].state is PostingState.SUPERSEDED
    assert by_send[Send.DAY_BEFORE].words == "The work had begun when this was approved."


def test_a_correction_under_way_plans_nothing_before_the_work_again():
    rows = [told(1, Send.DAY_BEFORE, SITE, PostingState.MISSED), told(2, Send.START, SITE)]
    after = scheduled(reasons="Two security updates")
    plan = approve(scheduled(), after, rows, [SITE], START + timedelta(minutes=10))

    assert {one.send for one in plan.new} == {Send.CORRECTION, Send.WEEK_BEFORE}
    assert new(plan) == {(Send.CORRECTION, "site", Act.POST)}
