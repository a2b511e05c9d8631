"""The page of availability: figures for a range, the spans behind them, targets, reports."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from noc_console.desk.availability.availability_page import AvailabilityPage, forms_of_report
from noc_console.desk.availability.target_dialog import TargetDialog
from noc_console.desk.report_forms import write_forms
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, Site
from noc_console.incidents.availability.availability_report import Kind, Scope, make_report
from noc_console.incidents.availability.standing_records import Standing, Turn, write_turns
from noc_console.incidents.availability.targets import read_targets
from noc_console.store.schema.engines import watch_span
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

HOUR = timedelta(hours=1)


@pytest.fixture
def bench(application, tmp_path: Path) -> Iterator[PageBench]:
    bench = PageBench(tmp_path / "store")
    server = Server(
        name="web2",
        address="10.0.0.2",
        groups=("web",),
        sites=(Site(domain="a.example", customer="<b>Ada</b>"),),
    )
    second = add_server(bench.store, server, NOW)
    with bench.store.write() as connection:
        turns = [
            Turn(bench.server.id, "", Standing.UP, NOW - 40 * HOUR),
            Turn(second.id, "", Standing.UP, NOW - 40 * HOUR),
            Turn(second.id, "nginx", Standing.UP, NOW - 40 * HOUR),
            Turn(second.id, "", Standing.DOWN, NOW - timedelta(seconds=20)),
        ]
        write_turns(connection, turns)
        connection.execute(sa.update(watch_span).values(ended_at=NOW))  # as many beats make it
    bench.second = second
    yield bench
    bench.close()


@pytest.fixture
def page(bench: PageBench) -> Iterator[AvailabilityPage]:
    page = AvailabilityPage(bench.context, lambda: NOW)
    QAbstractItemModelTester(page.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, page)
    QAbstractItemModelTester(page.traces, QAbstractItemModelTester.FailureReportingMode.Fatal, page)
    page.resize(1200, 700)
    page.show()
    wait_until(lambda: page.report is not None and bench.pool.is_idle)
    yield page
    end(page)


def test_the_worst_comes_first_and_is_chosen_with_what_it_was_counted_from(page):
    assert [row.name for row in page.rows.rows] == ["web2", "web1"]
    assert page.table.selectionModel().currentIndex().row() == 0
    assert page.traced_title.text().startswith("web2: up ")
    assert "outage" in {trace.what for trace in page.traces.rows}
    assert "up to now" in page.summary.text()


def test_each_kind_of_thing_has_its_rows(bench, page):
    names = {}
    for kind in ("Groups", "Customers", "Services"):
        page.kind.setCurrentText(kind)
        wait_until(lambda: bench.pool.is_idle)
        names[kind] = [row.name for row in page.rows.rows]

    assert names == {
        "Groups": ["web"],
        "Customers": ["<b>Ada</b>"],
        "Services": ["nginx on web2"],
    }


def test_a_filter_keeps_only_names_with_it(page):
    page.filter.setText("WEB1")

    assert [row.name for row in page.rows.rows] == ["web1"]


def test_a_range_that_names_nothing_is_said_and_can_be_counted_again(bench, page):
    page.chooser.unit.setCurrentText("Range")
    page.chooser.first.setText("soon")
    page.count()

    assert "is no range" in page.pages.currentWidget().sentence.text()
    page.chooser.first.setText(f"{NOW - 30 * HOUR:%Y-%m-%d}")
    page.count()
    wait_until(lambda: page.report is not None and bench.pool.is_idle)
    assert page.pages.currentWidget() is page.whole


def test_the_month_before_is_a_key_away_and_the_future_is_not(bench, page):
    before = page.report.range

    QTest.keyClick(page, Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: page.report is not None and page.report.range != before)

    assert page.report.range.end == before.start
    page.chooser.later.click()
    assert not page.chooser.later.isEnabled()


def test_a_target_is_set_for_the_chosen_row_and_counted_at_once(bench, page):
    page.set_target()
    (dialog,) = page.findChildren(TargetDialog)
    dialog.percent.setValue(99.99)
    assert dialog.left.text() == "leaves 52 min 34 s in a year"
    dialog.ok_button.click()

    scope = f"server:{bench.second.id}"
    wait_until(lambda: read_targets(bench.store).by_scope.get(scope) == 99.99)
    wait_until(lambda: page.rows.rows[0].budget.target_percent == 99.99)


def test_enter_opens_the_server_of_the_row(bench, page):
    opened: list[int] = []
    bench.navigator.open_server = opened.append

    page.table.activated.emit(page.rows.index(0, 0))

    assert opened == [bench.second.id]


def test_the_rules_are_a_button_away(page):
    assert page.rules.isHidden()
    page.rules.show()
    assert "maintenance counted as up" in page.rules.text()


@pytest.mark.parametrize("name", ["a.csv", "a.html", "a.pdf"])
def test_a_report_is_written_as_its_name_says(bench, page, tmp_path, name):
    wanted = page.chooser.wanted()
    report = make_report(bench.store, wanted, NOW, Scope())
    assert len(report.of(Kind.SERVER)) == 2

    told = write_forms(forms_of_report(report), tmp_path / name)

    content = (tmp_path / name).read_bytes()
    assert name in told
    assert content.startswith(b"%PDF") if name.endswith("pdf") else b"web2" in content
    assert b"<b>Ada" not in content or name.endswith("csv")


def test_an_outage_that_was_seen_wrongly_is_marked_and_the_mark_taken_back(bench, page):
    choose(page, "outage")
    dialog = page.mark()
    assert not dialog.mark_button.isEnabled()
    dialog.reason.setText("<b>our uplink</b> was down")
    dialog.mark_button.click()
    wait_until(lambda: bench.pool.is_idle)

    (row,) = [one for one in page.rows.rows if one.name == "web2"]
    assert row.measure.unscheduled_ms == 0
    assert row.as_recorded.unscheduled_ms == 20_000
    assert "as recorded, without marks" in page.summary.text()

    page.table.selectRow([one.name for one in page.rows.rows].index("web2"))
    wait_until(lambda: bench.pool.is_idle)
    assert "seen wrongly" in {trace.what for trace in page.traces.rows}
    choose(page, "seen wrongly")
    asked = page.mark()
    next(one for one in asked.buttons() if "Take" in one.text()).click()
    wait_until(lambda: bench.pool.is_idle)
    (row,) = [one for one in page.rows.rows if one.name == "web2"]
    assert row.measure.unscheduled_ms == 20_000


def test_what_cannot_be_marked_is_said(bench, page):
    page.trace_table.clearSelection()
    page.trace_table.setCurrentIndex(page.traces.index(-1, 0))

    assert page.mark() is None
    assert "Choose an outage" in bench.navigator.said[-1]


def choose(page, what):
    place = [trace.what for trace in page.traces.rows].index(what)
    page.trace_table.selectRow(place)
