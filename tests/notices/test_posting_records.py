"""Postings and mailings on both kinds of store: leases, fences, nothing doubled, nothing lost."""

import socket
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.notices.channels.channel import ChannelKind, Posted
from noc_console.notices.channels.mailing import MailResult, MailState, NotHandedOver
from noc_console.notices.contact import Contact
from noc_console.notices.deciding import send_again, stop
from noc_console.notices.event_records import EventKind, events_of
from noc_console.notices.mailing_records import (
    MailBook,
    close_mail_posting,
    mailings_of,
    note_returned,
    put_mailings,
    told_contacts,
)
from noc_console.notices.notice_records import NotNow
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_records import (
    Lost,
    begin,
    next_time,
    note_handing_over,
    note_sent,
    ready,
)
from noc_console.notices.posting_rows import counts_of, postings_of
from noc_console.notices.recovery_records import recover
from noc_console.notices.sender_name import is_gone, own_name
from noc_console.store.schema.notices import posting
from tests.notices.outbox import START, add, approved, scheduled

EARLY = START - timedelta(days=20)
WEEK = START - timedelta(days=7)


def planned(store, kind=ChannelKind.STATIC_SITE):
    """Give the number of a notice, and of its first posting."""
    add(store, kind)
    notice_id = approved(store, scheduled(), EARLY)
    return notice_id, postings_of(store, notice_id)[0].id


def contacts(count):
    """Give some contacts."""
    return [
        Contact(id=number, address=f"c{number}@example.org", name=f"C {number}")
        for number in range(1, count + 1)
    ]


def end_the_leases(store):
    with store.write() as connection:
        connection.execute(sa.update(posting).values(leased_until=EARLY))


def test_what_is_due_is_ready_and_what_is_not_waits(any_store):
    _, first = planned(any_store)

    assert ready(any_store, WEEK - timedelta(seconds=1)) == []
    assert next_time(any_store) == WEEK
    assert [one.posting_id for one in ready(any_store, WEEK)] == [first]


