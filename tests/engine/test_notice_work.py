"""Notices go out over channels that fail, hang, lose their answers, and past senders that die."""

import logging
import shutil
import threading
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.engine import notice_work
from noc_console.engine.notice_work import NoticeWork
from noc_console.engine.steady_clock import HOLD, SteadyClock
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, cancel_window
from noc_console.notices import telling_people
from noc_console.notices.acts import Update, cancel, extend, postpone, resolve, update
from noc_console.notices.approval import approve
from noc_console.notices.channel_records import edit_channel, get_channel
from noc_console.notices.channels.channel import ChannelKind, PostFailed
from noc_console.notices.deciding import note_it_went, send_again
from noc_console.notices.event_records import EventKind, break_in, events_of
from noc_console.notices.notice import Send
from noc_console.notices.notice_records import get_notice, save_draft
from noc_console.notices.posting import Act, NoticeState, PostingState
from noc_console.notices.posting_records import begin, note_handing_over
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.sending_settings import pause_sending
from noc_console.store.schema.notices import posting
from tests.engine.running import wait_until
from tests.notices.outbox import START, Boards, Clock, Wording, add, approved, scheduled

WEEK = START - timedelta(days=7)
DAY = START - timedelta(days=1)
LONG_BEFORE = START - timedelta(days=20)


class Sender:
    """Senders of one store, with the far ends of its channels."""

    def __init__(self, store):
        self.store = store
        self.clock = Clock(LONG_BEFORE)
        self.boards = Boards()
        self.wording = Wording()
        self._works = []
        self.work = self.start()

    def start(self, plan_time=None):
        """Give another sender on the same store."""
        work = NoticeWork(
            self.store,
            wall=self.clock,
            plan_time=plan_time or self.clock,
            way_of=self.boards,
            renderer=self.wording,
            pause_s=lambda _tries: 60.0,
        )
        self._works.append(work)
        return work

    def go(self, work=None, *, at=None):
        """Let a sender do all that is due."""
        work = work or self.work
        self.clock.now = at or self.clock.now
        for _ in range(3):  # what one look begins may make the next have something to do
            work.look()
            wait_until(lambda: work.is_idle, every_s=0.01)

    def states(self, notice_id, channel=None):
        """Give each send's state, of one channel."""
        return {
            Send(one.send): one.state
            for one in postings_of(self.store, notice_id)
            if one.act is Act.POST and channel in {None, one.channel_name}
        }

    def close(self):
        for work in self._works:
            work.close()


@pytest.fixture
def sender(store):
    sending = Sender(store)
    yield sending
    sending.close()


@pytest.fixture
def site(store):
    return add(store, ChannelKind.STATIC_SITE, "site")


W, D, S = Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START


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


def test_what_was_missed_is_told_to_people_once(store, sender, site, monkeypatch):
    heard = []
    person = namedtuple("Person", "id name is_paused")(1, "lead", False)
    monkeypatch.setattr(telling_people, "list_recipients", lambda _store: [person])
    monkeypatch.setattr(telling_people, "post", lambda *told, **_: heard.append(told[2]))
    monkeypatch.setattr(notice_work, "PEOPLE_EVERY_S", 0.0)
    approved(store, scheduled(), sender.clock())

    sender.go(at=START + timedelta(hours=3))
    wait_until(lambda: heard)
    sender.go()

    assert len(heard) == 1
    assert "week before" in heard[0].body
    assert "start" in heard[0].body


def test_a_channel_that_is_down_holds_no_other(store, sender, site):
    add(store, ChannelKind.WEBHOOK, "forum")
    sender.boards["forum"].gate.clear()
    notice_id = approved(store, scheduled(), sender.clock())
    sender.clock.now = WEEK
    sender.work.look()

    wait_until(lambda: sender.states(notice_id, "site")[W] is PostingState.SENT)
    assert sender.states(notice_id, "forum")[W] is PostingState.COMMITTING
    sender.boards["forum"].gate.set()
    wait_until(lambda: sender.states(notice_id, "forum")[W] is PostingState.SENT)


def test_what_a_channel_would_not_take_is_tried_again_after_a_pause(store, sender, site):
    sender.boards["site"].fails = [PostFailed("It answers 503.")]
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    row = postings_of(store, notice_id)[0]

    assert (row.state, row.words) == (PostingState.DELAYED, "It answers 503.")
    sender.go(at=WEEK + timedelta(seconds=59))
    assert sender.states(notice_id)[W] is PostingState.DELAYED
    sender.go(at=WEEK + timedelta(seconds=61))
    assert sender.states(notice_id)[W] is PostingState.SENT
    assert sender.boards["site"].log[0][0] == "find"  # asked before it was repeated


def test_what_a_channel_refuses_for_good_is_a_person_s(store, sender, site):
    sender.boards["site"].fails = [PostFailed("The password is wrong.", is_final=True)]
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    row = postings_of(store, notice_id)[0]

    assert row.state is PostingState.FAILED
    assert row.state.needs_person
    send_again(store, row.id, by="anna", now=sender.clock())
    sender.go()
    assert sender.states(notice_id)[W] is PostingState.SENT


def test_a_lost_answer_is_asked_for_and_never_posted_twice(store, sender, site):
    board = sender.boards["site"]
    board.is_losing_answers = True
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    assert sender.states(notice_id)[W] is PostingState.IN_DOUBT

    sender.go(at=WEEK + timedelta(minutes=2))

    assert sender.states(notice_id)[W] is PostingState.SENT
    assert [act for act, _ in board.log] == ["post", "find"]


