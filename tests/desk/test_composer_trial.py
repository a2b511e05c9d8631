"""A test send to oneself, from the key in the composer to the mail that arrives."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from noc_console.desk.composer.composer_dialogs import TrialForm
from noc_console.desk.trial_dialog import TrialDialog
from noc_console.engine.trials import try_for_order
from noc_console.health.delivery.mail_server import MailServer, Security, put_mail_server
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact
from noc_console.notices.event_records import EventKind, events_of
from noc_console.notices.notice import Translation
from noc_console.notices.posting_rows import outbox
from noc_console.store.orders import OrderState, claim, close
from tests.desk.composer_bench import NOW
from tests.desk.qt_life import wait_until
from tests.notices.outbox import add
from tests.scripted_mail import ScriptedMail

PLAIN = Qt.KeyboardModifier.NoModifier
TEST_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def office():
    office = ScriptedMail()
    yield office
    office.close()


@pytest.fixture
def bench(composing, office):
    put_mail_server(
        composing.store,
        MailServer(
            host=office.host, port=office.port, security=Security.NONE, sender="noc@example.com"
        ),
    )
    add_contact(composing.store, Contact(address="customer@example.org"), "ann", NOW)
    add(composing.store, ChannelKind.EMAIL, "mail", for_all="yes")
    return composing


def ask(composer):
    """Press the key of a test send, and give what it asks."""
    composer.activateWindow()
    composer.fields.title.setFocus()
    wait_until(composer.fields.title.hasFocus)
    QTest.keyClick(composer.fields.title, Qt.Key.Key_T, TEST_KEYS)
    (form,) = composer.findChildren(TrialForm)
    return form


def type_and_send(form, address):
    form.activateWindow()
    form.address.setFocus()
    wait_until(form.address.hasFocus)
    QTest.keyClicks(form.address, address)
    QTest.keyClick(form.address, Qt.Key.Key_Return, PLAIN)


def carry_out(bench):
    """Do as an engine does with the next order."""
    found = []

    def taken():
        order = claim(bench.store, bench.engine.id, datetime.now(UTC))
        found.extend([order] if order is not None else [])
        return bool(found)

    wait_until(taken, 60)
    outcome = try_for_order(bench.store, found[0])
    close(bench.store, found[0].id, OrderState.DONE, outcome, datetime.now(UTC))
    return found[0]


def test_a_test_send_goes_by_keys_to_oneself_alone_with_what_was_typed_last(bench, office):
    composer = bench.complete()
    composer.fields.texts["benefit"].setPlainText("Known holes are closed for good.")
    form = ask(composer)
    type_and_send(form, "ann@example.org")
    wait_until(lambda: bool(composer.findChildren(TrialDialog)), 60)
    (dialog,) = composer.findChildren(TrialDialog)
    carry_out(bench)
    wait_until(lambda: not dialog.is_running, 60)

    ((recipient, content),) = office.mails
    message = message_from_bytes(content, policy=policy.default)
    assert recipient == "ann@example.org"
    assert message["Subject"].startswith("[Trial] ")
    assert "closed for good" in message.get_body(("plain",)).get_content()
    assert dialog.words.text().startswith("✔")
    assert outbox(bench.store) == []
    kinds = [one.kind for one in events_of(bench.store, composer.keeper.stored.id)]
    assert EventKind.TRIED in kinds
    dialog.reject()

    again = ask(composer)
    assert again.address.text() == "ann@example.org"
    again.reject()


def test_a_test_send_has_the_language_and_the_send_that_are_shown(bench, office):
    german = Translation(language="de", title="Neuer Kern", disrupted="Die Websites")
    composer = bench.complete(translations=(german,))
    composer.preview.step_send(1)
    for _ in range(2):
        composer.preview.step_language(1)
    form = ask(composer)
    type_and_send(form, "ann@example.org")
    wait_until(lambda: bool(composer.findChildren(TrialDialog)), 60)
    order = carry_out(bench)

    assert order.request["send"] == "day before"
    ((_, content),) = office.mails
    message = message_from_bytes(content, policy=policy.default)
    assert "Neuer Kern" in message["Subject"]
    assert "Die Websites" in message.get_body(("plain",)).get_content()


def test_what_is_no_address_is_said_and_nothing_is_asked_of_the_engine(bench, office):
    composer = bench.complete()
    form = ask(composer)
    type_and_send(form, "nobody at all")

    assert "is no e-mail address" in form.trouble.text()
    assert form.isVisible()
    assert claim(bench.store, bench.engine.id, datetime.now(UTC)) is None
    assert office.mails == []
    form.reject()


def test_without_a_channel_of_mail_the_key_says_so(composing):
    composer = composing.complete()
    composer.activateWindow()
    QTest.keyClick(composer.fields.title, Qt.Key.Key_T, TEST_KEYS)

    assert "no channel of e-mail yet" in composing.navigator.said[-1]