def test_one_of_many_senders_takes_a_posting_up(any_store):
    _, first = planned(any_store)
    taken = []
    threads = [
        threading.Thread(target=lambda who=who: taken.append(begin(any_store, first, who, WEEK)))
        for who in ("a", "b", "c", "d")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([job for job in taken if job is not None]) == 1


def test_a_sender_that_lost_its_lease_hands_nothing_over(any_store):
    _, first = planned(any_store)
    begin(any_store, first, "a", WEEK)
    end_the_leases(any_store)
    recover(any_store, WEEK)
    begin(any_store, first, "b", WEEK)

    with pytest.raises(Lost):
        note_handing_over(any_store, first, "a", "", "")
    note_handing_over(any_store, first, "b", "", "")


def test_a_late_word_that_it_went_counts_though_it_was_in_doubt(any_store):
    notice_id, first = planned(any_store)
    begin(any_store, first, "a", WEEK)
    note_handing_over(any_store, first, "a", "", "")
    end_the_leases(any_store)
    assert recover(any_store, WEEK) == 1

    note_sent(any_store, first, Posted(remote_id="7"), "It is posted.", WEEK)
    assert postings_of(any_store, notice_id)[0].state is PostingState.SENT


def test_a_sender_whose_process_is_gone_is_not_waited_for(any_store):
    _, first = planned(any_store)
    begin(any_store, first, "gone", WEEK)

    recover(any_store, WEEK, lambda who: who == "gone")
    assert begin(any_store, first, "b", WEEK) is not None


def test_a_retry_planned_by_a_clock_that_was_ahead_is_not_waited_for(any_store):
    notice_id, first = planned(any_store)
    with any_store.write() as connection:
        connection.execute(
            sa.update(posting)
            .where(posting.c.id == first)
            .values(tries=1, state="delayed", next_at=WEEK + timedelta(days=3))
        )

    assert [one.posting_id for one in ready(any_store, WEEK)] == [first]
    assert notice_id


def test_what_a_person_stopped_goes_no_more(any_store):
    _, first = planned(any_store)
    begin(any_store, first, "a", WEEK)
    stop(any_store, first, by="anna", now=WEEK)

    with pytest.raises(Lost):
        note_handing_over(any_store, first, "a", "", "")
    with pytest.raises(NotNow):
        stop(any_store, first, by="anna", now=WEEK)


class Post:
    """A mail posting that is being sent, its book, and what the test says came of each mail."""

    def __init__(self, store, count=5, who="a"):
        self.store = store
        self.notice_id, self.posting_id = planned(store, ChannelKind.EMAIL)
        self.who = who
        begin(store, self.posting_id, who, WEEK)
        put_mailings(store, self.posting_id, who, contacts(count), [], WEEK)
        self.book = self.new_book()

    def new_book(self):
        return MailBook(
            self.store,
            self.posting_id,
            self.who,
            lambda: WEEK,
            lambda tries: timedelta(minutes=tries),
        )

    def send(self, mails, state=MailState.SENT, code=250):
        for one in mails:
            self.book.before_handing_over(one.id)
            self.book.told(MailResult(mailing_id=one.id, state=state, code=code, words="It went."))

    def states(self):
        return [one.state for one in mailings_of(self.store, self.posting_id)]


def test_each_recipient_is_written_down_once(any_store):
    post = Post(any_store)
    again = put_mailings(any_store, post.posting_id, "a", contacts(6), [], WEEK)

    assert again == 1
    marks = {one.mark for one in mailings_of(any_store, post.posting_id)}
    assert len(marks) == 6


def test_mails_go_in_their_order_and_the_posting_is_sent(any_store):
    post = Post(any_store)
    post.send(post.book.begin())
    assert post.book.begin() == []
    post.book.finish()

    assert close_mail_posting(any_store, post.posting_id, "a", WEEK) is PostingState.SENT
    assert post.states() == [PostingState.SENT] * 5
    sent = [one for one in events_of(any_store, post.notice_id) if one.kind is EventKind.SENT]
    assert sent[0].details["counts"] == {"sent": 5}
    assert len(sent[0].details["mailings_sha256"]) == 64


def test_a_machine_that_went_down_leaves_what_was_begun_in_doubt(store):
    post = Post(store, who=f"{socket.gethostname()}:1:another-start:x")
    mails = post.book.begin()
    post.send(mails[:2])
    post.book.before_handing_over(mails[2].id)

    recover(store, WEEK, is_gone)

    assert post.states() == [PostingState.SENT] * 2 + [PostingState.IN_DOUBT] * 3


def test_a_crash_leaves_one_mail_in_doubt_at_most_and_the_rest_goes(any_store):
    post = Post(any_store, who=own_name())
    mails = post.book.begin()
    post.send(mails[:2])
    post.book.before_handing_over(mails[2].id)  # here the sender is killed
    end_the_leases(any_store)

    assert recover(any_store, WEEK) == 1
    assert post.states() == [
        PostingState.SENT,
        PostingState.SENT,
        PostingState.IN_DOUBT,
        PostingState.QUEUED,
        PostingState.QUEUED,
    ]
    post.who = "b"
    assert begin(any_store, post.posting_id, "b", WEEK) is not None
    post.book = post.new_book()
    post.send(post.book.begin())
    post.book.finish()
    assert close_mail_posting(any_store, post.posting_id, "b", WEEK) is PostingState.IN_DOUBT
    assert post.states().count(PostingState.SENT) == 4


def test_a_sender_that_lost_its_posting_sends_no_further_mail(any_store):
    post = Post(any_store)
    mails = post.book.begin()
    post.send(mails[:1])
    end_the_leases(any_store)
    recover(any_store, WEEK)
    assert begin(any_store, post.posting_id, "b", WEEK) is not None

    with pytest.raises(Lost):
        post.book.before_handing_over(mails[1].id)
    post.book.finish()
    assert post.states()[0] is PostingState.SENT  # what is known is kept all the same


def test_a_mail_that_was_deferred_waits_by_itself(any_store):
    post = Post(any_store)
    mails = post.book.begin()
    post.send(mails[:4])
    post.send(mails[4:], MailState.DELAYED, 451)
    post.book.finish()
    close_mail_posting(any_store, post.posting_id, "a", WEEK)
    row = postings_of(any_store, post.notice_id)[0]

    assert counts_of(any_store, [post.posting_id])[post.posting_id].words == "4 sent, 1 delayed"
    assert (row.state, row.next_at) == (PostingState.DELAYED, WEEK + timedelta(minutes=1))
    assert begin(any_store, post.posting_id, "a", WEEK + timedelta(minutes=1)) is not None


def test_mails_that_were_begun_and_not_sent_are_free_again(any_store):
    post = Post(any_store)
    mails = post.book.begin()
    post.send(mails[:2])
    post.book.finish()

    again = post.new_book().begin()
    assert [one.id for one in again] == [one.id for one in mails[2:]]
    assert {one.tries for one in again} == {0}


def test_stopping_a_posting_keeps_the_next_mail_back(any_store):
    post = Post(any_store)
    mails = post.book.begin()
    post.send(mails[:2])
    post.book.before_handing_over(mails[2].id)
    post.book.told(MailResult(mailing_id=mails[2].id, state=MailState.SENT, words="It went."))
    stop(any_store, post.posting_id, by="anna", now=WEEK)

    with pytest.raises((NotHandedOver, Lost)):
        post.book.before_handing_over(mails[3].id)
    post.book.finish()
    row = postings_of(any_store, post.notice_id)[0]
    assert post.states().count(PostingState.SENT) == 3
    assert post.states().count(PostingState.SUPPRESSED) == 2
    assert row.state.was_told  # so that a correction reaches those who got it


def test_a_mail_that_came_back_is_known_by_its_row(any_store):
    post = Post(any_store)
    post.send(post.book.begin())
    post.book.finish()
    first = mailings_of(any_store, post.posting_id)[0]
    with any_store.write() as connection:
        note_returned(connection, first.id, "No such mailbox.", WEEK)

    assert post.states()[0] is PostingState.BOUNCED
    assert told_contacts(any_store, [post.posting_id]) == {2, 3, 4, 5}


def test_in_doubt_goes_again_only_by_a_person_s_decision(any_store):
    post = Post(any_store, count=1)
    mails = post.book.begin()
    post.send(mails, MailState.IN_DOUBT, 0)
    post.book.finish()
    close_mail_posting(any_store, post.posting_id, "a", WEEK)
    assert ready(any_store, WEEK + timedelta(hours=2)) == []

    send_again(any_store, post.posting_id, by="anna", now=WEEK)
    assert begin(any_store, post.posting_id, "a", WEEK) is not None
    assert len(post.new_book().begin()) == 1