def test_a_posting_that_never_arrived_is_found_missing_and_goes_again(store, sender, site):
    board = sender.boards["site"]
    board.is_losing_answers = True
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    board.posts.clear()
    board.is_losing_answers = False

    sender.go(at=WEEK + timedelta(minutes=2))
    sender.go(at=WEEK + timedelta(minutes=4))

    assert sender.states(notice_id)[W] is PostingState.SENT
    assert len(board.posts) == 1


def test_in_doubt_where_a_channel_cannot_be_asked_a_person_decides(store, sender):
    add(store, ChannelKind.CHAT, "room")
    sender.boards["room"].is_losing_answers = True
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    row = postings_of(store, notice_id)[0]
    sender.go(at=WEEK + timedelta(hours=1))

    assert sender.states(notice_id)[W] is PostingState.IN_DOUBT
    assert len(sender.boards["room"].log) == 1
    note_it_went(store, row.id, link="https://chat.example.com/1", by="anna", now=sender.clock())
    decided = postings_of(store, notice_id)[0]
    assert (decided.state, decided.link) == (PostingState.SENT, "https://chat.example.com/1")


def test_what_is_posted_by_hand_waits_for_a_tick_with_its_text(store, sender):
    add(store, ChannelKind.CLIPBOARD, "portal")
    notice_id = approved(store, scheduled(), sender.clock())
    sender.go(at=WEEK)
    row = postings_of(store, notice_id)[0]

    assert row.state is PostingState.BY_HAND
    assert row.body == "week before: Kernel update"
    note_it_went(store, row.id, link="https://portal.example.net/9", by="ben", now=sender.clock())
    assert sender.states(notice_id)[W] is PostingState.SENT


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


def test_two_senders_on_one_store_send_once(store, sender, site):
    add(store, ChannelKind.WEBHOOK, "forum")
    other = sender.start()
    notice_id = approved(store, scheduled(), sender.clock())
    sender.clock.now = WEEK
    for _ in range(5):
        threads = [threading.Thread(target=work.look) for work in (sender.work, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    wait_until(lambda: sender.work.is_idle and other.is_idle)

    assert all(len(sender.boards[name].posts) == 1 for name in ("site", "forum"))
    assert sender.states(notice_id)[W] is PostingState.SENT


def test_what_a_dead_sender_began_is_taken_over_when_its_lease_ends(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    sender.clock.now = WEEK
    row = postings_of(store, notice_id)[0]
    assert begin(store, row.id, "elsewhere:1:x", WEEK) is not None

    sender.go()
    assert sender.states(notice_id)[W] is PostingState.SENDING  # the lease holds
    with store.write() as connection:
        connection.execute(sa.update(posting).values(leased_until=LONG_BEFORE))
    sender.go()

    assert sender.states(notice_id)[W] is PostingState.SENT


def test_what_a_dead_sender_was_handing_over_is_asked_for(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    sender.clock.now = WEEK
    row = postings_of(store, notice_id)[0]
    begin(store, row.id, "elsewhere:1:x", WEEK)
    note_handing_over(store, row.id, "elsewhere:1:x", "title", "body")
    sender.boards["site"].posts[row.reference] = "it arrived"
    with store.write() as connection:
        connection.execute(sa.update(posting).values(leased_until=LONG_BEFORE))
    sender.go()

    assert sender.states(notice_id)[W] is PostingState.SENT
    assert sender.boards["site"].log == [("find", row.reference)]


def test_nothing_goes_while_sending_is_paused(store, sender, site):
    notice_id = approved(store, scheduled(), sender.clock())
    pause_sending(store, is_paused=True)
    sender.go(at=WEEK)
    assert sender.states(notice_id)[W] is PostingState.QUEUED

    pause_sending(store, is_paused=False)
    sender.go()
    assert sender.states(notice_id)[W] is PostingState.SENT


def test_a_paused_channel_waits_and_the_others_go(store, sender, site):
    add(store, ChannelKind.WEBHOOK, "forum")
    notice_id = approved(store, scheduled(), sender.clock())
    edit_channel(store, replace(get_channel(store, "site"), is_paused=True), "anna", WEEK)
    sender.go(at=WEEK)

    assert sender.states(notice_id, "site")[W] is PostingState.QUEUED
    assert sender.states(notice_id, "forum")[W] is PostingState.SENT


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


def test_a_full_disk_loses_nothing_and_doubles_nothing(store, sender, site, monkeypatch):
    notice_id = approved(store, scheduled(), sender.clock())
    board = sender.boards["site"]
    full = namedtuple("Usage", "total used free")(100, 100, 0)
    plenty = shutil.disk_usage(store.location.folder)
    room = [plenty]
    monkeypatch.setattr("noc_console.store.store.shutil.disk_usage", lambda _: room[0])
    posted = board.post

    def fill_the_disk(text, at, before):
        done = posted(text, at, before)
        room[0] = full
        return done

    board.post = fill_the_disk
    sender.go(at=WEEK)
    assert sender.states(notice_id)[W] is PostingState.COMMITTING  # it went, and cannot be noted

    room[0] = plenty
    sender.go()
    assert sender.states(notice_id)[W] is PostingState.SENT
    assert len(board.posts) == 1


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
