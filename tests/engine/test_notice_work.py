"""Notices go out over channels that fail, hang, lose their answers, and past senders that die."""

import shutil
import threading
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.notices.channel_records import edit_channel, get_channel
from noc_console.notices.channels.channel import ChannelKind, PostFailed
from noc_console.notices.deciding import note_it_went, send_again
from noc_console.notices.event_records import break_in, events_of
from noc_console.notices.notice import Send
from noc_console.notices.notice_records import get_notice
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_records import begin, note_handing_over
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.sending_settings import pause_sending
from noc_console.store.schema.notices import posting
from tests.engine.notice_sender import DAY, LONG_BEFORE, WEEK, Sender
from tests.engine.running import wait_until
from tests.notices.outbox import add, approved, scheduled

W, D, S = Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START


@pytest.fixture
def sender(store):
    sending = Sender(store)
    yield sending
    sending.close()


@pytest.fixture
def site(store):
    return add(store, ChannelKind.STATIC_SITE, "site")


def test_a_channel_that_is_down_holds_no_other(store, sender, site):
    add(store, ChannelKind.WEBHOOK, "forum")
    sender.boards["forum"].gate.clear()
    notice_id = approved(store, scheduled(), sender.clock())
    sender.clock.now = WEEK
    sender.work.look()

    wait_until(lambda: sender.states(notice_id, "site")[W] is PostingState.SENT)
    wait_until(lambda: sender.states(notice_id, "forum")[W] is PostingState.COMMITTING)
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


def test_two_senders_on_one_store_send_once(any_store):
    sender = Sender(any_store)
    for kind, name in ((ChannelKind.STATIC_SITE, "site"), (ChannelKind.WEBHOOK, "forum")):
        add(any_store, kind, name)
    other = sender.start()
    notice_id = approved(any_store, scheduled(), sender.clock())
    for at in (WEEK, DAY):
        sender.clock.now = at
        for _ in range(5):
            threads = [threading.Thread(target=work.look) for work in (sender.work, other)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        wait_until(
            lambda: (
                sender.work.is_idle
                and other.is_idle
                and PostingState.SENDING not in sender.states(notice_id).values()
            )
        )
    sender.close()

    assert all(len(sender.boards[name].posts) == 2 for name in ("site", "forum"))
    states = sender.states(notice_id)
    assert (states[W], states[D]) == (PostingState.SENT, PostingState.SENT)
    assert break_in(events_of(any_store, notice_id), get_notice(any_store, notice_id).token) is None


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
