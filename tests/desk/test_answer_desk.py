"""The answer desk in the window: type what a caller says, read, copy."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from noc_console.desk.incidents.answer_desk import AnswerDesk, site_address
from noc_console.fleet.records import add_servers, edit_server, list_servers
from noc_console.fleet.server import Server, Site
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.answer_desk.answer import Standing
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import (
    get_incident,
    open_incident,
    tell_customers,
)
from tests.desk.page_bench import NOW, State
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench

MINUTE = timedelta(minutes=1)


class Bench(WindowBench):
    """An answer desk on a store with some sites."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        super().__init__(application, folder)
        sites = (
            Site(domain="birch.example", customer="Birch Ltd"),
            Site(domain="birch2.example", customer="Birch Ltd"),
        )
        edit_server(self.store, replace(self.server, sites=sites), NOW)
        add_servers(
            self.store,
            [Server(name="mail-01", address="a", sites=(Site(domain="dune.example"),))],
            NOW,
        )
        self.live.servers = list_servers(self.store)
        self.live.states = {
            one.id: State(judgement=Judgement(verdict=Verdict.OK, since=NOW))
            for one in self.live.servers
        }
        self.context = replace(self.context, navigator=self.navigator)
        self.desks: list[AnswerDesk] = []

    def desk(self) -> AnswerDesk:
        desk = AnswerDesk(self.context, None, lambda: self.clock)
        desk.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        QAbstractItemModelTester(
            desk.model, QAbstractItemModelTester.FailureReportingMode.Fatal, desk
        )
        self.desks.append(desk)
        desk.open_beside()
        wait_until(lambda: desk.words.text().startswith("Type"))
        return desk

    def close(self) -> None:
        end(*self.desks)
        super().close()


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(application, tmp_path)
    yield bench
    bench.close()


def asked(desk, text):
    desk.asked.clear()
    QTest.keyClicks(desk.asked, text)
    wait_until(lambda: desk.answer is not None or "No " in desk.words.text())


def test_a_mail_address_is_answered_while_it_is_typed(bench):
    desk = bench.desk()
    asked(desk, "anna@dune.example")

    assert desk.answer.standing is Standing.NOT_AFFECTED
    assert "dune.example is on mail-01." in desk.words.text()
    assert desk.text.toPlainText() == "We see no disturbance of dune.example at this moment."
    assert not desk.incident_button.isEnabled()


def test_enter_copies_the_text_and_says_so(bench):
    desk = bench.desk()
    asked(desk, "dune.example")
    QTest.keyClick(desk.asked, Qt.Key.Key_Return)

    assert QGuiApplication.clipboard().text() == desk.text.toPlainText()
    assert "Copied" in desk.copied.text()


def test_who_is_not_here_is_told_honestly_and_nothing_can_be_copied(bench):
    desk = bench.desk()
    asked(desk, "nobody.example.org")

    assert desk.words.text().startswith("No server here serves nobody.example.org.")
    assert desk.text.toPlainText() == ""
    assert not desk.copy_button.isEnabled()


def test_the_site_is_opened_in_the_browser(bench, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "noc_console.desk.incidents.answer_desk.QDesktopServices.openUrl", opened.append
    )
    desk = bench.desk()
    asked(desk, "dune.example")
    wait_until(desk.site_button.isEnabled)

    QTest.keyClick(
        desk.asked,
        Qt.Key.Key_O,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )

    assert [one.toString() for one in opened] == ["https://dune.example/"]
    assert "https://dune.example/" in desk.copied.text()


def test_where_no_site_was_meant_none_can_be_opened(bench):
    desk = bench.desk()
    asked(desk, "mail-01")
    wait_until(lambda: desk.model.rows)

    assert not desk.site_button.isEnabled()


