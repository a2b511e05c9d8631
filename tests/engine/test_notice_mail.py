"""Notices go by mail: to whom they concern, in their language, once, also past deferrals."""

import threading
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, Site
from noc_console.health.delivery.mail_server import MailServer, Security, put_mail_server
from noc_console.notices.acts import cancel
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact, edit_contact
from noc_console.notices.first_word import FirstWord, draft_first_word, send_first_word
from noc_console.notices.mailing_records import mailings_of
from noc_console.notices.notice import NoticeKind, Send, Translation
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.sending_settings import put_mails_per_minute
from tests.engine.notice_sender import DAY, LONG_BEFORE, WEEK, Sender
from tests.engine.running import wait_until
from tests.notices.outbox import add, approved, scheduled
from tests.scripted_mail import ScriptedMail
from tests.sshd import free_port


@pytest.fixture
def sender(store):
    sending = Sender(store)
    add(store, ChannelKind.EMAIL, "mail")
    yield sending
    sending.close()


@pytest.fixture
def post_office(store):
    running = []

    def start(answer=lambda _word, _talk: None):
        server = ScriptedMail(answer)
        running.append(server)
        use(store, server.port)
        return server

    yield start
    for server in running:
        server.close()


def use(store, port):
    put_mail_server(
        store,
        MailServer(host="127.0.0.1", port=port, security=Security.NONE, sender="noc@example.com"),
    )


def fleet(store):
    """Have two customers on two servers, and one contact each and one of nobody."""
    ids = {}
    for server, customer in (("web-01", "Alpha Ltd"), ("web-02", "Beta GmbH")):
        sites = (Site(domain=f"{server}.example.org", customer=customer),)
        added = add_server(
            store, Server(name=server, address="192.0.2.1", sites=sites), LONG_BEFORE
        )
        ids[server] = added.id
    people = {
        "alpha@example.org": {"customers": ("Alpha Ltd",)},
        "beta@example.org": {"customers": ("Beta GmbH",), "language": "de"},
        "other@example.org": {"customers": ("Gamma",)},
        "quiet@example.org": {
            "customers": ("Alpha Ltd",),
            "opt_outs": frozenset({NoticeKind.SCHEDULED}),
        },
    }
    for address, fields in people.items():
        add_contact(store, Contact(address=address, **fields), "anna", LONG_BEFORE)
    return ids


def mails(store, notice_id, send=Send.WEEK_BEFORE):
    """Give the mailings of a send."""
    row = next(one for one in postings_of(store, notice_id) if one.send == send.value)
    return {one.address: one for one in mailings_of(store, row.id)}


def test_mail_goes_to_whom_it_concerns_and_says_who_is_left_out(store, sender, post_office):
    office, ids = post_office(), fleet(store)
    notice_id = approved(store, scheduled(servers=(ids["web-01"],)), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))

    assert office.recipients == ["alpha@example.org"]
    found = mails(store, notice_id)
    assert found["alpha@example.org"].state is PostingState.SENT
    assert found["quiet@example.org"].state is PostingState.SUPPRESSED
    assert "asked for no" in found["quiet@example.org"].words
    row = postings_of(store, notice_id)[0]
    assert (row.state, row.words) == (PostingState.SENT, "1 sent, 1 suppressed.")
    assert row.body == "week before: Kernel update"


def test_each_reader_s_own_language_is_worded(store, sender, post_office):
    post_office()
    ids = fleet(store)
    worded = []
    render = sender.wording.render
    sender.wording.render = lambda notice, telling: (
        worded.append(telling.language) or render(notice, telling)
    )
    approved(store, scheduled(servers=tuple(ids.values())), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))

    assert set(worded) == {"", "de"}


def test_the_event_of_a_calendar_is_called_as_the_mail_it_comes_with(store, sender, post_office):
    office, ids = post_office(), fleet(store)
    german = (Translation(language="de", title="Neuer Kernel"),)
    notice = scheduled(servers=tuple(ids.values()), translations=german)
    approved(store, notice, sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))

    called = {}
    for recipient, content in office.mails:
        mail = message_from_bytes(content, policy=policy.default)
        (event,) = (one for one in mail.walk() if one.get_content_type() == "text/calendar")
        called[recipient] = str(Calendar.from_ical(event.get_content()).events[0]["SUMMARY"])
    assert called == {"alpha@example.org": notice.title, "beta@example.org": "Neuer Kernel"}


def test_a_server_that_defers_for_an_hour_delays_one_and_doubles_nobody(store, sender, post_office):
    until = WEEK + timedelta(hours=1)

    def answer(word, _talk):
        is_deferred = word.startswith("RCPT TO:<alpha") and sender.clock() < until
        return b"451 4.7.1 greylisted\r\n" if is_deferred else None

    office, ids = post_office(answer), fleet(store)
    notice_id = approved(store, scheduled(servers=tuple(ids.values())), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))
    assert office.recipients == ["beta@example.org"]
    for _ in range(13):
        sender.clock.pass_time(minutes=5)
        sender.go()

    assert office.recipients == ["beta@example.org", "alpha@example.org"]
    alpha = mails(store, notice_id)["alpha@example.org"]
    assert alpha.state is PostingState.SENT
    assert alpha.tries == 13
    assert postings_of(store, notice_id)[0].state is PostingState.SENT


