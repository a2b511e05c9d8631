"""The page of incidents on a real store, worked by keys."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from noc_console.desk.incidents.incident_dialogs import (
    EditDialog,
    EndDialog,
    OpenDialog,
    UpdateDialog,
)
from noc_console.desk.incidents.incidents_page import IncidentsPage
from noc_console.desk.incidents.opening import open_from_servers
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident import EntryKind, IncidentState, Severity
from noc_console.incidents.incident.incident_records import (
    close_incident,
    entries_of,
    get_incident,
    list_incidents,
    open_incident,
)
from noc_console.incidents.incident.timeline import Moment, Source
from noc_console.store.failures import StoreUnreachable
from tests.desk.page_bench import NOW
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.health.alarms import raise_alarm

MINUTE = timedelta(minutes=1)


class Bench(WindowBench):
    """Pages of incidents on a store with one server."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        super().__init__(application, folder)
        self.pages: list[IncidentsPage] = []
        self.context = replace(self.context, navigator=self.navigator)

    def page(self) -> IncidentsPage:
        page = IncidentsPage(self.context, lambda: self.clock)
        QAbstractItemModelTester(
            page.model, QAbstractItemModelTester.FailureReportingMode.Fatal, page
        )
        page.resize(1190, 700)
        page.show()
        self.pages.append(page)
        wait_until(page.parts.isVisible)
        return page

    def opened(self, title="web1 is slow", **more):
        values = {"severity": Severity.MAJOR, "server_ids": [self.server.id], "by": "ben"}
        return open_incident(self.store, title=title, **(values | {"now": NOW} | more))

    def tell(self) -> None:
        self.live.incidents_changed.emit()

    def close(self) -> None:
        end(*self.pages)
        super().close()


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(application, tmp_path)
    yield bench
    bench.close()


def dialog_of(page, kind):
    return next(one for one in page.findChildren(kind) if one.isVisible())


def press(widget, key):
    """Press a key where a person would: the window is in front, its page has the focus."""
    widget.window().activateWindow()
    wait_until(widget.window().isActiveWindow)
    widget.setFocus()
    QTest.keyClick(widget, key)


def closed(dialog: QDialog) -> None:
    wait_until(lambda: not dialog.isVisible())


def titles(page):
    return [one.title for one in page.model.rows]


def test_a_first_page_says_the_next_step(bench):
    page = bench.page()

    assert page.parts.currentWidget() is page.nothing
    assert "Press I on an alarm" in page.nothing.sentence.text()
    assert page.trouble.isHidden()


def test_a_list_that_was_never_read_says_why_and_what_to_do(bench):
    page = bench.page()
    page.parts.hide()
    page.summary.setText("Reading the incidents …")

    page.feed.failed.emit("The store does not answer; look at its disk.")

    assert page.parts.currentWidget() is page.unread
    assert page.unread.sentence.text() == "The store does not answer; look at its disk."
    assert page.trouble.isHidden()
    assert page.summary.text() == ""
    page.unread.findChild(QPushButton).click()
    wait_until(lambda: page.parts.currentWidget() is page.nothing)


def test_the_overdue_come_first_and_loudly_and_the_closed_last(bench):
    close_incident(bench.store, bench.opened("over").id, by="ben", now=NOW)
    bench.opened("calm", severity=Severity.CRITICAL)
    bench.opened("late", severity=Severity.MINOR, now=NOW - 40 * MINUTE)
    page = bench.page()

    assert titles(page) == ["late", "calm", "over"]
    wait_until(lambda: page.detail.clock.text() != "")
    assert "UPDATE OVERDUE by 10 min" in page.detail.clock.text()
    assert "▲ 1 update overdue" in page.summary.text()


def test_an_incident_is_opened_by_keys_alone(bench):
    page = bench.page()
    press(page, Qt.Key.Key_Insert)
    dialog = dialog_of(page, OpenDialog)
    QTest.keyClicks(dialog.title, "Mail is slow")
    QTest.keyClicks(dialog.servers, "web1")
    press(dialog.title, Qt.Key.Key_Return)
    closed(dialog)

    (made,) = list_incidents(bench.store)
    assert (made.title, made.opened_by) == ("Mail is slow", "ann")
    assert made.server_ids == (bench.server.id,)
    wait_until(lambda: page.incident is not None and page.incident.id == made.id)


def test_a_server_that_is_not_there_is_said_and_the_dialog_stays(bench):
    page = bench.page()
    press(page, Qt.Key.Key_Insert)
    dialog = dialog_of(page, OpenDialog)
    dialog.title.setText("x")
    dialog.servers.setText("nobody")
    dialog.button.click()

    assert "No server is called nobody" in dialog.trouble.text()
    assert dialog.isVisible()
    dialog.title.clear()
    dialog.servers.clear()
    dialog.button.click()
    wait_until(lambda: "title of one line" in dialog.trouble.text())
    dialog.reject()


