"""Many mails over one session: none twice, none lost, and of one at most nobody knows."""

from dataclasses import replace

import pytest

from noc_console.health.delivery.mail_server import MailServer, Security
from noc_console.health.delivery.sending import SendFailed
from noc_console.notices.channels import mail_session
from noc_console.notices.channels.mail import MailMaker
from noc_console.notices.channels.mail_session import send_mailings
from noc_console.notices.channels.mailing import MailState, NotHandedOver, Outgoing, new_mark
from tests.engine.running import wait_until
from tests.health.conftest import mail_server, postfix  # noqa: F401
from tests.notices.letters import MARK, invitation, letter
from tests.postfix import PASSWORD
from tests.scripted_mail import HANG_UP, ScriptedMail


@pytest.fixture
def scripted():
    running = []

    def start(answer=lambda _word, _talk: None, **fields):
        server = ScriptedMail(answer, **fields)
        running.append(server)
        return server

    yield start
    for server in running:
        server.close()


def plain(server):
    return MailServer(
        host=server.host, port=server.port, security=Security.NONE, sender="noc@example.com"
    )


def mails(count, name="to{}@example.com"):
    maker = MailMaker(letter())
    return [maker.mail(number, new_mark(), name.format(number)) for number in range(1, count + 1)]


class Book:
    """Keeps what happened in which order."""

    def __init__(self, *, keeps_back=()):
        self.events = []
        self.results = {}
        self._keeps_back = keeps_back

    def before(self, mailing_id):
        if mailing_id in self._keeps_back:
            raise NotHandedOver("stopped")
        self.events.append(("committing", mailing_id))

    def told(self, result):
        self.events.append((result.state.value, result.mailing_id))
        self.results[result.mailing_id] = result

    def states(self):
        return {one: result.state for one, result in self.results.items()}


def send(server, some, book, **fields):
    if isinstance(server, ScriptedMail):
        server = plain(server)
    send_mailings(
        server,
        fields.pop("password", ""),
        some,
        before_handing_over=book.before,
        told=book.told,
        **fields,
    )


@pytest.mark.parametrize("offers", [(), ("PIPELINING",), ("PIPELINING", "DSN", "SIZE")])
def test_each_mail_is_noted_before_its_dot_and_told_before_the_next(scripted, offers):
    server, book = scripted(offers=offers), Book()
    send(server, mails(3), book)

    assert book.events == [
        *(("committing", 1), ("sent", 1)),
        *(("committing", 2), ("sent", 2)),
        *(("committing", 3), ("sent", 3)),
    ]
    assert server.recipients == ["to1@example.com", "to2@example.com", "to3@example.com"]
    assert len(server.talks) == 1


def test_a_mail_arrives_byte_for_byte_with_its_dots(scripted):
    server, book = scripted(), Book()
    one = Outgoing(
        mailing_id=1,
        mark=MARK,
        return_path="noc@example.com",
        recipient="a@example.com",
        content=b"Subject: x\r\n\r\n.\r\n..two\r\nlast without an end",
    )
    send(server, [one], book)

    ((_, content),) = server.mails
    assert content == b"Subject: x\r\n\r\n..\r\n...two\r\nlast without an end\r\n"


def test_a_report_will_name_the_mark_and_bring_the_header_only(scripted):
    server, book = scripted(), Book()
    (one,) = mails(1)
    send(server, [one], book)

    sender, recipient = server.talks[0].words[1:3]
    assert sender.startswith(f"MAIL FROM:<bounces+b{one.mark}@")
    assert sender.endswith(f" RET=HDRS ENVID={one.mark}")
    assert recipient == "RCPT TO:<to1@example.com> NOTIFY=FAILURE,DELAY"


