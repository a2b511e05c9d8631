"""The handover page on a real store: given, taken by name, read again, written to a file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from noc_console.desk.handover.handover_dialogs import GiveDialog, TakeDialog
from noc_console.desk.handover.handover_export import write_handover
from noc_console.desk.handover.handover_page import HandoverPageWidget
from noc_console.desk.incidents.post_mortem_export import UnknownForm
from noc_console.health.verdict import Verdict
from noc_console.incidents.handover.handover_reading import read_page
from noc_console.incidents.handover.handover_records import give, list_handovers
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import open_incident
from tests.desk.page_bench import NOW
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.health.alarms import raise_alarm


class Bench(WindowBench):
    """Handover pages on a store with one server."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        super().__init__(application, folder)
        self.pages: list[HandoverPageWidget] = []
        self.context = replace(self.context, navigator=self.navigator)

    def page(self) -> HandoverPageWidget:
        page = HandoverPageWidget(self.context, lambda: self.clock)
        page.resize(1190, 700)
        page.show()
        self.pages.append(page)
        wait_until(lambda: page.browser.toPlainText() != "")
        return page

    def close(self) -> None:
        end(*self.pages)
        super().close()


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(application, tmp_path)
    yield bench
    bench.close()


def press(widget, key):
    widget.window().activateWindow()
    wait_until(widget.window().isActiveWindow)
    widget.setFocus()
    QTest.keyClick(widget, key)


def dialog_of(page, kind):
    return next(one for one in page.findChildren(kind) if one.isVisible())


def test_the_page_tells_what_stands_and_what_is_empty(bench):
    raise_alarm(
        bench.store,
        "load1",
        server_id=bench.server.id,
        verdict=Verdict.CUT_OFF,
        words="Load 40 <b>on</b> 4 cores",
        raised_at=NOW,
    )
    text = bench.page().browser.toPlainText()

    assert "Load 40 <b>on</b> 4 cores" in text
    assert "Nothing is promised." in text
    assert "No maintenance is planned in the next 24 hours." in text


def test_a_shift_is_given_and_taken_by_keys_with_both_names(bench):
    page = bench.page()
    press(page, Qt.Key.Key_G)
    giving = dialog_of(page, GiveDialog)
    assert giving.giver.text() == "ann"
    giving.note.setPlainText("The queue grows.")
    QTest.keyClick(giving.giver, Qt.Key.Key_Return)
    wait_until(lambda: not giving.isVisible())
    bench.live.incidents_changed.emit()
    wait_until(lambda: page.waiting is not None)
    assert "nobody has taken it yet" in page.summary.text()

    press(page, Qt.Key.Key_T)
    taking = dialog_of(page, TakeDialog)
    assert taking.taker.text() == ""
    taking.taker.setText("ann")
    taking.button.click()
    wait_until(lambda: "cannot take it too" in taking.trouble.text())
    taking.taker.setText("ben")
    taking.button.click()
    wait_until(lambda: not taking.isVisible())

    (done,) = list_handovers(bench.store)
    assert (done.given_by, done.taken_by, done.note) == ("ann", "ben", "The queue grows.")
    bench.live.incidents_changed.emit()
    wait_until(lambda: page.waiting is None)


def test_an_earlier_handover_is_read_as_it_was(bench):
    give(bench.store, read_page(bench.store, NOW), by="cleo", now=NOW, note="Quiet.")
    raise_alarm(bench.store, "load1", server_id=bench.server.id, words="new", raised_at=NOW)
    page = bench.page()
    assert "new" in page.browser.toPlainText()

    page.table.selectRow(1)
    wait_until(lambda: "Given by" in page.browser.toPlainText())
    text = page.browser.toPlainText()

    assert "Given by cleo" in text
    assert "Quiet." in text
    assert "No alarm is open." in text


def test_a_link_leads_to_what_it_names(bench):
    incident = open_incident(
        bench.store,
        title="x",
        severity=Severity.MAJOR,
        server_ids=[],
        by="anna",
        now=NOW,
    )
    page = bench.page()
    assert f'href="incident:{incident.id}"' in page.browser.toHtml()
    for link in ("incident:1", "server:1", "alarm:1", "window:1", "server:x", "file:///etc/passwd"):
        page.browser.anchorClicked.emit(QUrl(link))

    assert bench.navigator.opened == ["incident 1", 1, "alarms", "windows"]


def test_what_is_read_again_leaves_the_page_where_it_was_scrolled(bench):
    for number in range(60):
        raise_alarm(bench.store, f"k{number}", server_id=bench.server.id, raised_at=NOW)
    page = bench.page()
    assert "And 45 more; the file has 60 of them." in page.browser.toPlainText()
    page.browser.verticalScrollBar().setValue(300)
    raise_alarm(
        bench.store,
        "k99",
        server_id=bench.server.id,
        verdict=Verdict.DOWN,
        words="later",
        raised_at=NOW,
    )
    page.read()
    wait_until(lambda: "later" in page.browser.toPlainText())

    assert page.browser.verticalScrollBar().value() == 300


def test_a_handover_is_written_as_a_web_page_and_as_a_pdf_and_as_nothing_else(bench, tmp_path):
    page = read_page(bench.store, NOW)
    for ending, begin in (("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-")):
        path = tmp_path / f"handover.{ending}"
        assert str(path) in write_handover(page, None, path)
        assert path.read_bytes().startswith(begin)
    with pytest.raises(UnknownForm, match=r"\.html or \.pdf"):
        write_handover(page, None, tmp_path / "handover.md")
