"""A person gets one send as it would go, marked as a trial, and nobody else gets anything."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from noc_console.engine.trials import try_for_order
from noc_console.health.delivery.mail_server import MailServer, Security, put_mail_server
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.contact import Contact, InvalidContact
from noc_console.notices.contact_records import add_contact
from noc_console.notices.event_records import EventKind, events_of
from noc_console.notices.mail_trial import TRY_NOTICE, try_notice
from noc_console.notices.notice import Send
from noc_console.notices.notice_records import NotNow, add_notice
from noc_console.notices.posting_rows import outbox
from noc_console.notices.starting import begin_at
from noc_console.store.heartbeat import register
from noc_console.store.orders import claim, get, place
from tests.notices.outbox import add, scheduled
from tests.scripted_mail import ScriptedMail
from tests.sshd import free_port


def now():
    return datetime.now(UTC)


@pytest.fixture
def draft(store):
    notice = begin_at(scheduled(), now().replace(second=0, microsecond=0) + timedelta(days=9))
    return add_notice(store, notice, by="anna", now=now()).id


@pytest.fixture
def mail(store):
    add_contact(store, Contact(address="customer@example.org"), "anna", now())
    return add(store, ChannelKind.EMAIL, "mail", for_all="yes")


def use(store, port):
    put_mail_server(
        store,
        MailServer(host="127.0.0.1", port=port, security=Security.NONE, sender="noc@example.com"),
    )


def test_a_trial_goes_to_one_address_and_says_what_it_is(store, draft, mail):
    office = ScriptedMail()
    use(store, office.port)
    steps = []
    ok, sentence = try_notice(
        store,
        draft,
        Send.DAY_BEFORE,
        mail,
        "anna@example.org",
        by="anna",
        now=now(),
        tell=steps.append,
    )
    office.close()

    assert ok, sentence
    ((recipient, content),) = office.mails
    message = message_from_bytes(content, policy=policy.default)
    assert recipient == "anna@example.org"
    assert message["Subject"].startswith("[Trial] ")
    assert "Kernel update" in message.get_body(("plain",)).get_content()
    assert steps
    assert outbox(store) == []
    assert events_of(store, draft)[-1].kind is EventKind.TRIED


def test_a_trial_that_does_not_go_says_why_and_is_not_recorded(store, draft, mail):
    use(store, free_port())
    ok, sentence = try_notice(
        store,
        draft,
        Send.WEEK_BEFORE,
        mail,
        "anna@example.org",
        by="anna",
        now=now(),
        tell=lambda _step: None,
    )

    assert not ok
    assert "127.0.0.1" in sentence
    assert events_of(store, draft)[-1].kind is EventKind.DRAFTED


def test_a_trial_needs_an_address_and_a_channel_of_mail(store, draft, mail):
    by = {"by": "anna", "now": now(), "tell": lambda _step: None}
    with pytest.raises(InvalidContact):
        try_notice(store, draft, Send.START, mail, "anna", **by)
    with pytest.raises(NotNow, match="no mail"):
        try_notice(
            store, draft, Send.START, add(store, ChannelKind.STATIC_SITE), "a@example.org", **by
        )


def test_a_desk_has_its_engine_do_it_by_an_order(store, draft, mail):
    office = ScriptedMail()
    use(store, office.port)
    engine = register(store, "relay", 1, "1", now())
    request = {
        "notice_id": draft,
        "send": "week before",
        "channel_id": mail.id,
        "address": "anna@example.org",
    }
    order_id = place(store, TRY_NOTICE, request=request, asked_by="anna", now=now())
    outcome = try_for_order(store, claim(store, engine.id, now()))
    office.close()

    assert outcome["ok"], outcome
    assert office.recipients == ["anna@example.org"]
    assert get(store, order_id).progress