def test_a_mail_server_that_is_away_costs_nothing_and_is_said_in_a_sentence(store, sender):
    use(store, free_port())
    ids = fleet(store)
    notice_id = approved(store, scheduled(servers=(ids["web-01"],)), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))
    row = postings_of(store, notice_id)[0]

    assert row.state is PostingState.DELAYED
    assert "127.0.0.1" in row.words
    assert row.next_at == WEEK + timedelta(seconds=70)
    assert mails(store, notice_id)["alpha@example.org"].state is PostingState.QUEUED


def test_a_week_before_that_is_deferred_too_long_yields_and_the_rest_stays_told(
    store, sender, post_office
):
    def answer(word, _talk):
        return b"451 4.3.0 later\r\n" if word.startswith("RCPT TO:<alpha") else None

    office, ids = post_office(answer), fleet(store)
    notice_id = approved(store, scheduled(servers=tuple(ids.values())), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))
    sender.go(at=DAY + timedelta(seconds=10))
    week = mails(store, notice_id)

    assert week["alpha@example.org"].state is PostingState.SUPERSEDED
    assert week["beta@example.org"].state is PostingState.SENT
    assert postings_of(store, notice_id)[0].state is PostingState.SENT
    assert office.recipients == ["beta@example.org", "beta@example.org"]


def test_a_cancellation_reaches_exactly_who_was_told(store, sender, post_office):
    office, ids = post_office(), fleet(store)
    notice_id = approved(store, scheduled(servers=(ids["web-01"],)), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))
    add_contact(store, Contact(address="new@example.org", customers=("Alpha Ltd",)), "anna", WEEK)
    cancel(store, notice_id, "Not needed", by="anna", now=sender.clock())
    sender.clock.pass_time(seconds=10)
    sender.go()

    assert office.recipients == ["alpha@example.org", "alpha@example.org"]


def test_a_first_word_does_not_wait_for_a_long_mailing(store, sender, post_office):
    reached, may_go_on = threading.Event(), threading.Event()
    count = 0

    def answer(word, _talk):
        nonlocal count
        if word == ".":
            count += 1
            if count == 3:
                reached.set()
                may_go_on.wait(30)

    office, ids = post_office(answer), fleet(store)
    for number in range(20):
        one = Contact(address=f"c{number:02}@example.org", customers=("Alpha Ltd",))
        add_contact(store, one, "anna", LONG_BEFORE)
    notice_id = approved(store, scheduled(servers=(ids["web-01"],)), sender.clock())
    sender.clock.now = WEEK + timedelta(seconds=10)
    sender.work.look()
    assert reached.wait(30)
    told = FirstWord(noticed="Web sites on web-02 do not answer.", servers=("web-02",))
    draft = draft_first_word(store, told, None, sender.clock())
    done = send_first_word(store, draft, None, by="anna", now=sender.clock())
    sender.clock.pass_time(seconds=11)
    sender.work.look()
    mail_lane = postings_of(store, notice_id)[0].channel_id
    wait_until(lambda: sender.work._channels[mail_lane].urgent)
    may_go_on.set()
    sender.go()

    place = office.recipients.index("beta@example.org")
    assert place <= 4
    assert len(office.recipients) == len(set(office.recipients)) == 22
    assert postings_of(store, done.notice_id)[0].state is PostingState.SENT


def test_mail_keeps_to_the_pace_that_was_set(store, sender, post_office):
    office, ids = post_office(), fleet(store)
    put_mails_per_minute(store, 600)
    waited = []
    sender.work._stop.wait = waited.append
    approved(store, scheduled(servers=tuple(ids.values())), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))

    assert len(office.recipients) == 2
    assert waited == [0.1, 0.1]


def test_an_address_that_bounced_for_good_is_written_to_no_more(store, sender, post_office):
    def answer(word, _talk):
        return b"550 5.1.1 no such user\r\n" if word.startswith("RCPT TO:<alpha") else None

    office, ids = post_office(answer), fleet(store)
    notice_id = approved(store, scheduled(servers=tuple(ids.values())), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))

    assert mails(store, notice_id)["alpha@example.org"].state is PostingState.BOUNCED
    assert office.recipients == ["beta@example.org"]
    row = postings_of(store, notice_id)[0]
    assert row.words.startswith("1 sent, 1 bounced")


def test_who_asks_for_no_more_meanwhile_gets_no_more(store, sender, post_office):
    office, ids = post_office(), fleet(store)
    notice_id = approved(store, scheduled(servers=(ids["web-01"],)), sender.clock())
    sender.go(at=WEEK + timedelta(seconds=10))
    alpha = mails(store, notice_id)["alpha@example.org"]
    contact = Contact(id=alpha.contact_id, address="alpha@example.org", customers=("Alpha Ltd",))
    edit_contact(
        store,
        replace(contact, opt_outs=frozenset({NoticeKind.SCHEDULED})),
        "anna",
        sender.clock(),
    )
    sender.go(at=DAY + timedelta(seconds=10))

    assert office.recipients == ["alpha@example.org"]