def test_a_note_is_written_where_the_timeline_is(bench):
    incident = bench.opened()
    page = bench.page()
    wait_until(lambda: page.detail.moments.rowCount() > 0)
    press(page, Qt.Key.Key_W)
    assert page.detail.note.hasFocus()
    QTest.keyClicks(page.detail.note, "The queue grows")
    press(page.detail.note, Qt.Key.Key_Return)
    wait_until(lambda: page.detail.note.text() == "")
    bench.tell()

    wait_until(lambda: page.detail.moments.rows[0].words == "The queue grows")
    assert entries_of(bench.store, incident.id)[-1].by == "ann"


def test_customers_are_told_by_key_and_the_clock_moves(bench):
    incident = bench.opened(now=NOW - 40 * MINUTE)
    page = bench.page()
    wait_until(lambda: page.detail.moments.rowCount() > 0)
    press(page, Qt.Key.Key_U)
    dialog = dialog_of(page, UpdateDialog)
    assert "first word" in dialog.about.text()
    dialog.words.setPlainText("We are on it.")
    dialog.button.click()
    closed(dialog)

    again = get_incident(bench.store, incident.id)
    assert again.next_update_at == NOW + 30 * MINUTE
    bench.tell()
    wait_until(lambda: page.detail.said.rowCount() == 1)
    assert page.detail.said.rows[0].entry.words == "We are on it."


def test_an_empty_update_is_refused_with_a_sentence(bench):
    bench.opened()
    page = bench.page()
    press(page, Qt.Key.Key_U)
    dialog = dialog_of(page, UpdateDialog)
    dialog.button.click()
    wait_until(lambda: "empty update says nothing" in dialog.trouble.text())
    dialog.reject()


def test_the_lead_is_taken_and_given_back_by_the_same_key(bench):
    incident = bench.opened()
    page = bench.page()
    press(page, Qt.Key.Key_T)
    wait_until(lambda: get_incident(bench.store, incident.id).lead == "ann")
    bench.tell()
    wait_until(lambda: page.incident is not None and page.incident.lead == "ann")
    press(page, Qt.Key.Key_T)
    wait_until(lambda: get_incident(bench.store, incident.id).lead == "")


def test_editing_changes_fields_people_and_servers(bench):
    incident = bench.opened()
    page = bench.page()
    press(page, Qt.Key.Key_F2)
    dialog = dialog_of(page, EditDialog)
    assert dialog.servers.text() == "web1"
    dialog.severity.setCurrentIndex(0)
    dialog.cause.setPlainText("A robot.")
    dialog.servers.clear()
    dialog.button.click()
    closed(dialog)

    again = get_incident(bench.store, incident.id)
    assert (again.severity, again.cause) == (Severity.CRITICAL, "A robot.")
    assert again.server_ids == ()


def test_resolving_tells_the_last_word_and_the_same_key_opens_it_again(bench):
    incident = bench.opened()
    page = bench.page()
    press(page, Qt.Key.Key_R)
    dialog = dialog_of(page, EndDialog)
    dialog.words.setPlainText("Restarted.")
    dialog.update_words.setPlainText("It is over.")
    dialog.button.click()
    closed(dialog)
    kinds = [one.kind for one in entries_of(bench.store, incident.id)]
    assert kinds == [EntryKind.OPENED, EntryKind.UPDATE, EntryKind.RESOLVED]
    bench.tell()
    wait_until(lambda: page.incident is not None and not page.incident.is_open)

    press(page, Qt.Key.Key_R)
    wait_until(lambda: get_incident(bench.store, incident.id).is_open)


def test_closing_asks_first(bench):
    incident = bench.opened()
    page = bench.page()
    press(page, Qt.Key.Key_C)
    dialog = dialog_of(page, EndDialog)
    assert get_incident(bench.store, incident.id).is_open
    dialog.button.click()
    closed(dialog)

    assert get_incident(bench.store, incident.id).state is IncidentState.CLOSED


def test_what_lasts_is_proposed_opened_by_a_key_and_never_by_itself(bench):
    alarm = raise_alarm(
        bench.store,
        "link",
        server_id=bench.server.id,
        verdict=Verdict.DOWN,
        words="It does not answer.",
        raised_at=NOW - 9 * MINUTE,
    )
    bench.live.alarms = {alarm.id: alarm}
    page = bench.page()
    wait_until(page.band.isVisible)
    assert list_incidents(bench.store) == []
    assert "web1: It does not answer." in page.proposal.text()

    press(page, Qt.Key.Key_P)
    wait_until(lambda: len(list_incidents(bench.store)) == 1)
    bench.tell()
    wait_until(page.band.isHidden)
    (made,) = list_incidents(bench.store)
    assert (made.alarm_ids, made.began_at) == ((alarm.id,), NOW - 9 * MINUTE)


