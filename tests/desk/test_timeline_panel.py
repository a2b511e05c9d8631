"""The timeline of a server's page: what happened, the newest first, while somebody looks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from noc_console.desk.server.server_page import ServerPage
from noc_console.desk.server.timeline_panel import NOTHING, TimelinePanel
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import open_incident
from noc_console.incidents.incident.timeline import Moment, Source, Timeline
from noc_console.store import orders
from tests.desk.page_bench import NOW, PageBench, theme
from tests.desk.qt_life import end, wait_until


@pytest.fixture
def panel(application: QApplication) -> Iterator[TimelinePanel]:
    widget = TimelinePanel(theme("#ffffff").look, lambda: NOW)
    QAbstractItemModelTester(
        widget.model, QAbstractItemModelTester.FailureReportingMode.Fatal, widget
    )
    widget.resize(1100, 240)
    widget.show()
    yield widget
    end(widget)


def moment(minute: int, words: str, **more: object) -> Moment:
    at = NOW - timedelta(minutes=minute)
    return Moment(**({"at": at, "source": Source.ALARM, "words": words} | more))


def cells(panel: TimelinePanel) -> list[list[str]]:
    model = panel.model
    return [
        [str(model.index(row, place).data()) for place in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_newest_stands_first_and_what_is_bad_has_shape_and_word(panel: TimelinePanel) -> None:
    fell = moment(9, "nginx went down.", verdict=Verdict.CUT_OFF, source=Source.READING)
    panel.show_timeline(Timeline(moments=(fell, moment(3, "Alarm claimed: Load 20", by="anna"))))

    claimed, down = cells(panel)

    assert claimed[1:] == ["alarm", "Alarm claimed: Load 20", "anna"]
    assert down[1:] == ["reading", "●  cut-off: nginx went down.", ""]


def test_where_nothing_happened_it_says_what_will_stand_there(panel: TimelinePanel) -> None:
    panel.show_timeline(Timeline())

    assert panel.currentWidget() is panel.words
    assert panel.words.text() == NOTHING


def test_what_is_left_out_is_said_below_the_oldest(panel: TimelinePanel) -> None:
    panel.show_timeline(Timeline(moments=(moment(1, "a"),), left_out=1234))

    assert cells(panel)[-1][2].startswith("1,234 earlier facts are left out")


def test_what_a_person_wrote_is_shown_as_it_is_and_never_as_control_characters(
    panel: TimelinePanel,
) -> None:
    panel.show_timeline(Timeline(moments=(moment(1, "<b>a</b>\x1b[31m\u202e", by="\x07anna"),)))

    (row,) = cells(panel)

    assert row[2].startswith("<b>a</b>")
    assert all(text.isprintable() for text in row)


def test_who_stands_on_a_line_stays_on_it_when_newer_ones_come(panel: TimelinePanel) -> None:
    older, newer = moment(9, "older"), moment(1, "newer")
    panel.show_timeline(Timeline(moments=(older,)))
    panel.view.selectRow(0)

    panel.show_timeline(Timeline(moments=(older, newer)))

    assert panel.model.rows[panel.view.currentIndex().row()] == older


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[PageBench]:
    bench = PageBench(tmp_path / "store")
    yield bench
    bench.close()


@pytest.fixture
def page(bench: PageBench) -> Iterator[ServerPage]:
    page = ServerPage(bench.context, bench.server.id, lambda: bench.clock + timedelta(minutes=1))
    page.resize(1366, 700)
    page.show()
    yield page
    page.close()
    end(page)


def incident_of(bench: PageBench) -> int:
    return open_incident(
        bench.store,
        title="It is slow",
        severity=Severity.MAJOR,
        server_ids=[bench.server.id],
        by="anna",
        now=NOW,
    ).id


def words_of(page: ServerPage) -> list[str]:
    return [one.words for one in page.view.tables.timeline.model.rows]


def test_it_is_read_when_it_comes_into_sight_and_not_before(
    bench: PageBench, page: ServerPage
) -> None:
    incident_of(bench)
    page.timeline.read()
    assert not words_of(page)

    page.view.tables.setCurrentWidget(page.view.tables.timeline)

    wait_until(lambda: "Incident 1 opened: It is slow" in words_of(page))


def test_what_happens_while_it_is_seen_is_added(bench: PageBench, page: ServerPage) -> None:
    page.view.tables.setCurrentWidget(page.view.tables.timeline)
    order_id = orders.place(
        bench.store, "record now", server_id=bench.server.id, asked_by="anna", now=NOW
    )
    assert order_id

    bench.live.orders_changed.emit()

    wait_until(lambda: any("record now" in words for words in words_of(page)))


def test_enter_opens_the_incident_a_line_is_about(bench: PageBench, page: ServerPage) -> None:
    number = incident_of(bench)
    panel = page.view.tables.timeline
    page.view.tables.setCurrentWidget(panel)
    wait_until(lambda: "Incident 1 opened: It is slow" in words_of(page))
    panel.view.selectRow(words_of(page).index("Incident 1 opened: It is slow"))

    QTest.keyClick(panel.view, Qt.Key.Key_Return)

    assert bench.navigator.opened == [f"incident {number}"]


def test_a_line_that_leads_nowhere_says_so(bench: PageBench, page: ServerPage) -> None:
    page.timeline.follow(moment(1, "Booted, after 2 d.", source=Source.READING))

    assert bench.navigator.said == ["There is no more to see of this than its line says."]


def test_another_theme_keeps_the_timeline(bench: PageBench, page: ServerPage) -> None:
    incident_of(bench)
    page.view.tables.setCurrentWidget(page.view.tables.timeline)
    wait_until(lambda: "Incident 1 opened: It is slow" in words_of(page))

    bench.themes.changed.emit(theme("#000000"))

    wait_until(lambda: "Incident 1 opened: It is slow" in words_of(page))