@pytest.mark.parametrize(
    ("domain", "address"),
    [
        ("birch.example", "https://birch.example/"),
        ("bücher.example", "https://xn--bcher-kva.example/"),
        ("a.example/../b", ""),
        ("user@birch.example", ""),
        ("birch.example:99", ""),
        ("javascript:alert(1)", ""),
        ("--help", ""),
        ("a b.example", ""),
        ("", ""),
    ],
)
def test_only_the_name_of_a_host_leads_to_the_web(domain, address):
    assert site_address(Site(domain=domain)).toString() == address


def test_an_open_incident_is_told_with_what_was_said_and_the_next_update(bench):
    incident = open_incident(
        bench.store,
        title="web1 is slow",
        severity=Severity.MAJOR,
        server_ids=[bench.server.id],
        by="anna",
        now=NOW - 9 * MINUTE,
    )
    tell_customers(
        bench.store,
        incident.id,
        "We are on it.",
        by="ben",
        now=NOW - 5 * MINUTE,
        next_update_at=NOW + 15 * MINUTE,
    )
    bench.live.incidents = [get_incident(bench.store, incident.id)]
    desk = bench.desk()
    asked(desk, "birch ltd")

    assert [one.standing for one in desk.model.rows] == [Standing.AFFECTED] * 2
    assert "We are on it." in desk.said.text()
    assert "hear from us again by" in desk.text.toPlainText()
    QTest.keyClick(desk.asked, Qt.Key.Key_Down)
    assert desk.answer.hit.site.domain == "birch2.example"
    desk.incident_button.click()
    desk.server_button.click()
    assert bench.navigator.opened == [f"incident {incident.id}", bench.server.id]


def test_an_answer_follows_what_changes_while_the_caller_waits(bench):
    desk = bench.desk()
    asked(desk, "birch.example")
    assert desk.answer.standing is Standing.NOT_AFFECTED
    incident = open_incident(
        bench.store,
        title="x",
        severity=Severity.MAJOR,
        server_ids=[bench.server.id],
        by="anna",
        now=NOW,
    )
    bench.live.incidents = [incident]
    bench.live.incidents_changed.emit()

    wait_until(lambda: desk.answer.standing is Standing.AFFECTED)


def test_text_that_a_person_is_changing_is_left_alone(bench):
    desk = bench.desk()
    asked(desk, "birch.example")
    desk.activateWindow()
    wait_until(desk.isActiveWindow)
    desk.text.setFocus()
    desk.text.setPlainText("Dear Ms Birch")
    bench.live.incidents_changed.emit()
    wait_until(lambda: bench.pool.is_idle)

    assert desk.text.toPlainText() == "Dear Ms Birch"


def test_a_site_that_was_just_added_is_found(bench):
    desk = bench.desk()
    sites = (Site(domain="new.example"),)
    edit_server(bench.store, replace(bench.server, sites=sites), NOW)
    bench.live.servers = list_servers(bench.store)
    bench.live.fleet_changed.emit(bench.live.servers)
    desk.asked.setText("new.example")

    wait_until(lambda: desk.answer is not None)
    assert desk.answer.hit.site.domain == "new.example"


def test_without_an_engine_nothing_is_said_to_be_well(bench):
    bench.live.engine = None
    desk = bench.desk()
    asked(desk, "birch.example")

    assert desk.answer.standing is Standing.UNKNOWN
    assert "not watched" in desk.words.text()


def test_a_closed_desk_hears_nothing_more(bench):
    desk = bench.desk()
    bench.desks.remove(desk)
    end(desk)

    bench.live.incidents_changed.emit()
    bench.live.states_changed.emit({})
    bench.live.fleet_changed.emit(bench.live.servers)
    wait_until(lambda: bench.pool.is_idle)


def test_the_window_has_one_answer_desk_behind_a_key(bench):
    window = bench.begun()
    window.answer_caller()
    (desk,) = window.findChildren(AnswerDesk)
    window.answer_caller()

    assert window.findChildren(AnswerDesk) == [desk]
    keys = [action.shortcut().toString() for action in window.actions_of_window.all]
    assert "Ctrl+L" in keys
    end(desk)
