"""The plan says of each send what became of it, and promises nothing that will not happen."""

from datetime import timedelta

from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.notice import PlannedSend, Send
from noc_console.notices.plan import DAY, WEEK, matrix
from noc_console.notices.plan_standing import Course, standings_of, told_by_start
from noc_console.notices.posting import PostingState
from tests.notices.outbox import START, scheduled, waiting

NEWS = Channel(id=1, name="News", kind=ChannelKind.WORDPRESS)
SENDS = (Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START, Send.UPDATE, Send.DONE)


def posting(send, state, *, id_=1, at=START - WEEK, version=1, **changes):
    channel = {
        "channel_id": NEWS.id,
        "channel_name": NEWS.name,
        "channel_kind": NEWS.kind.value,
    }
    ended = {"version": version, "tries": 1, "began_at": at, "ended_at": at}
    return waiting(id_, send, at, **{**channel, **ended, "state": state, **changes})


def courses(now, *postings, draft=None, live=None):
    draft = draft or scheduled()
    found = standings_of(matrix(draft, [NEWS], SENDS), draft, live, postings, now)
    return {send: found[send, "News"] for send in SENDS}


def test_of_a_draft_what_is_past_goes_at_once_and_the_rest_at_its_time():
    found = courses(START - timedelta(days=3))

    assert found[Send.WEEK_BEFORE].course is Course.AT_ONCE
    assert (found[Send.DAY_BEFORE].course, found[Send.DAY_BEFORE].at) == (
        Course.TO_COME,
        START - DAY,
    )
    assert found[Send.UPDATE].course is Course.BY_PERSON


def test_a_weeks_send_that_went_is_not_said_to_go_at_once():
    went = posting(Send.WEEK_BEFORE, PostingState.SENT)

    found = courses(START - timedelta(days=3), went, live=scheduled())

    assert (found[Send.WEEK_BEFORE].course, found[Send.WEEK_BEFORE].at) == (
        Course.WENT,
        START - WEEK,
    )


def test_it_went_also_where_the_draft_says_something_else_now():
    went = posting(Send.WEEK_BEFORE, PostingState.SENT)

    found = courses(
        START - timedelta(days=3), went, draft=scheduled(title="Kernel"), live=scheduled()
    )

    assert found[Send.WEEK_BEFORE].course is Course.WENT


def test_for_another_start_it_goes_again_unless_the_move_itself_says_the_time():
    went = posting(Send.WEEK_BEFORE, PostingState.SENT)
    later = scheduled(starts_at=START + timedelta(days=14))
    sooner = scheduled(starts_at=START + timedelta(days=1))
    now = START - timedelta(days=4)

    assert courses(now, went, draft=later, live=scheduled())[Send.WEEK_BEFORE].course is (
        Course.TO_COME
    )
    moved = courses(now, went, draft=sooner, live=scheduled())[Send.WEEK_BEFORE]
    assert (moved.course, moved.words) == (
        Course.NOT_NOW,
        "What is told of the new time takes its place.",
    )


def test_within_the_last_day_the_day_before_goes_in_the_place_of_the_week_before():
    found = courses(START - timedelta(hours=5))

    assert found[Send.WEEK_BEFORE].course is Course.NOT_NOW
    assert found[Send.DAY_BEFORE].course is Course.AT_ONCE


def test_when_the_work_has_begun_nothing_goes_that_was_to_go_before():
    found = courses(START + timedelta(minutes=1))

    assert found[Send.DAY_BEFORE].words == "The work has begun."
    assert found[Send.START].course is Course.AT_ONCE


def test_what_was_missed_or_is_in_doubt_is_said_so():
    missed = posting(Send.WEEK_BEFORE, PostingState.MISSED, words="Nobody sent it.")
    doubtful = posting(Send.DAY_BEFORE, PostingState.IN_DOUBT, id_=2)

    found = courses(START - timedelta(hours=2), missed, doubtful, live=scheduled())

    assert found[Send.WEEK_BEFORE].state is PostingState.MISSED
    assert found[Send.WEEK_BEFORE].words == "Nobody sent it."
    assert found[Send.DAY_BEFORE].state is PostingState.IN_DOUBT


def test_what_the_plan_switches_off_is_off_and_what_a_person_stopped_is_said_so():
    stopped = posting(Send.WEEK_BEFORE, PostingState.SUPPRESSED, ended_at=START - WEEK)
    off = PlannedSend(send=Send.WEEK_BEFORE, channel="News", is_on=False)
    switched_off = scheduled(plan=(off,))
    now = START - timedelta(days=3)

    assert courses(now, stopped, draft=switched_off, live=switched_off)[
        Send.WEEK_BEFORE
    ].course is (Course.OFF)
    assert courses(now, stopped, live=scheduled())[Send.WEEK_BEFORE].state is (
        PostingState.SUPPRESSED
    )


def test_what_a_channel_has_for_later_is_still_to_come():
    handed = posting(
        Send.DAY_BEFORE, PostingState.SCHEDULED, ended_at=None, publishes_at=START - DAY
    )

    early = courses(START - timedelta(days=3), handed, live=scheduled())
    late = courses(START - timedelta(hours=3), handed, live=scheduled())

    assert early[Send.DAY_BEFORE].course is Course.TO_COME
    assert (late[Send.DAY_BEFORE].course, late[Send.DAY_BEFORE].at) == (Course.WENT, START - DAY)


def test_several_updates_are_counted():
    updates = [
        posting(Send.UPDATE, PostingState.SENT, id_=number, at=START + timedelta(minutes=number))
        for number in (1, 2)
    ]

    found = courses(START + timedelta(minutes=5), *updates, live=scheduled())[Send.UPDATE]

    assert (found.course, found.times, found.at) == (
        Course.WENT,
        2,
        START + timedelta(minutes=2),
    )


def test_each_start_was_told_when_its_first_posting_went():
    other = START + timedelta(days=1)
    postings = [
        posting(Send.WEEK_BEFORE, PostingState.SENT, at=START - WEEK),
        posting(Send.DAY_BEFORE, PostingState.SENT, id_=2, at=START - DAY),
        posting(Send.POSTPONED, PostingState.SENT, id_=3, at=START - DAY, version=2),
        posting(Send.START, PostingState.QUEUED, id_=4, at=other, version=3),
    ]

    found = told_by_start(postings, {1: START, 2: other, 3: other + DAY})

    assert found == {START: START - WEEK, other: START - DAY}
