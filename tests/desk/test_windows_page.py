"""The page of windows: the calendar by keyboard, planning with a proof-reader, begin and end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QInputDialog, QMessageBox, QSpinBox

from noc_console.desk.windows.calendar_days import Span
from noc_console.desk.windows.window_dialog import WindowDialog
from noc_console.desk.windows.windows_page import WindowsPage
from noc_console.incidents.planning.plan_reading import Proposal
from noc_console.incidents.planning.quiet_slots import QuietSlot
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Stage, Window
from noc_console.incidents.windows.window_records import (
    add_window,
    get_window,
    list_runs,
    list_windows,
)
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Bench(PageBench):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.at = NOW
        self.page: WindowsPage | None = None

    def window(self, **fields) -> Window:
        usual = {
            "title": "kernel",
            "servers": (self.server.id,),
            "starts_at": NOW + HOUR,
            "minutes": 60,
            "entered_by": "ann",
            "entered_at": NOW - HOUR,
        }
        return add_window(self.store, Window(**(usual | fields)))

    def open(self) -> WindowsPage:
        self.page = WindowsPage(self.context, lambda: self.at)
        QAbstractItemModelTester(
            self.page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, self.page
        )
        self.page.resize(1200, 700)
        self.page.show()
        self.settle()
        return self.page

    def settle(self) -> None:
        wait_until(lambda: self.pool.is_idle)

    def press(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.page.calendar, key, modifier)
        self.settle()

    def changed(self) -> None:
        self.live.windows_changed.emit()
        self.settle()


@pytest.fixture
def bench(application, tmp_path: Path, monkeypatch) -> Iterator[Bench]:
    monkeypatch.setattr("noc_console.desk.windows.windows_page.own_zone", lambda: "Europe/Berlin")
    bench = Bench(tmp_path / "store")
    yield bench
    if bench.page is not None:
        end(*bench.page.findChildren(WindowDialog), bench.page)
    bench.close()


def test_a_month_without_a_window_says_what_to_do(bench):
    page = bench.open()

    assert "Insert plans one" in page.detail.text()
    assert page.title.text() == "November 2026"
    assert "no window" in page.calendar.accessibleDescription()


def test_what_comes_next_is_chosen_with_all_that_is_known_of_it(bench):
    bench.window(starts_at=NOW - 48 * HOUR, title="old")
    bench.window(notice="https://status.example.org", notes="Ring Ben.")

    page = bench.open()

    assert [one.window.title for one in page.rows.rows] == ["old", "kernel"]
    detail = page.detail.text()
    for words in ("kernel (window 2)", "For web1", "Ring Ben.", "status.example.org", "ann"):
        assert words in detail
    assert "kernel" in page.calendar.accessibleDescription()
    assert page.calendar.chosen.window.title == "kernel"


def test_a_window_of_another_zone_is_told_in_the_calendars_zone_too(bench):
    bench.window(zone="America/New_York")
    page = bench.open()
    page.table.selectRow(0)

    assert "Wed 2026-11-18 06:00 - 07:00 EST" in page.detail.text()
    assert "In the calendar: Wed 2026-11-18 12:00 - 13:00 CET" in page.detail.text()


def test_the_calendar_goes_by_days_weeks_and_months(bench):
    page = bench.open()
    seen = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
        bench.press(key)
        seen.append(page.calendar.day)

    assert seen == [
        date(2026, 11, 17),
        date(2026, 11, 24),
        date(2026, 12, 24),
        date(2026, 11, 18),
    ]
    bench.press(Qt.Key.Key_W)
    assert page.title.text() == "16 Nov to 22 Nov 2026, week 47"
    bench.press(Qt.Key.Key_M)
    assert page.calendar.span is Span.MONTH


def test_windows_of_another_month_are_read_when_it_is_shown(bench):
    bench.window(starts_at=NOW + 24 * 60 * HOUR, title="far")
    page = bench.open()
    assert page.rows.rows == ()

    page.later.click()
    page.later.click()
    bench.settle()

    assert [one.window.title for one in page.rows.rows] == ["far"]


def test_both_views_paint_every_stage_and_a_click_chooses(bench):
    bench.window(starts_at=NOW - 30 * timedelta(minutes=1), title="running")
    bench.window(starts_at=NOW - 24 * HOUR, title="over")
    for _ in range(12):
        bench.window(starts_at=NOW + 2 * HOUR, title="crowded")
    page = bench.open()
    for span in Span:
        page.span.setCurrentText(span.value)
        bench.settle()
        assert not page.calendar.grab().isNull()
        placed = next(one for one in page.calendar._placed if one.occurrence.window.title == "over")
        QTest.mouseClick(
            page.calendar, Qt.MouseButton.LeftButton, pos=placed.room.center().toPoint()
        )
        assert page._current().window.title == "over"
        QTest.mouseClick(page.calendar, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_space_goes_through_the_windows_of_a_day_and_enter_opens(bench):
    bench.window(title="one")
    bench.window(title="two", starts_at=NOW + 3 * HOUR)
    page = bench.open()

    bench.press(Qt.Key.Key_Space)
    assert page._current().window.title == "two"
    bench.press(Qt.Key.Key_Return)

    (dialog,) = page.findChildren(WindowDialog)
    assert dialog.form.title.text() == "two"


def test_work_is_begun_and_ended_with_a_key_each(bench):
    bench.window(starts_at=NOW + timedelta(minutes=5))
    page = bench.open()

    bench.press(Qt.Key.Key_S)
    bench.changed()
    assert page._current().stage(NOW) is Stage.RUNNING
    assert not page.actions_by_key["start"].isEnabled()
    bench.press(Qt.Key.Key_E)
    bench.changed()

    assert page._current().stage(NOW) is Stage.OVER
    assert "begun" in page.detail.text()
    assert [said.split(";")[0] for said in bench.navigator.said] == [
        "kernel began. E records that it is done.",
        "kernel is done",
    ]


def test_work_that_takes_longer_is_extended_by_a_key(bench):
    bench.window(starts_at=NOW - HOUR, minutes=65)
    page = bench.open()
    assert not page.actions_by_key["postpone"].isEnabled()

    bench.press(Qt.Key.Key_X)
    (asked,) = page.findChildren(QInputDialog)
    before = asked.labelText()
    asked.setIntValue(45)
    assert asked.findChild(QSpinBox).text() == "45 min"
    assert asked.labelText() != before  # it tells the new end
    asked.accept()
    bench.settle()
    bench.changed()

    (run,) = list_runs(bench.store, NOW - 2 * HOUR, NOW).values()
    assert run.extended_to == NOW + timedelta(minutes=50)
    assert "extended to" in page.detail.text()


def test_one_occurrence_is_postponed_and_the_other_repeats_stay(bench):
    bench.window(recurrence=Recurrence(unit=Unit.DAYS))
    page = bench.open()
    bench.press(Qt.Key.Key_P)
    (dialog,) = page.findChildren(WindowDialog)
    assert "Postpone window 1 of" in dialog.windowTitle()
    dialog.form.show_start(NOW + 7 * HOUR)
    dialog.save_button.click()
    bench.settle()
    bench.changed()

    once = get_window(bench.store, 2)
    assert (once.recurrence, once.starts_at) == (None, NOW + 7 * HOUR)
    stages = [(one.window.id, one.stage(NOW)) for one in page.rows.rows][:3]
    assert stages == [(1, Stage.CANCELLED), (2, Stage.PLANNED), (1, Stage.PLANNED)]


def test_what_cannot_be_done_is_said(bench):
    bench.window(starts_at=NOW + 5 * HOUR)
    bench.open()

    bench.press(Qt.Key.Key_S)

    assert "within the next 2 hours" in bench.navigator.said[0]


def cancel_by(bench, words):
    bench.page.actions_by_key["cancel"].trigger()
    (asked,) = bench.page.findChildren(QMessageBox)
    next(one for one in asked.buttons() if one.text().replace("&", "") == words).click()
    bench.settle()
    bench.changed()
    end()


def test_one_occurrence_or_all_are_cancelled_after_a_question(bench):
    bench.window(recurrence=Recurrence(unit=Unit.DAYS, until=date(2026, 11, 22)))
    page = bench.open()

    cancel_by(bench, "Keep it")
    assert not any(one.is_cancelled for one in page.rows.rows)
    cancel_by(bench, "Only this one")
    assert [one.is_cancelled for one in page.rows.rows].count(True) == 1
    page.table.selectRow(2)
    cancel_by(bench, "Cancel all to come")

    assert all(one.is_cancelled for one in page.rows.rows)
    assert list_windows(bench.store) == []


def planned(bench, **texts) -> WindowDialog:
    page = bench.page or bench.open()
    dialog = page.plan(date(2026, 11, 21))
    dialog._settle.setInterval(0)
    dialog.form.zone.choose("Europe/Berlin")
    dialog.form.title.setText("Kernel")
    dialog.form.servers.setText("web1")
    for field, words in texts.items():
        getattr(dialog.form, field).setText(words)
    wait_until(lambda: not dialog._settle.isActive() and bench.pool.is_idle)
    return dialog


def said(dialog: WindowDialog) -> str:
    return "\n".join(label.text() for label in dialog.findings)


def test_the_proof_reader_reads_along(bench):
    dialog = planned(bench, title="Kernel on Sunday")

    assert "▲  Look: The title says Sunday, but 2026-11-21 is a Saturday." in said(dialog)
    assert dialog.save_button.isEnabled()


def test_a_plan_is_entered_and_then_chosen_on_the_page(bench):
    dialog = planned(bench, notice="https://status.example.org")
    dialog.form.minutes.setValue(90)

    dialog.save_button.click()
    bench.settle()

    (window,) = list_windows(bench.store)
    assert window.starts_at == datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    assert (window.minutes, window.zone, window.entered_by) == (90, "Europe/Berlin", "ann")
    assert bench.page._current().window.title == "Kernel"


def test_a_name_that_is_not_in_the_fleet_is_said_and_cannot_be_entered(bench):
    dialog = planned(bench, servers="web1, nobody")

    assert dialog.trouble.text() == "✖  The fleet has no server or group called nobody."
    assert not dialog.save_button.isEnabled()


def test_a_skipped_wall_time_waits_for_a_choice(bench):
    dialog = planned(bench)
    dialog.form._show_wall(datetime.fromisoformat("2027-03-28T02:30"))
    wait_until(lambda: "does not exist" in dialog.trouble.text())

    dialog.form.choice.setCurrentText("the later instant")
    wait_until(lambda: dialog.trouble.text() == "" and bench.pool.is_idle)

    assert dialog.save_button.isEnabled()


def test_a_repeat_that_meets_a_skipped_time_is_refused_until_decided(bench):
    dialog = planned(bench)
    dialog.form._show_wall(datetime.fromisoformat("2026-11-22T02:30"))
    dialog.form.repeat.setCurrentText("every week")
    wait_until(lambda: "■  Must be mended" in said(dialog))
    assert not dialog.save_button.isEnabled()

    dialog.form.choice.setCurrentText("the earlier instant")
    wait_until(lambda: "■" not in said(dialog) and dialog.save_button.isEnabled())


def test_without_history_no_quiet_time_is_guessed(bench):
    dialog = planned(bench)

    dialog.quiet_button.click()
    wait_until(dialog.quiet_button.isEnabled)

    assert "not enough history" in dialog.basis.text()
    assert dialog.slots.isHidden()


def test_enter_on_a_quiet_time_takes_it(bench, monkeypatch):
    slot = QuietSlot(
        start=datetime(2026, 11, 24, 3, 15, tzinfo=UTC),
        end=datetime(2026, 11, 24, 4, 15, tzinfo=UTC),
        load=0.3,
        busiest_load=0.4,
        busiest_server="web1",
    )
    monkeypatch.setattr(
        "noc_console.desk.windows.window_dialog.propose",
        lambda *_, **__: Proposal(slots=(slot,), basis="It stands on 28 days."),
    )
    dialog = planned(bench)
    dialog.quiet_button.click()
    wait_until(lambda: dialog.slots.count() == 1)

    dialog.slots.itemActivated.emit(dialog.slots.item(0))

    assert dialog.form.wall() == datetime.fromisoformat("2026-11-24T04:15")
    assert "28 days" in dialog.basis.text()


def test_a_window_is_edited_and_a_failed_save_keeps_the_dialog(bench):
    bench.window(starts_at=NOW - timedelta(minutes=5), recurrence=Recurrence(unit=Unit.WEEKS))
    page = bench.open()
    page.edit()
    (dialog,) = page.findChildren(WindowDialog)
    assert dialog.form.repeat.currentText() == "every week"

    dialog.form.minutes.setValue(200)
    wait_until(dialog.save_button.isEnabled)
    dialog.save_button.click()
    wait_until(lambda: bool(dialog.trouble.text()))
    assert "goes on right now" in dialog.trouble.text()
    dialog.form.minutes.setValue(60)
    dialog.form.title.setText("kernel 6.1")
    wait_until(dialog.save_button.isEnabled)
    dialog.save_button.click()
    bench.settle()

    assert [one.title for one in list_windows(bench.store)] == ["kernel 6.1"]


def test_names_are_completed_one_by_one(bench):
    dialog = planned(bench)
    completer = dialog.form.servers.completer()

    assert completer.splitPath("web1, we") == ["we"]
    completer.setCompletionPrefix("we")
    dialog.form.servers.setText("db1, we")
    assert completer.pathFromIndex(completer.completionModel().index(0, 0)) == "db1, web1"


def test_a_store_that_fails_is_said_with_a_button_to_try_again(bench, monkeypatch):
    from noc_console.errors import ConsoleError

    def fail(*_):
        raise ConsoleError("The store does not answer; wait.")

    with monkeypatch.context() as broken:
        broken.setattr("noc_console.desk.windows.windows_page.list_occurrences", fail)
        page = bench.open()
        assert page.pages.currentWidget().sentence.text() == "The store does not answer; wait."

    page.read()
    bench.settle()
    assert page.pages.currentWidget() is page.whole


def test_a_notice_on_the_web_is_opened_and_nothing_else(bench, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "noc_console.desk.windows.windows_page.QDesktopServices.openUrl",
        lambda url: opened.append(url.toString()),
    )
    bench.window(notice="https://status.example.org/7", title="web")
    bench.window(notice="file:///etc/passwd", starts_at=NOW + 3 * HOUR, title="file")
    page = bench.open()

    page.actions_by_key["notice"].trigger()
    page.table.selectRow(1)
    assert not page.actions_by_key["notice"].isEnabled()
    page._open_notice()

    assert opened == ["https://status.example.org/7"]
