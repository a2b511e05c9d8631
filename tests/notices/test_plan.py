"""When a notice goes where, in every zone and over every change of the clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.wall_time import instants_of, wall_of
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.notice import NoticeKind, PlannedSend, Send
from noc_console.notices.plan import (
    DAY,
    RANK_PAUSE,
    WEEK,
    cell,
    channels_for,
    matrix,
    turn_of,
    usual_due,
    week_before,
)
from tests.notices.outbox import START, scheduled

MAIL = Channel(id=1, name="mail", kind=ChannelKind.EMAIL)
SITE = Channel(id=2, name="site", kind=ChannelKind.WORDPRESS)
SKY = Channel(id=3, name="sky", kind=ChannelKind.BLUESKY)


def test_a_week_before_is_168_hours_where_the_clocks_stay():
    assert week_before(START, "Europe/Berlin") == START - timedelta(hours=168)


def test_a_week_before_over_the_autumn_change_is_168_hours_for_the_wall_time_is_later():
    start = datetime(2026, 10, 26, 1, 0, tzinfo=UTC)  # Mon 02:00 CET, after the clocks went back

    assert week_before(start, "Europe/Berlin") == datetime(2026, 10, 19, 0, 0, tzinfo=UTC)
    assert start - week_before(start, "Europe/Berlin") == timedelta(hours=169)


def test_a_week_before_over_the_spring_change_is_168_hours():
    start = datetime(2026, 3, 30, 0, 0, tzinfo=UTC)  # Mon 02:00 CEST

    assert start - week_before(start, "Europe/Berlin") == timedelta(hours=168)


def test_a_week_before_a_doubled_wall_time_is_the_earlier():
    start = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)  # Sun 02:30 CET; a week before it came twice

    assert week_before(start, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2020, 1, 10), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
)
def test_customers_have_their_week_by_hours_and_by_the_clock_on_their_wall(start, zone):
    due = week_before(start, zone)
    wall = wall_of(start, ZoneInfo(zone)) - WEEK

    assert start - due >= timedelta(hours=168)
    assert due <= instants_of(wall, ZoneInfo(zone))[0]
    assert start - due <= timedelta(hours=170)


def test_a_day_before_is_24_hours_and_the_start_is_the_start():
    assert usual_due(scheduled(), Send.DAY_BEFORE) == START - DAY
    assert usual_due(scheduled(), Send.START) == START


@pytest.mark.parametrize("send", [Send.UPDATE, Send.DONE, Send.CANCELLED, Send.EXTENDED])
def test_what_a_person_says_goes_when_a_person_says_so(send):
    assert usual_due(scheduled(), send) is None


def test_downtime_has_no_times_of_its_own():
    unplanned = replace(scheduled(), kind=NoticeKind.UNSCHEDULED)

    assert usual_due(unplanned, Send.WEEK_BEFORE) is None


def test_the_website_has_its_turn_before_social_channels_and_mail():
    fitting = channels_for(scheduled(), [MAIL, SKY, SITE])

    assert [one.name for one in fitting] == ["site", "sky", "mail"]
    assert turn_of(START, SITE.kind) == START
    assert turn_of(START, MAIL.kind) == START + 2 * RANK_PAUSE


def test_a_channel_of_another_brand_is_left_out():
    other = replace(SITE, brand="other")

    assert channels_for(scheduled(brand="ours"), [other, replace(MAIL, brand="ours")]) == [
        replace(MAIL, brand="ours")
    ]


def test_nobody_gets_a_mail_at_the_start_unless_a_person_wants_it():
    wanted = scheduled(plan=(PlannedSend(send=Send.START, channel="mail"),))

    assert not cell(scheduled(), Send.START, MAIL).is_on
    assert cell(scheduled(), Send.START, SITE).is_on
    assert cell(wanted, Send.START, MAIL).is_on


def test_a_person_moves_one_send_of_one_channel_and_the_others_stay():
    sooner = START - timedelta(days=9)
    notice = scheduled(plan=(PlannedSend(send=Send.WEEK_BEFORE, channel="site", due_at=sooner),))
    cells = {one.channel.name: one for one in matrix(notice, [SITE, SKY], [Send.WEEK_BEFORE])}

    assert cells["site"].due_at == sooner
    assert cells["site"].usual_due_at == START - WEEK
    assert cells["sky"].due_at == START - WEEK