@pytest.mark.parametrize("offers", [(), ("PIPELINING",)])
@pytest.mark.parametrize("takes_data", [True, False])
@pytest.mark.parametrize(
    ("reply", "state", "status"),
    [
        (b"550 5.1.1 no such user\r\n", MailState.BOUNCED, "5.1.1"),
        (b"450 4.2.0 greylisted\r\n", MailState.DELAYED, "4.2.0"),
        (b"552 too large\r\n", MailState.BOUNCED, ""),
    ],
)
def test_a_recipient_who_is_refused_keeps_nobody_else_from_theirs(
    scripted, offers, takes_data, reply, state, status
):
    refused = []

    def answer(word, _talk):
        if word.startswith("RCPT"):
            refused[:] = ["to2" in word]
            return reply if refused[0] else None
        if word == "DATA" and refused[0] and not takes_data:
            return b"503 no recipient\r\n"
        return None

    server, book = scripted(answer, offers=offers), Book()
    send(server, mails(3), book)

    assert book.states() == {1: MailState.SENT, 2: state, 3: MailState.SENT}
    assert book.results[2].status == status
    assert (("committing", 2) in book.events) is bool(offers)  # noted while the words were on
    assert server.recipients == ["to1@example.com", "to3@example.com"]
    assert len(server.talks) == 1


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (b"554 5.7.1 spam\r\n", MailState.BOUNCED),
        (b"451 4.3.0 try later\r\n", MailState.DELAYED),
    ],
)
def test_a_mail_that_is_refused_at_its_end_was_not_taken(scripted, reply, state):
    ends = []

    def answer(word, _talk):
        if word == ".":
            ends.append(word)
            return reply if len(ends) == 2 else None
        return None

    server, book = scripted(answer), Book()
    send(server, mails(3), book)

    assert book.states() == {1: MailState.SENT, 2: state, 3: MailState.SENT}


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [HANG_UP, b"421 4.3.2 closing\r\n"])
def test_a_connection_lost_before_the_dot_costs_nothing(scripted, word, reply):
    met = []

    def answer(said, _talk):
        if said.startswith(word):
            met.append(said)
            if len(met) == 2:
                return reply
        return None

    server, book = scripted(answer, offers=()), Book()
    send(server, mails(3), book)

    assert set(book.states().values()) == {MailState.SENT}
    assert server.recipients == ["to1@example.com", "to2@example.com", "to3@example.com"]
    assert len(server.talks) == 2


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [HANG_UP, b"421 4.3.2 closing\r\n"])
def test_what_was_noted_and_did_not_come_to_be_is_told_and_may_go_again(scripted, word, reply):
    met = []

    def answer(said, _talk):
        if said.startswith(word):
            met.append(said)
            if len(met) == 2:
                return reply
        return None

    server, book = scripted(answer), Book()
    send(server, mails(4), book)

    noted = [one for kind, one in book.events if kind == "committing"]
    assert sorted(noted) == sorted(book.results)
    assert list(book.states().values()).count(MailState.DELAYED) == 1
    assert [one for one in book.states().values() if one is not MailState.DELAYED] == [
        MailState.SENT
    ] * 3
    assert len(server.recipients) == 3


@pytest.mark.parametrize("looks_ahead", [True, False])
def test_trouble_with_the_next_mail_does_not_hide_what_came_of_this_one(scripted, looks_ahead):
    server, book = scripted(), Book()

    def some():
        yield from mails(2)
        raise RuntimeError("the store is gone")

    with pytest.raises(RuntimeError):
        send(server, some(), book, looks_ahead=looks_ahead)
    assert book.states() == {1: MailState.SENT, 2: MailState.SENT}
    assert len(server.mails) == 2


def test_the_next_mail_is_taken_while_the_server_works_on_this_one(scripted):
    events = []

    def some():
        for one in mails(3):
            events.append(("taken", one.mailing_id))
            yield one

    def told(result):
        events.append((result.state.value, result.mailing_id))

    for looks_ahead in (True, False):
        events.clear()
        send_mailings(
            plain(scripted()),
            "",
            some(),
            before_handing_over=lambda _: None,
            told=told,
            looks_ahead=looks_ahead,
        )
        ahead = [("taken", 1), ("taken", 2), ("sent", 1), ("taken", 3), ("sent", 2), ("sent", 3)]
        in_turn = [("taken", 1), ("sent", 1), ("taken", 2), ("sent", 2), ("taken", 3), ("sent", 3)]
        assert events == (ahead if looks_ahead else in_turn)


def test_a_connection_lost_after_the_dot_leaves_one_mail_in_doubt_and_ends_the_run(scripted):
    ends = []

    def answer(word, _talk):
        if word == ".":
            ends.append(word)
            return HANG_UP if len(ends) == 2 else None
        return None

    server, book = scripted(answer), Book()
    with pytest.raises(SendFailed, match="nobody knows"):
        send(server, mails(4), book)

    assert book.states() == {1: MailState.SENT, 2: MailState.IN_DOUBT}
    assert [one for kind, one in book.events if kind == "committing"] == [1, 2]


def test_a_server_that_falls_silent_after_the_dot_leaves_the_mail_in_doubt(scripted, monkeypatch):
    monkeypatch.setattr(mail_session, "AFTER_DOT_S", 0.3)
    import threading

    is_over = threading.Event()

    def answer(word, _talk):
        if word == ".":
            is_over.wait(30)
        return

    server, book = scripted(answer), Book()
    try:
        with pytest.raises(SendFailed):
            send(server, mails(2), book)
    finally:
        is_over.set()

    assert book.states() == {1: MailState.IN_DOUBT}