def test_what_is_dismissed_is_not_proposed_again(bench):
    alarm = raise_alarm(
        bench.store,
        "link",
        server_id=bench.server.id,
        verdict=Verdict.DOWN,
        raised_at=NOW - 9 * MINUTE,
    )
    bench.live.alarms = {alarm.id: alarm}
    page = bench.page()
    wait_until(page.band.isVisible)
    page.dismiss_button.click()
    wait_until(page.band.isHidden)

    other = bench.page()
    wait_until(lambda: bench.pool.is_idle)
    assert other.band.isHidden()


def test_the_post_mortem_is_written_in_the_background_and_said(bench, tmp_path):
    bench.opened()
    page = bench.page()
    path = tmp_path / "night.html"
    page.deeds.export(page.incident, path)
    wait_until(lambda: path.exists() and str(path) in bench.navigator.said[-1])


def test_a_row_of_the_timeline_leads_to_its_server(bench):
    bench.opened()
    page = bench.page()
    wait_until(lambda: page.detail.servers.rowCount() == 1)
    page.detail.tables[1].activated.emit(page.detail.servers.index(0, 0))

    assert bench.navigator.opened == [bench.server.id]


def test_how_bad_a_moment_of_the_timeline_is_is_told_by_shape_and_word_too(bench):
    bench.opened()
    page = bench.page()
    wait_until(lambda: page.detail.servers.rowCount() == 1)
    name = "web-shared-frankfurt-a-017.birch.example"
    page.detail.servers.show_rows([replace(page.detail.servers.rows[0], name=name)])
    moment = Moment(
        at=NOW,
        source=Source.ALARM,
        words=f"Alarm raised: {name}: Load, 5 min 9.7 on 4 cores",
        number=1,
        server_id=bench.server.id,
        verdict=Verdict.CUT_OFF,
    )
    page.detail.moments.show_rows([moment])
    cell = page.detail.moments.index(0, 2)

    assert cell.data().endswith(
        "cut-off: Alarm raised: web-shared-fr…irch.example: Load, 5 min 9.7 on 4 cores"
    )
    assert not cell.data().startswith("cut-off")
    assert name in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_a_store_that_cannot_be_read_is_said_with_what_to_do(bench, monkeypatch):
    page = bench.page()
    monkeypatch.setattr(
        "noc_console.desk.incidents.incident_feed.list_incidents",
        refuse,
    )
    page.feed.read_again()
    wait_until(page.trouble.isVisible)

    assert "F5 tries again" in page.trouble.text()


def refuse(_store):
    raise StoreUnreachable("The store does not answer.")


def test_an_incident_is_opened_at_once_from_a_server_with_alarms_and_only_one(bench):
    alarm = raise_alarm(bench.store, "load1", server_id=bench.server.id, raised_at=NOW)
    page = bench.page()
    bench.live.alarms = {alarm.id: alarm}
    assert open_from_servers(bench.context, [bench.server.id], page, lambda: NOW) is None
    wait_until(lambda: len(list_incidents(bench.store)) == 1)
    wait_until(lambda: bench.navigator.opened == ["incident 1"])

    assert open_from_servers(bench.context, [bench.server.id], page, lambda: NOW) is None
    wait_until(lambda: bench.navigator.opened == ["incident 1", "incident 1"])
    assert len(list_incidents(bench.store)) == 1
    assert "belongs to incident 1 already" in bench.navigator.said[-1]


def test_of_a_server_without_an_alarm_a_person_says_what_it_is(bench):
    page = bench.page()
    dialog = open_from_servers(bench.context, [bench.server.id], page, lambda: NOW)

    assert dialog is not None
    assert (dialog.title.text(), dialog.servers.text()) == ("web1", "web1")
    assert list_incidents(bench.store) == []
    dialog.reject()


def test_hostile_words_are_inert_in_every_cell(bench):
    bench.opened("x <b>z</b> &amp;")
    page = bench.page()
    wait_until(lambda: page.detail.title.text() != "")

    assert page.detail.title.text() == "1: x <b>z</b> &amp;"
    assert page.detail.title.textFormat() is Qt.TextFormat.PlainText


def test_at_twice_the_size_the_list_stands_above_and_says_the_title_alone(bench):
    bench.opened()
    page = bench.page()
    wait_until(lambda: page.incident is not None)
    assert page.detail.title.isVisible()
    beside = page.table.width()
    page.resize(1700, 700)
    wait_until(lambda: page.table.width() > beside + 100)

    page.resize(800, 480)
    wait_until(lambda: page.splitter.orientation() is Qt.Orientation.Vertical)

    assert not page.detail.title.isVisible()
    row = page.table.rowHeight(0)
    timeline = page.detail.tables[0]
    wait_until(lambda: timeline.viewport().height() >= 2 * row)
