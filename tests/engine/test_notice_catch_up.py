"""Notices go at their times, late, again or never: by an injected clock, past all that changes."""

import logging
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.engine import notice_work
from noc_console.engine.steady_clock import HOLD, SteadyClock
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, cancel_window
from noc_console.notices import telling_people
from noc_console.notices.acts import Update, cancel, extend, postpone, resolve, update
from noc_console.notices.approval import approve, let_one_person_approve
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.event_records import EventKind, break_in, events_of
from noc_console.notices.first_word import FirstWord, draft_first_word, send_first_word
from noc_console.notices.notice import Send
from noc_console.notices.notice_records import NotNow, get_notice, save_draft
from noc_console.notices.posting import NoticeState, PostingState
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.telling_people import untold_promises
from tests.engine.notice_sender import DAY, LONG_BEFORE, WEEK, Sender
from tests.engine.running import wait_until
from tests.notices.outbox import START, Clock, add, approved, scheduled

W, D, S = Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START


@pytest.fixture
def sender(store):
    sending = Sender(store)
    yield sending
    sending.close()


@pytest.fixture
def site(store):
    return add(store, ChannelKind.STATIC_SITE, "site")


def test_each_send_goes_once_at_its_time(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    for at in (WEEK - timedelta(seconds=1), WEEK, DAY, START):
        sender.go(at=at)

    assert [ref for act, ref in sender.boards["site"].log if act == "post"] == [
        one.reference for one in postings_of(store, notice_id)
    ]
    assert set(sender.states(notice_id).values()) == {PostingState.SENT}
    assert get_notice(store, notice_id).state is NoticeState.UNDER_WAY


def test_nothing_goes_before_it_is_approved(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    draft = get_notice(store, notice_id)
    save_draft(
        store,
        replace(draft.notice, disrupted="All of it"),
        edition=draft.edition,
        by="anna",
        now=sender.clock(),
    )
    sender.go(at=WEEK)

    assert sender.wording.last.send is W
    assert get_notice(store, notice_id).live_version == 1


@pytest.mark.parametrize(
    ("back_at", "states", "went"),
    [
        (WEEK + timedelta(hours=9), {W: "sent", D: "queued", S: "queued"}, [W]),
        (DAY + timedelta(hours=2), {W: "superseded", D: "sent", S: "queued"}, [D]),
        (START + timedelta(minutes=5), {W: "missed", D: "missed", S: "sent"}, [S]),
        (START + timedelta(hours=3), {W: "missed", D: "missed", S: "missed"}, []),
    ],
)
def test_a_sender_that_was_off_over_due_times_catches_up_and_says_so(
    store, sender, site, back_at, states, went
):
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go()
    sender.close()

    sender.work = sender.start()
    sender.go(at=back_at)

    assert {send: state.value for send, state in sender.states(notice_id).items()} == states
    assert len(sender.boards["site"].posts) == len(went)
    ends = {EventKind.MISSED, EventKind.SUPERSEDED}
    told = [one for one in events_of(store, notice_id) if one.kind in ends]
    assert len(told) == sum(state in {"missed", "superseded"} for state in states.values())


@pytest.fixture
def heard(monkeypatch):
    """Give what a person hears who is told of alarms."""
    messages = []
    person = namedtuple("Person", "id name is_paused")(1, "lead", False)
    monkeypatch.setattr(telling_people, "list_recipients", lambda _store: [person])
    monkeypatch.setattr(telling_people, "post", lambda *told, **_: messages.append(told[2]))
    monkeypatch.setattr(notice_work, "PEOPLE_EVERY_S", 0.0)
    return messages


def test_what_was_missed_is_told_to_people_once(store, sender, site, heard):
    approved(store, scheduled(), sender.clock())
    sender.go(at=START + timedelta(hours=3))
    wait_until(lambda: len(heard) >= 2)
    sender.go()

    missed, overdue = sorted(heard, key=lambda one: "Customers wait" in one.subject)
    assert "week before" in missed.body
    assert "start" in missed.body
    assert "announced end has passed" in overdue.body


def test_a_promise_that_is_overdue_is_told_to_people_once_for_each(store, sender, site, heard):
    told = FirstWord(noticed="Sites do not answer.", next_update_minutes=30)
    draft = draft_first_word(store, told, None, sender.clock())
    done = send_first_word(store, draft, None, by="anna", now=sender.clock())
    sender.go()
    sender.go(at=LONG_BEFORE + timedelta(minutes=30))
    assert heard == []
    sender.go(at=LONG_BEFORE + timedelta(minutes=31))
    wait_until(lambda: heard)
    sender.go(at=LONG_BEFORE + timedelta(minutes=40))
    assert len(heard) == 1

    more = Update(words="We look.", next_update_minutes=10)
    update(store, done.notice_id, more, by="anna", now=sender.clock())
    sender.go(at=LONG_BEFORE + timedelta(minutes=51))
    wait_until(lambda: len(heard) == 2)
    assert "promised" in heard[1].body


def test_a_channel_that_publishes_by_itself_has_it_early_and_is_asked_at_its_time(store, sender):
    add(store, ChannelKind.WORDPRESS, "blog")
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go()
    board = sender.boards["blog"]

    assert set(sender.states(notice_id).values()) == {PostingState.SCHEDULED}
    assert set(board.times.values()) == {WEEK, DAY, START}
    sender.go(at=WEEK + timedelta(minutes=2))
    row = postings_of(store, notice_id)[0]
    assert (row.state, row.ended_at) == (PostingState.SENT, WEEK)


def test_postponed_work_takes_back_what_a_channel_was_handed(store, sender):
    add(store, ChannelKind.WORDPRESS, "blog")
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go()
    sender.go(at=WEEK + timedelta(minutes=2))
    later = START + timedelta(days=10)
    postpone(store, notice_id, later, "A part is late", by="anna", now=sender.clock())
    sender.go()

    board = sender.boards["blog"]
    assert sorted(at for at in board.times.values() if at and at > START - timedelta(days=8)) == [
        *(WEEK, DAY, START),
        *(later - timedelta(days=7), later - timedelta(days=1), later),
    ]
    assert [act for act, _ in board.log].count("delete") == 2
    assert len(board.posts) == 1 + 1 + 3  # told, the new time, and the new plan
    assert sender.states(notice_id)[Send.POSTPONED] is PostingState.SENT


def test_who_was_told_the_old_time_is_told_the_new_one(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    postpone(
        store, notice_id, START + timedelta(days=2), "Late parts", by="anna", now=sender.clock()
    )
    sender.go()

    assert sender.wording.last.send is Send.POSTPONED
    assert sender.wording.last.before.starts_at == START
    assert sender.wording.last.words == "Late parts"


def test_a_second_person_brings_a_new_start_into_force_with_why_it_is(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    let_one_person_approve(store, is_enough=False)
    sender.go(at=WEEK)
    later = START + timedelta(days=2)
    done = postpone(store, notice_id, later, "Late parts", by="anna", now=sender.clock())
    sender.go()

    assert (done.waits_for_second, done.postings) == (True, ())
    assert Send.POSTPONED not in sender.states(notice_id), "nobody is told before it is approved"
    own = approve(store, notice_id, by="anna", now=sender.clock(), missing=lambda _: ())
    assert not own.is_approved, "who postponed it is no second person"
    approve(store, notice_id, by="bo", now=sender.clock(), missing=lambda _: ())
    sender.go()
    assert sender.states(notice_id)[Send.POSTPONED] is PostingState.SENT
    assert sender.wording.last.words == "Late parts"


def test_what_tells_the_old_start_is_held_while_another_waits_for_approval(store, sender, site):
    add(store, ChannelKind.WORDPRESS, "blog")
    notice_id = approved(store, scheduled(), sender.clock())
    let_one_person_approve(store, is_enough=False)
    sender.go(at=WEEK - timedelta(hours=2))
    postpone(store, notice_id, START + timedelta(days=2), "Parts", by="anna", now=sender.clock())
    sender.go()
    sender.go(at=WEEK + timedelta(minutes=1))

    assert sender.boards["site"].log == []
    assert sender.boards["blog"].posts == {}, "what the channel was handed is taken back"
    (late,) = untold_promises(store, sender.clock())
    assert late.words.startswith("“week before” is kept back: anna moves it to 2026-12-")

    approve(store, notice_id, by="bo", now=sender.clock(), missing=lambda _: ())
    sender.go()
    sender.go(at=WEEK + timedelta(days=2))
    assert sender.states(notice_id, "site")[W] is PostingState.SENT
    assert list(sender.boards["site"].posts.values()) == ["week before: Kernel update"]
    assert untold_promises(store, sender.clock()) == []


def test_a_draft_that_gets_its_old_start_again_lets_go_what_was_held(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    let_one_person_approve(store, is_enough=False)
    postpone(store, notice_id, START + timedelta(days=2), "Parts", by="anna", now=sender.clock())
    sender.go(at=WEEK)
    assert sender.states(notice_id)[W] is PostingState.QUEUED
    draft = get_notice(store, notice_id)
    back = replace(draft.notice, starts_at=START, typed_start=scheduled().typed_start)
    save_draft(store, back, edition=draft.edition, by="anna", now=sender.clock())
    sender.go(at=WEEK + timedelta(minutes=1))

    assert sender.states(notice_id)[W] is PostingState.SENT


def test_a_start_that_holds_already_is_no_postponement(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())

    with pytest.raises(NotNow, match="begins then already"):
        postpone(store, notice_id, START, "Late parts", by="anna", now=sender.clock())


def test_work_that_nobody_heard_of_is_cancelled_without_a_word(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    done = cancel(store, notice_id, "Not needed", by="anna", now=sender.clock())
    sender.go(at=START)

    assert done.postings == ()
    assert sender.boards["site"].log == []
    assert set(sender.states(notice_id).values()) == {PostingState.SUPERSEDED}


def test_extended_work_and_its_end_are_told(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    for at in (WEEK, DAY, START):
        sender.go(at=at)
    sender.clock.pass_time(minutes=50)
    extend(store, notice_id, 30, "The check takes longer", by="anna", now=sender.clock())
    sender.go()
    sender.clock.pass_time(minutes=20)
    update(store, notice_id, Update(words="Nearly done"), by="anna", now=sender.clock())
    sender.go()
    sender.clock.pass_time(minutes=5)
    resolve(store, notice_id, by="anna", now=sender.clock())
    sender.go()

    assert list(sender.boards["site"].posts.values())[3:] == [
        "extended: Kernel update The check takes longer",
        "update: Kernel update Nearly done",
        "done: Kernel update",
    ]
    stored = get_notice(store, notice_id)
    assert (stored.state, stored.notice.minutes) == (NoticeState.DONE, 90)


def test_a_quiet_correction_is_made_where_it_stands(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    draft = get_notice(store, notice_id)
    save_draft(
        store,
        replace(draft.notice, title="Kernel update of web-01"),
        edition=draft.edition,
        by="anna",
        now=sender.clock(),
    )
    approve(store, notice_id, by="anna", now=sender.clock(), missing=lambda _: (), tell=False)
    sender.go()

    assert list(sender.boards["site"].posts.values()) == ["week before: Kernel update of web-01"]


def test_what_says_what_is_not_so_is_kept_back_until_somebody_acts(store, sender, site):
    window = add_window(
        store,
        Window(
            title="Kernel",
            groups=("web",),
            starts_at=START,
            minutes=60,
            entered_by="anna",
            entered_at=LONG_BEFORE,
        ),
    )
    notice_id = approved(store, scheduled(window_id=window.id), sender.clock())
    cancel_window(store, window.id, "ben", sender.clock())
    sender.go(at=WEEK)
    sender.go(at=WEEK + timedelta(minutes=2))

    assert sender.boards["site"].log == []
    held = [one for one in events_of(store, notice_id) if one.kind is EventKind.HELD]
    assert len(held) == 1
    assert "called off" in held[0].words


def test_a_clock_set_ahead_by_mistake_sends_nothing(store, sender, site, caplog):
    running = Clock(0.0)
    steady = SteadyClock(sender.clock, lambda: running.now)
    work = sender.start(plan_time=steady)
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(work)
    with caplog.at_level(logging.ERROR, logger="noc_console.engine.steady_clock"):
        sender.go(work, at=WEEK)
        assert sender.boards["site"].log == []

        running.now += HOLD.total_seconds() - 1
        sender.go(work, at=LONG_BEFORE + timedelta(seconds=running.now))
        assert not steady.is_held

    assert sender.states(notice_id)[W] is PostingState.QUEUED


def test_the_whole_story_of_a_notice_is_an_unbroken_chain(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    for at in (WEEK, DAY, START):
        sender.go(at=at)
    resolve(store, notice_id, by="anna", now=sender.clock())
    sender.go()
    events = events_of(store, notice_id)

    assert break_in(events, get_notice(store, notice_id).token) is None
    forged = [*events[:3], replace(events[3], words="Nothing happened."), *events[4:]]
    assert break_in(forged, get_notice(store, notice_id).token) == 4
    assert break_in([*events[:2], *events[3:]], get_notice(store, notice_id).token) == 3


def test_what_a_channel_was_handed_is_taken_back_when_its_window_is_called_off(store, sender):
    add(store, ChannelKind.WORDPRESS, "blog")
    window = add_window(
        store,
        Window(
            title="Kernel",
            groups=("web",),
            starts_at=START,
            minutes=60,
            entered_by="anna",
            entered_at=LONG_BEFORE,
        ),
    )
    notice_id = approved(store, scheduled(window_id=window.id), sender.clock())
    sender.go()
    assert len(sender.boards["blog"].posts) == 3
    cancel_window(store, window.id, "ben", sender.clock())
    sender.go()
    sender.go(at=WEEK + timedelta(hours=1))

    assert sender.boards["blog"].posts == {}
    waiting = [one for one in postings_of(store, notice_id) if one.state is PostingState.QUEUED]
    assert len(waiting) == 3
    held = [one.words for one in events_of(store, notice_id) if one.kind is EventKind.HELD]
    assert len([words for words in held if "taken back" in words]) == 1


@pytest.mark.parametrize(
    ("start", "week_before"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 18, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 18, 0, 30, tzinfo=UTC)),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 3, 21, 1, 30, tzinfo=UTC)),
    ],
    ids=["02:30 before the clocks go back", "02:30 after", "03:30 as the clocks go forward"],
)
def test_in_nights_of_clock_changes_each_send_goes_at_its_instant(
    store, sender, site, start, week_before
):
    sender.clock.now = start - timedelta(days=20)
    notice = scheduled(starts_at=start, typed_start="")
    notice_id = approved(store, notice, sender.clock())
    dues = [week_before, start - timedelta(hours=24), start]
    assert [one.due_at for one in postings_of(store, notice_id)] == dues
    for number, due in enumerate(dues):
        sender.go(at=due - timedelta(seconds=1))
        assert len(sender.boards["site"].posts) == number
        sender.go(at=due)
        assert len(sender.boards["site"].posts) == number + 1