def test_a_mail_that_is_kept_back_does_not_go_and_the_others_do(scripted):
    server, book = scripted(), Book(keeps_back={2})
    send(server, mails(3), book)

    assert book.states() == {1: MailState.SENT, 3: MailState.SENT}
    assert server.recipients == ["to1@example.com", "to3@example.com"]


def test_a_fault_of_ours_before_the_dot_sends_nothing_more(scripted):
    server, book = scripted(), Book()

    def before(_):
        raise RuntimeError("the store is gone")

    with pytest.raises(RuntimeError):
        send_mailings(plain(server), "", mails(2), before_handing_over=before, told=book.told)
    assert server.mails == []
    assert book.results == {}


def test_a_refused_sender_ends_the_run_before_anything_went(scripted):
    server, book = (
        scripted(lambda word, _: b"550 5.7.1 not you\r\n" if word.startswith("MAIL") else None),
        Book(),
    )

    with pytest.raises(SendFailed, match="refuses the sender: 550") as told:
        send(server, mails(2), book)
    assert told.value.pause_s > 0
    assert book.states() in ({}, {1: MailState.DELAYED})
    assert server.mails == []


def test_a_wish_to_stop_is_heard_between_two_mails(scripted):
    server, book = scripted(), Book()
    send(server, mails(5), book, should_stop=lambda: len(book.results) == 2)

    assert len(server.mails) == 2


def test_nobody_to_send_to_needs_no_mail(scripted):
    server, book = scripted(), Book()
    send(server, [], book)

    assert server.mails == []


def test_an_address_beyond_ascii_goes_only_where_it_is_taken(scripted):
    book = Book()
    strange = replace(mails(1)[0], recipient="änna@example.com")
    send(scripted(), [strange], book)
    assert book.results[1].state is MailState.BOUNCED
    assert book.results[1].status == "5.6.7"

    server = scripted(offers=("SMTPUTF8", "8BITMIME"))
    send(server, [strange], book)
    assert server.recipients == ["änna@example.com"]
    assert "SMTPUTF8" in server.talks[0].words[1]


def test_an_address_that_would_be_two_is_a_bug_not_a_mail():
    with pytest.raises(ValueError, match="bracket"):
        replace(mails(1)[0], recipient="a@b.example>\r\nRCPT TO:<eve@example.com")


def test_mails_go_to_a_real_postfix_over_starttls_with_a_login(postfix, mail_server):  # noqa: F811
    book = Book()
    maker = MailMaker(letter(invitation=invitation()))
    some = [maker.mail(n, new_mark(), f"real{n}@example.com", "Änna, B.") for n in range(1, 6)]
    some.insert(2, maker.mail(9, new_mark(), "nobody@example.com"))
    send(mail_server, some, book, password=PASSWORD)

    assert book.states()[9] is MailState.BOUNCED
    assert book.results[9].status == "5.1.1"
    assert [one for one, state in book.states().items() if state is MailState.SENT] == [
        *(1, 2, 3, 4, 5)
    ]
    ours = {one.mark for one in some if one.mailing_id != 9}

    def arrived():
        ids = [str(one["Message-ID"]) for one in postfix.mails()]
        return sorted(one for one in ids if ".notice@" in one)

    wait_until(lambda: len(arrived()) == 5)
    assert arrived() == sorted(f"<{mark}.notice@example.com>" for mark in ours)
    (mail,) = [one for one in postfix.mails() if some[0].mark in str(one["Message-ID"])]
    assert mail["Return-Path"] == f"<bounces+b{some[0].mark}@example.com>"


def test_a_wrong_password_sends_nothing(mail_server):  # noqa: F811
    book = Book()
    with pytest.raises(SendFailed, match="refuses the login"):
        send(mail_server, mails(2), book, password="wrong")
    assert book.events == []


def test_a_certificate_nobody_vouches_for_sends_nothing(mail_server, monkeypatch):  # noqa: F811
    monkeypatch.delenv("SSL_CERT_FILE")
    book = Book()
    with pytest.raises(SendFailed, match="certificate that is not valid"):
        send(mail_server, mails(2), book, password=PASSWORD)
    assert book.events == []


def test_nothing_is_sent_where_starttls_was_stripped(scripted):
    server, book = scripted(), Book()
    with pytest.raises(SendFailed, match="offers no STARTTLS"):
        send(replace(plain(server), security=Security.STARTTLS), mails(2), book)
    assert not any(word.startswith("MAIL") for talk in server.talks for word in talk.words)
