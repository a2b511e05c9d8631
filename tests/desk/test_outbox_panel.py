"""The outbox is shown worst first; what is in doubt is decided by buttons that say what happens."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.notice_ledger.ledger_window import LedgerWindow
from noc_console.desk.outbox.decide_dialog import DecideDialog
from noc_console.desk.outbox.outbox_panel import OutboxPanel
from noc_console.desk.outbox.outbox_rows import (
    mail_words,
    read_outbox,
    state_text,
    warning_words,
    when_words,
)
from noc_console.notices.channel_records import list_channels
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact
from noc_console.notices.event_records import EventKind, events_of
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.sending_settings import sending_is_paused
from noc_console.notices.starting import begin_at
from noc_console.store.schema.notices import mailing, posting
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.notices.outbox import add, approved, scheduled


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def open_panel(bench):
    opened = []

    def make():
        panel = OutboxPanel(bench.context)
        opened.append(panel)
        panel.resize(1100, 640)
        panel.show()
        wait_until(lambda: bench.pool.is_idle)
        return panel

    yield make
    end(*opened)


@pytest.fixture
def notice(bench):
    """A notice of work in ten days, on a website and by mail."""
    add(bench.store, ChannelKind.WORDPRESS, "News")
    add(bench.store, ChannelKind.EMAIL, "Mail")
    start = now().replace(microsecond=0) + timedelta(days=10)
    return approved(bench.store, begin_at(scheduled(), start), now())


def now():
    return datetime.now(UTC)


def of(bench, notice, send, channel):
    found = postings_of(bench.store, notice)
    return next(one for one in found if (one.send, one.channel_name) == (send, channel))


def put(bench, one, **values):
    with bench.store.write() as connection:
        connection.execute(sa.update(posting).where(posting.c.id == one.id).values(**values))


def put_mail(bench, one, state, number, words=""):
    contact = add_contact(bench.store, Contact(address=f"anna{number}@example.com"), "anna", now())
    with bench.store.write() as connection:
        connection.execute(
            sa.insert(mailing).values(
                posting_id=one.id,
                contact_id=contact.id,
                address=contact.address,
                name="",
                language="",
                zone="",
                state=state.value,
                next_at=now(),
                tries=1,
                mark=f"m{number}",
                code=0,
                words=words,
            )
        )


def shown(panel):
    return [(row.posting.send, row.posting.channel_name) for row in panel.model.rows]


def click(box, words):
    next(one for one in box.buttons() if words in one.text()).click()


def chosen(panel, one):
    panel.choose(one.id)
    assert panel.chosen.posting.id == one.id


def test_an_empty_outbox_says_the_next_step(bench, open_panel):
    panel = open_panel()

    assert panel.panel.title.text() == "Nothing to send"
    panel.panel.focusProxy().click()
    assert bench.navigator.opened == ["notices"]


def test_what_needs_a_person_comes_first_then_what_is_due(bench, open_panel, notice):
    put(bench, of(bench, notice, "start", "News"), state="failed", ended_at=now())
    put(bench, of(bench, notice, "day before", "News"), state="in doubt", ended_at=now())
    told = []
    panel = open_panel()
    panel.needs_told.connect(told.append)
    panel.read()
    wait_until(lambda: told)

    assert shown(panel)[:2] == [("day before", "News"), ("start", "News")]
    assert shown(panel)[2][0] == "week before"
    assert told == [2]
    assert "1 in doubt, 1 failed" in panel.warning.text()
    assert panel.model.index(0, 0).data() == "◆  in doubt"


def test_the_model_keeps_its_promises(bench, open_panel, notice):
    panel = open_panel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [
        QAbstractItemModelTester(model, fatal) for model in (panel.model, panel.detail.mails)
    ]
    put(bench, of(bench, notice, "start", "News"), state="failed")
    panel.read()
    wait_until(lambda: panel.model.rows[0].posting.state is PostingState.FAILED)
    assert len(testers) == 2


def test_a_posting_in_doubt_that_stands_there_is_noted_with_its_link(bench, open_panel, notice):
    one = of(bench, notice, "week before", "News")
    put(bench, one, state="in doubt", words="It did not answer.", ended_at=now())
    panel = open_panel()
    panel.deeds.actions["decide"].trigger()
    (dialog,) = panel.findChildren(DecideDialog)
    assert "customers see it twice" in dialog.about.text()
    dialog.link.setText("www.example.com")
    dialog.went_button.click()
    assert "https://" in dialog.trouble.text()
    dialog.link.setText("https://www.example.com/7")
    dialog.went_button.click()
    wait_until(lambda: of(bench, notice, "week before", "News").state is PostingState.SENT)

    assert of(bench, notice, "week before", "News").link == "https://www.example.com/7"
    assert events_of(bench.store, notice)[-1].kind is EventKind.DECIDED
    assert events_of(bench.store, notice)[-1].by == "ann"


def test_a_posting_in_doubt_that_is_not_there_is_sent_again(bench, open_panel, notice):
    put(bench, of(bench, notice, "week before", "News"), state="in doubt", ended_at=now())
    panel = open_panel()
    panel.deeds.actions["again"].trigger()
    (dialog,) = panel.findChildren(DecideDialog)
    dialog.again_button.click()
    wait_until(lambda: of(bench, notice, "week before", "News").state is PostingState.QUEUED)


def test_enter_in_the_question_decides_nothing(bench, open_panel, notice):
    put(bench, of(bench, notice, "week before", "News"), state="in doubt", ended_at=now())
    panel = open_panel()
    panel.deeds.actions["decide"].trigger()
    (dialog,) = panel.findChildren(DecideDialog)

    assert not any(
        button.isDefault() or button.autoDefault()
        for button in (dialog.went_button, dialog.again_button)
    )


def test_mails_in_doubt_of_a_posting_that_went_are_put_before_a_person(bench, open_panel, notice):
    one = of(bench, notice, "week before", "Mail")
    put(bench, one, state="sent", ended_at=now())
    put_mail(bench, one, PostingState.SENT, 1)
    put_mail(bench, one, PostingState.IN_DOUBT, 2, "The connection ended.")
    panel = open_panel()
    wait_until(lambda: panel.detail.mails.rows)

    assert panel.chosen.posting.id == one.id
    assert panel.model.index(0, 0).data() == "◆  sent, some in doubt"
    assert panel.detail.mails.rows[0].address == "anna2@example.com"
    assert "1 sent, 1 in doubt" in panel.detail.mail_words.text()
    assert panel.deeds.actions["decide"].isEnabled()


def test_a_word_ahead_goes_at_once_after_a_question(bench, open_panel, notice):
    one = of(bench, notice, "week before", "News")
    panel = open_panel()
    chosen(panel, one)
    panel.deeds.actions["now"].trigger()
    (box,) = panel.findChildren(QMessageBox)
    assert "before its time" in box.informativeText()
    assert box.defaultButton().text() == "&Not now"
    click(box, "Send it now")
    wait_until(lambda: of(bench, notice, "week before", "News").due_at <= now())

    assert of(bench, notice, "week before", "News").state is PostingState.QUEUED
    assert "to go at once" in events_of(bench.store, notice)[-1].words


def test_the_word_that_work_begins_is_not_sent_before_it_does(bench, open_panel, notice):
    one = of(bench, notice, "start", "News")
    panel = open_panel()
    chosen(panel, one)
    panel.deeds.actions["now"].trigger()
    click(panel.findChildren(QMessageBox)[0], "Send it now")
    wait_until(lambda: bench.navigator.said)

    assert "would be untrue before" in bench.navigator.said[-1]
    assert of(bench, notice, "start", "News").due_at > now()


def test_what_waits_is_stopped_after_a_question_and_the_ledger_says_who(bench, open_panel, notice):
    one = of(bench, notice, "day before", "News")
    panel = open_panel()
    chosen(panel, one)
    panel.deeds.actions["stop"].trigger()
    click(panel.findChildren(QMessageBox)[0], "Stop it")
    wait_until(lambda: of(bench, notice, "day before", "News").state is PostingState.SUPPRESSED)

    assert of(bench, notice, "day before", "News").words == "Stopped by ann."


def test_a_channel_is_paused_and_resumed_by_its_posting(bench, open_panel, notice):
    one = of(bench, notice, "day before", "News")
    panel = open_panel()
    for is_paused in (True, False):
        chosen(panel, one)
        panel.deeds.actions["pause"].trigger()
        wait_until(
            lambda wanted=is_paused: any(c.is_paused for c in list_channels(bench.store)) is wanted
        )
        wait_until(
            lambda wanted=is_paused: any(row.is_paused for row in panel.model.rows) is wanted
        )
        words = "Resume the channel" if is_paused else "Pause the channel"
        wait_until(lambda words=words: panel.deeds.buttons["pause"].text() == words)


def test_all_sending_is_paused_and_the_page_says_so(bench, open_panel, notice):
    panel = open_panel()
    panel.deeds.actions["pause_all"].trigger()
    wait_until(lambda: sending_is_paused(bench.store))
    wait_until(lambda: "All sending is paused" in panel.warning.text())
    panel.deeds.actions["pause_all"].trigger()
    wait_until(lambda: not sending_is_paused(bench.store))
    assert notice


def test_what_is_posted_by_hand_is_copied_and_ticked_off(bench, open_panel, notice):
    one = of(bench, notice, "week before", "News")
    put(bench, one, state="by hand", title="Planned", body="We will do planned maintenance.")
    panel = open_panel()
    panel.deeds.actions["copy"].trigger()
    assert QGuiApplication.clipboard().text().startswith("Planned\n\nWe will")

    panel.deeds.actions["decide"].trigger()
    (dialog,) = panel.findChildren(DecideDialog)
    assert dialog.went_button.text() == "It is &posted: tick it off"
    dialog.link.setText("https://forum.example.com/t/9")
    dialog.went_button.click()
    wait_until(lambda: of(bench, notice, "week before", "News").state is PostingState.SENT)


def test_a_change_in_the_store_is_shown(bench, open_panel, notice):
    panel = open_panel()
    put(bench, of(bench, notice, "start", "News"), state="missed", words="Nobody sent it.")
    bench.live.postings_changed.emit()
    wait_until(lambda: panel.model.rows[0].posting.state is PostingState.MISSED)

    assert "1 missed" in panel.warning.text()


def test_enter_opens_the_ledger_of_the_notice(bench, open_panel, notice):
    panel = open_panel()
    panel.deeds.actions["ledger"].trigger()
    (window,) = panel.window().findChildren(LedgerWindow)
    wait_until(lambda: window.ledger is not None)

    assert window.ledger.stored.id == notice
    end(window)


def test_what_a_server_said_is_shown_inert(bench, open_panel, notice):
    one = of(bench, notice, "week before", "News")
    put(bench, one, state="failed", words="<b>no</b>\x1b[31m", title="t", body="<script>\x07")
    panel = open_panel()

    assert "\x1b" not in panel.model.index(0, 6).data()
    assert "\x1b" not in panel.detail.words.toPlainText()
    assert "\x07" not in panel.detail.words.toPlainText()
    assert "<b>no</b>" in panel.detail.words.toPlainText()


def test_progress_tells_how_far_mails_are(bench, notice):
    one = of(bench, notice, "week before", "Mail")
    put(bench, one, state="sending", began_at=now() - timedelta(seconds=10))
    for number in range(6):
        put_mail(bench, one, PostingState.SENT if number < 5 else PostingState.QUEUED, number)
    found = read_outbox(bench.store, now())
    row = next(row for row in found.rows if row.posting.id == one.id)

    assert mail_words(row, now()).startswith("5 of 6 sent, about 2 s left")
    assert state_text(row) == "◔  sending"


def test_what_nobody_will_be_awake_for_is_told(bench, notice):
    found = read_outbox(bench.store, now() + timedelta(days=1))
    asleep = [row for row in found.rows if row.asleep]

    assert asleep
    assert "due while nobody may be awake" in warning_words(found)
    assert when_words(asleep[0], now())
    assert notice


def test_every_deed_has_a_key_and_a_button(bench, open_panel):
    panel = open_panel()

    assert all(action.shortcuts() for action in panel.deeds.actions.values())
    assert panel.deeds.buttons.keys() == panel.deeds.actions.keys()
    assert all(button.text() for button in panel.deeds.buttons.values())


def test_what_was_missed_is_left_for_good_after_a_question(bench, open_panel, notice):
    put(bench, of(bench, notice, "start", "News"), state="missed", words="Nobody sent it.")
    panel = open_panel()
    assert panel.deeds.buttons["stop"].text() == "Leave it…"
    panel.deeds.actions["stop"].trigger()
    click(panel.findChildren(QMessageBox)[0], "for &good")
    wait_until(lambda: of(bench, notice, "start", "News").state is PostingState.SUPPRESSED)

    words = of(bench, notice, "start", "News").words
    assert words == "It was missed, and left so by ann: Nobody sent it."
    assert "left as it is" in events_of(bench.store, notice)[-1].words
    wait_until(lambda: "missed" not in panel.warning.text())
