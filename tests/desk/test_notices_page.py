"""The page of notices: what needs a person first, and what is done with each by keyboard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from noc_console.desk.notices.notice_dialogs import (
    DoneDialog,
    FirstWordDialog,
    PostponeDialog,
    ReasonDialog,
    UpdateDialog,
)
from noc_console.desk.notices.notice_look import lamps_text, next_text
from noc_console.desk.notices.notices_page import NoticesPage
from noc_console.desk.notices.promise_watch import PromiseWatch
from noc_console.desk.notices.window_notice import open_notice_of
from noc_console.incidents.incident.incident_rows import get_incident
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from noc_console.notices.approval import let_one_person_approve
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.first_word import FirstWord, draft_first_word, send_first_word
from noc_console.notices.notice import Notice, NoticeKind, UnscheduledState
from noc_console.notices.notice_records import add_notice, get_notice, list_notices, save_draft
from noc_console.notices.posting import NoticeState
from noc_console.notices.posting_rows import postings_of
from noc_console.store.schema.notices import posting
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until
from tests.health.alarms import raise_alarm
from tests.notices.outbox import START, add, approved, scheduled

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Bench(PageBench):
    def __init__(self, folder):
        super().__init__(folder)
        self.at = NOW
        self.page = None

    def open(self):
        self.page = NoticesPage(self.context, lambda: self.at)
        QAbstractItemModelTester(
            self.page.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.page
        )
        self.page.resize(1200, 700)
        self.page.show()
        self.settle()
        return self.page

    def settle(self):
        wait_until(lambda: self.pool.is_idle, 60)

    def changed(self):
        self.live.notices_changed.emit()
        self.settle()

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.page.activateWindow()
        self.page.table.setFocus()
        wait_until(self.page.table.hasFocus, 30)
        QTest.keyClick(self.page.table, key, modifier)
        self.settle()

    def draft(self, **changes):
        notice = scheduled(servers=(self.server.id,), **changes)
        return add_notice(self.store, notice, by="ann", now=self.at)

    def first_word(self):
        told = FirstWord(noticed="Sites do not answer", servers=(self.server.name,))
        notice = draft_first_word(self.store, told, None, self.at)
        return send_first_word(self.store, notice, None, by="ann", now=self.at).notice_id

    def dialog(self, kind):
        wait_until(lambda: bool(self.page.findChildren(kind)), 30)
        return self.page.findChildren(kind)[-1]


@pytest.fixture
def bench(application, tmp_path):
    bench = Bench(tmp_path / "store")
    yield bench
    if bench.page is not None:
        end(bench.page)
    bench.close()


def states(page):
    return [page.model.index(row, 0).data() for row in range(page.model.rowCount())]


def test_an_empty_page_says_the_next_step_and_that_a_channel_is_missing(bench):
    page = bench.open()

    assert page._panel.title.text() == "No notice yet"
    assert "no channel yet" in page._panel.sentence.text()


def test_an_empty_page_hears_its_keys(bench):
    page = bench.open()
    page.activateWindow()
    page.setFocus()
    page.read()
    bench.settle()
    wait_until(lambda: page._panel.isAncestorOf(QApplication.focusWidget() or page), 30)

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Insert)

    wait_until(lambda: page.composer is not None, 30)
    bench.settle()
    page.composer.preview.close_renderer()


def test_a_row_shows_lit_and_dark_lamps_by_shape_and_count(bench):
    bench.draft(benefit="")
    page = bench.open()

    assert lamps_text(page.row.lamps) == "●●●●○●●  6/7"
    assert page.detail.lamps[4][0].text() == "○"
    assert "Missing." in page.detail.lamps[4][2].text()


def test_a_draft_that_lacks_something_is_not_approved_and_says_what(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    let_one_person_approve(bench.store, is_enough=True)
    bench.draft(benefit="")
    bench.open()

    bench.press(Qt.Key.Key_A)

    assert "5 benefit" in bench.navigator.said[-1]


def test_who_wrote_it_freezes_it_for_a_second_person(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    bench.draft()
    page = bench.open()

    bench.press(Qt.Key.Key_A)
    bench.changed()

    assert "waits for a second person" in bench.navigator.said[-1]
    assert states(page) == ["▲  waits for approval"]
    assert "ann wrote this version" in page.detail.trouble.text()


def test_a_second_person_approves_with_one_key_and_it_is_planned(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    notice = scheduled(servers=(bench.server.id,))
    stored = add_notice(bench.store, notice, by="ben", now=NOW)
    bench.open()

    bench.press(Qt.Key.Key_A)

    assert get_notice(bench.store, stored.id).state is NoticeState.APPROVED
    assert "approved; 3 postings are planned" in bench.navigator.said[-1]


def test_what_somebody_changed_since_it_was_read_is_not_approved_unread(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    stored = bench.draft()
    page = bench.open()
    page.show_notice(stored.id)
    other = replace(stored.notice, disrupted="Everything, for a week")
    save_draft(bench.store, other, edition=stored.edition, by="bo", now=NOW)
    bench.press(Qt.Key.Key_A)

    assert "bo changed the draft since you read it" in bench.navigator.said[-1]
    assert get_notice(bench.store, stored.id).state is NoticeState.DRAFT


def test_nobody_awake_at_a_due_time_is_said_in_red_words_at_the_top(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    stored = add_notice(bench.store, scheduled(servers=(bench.server.id,)), by="ben", now=NOW)
    page = bench.open()
    bench.press(Qt.Key.Key_A)
    bench.changed()

    assert get_notice(bench.store, stored.id).state is NoticeState.APPROVED
    assert "Nobody sends now" in page.trouble.text()
    assert not page.trouble.isHidden()


def test_what_is_in_doubt_stands_first_and_needs_a_person(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    bench.draft()
    number = bench.first_word()
    with bench.store.write() as connection:
        connection.execute(
            sa.update(posting)
            .where(posting.c.notice_id == number)
            .values(state="in doubt", words="Look there.", ended_at=NOW)
        )
    page = bench.open()

    assert page.row.id == number
    assert states(page)[0].startswith("■")
    assert "in doubt" in page.trouble.text()


def test_the_promised_update_counts_down_and_then_nags(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    bench.first_word()
    page = bench.open()
    assert "Next update in 30 min" in page.detail.promise.text()

    bench.at = NOW + 42 * MINUTE
    page._tick()
    bench.settle()

    assert "update LATE by 12 min" in page.detail.promise.text()
    assert "1 promised update overdue" in page.summary.text()


def test_the_first_word_is_sent_by_three_fields_and_enter(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    page = bench.open()
    page.actions_of_page.by_key["unscheduled"].trigger()
    dialog = bench.dialog(FirstWordDialog)

    QTest.keyClicks(dialog.noticed, "Mail is slow")
    QTest.keyClicks(dialog.since, "12 min")
    dialog.servers.setText(bench.server.name)
    QTest.keyClick(dialog.since, Qt.Key.Key_Return)
    bench.settle()

    (stored,) = list_notices(bench.store)
    assert stored.state is NoticeState.UNDER_WAY
    assert stored.notice.since == NOW - 12 * MINUTE
    assert postings_of(bench.store, stored.id)
    assert f"notice {stored.id}" in bench.navigator.opened


def test_a_first_word_without_a_channel_keeps_what_was_typed(bench):
    page = bench.open()
    page.actions_of_page.by_key["unscheduled"].trigger()
    dialog = bench.dialog(FirstWordDialog)
    QTest.keyClicks(dialog.noticed, "Mail is slow")
    QTest.keyClick(dialog.noticed, Qt.Key.Key_Return)
    bench.settle()

    assert "no channel yet" in dialog.trouble.text()
    assert dialog.noticed.text() == "Mail is slow"


def test_an_update_and_the_all_clear_go_by_keys(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    number = bench.first_word()
    bench.open()
    bench.at = NOW + 20 * MINUTE

    bench.press(Qt.Key.Key_W)
    update = bench.dialog(UpdateDialog)
    update.words.setPlainText("A disk is exchanged.")
    update.state.setCurrentText(UnscheduledState.IDENTIFIED.value)
    update.button.click()
    bench.settle()
    assert get_notice(bench.store, number).notice.state is UnscheduledState.IDENTIFIED
    bench.changed()

    bench.press(Qt.Key.Key_R)
    done = bench.dialog(DoneDialog)
    done.button.click()
    bench.settle()
    assert "cause" in done.trouble.text()
    done.cause.setPlainText("A disk failed.")
    done.next_steps.setPlainText("Disks are checked each week.")
    done.button.click()
    bench.settle()

    assert get_notice(bench.store, number).state is NoticeState.DONE


def test_announced_work_is_cancelled_with_a_reason_a_draft_is_withdrawn(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    stored = bench.draft()
    page = bench.open()
    bench.press(Qt.Key.Key_Delete)
    asked = bench.dialog(QMessageBox)
    next(one for one in asked.buttons() if one.text() == "&Withdraw").click()
    bench.settle()
    assert get_notice(bench.store, stored.id).state is NoticeState.CANCELLED

    other = add_notice(bench.store, scheduled(servers=(bench.server.id,)), by="ben", now=NOW)
    bench.changed()
    page.show_notice(other.id)
    bench.settle()
    bench.press(Qt.Key.Key_A)
    bench.changed()
    bench.press(Qt.Key.Key_Delete)
    why = bench.dialog(ReasonDialog)
    why.button.click()
    bench.settle()
    assert "Say why" in why.trouble.text()
    why.why.setText("The part did not arrive.")
    why.button.click()
    bench.settle()
    assert get_notice(bench.store, other.id).state is NoticeState.CANCELLED


def test_a_start_that_waits_for_a_second_person_is_not_shown_as_the_one_in_force(bench):
    add(bench.store, ChannelKind.WORDPRESS, "News")
    notice_id = approved(bench.store, scheduled(servers=(bench.server.id,)), NOW, by="ann")
    let_one_person_approve(bench.store, is_enough=False)
    page = bench.open()
    page.show_notice(notice_id)
    bench.press(Qt.Key.Key_P)
    dialog = bench.dialog(PostponeDialog)
    assert "second person approves it" in dialog.about.text()
    dialog.why.setText("A part is late")
    dialog.start.setText("Sun 2026-12-13 03:00")
    dialog.button.click()
    bench.settle()
    bench.changed()

    assert "waits for a second person" in bench.navigator.said[-1]
    row = page.row
    assert (row.starts_at, row.notice.starts_at) == (START, START + timedelta(days=1, hours=1))
    assert "which begins Sun 12-13" in page.detail.trouble.text()
    assert "what tells the old start is held back" in page.detail.trouble.text()
    assert "Begins Sat 12-12" in page.detail.promise.text()
    assert next_text(row, NOW).endswith(": held")


def test_what_nobody_will_send_is_said_once_for_the_channels_that_share_it(bench):
    for name in ("Blog", "Forum", "News", "Status"):
        add(bench.store, ChannelKind.WORDPRESS, name)
    approved(bench.store, scheduled(servers=(bench.server.id,)), NOW, by="ann")
    page = bench.open()

    told = [one for one in page.model.rows[0].troubles if one.startswith("“day before”")]
    assert len(told) == 1
    assert "on Blog, Forum, News and 1 more" in told[0]


def test_the_filter_finds_by_any_words_and_says_when_nothing_fits(bench):
    bench.draft()
    add_notice(bench.store, Notice(kind=NoticeKind.SCHEDULED, title="PHP"), by="ann", now=NOW)
    page = bench.open()

    page.filter.setText("kernel web1")
    assert [one.notice.title for one in page.model.rows] == ["Kernel update"]
    page.filter.setText("no such words")
    assert page._panel.title.text() == "Nothing fits"


def test_a_hostile_title_is_inert(bench):
    add_notice(
        bench.store,
        Notice(kind=NoticeKind.SCHEDULED, title="<b>x</b>\u202egnp"),
        by="ann",
        now=NOW,
    )
    page = bench.open()

    shown = page.model.index(0, 3).data()
    assert "\u202e" not in shown
    assert page.detail.title.textFormat() is Qt.TextFormat.PlainText


def test_a_window_leads_to_its_notice_and_a_second_time_to_the_same(bench):
    window = add_window(
        bench.store,
        Window(
            title="Kernel update",
            servers=(bench.server.id,),
            starts_at=NOW + timedelta(days=9),
            minutes=60,
            zone="Europe/Berlin",
            entered_by="ann",
            entered_at=NOW,
        ),
    )
    bench.open()
    for _ in range(2):
        open_notice_of(bench.context, window.id, window.starts_at, NOW, bench.page)
        bench.settle()

    (stored,) = list_notices(bench.store)
    assert (stored.notice.window_id, stored.notice.minutes) == (window.id, 60)
    assert bench.navigator.opened == [f"compose {stored.id}", f"notice {stored.id}"]


def test_a_key_leads_from_a_notice_back_to_its_window_or_its_incident(bench):
    bench.draft()
    page = bench.open()
    assert not page.actions_of_page.by_key["origin"].isEnabled()

    planned = bench.draft(window_id=7)
    bench.changed()
    page.show_notice(planned.id)
    bench.press(Qt.Key.Key_G)
    told = Notice(kind=NoticeKind.UNSCHEDULED, incident_id=9, title="No mail")
    unplanned = add_notice(bench.store, told, by="ann", now=bench.at)
    bench.changed()
    page.show_notice(unplanned.id)
    bench.press(Qt.Key.Key_G)

    assert bench.navigator.opened == ["window 7 near 2026-12-12", "incident 9"]


def test_an_alarm_becomes_an_incident_and_its_first_word_by_one_key(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    alarm = raise_alarm(bench.store, "load5", server_id=bench.server.id, raised_at=NOW - 7 * MINUTE)
    page = bench.open()
    page.first_words.of_alarms([alarm.id])
    dialog = bench.dialog(FirstWordDialog)
    assert "It began" in dialog.about.text()
    QTest.keyClicks(dialog.noticed, "Sites are slow")
    QTest.keyClick(dialog.noticed, Qt.Key.Key_Return)
    bench.settle()

    (stored,) = list_notices(bench.store)
    assert stored.notice.incident_id > 0
    assert stored.notice.since == NOW - 7 * MINUTE
    incident = get_incident(bench.store, stored.notice.incident_id)
    page.first_words.of_incident(incident)
    bench.settle()
    assert f"notice {stored.id}" in bench.navigator.said[-1]


def test_a_promise_that_comes_due_nags_wherever_the_person_is(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    number = bench.first_word()
    owner = bench.open()
    watch = PromiseWatch(bench.context, owner, lambda: bench.at)
    bench.settle()
    assert (watch.words, watch.count) == ("", 0)

    bench.at = NOW + 27 * MINUTE
    assert watch.words == f"▲ Customers hear again in 3 min: notice {number}"
    bench.at = NOW + 31 * MINUTE
    assert watch.words.endswith(f"notice {number}, 1 min late")
    assert watch.count == 1
