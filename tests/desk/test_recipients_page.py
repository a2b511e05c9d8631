"""Who is told is shown, changed and tested from the window; what came of each message is said."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.app import page_kinds
from noc_console.desk.recipients.mail_server_dialog import MailServerDialog
from noc_console.desk.recipients.recipient_dialog import RecipientDialog
from noc_console.desk.recipients.recipient_words import (
    hours_text,
    state_text,
    trouble_text,
    untold_text,
)
from noc_console.desk.recipients.recipients_page import RecipientsPage
from noc_console.desk.recipients.trouble_watch import TroubleWatch
from noc_console.desk.trial_dialog import TrialDialog
from noc_console.engine.trials import try_for_order
from noc_console.health.delivery.credential import look_up
from noc_console.health.delivery.delivery import DeliveryState
from noc_console.health.delivery.delivery_records import (
    list_deliveries,
    note_failed,
    recover,
)
from noc_console.health.delivery.mail_server import Security, read_mail_server
from noc_console.health.delivery.recipient import Way
from noc_console.health.delivery.recipient_records import get_recipient, list_recipients
from noc_console.health.delivery.recipient_saving import save_recipient
from noc_console.health.verdict import Verdict
from noc_console.store.orders import OrderState, claim, close
from tests.desk.memory_keyring import MemoryKeyring
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.health.alarms import raise_alarm
from tests.health.telling import add, anna, phone, plan, take
from tests.receiver import Receiver

URL = "json://noc:sesame@127.0.0.1:1/hook"


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def open_page(bench):
    """Give a way to open the page; it is closed at the end."""
    opened = []

    def make():
        page = RecipientsPage(bench.context)
        opened.append(page)
        page.resize(1100, 640)
        page.show()
        wait_until(lambda: bench.pool.is_idle)
        return page

    yield make
    end(*opened)


def now():
    return datetime.now(UTC)


def texts(action):
    return [keys.toString() for keys in action.shortcuts()]


def idle(bench):
    wait_until(lambda: bench.pool.is_idle)


def shown(page):
    return [one.name for one in page.people.rows]


def in_doubt(store):
    add(store, anna())
    raise_alarm(store, "load5", raised_at=now())
    plan(store, now())
    take(store, now())
    recover(store, now())


def test_an_empty_page_says_the_next_step(bench, open_page, ring):
    page = open_page()

    assert page._panel.title.text() == "Nobody is told yet"
    page._panel.focusProxy().click()
    assert isinstance(page.findChild(RecipientDialog), RecipientDialog)


def test_recipients_are_shown_in_the_order_in_which_they_are_told(bench, open_page):
    add(bench.store, phone(after_minutes=30))
    add(bench.store, anna())
    page = open_page()

    assert shown(page) == ["Anna", "Phone"]
    assert page.people.index(1, 0).data() == "after 30 min"
    assert page.chosen.name == "Anna"
    assert "No mail server is set" in page.warning.text()


def test_the_tables_keep_the_promises_of_their_models(bench, open_page):
    in_doubt(bench.store)
    page = open_page()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(model, fatal) for model in (page.people, page.messages)]
    add(bench.store, phone())
    page.read()
    idle(bench)

    assert len(testers) == 2
    assert len(page.people.rows) == 2


def test_a_chat_is_added_its_secret_kept_and_never_shown(bench, open_page, ring):
    page = open_page()
    page.actions_of_page["add"].trigger()
    dialog = page.findChild(RecipientDialog)
    dialog.name.setText("Phone")
    dialog.way.setCurrentIndex(dialog.way.findData(Way.CHAT))
    dialog.address.setText(URL)
    dialog.after.setValue(10)
    dialog.button.click()
    wait_until(lambda: shown(page) == ["Phone"])

    one = get_recipient(bench.store, "Phone")
    assert look_up(one.secret, what="address") == URL
    assert "sesame" not in one.address
    assert one.after_minutes == 10
    assert len(ring.kept) == 1


def test_another_address_replaces_the_secret_and_none_typed_keeps_it(bench, open_page, ring):
    save_recipient(bench.store, phone(id=0), URL, "ann", now())
    page = open_page()
    before = get_recipient(bench.store, "Phone")
    for address, is_same in (("", True), (URL.replace("sesame", "other"), False)):
        page.actions_of_page["edit"].trigger()
        dialog = page.findChild(RecipientDialog)
        dialog.address.setText(address)
        dialog.button.click()
        wait_until(lambda: page.findChild(RecipientDialog) is None)
        assert (get_recipient(bench.store, "Phone").secret == before.secret) is is_same

    assert len(ring.kept) == 1


def test_what_cannot_be_is_said_in_the_dialog_and_nothing_is_kept(bench, open_page, ring):
    page = open_page()
    page.actions_of_page["add"].trigger()
    dialog = page.findChild(RecipientDialog)
    dialog.name.setText("Anna")
    dialog.address.setText("no address")
    dialog.button.click()
    assert "is no e-mail address" in dialog.trouble.text()

    dialog.address.setText("anna@example.com")
    dialog.quiet.setText("at night")
    dialog.button.click()
    assert "are no hours" in dialog.trouble.text()
    dialog.way.setCurrentIndex(dialog.way.findData(Way.CHAT))
    dialog.quiet.clear()
    dialog.address.setText("nonsense")
    dialog.button.click()
    wait_until(lambda: "no address of a chat" in dialog.trouble.text())
    assert list_recipients(bench.store) == ()
    assert ring.kept == {}


def test_the_mail_server_is_set_and_its_password_kept(bench, open_page, ring):
    page = open_page()
    page.actions_of_page["mail"].trigger()
    wait_until(lambda: page.findChild(MailServerDialog) is not None)
    dialog = page.findChild(MailServerDialog)
    dialog.host.setText("smtp.example.com")
    dialog.security.setCurrentIndex(dialog.security.findData(Security.TLS))
    dialog.from_.setText("noc@example.com")
    dialog.user.setText("noc")
    dialog.button.click()
    assert "needs a password" in dialog.trouble.text()
    dialog.secret.setText("hunter2")
    dialog.button.click()
    wait_until(lambda: read_mail_server(bench.store) is not None)
    idle(bench)

    server = read_mail_server(bench.store)
    assert (server.port, server.user) == (465, "noc")
    assert look_up(server.secret, what="password") == "hunter2"
    assert "smtp.example.com port 465" in page.about.text()


def test_removing_asks_first_and_forgets_the_secret(bench, open_page, ring):
    save_recipient(bench.store, phone(id=0), URL, "ann", now())
    page = open_page()
    page.actions_of_page["remove"].trigger()
    (box,) = page.findChildren(QMessageBox)
    assert shown(page) == ["Phone"]
    next(one for one in box.buttons() if one.text() == "Remove").click()
    wait_until(lambda: shown(page) == [])

    assert ring.kept == {}


def test_a_test_is_told_step_by_step(bench, open_page, monkeypatch):
    with closing(Receiver()) as receiver:
        monkeypatch.setenv("NOC_TEST_URL", receiver.url)
        add(bench.store, phone(secret="env:NOC_TEST_URL"))
        page = open_page()
        page.actions_of_page["test"].trigger()
        dialog = page.findChild(TrialDialog)
        order = None

        def is_placed():
            nonlocal order
            order = order or claim(bench.store, bench.engine.id, now())
            return order is not None

        wait_until(is_placed)
        outcome = try_for_order(bench.store, order)
        close(bench.store, order.id, OrderState.DONE, outcome, now())
        wait_until(lambda: dialog.words.text().startswith("✔"))

    assert dialog._count == 3
    assert "Ask Phone whether it arrived" in dialog.words.text()
    assert not dialog.is_running


def test_a_test_that_fails_says_its_sentence_once(bench, open_page):
    add(bench.store, anna())
    page = open_page()
    page.actions_of_page["test"].trigger()
    dialog = page.findChild(TrialDialog)
    taken = []

    def is_taken():
        taken.append(claim(bench.store, bench.engine.id, now()))
        return taken[-1] is not None

    wait_until(is_taken)
    outcome = try_for_order(bench.store, taken[-1])
    close(bench.store, taken[-1].id, OrderState.DONE, outcome, now())
    wait_until(lambda: dialog.words.text().startswith("✖"))

    assert dialog.words.text() == "✖  The test message did not go: mail server failed."
    assert dialog._count == 1


def test_a_message_in_doubt_comes_first_and_a_person_decides(bench, open_page):
    in_doubt(bench.store)
    page = open_page()
    assert state_text(page.messages.rows[0]) == "◆  in doubt"
    page.messages_view.selectRow(0)
    assert page.actions_of_page["leave"].isEnabled()
    page.actions_of_page["leave"].trigger()
    idle(bench)

    assert list_deliveries(bench.store)[0].state is DeliveryState.WITHDRAWN
    assert not page.actions_of_page["leave"].isEnabled()


def test_a_failing_channel_is_said_above_every_page_until_it_works(bench):
    watch, said = TroubleWatch(bench.context, bench.themes), []
    watch.trouble_changed.connect(said.append)
    add(bench.store, anna())
    raise_alarm(bench.store, "load5", raised_at=now())
    plan(bench.store, now())
    (job,) = take(bench.store, now())
    note_failed(
        bench.store,
        job.delivery_id,
        "The mail server is away.",
        now(),
        again_at=now() + timedelta(minutes=1),
    )
    bench.live.deliveries_changed.emit()

    wait_until(lambda: said)
    assert said[0].startswith("Messages about alarms do not reach Anna: The mail server is away.")
    assert "Ctrl+7" in said[0]


def test_every_act_has_a_key_and_the_tables_are_reached_by_tab(bench, open_page):
    add(bench.store, anna())
    page = open_page()

    assert all(action.shortcuts() for action in page.actions_of_page.values())
    page.people_view.setFocus()
    QTest.keyClick(page.people_view, Qt.Key.Key_Return)
    assert page.findChild(RecipientDialog) is not None


def test_the_words_for_hours_and_gaps():
    one = anna(on_call="Mon-Fri 08:00-18:00", quiet="12:00-13:00", zone="Europe/Berlin")

    assert hours_text(one) == "Mon-Fri 08:00-18:00, quiet 12:00-13:00 (Europe/Berlin)"
    assert hours_text(anna()) == "always"
    assert hours_text(anna(is_paused=True)) == "paused"
    assert untold_text([]) == ""
    start = datetime(2026, 11, 23, tzinfo=UTC)
    whole = untold_text([(start, start + timedelta(days=7))])
    assert whole.startswith("Nobody is told of anything")
    hour = timedelta(hours=1)
    many = untold_text([(start + n * 8 * hour, start + n * 8 * hour + hour) for n in range(5)])
    assert "and 3 more times" in many
    assert trouble_text([]) == ""
    assert Verdict.DOWN.value in many


def test_no_key_of_the_page_is_one_of_the_window(bench, open_page):
    page = open_page()
    window = bench.window()
    menus = {keys for action in window.actions_of_window.all for keys in texts(action)}
    menus |= {kind.keys for kind in page_kinds()}

    assert not menus & {keys for one in page.actions_of_page.values() for keys in texts(one)}
