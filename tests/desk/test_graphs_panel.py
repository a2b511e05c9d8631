"""The server page's graphs: what they ask for, what they show live, what they copy."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from noc_console.desk.server.graph_plans import Range
from noc_console.desk.server.graphs_panel import GraphsPanel, WantedSpan, live_start_s
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_series import GraphSeries
from tests.desk.qt_life import end

COLOURS = GraphColours(
    ground="#ffffff",
    text="#111111",
    faint="#666666",
    grid="#cccccc",
    accent="#0072b2",
    series=("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
)
START = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


class Bench:
    """A panel, its clock and the spans it asked for."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.panel = GraphsPanel("web1", COLOURS, self.clock, 15.0)
        self.wanted: list[WantedSpan] = []
        self.panel.span_wanted.connect(self.wanted.append)

    def state(self) -> str:
        return next(
            label.text()
            for label in self.panel.bar.findChildren(QLabel)
            if label.accessibleName() == "Moment"
        )


@pytest.fixture
def bench(application: QApplication) -> Iterator[Bench]:
    bench = Bench()
    bench.panel.resize(1200, 500)
    bench.panel.show()
    bench.panel.begin()
    yield bench
    end(bench.panel)


def history(wanted: WantedSpan, step_s: float, level: float) -> GraphSeries:
    times = np.arange(wanted.start_s, wanted.end_s, step_s)
    return GraphSeries(times_s=times, average={"load1": np.full(times.size, level)})


def load_values(bench: Bench) -> list[float]:
    return [float(value) for value in bench.panel.stack.series.average["load1"]]


def test_the_live_range_shows_the_history_first_and_goes_on_from_the_feed(bench: Bench) -> None:
    now = START.timestamp()
    bench.panel.take_sample(now, {"load1": 9.0})
    bench.panel.show_history(bench.wanted[-1], history(bench.wanted[-1], 100.0, 1.0))

    assert load_values(bench) == [1.0] * 6 + [9.0]
    assert bench.panel.stack.visible_span == (now - 600, now)


def test_the_live_view_slides_with_the_clock(bench: Bench) -> None:
    bench.clock.at = START + timedelta(seconds=7)
    bench.panel.tick()

    assert bench.panel.stack.visible_span[1] == (START + timedelta(seconds=7)).timestamp()


def test_a_range_is_read_anew_only_when_it_is_due(bench: Bench) -> None:
    bench.panel.bar.choose(Range.DAY)
    asked = len(bench.wanted)

    bench.clock.at = START + Range.DAY.renewal - timedelta(seconds=1)
    bench.panel.tick()
    assert len(bench.wanted) == asked

    bench.clock.at = START + Range.DAY.renewal
    bench.panel.tick()
    assert len(bench.wanted) == asked + 1
    assert bench.wanted[-1].end_s == bench.clock.at.timestamp()


def test_an_answer_that_is_no_longer_wanted_is_not_shown(bench: Bench) -> None:
    bench.panel.bar.choose(Range.DAY)
    late = bench.wanted[-1]
    bench.panel.bar.choose(Range.HOUR)
    bench.panel.show_history(bench.wanted[-1], history(bench.wanted[-1], 600.0, 2.0))

    bench.panel.show_history(late, history(late, 600.0, 7.0))

    assert set(load_values(bench)) == {2.0}


def test_a_zoom_stops_the_sliding_and_home_ends_it(bench: Bench) -> None:
    bench.panel.take_sample(START.timestamp(), {"load1": 1.0})
    QTest.keyClick(bench.panel.stack, Qt.Key.Key_Plus)
    zoomed = bench.panel.stack.visible_span
    bench.clock.at = START + timedelta(seconds=30)
    bench.panel.tick()

    assert bench.panel.stack.visible_span == zoomed
    assert zoomed[1] - zoomed[0] == pytest.approx(60)
    assert bench.state().startswith("Zoomed")

    QTest.keyClick(bench.panel.stack, Qt.Key.Key_Home)
    assert bench.panel.stack.visible_span[1] == bench.clock.at.timestamp()


def test_a_zoom_into_the_history_asks_once_for_finer_samples(bench: Bench) -> None:
    bench.panel.bar.choose(Range.DAY)
    bench.panel.show_history(bench.wanted[-1], history(bench.wanted[-1], 300.0, 1.0))
    asked = len(bench.wanted)

    QTest.keyClick(bench.panel.stack, Qt.Key.Key_Plus)
    QTest.keyClick(bench.panel.stack, Qt.Key.Key_Plus)

    deadline = time.monotonic() + 30
    while len(bench.wanted) == asked and time.monotonic() < deadline:
        QTest.qWait(10)
    assert len(bench.wanted) == asked + 1
    assert bench.wanted[-1].end_s - bench.wanted[-1].start_s == pytest.approx(86400 / 4)


def test_devices_in_the_feed_can_be_chosen_and_are_then_asked_for(bench: Bench) -> None:
    bench.panel.take_sample(
        START.timestamp(),
        {"net_rx_bytes_per_s:eth0": 10.0, "net_rx_bytes_per_s:eth1": 20.0, "load1": 1.0},
    )
    graph = bench.panel.stack.graph("network")
    graph._parts.setCurrentIndex(2)
    graph._parts.activated.emit(2)
    bench.panel.bar.choose(Range.HOUR)

    assert "net_rx_bytes_per_s:eth1" in bench.wanted[-1].metrics
    assert "net_rx_bytes_per_s:eth0" not in bench.wanted[-1].metrics


def test_a_span_without_a_sample_says_so(bench: Bench) -> None:
    bench.panel.bar.choose(Range.WEEK)
    bench.panel.show_history(bench.wanted[-1], GraphSeries.empty())

    assert bench.state().startswith("No samples in this span")


def test_a_span_that_cannot_be_read_says_why(bench: Bench) -> None:
    bench.panel.show_trouble(bench.wanted[-1], "The store does not answer.")

    assert bench.state().startswith("The store does not answer.")


def test_csv_holds_the_visible_samples_and_no_others(bench: Bench) -> None:
    bench.panel.bar.choose(Range.HOUR)
    bench.panel.show_history(bench.wanted[-1], history(bench.wanted[-1], 60.0, 1.0))
    bench.panel.stack.show_window(START.timestamp() - 600, START.timestamp())
    bench.panel.copy_csv()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + 10
    assert lines[1].startswith("web1,2024-05-01T11:50:00")


def test_the_picture_on_the_clipboard_is_as_large_as_the_graphs(bench: Bench) -> None:
    bench.panel.copy_picture()

    picture = QGuiApplication.clipboard().pixmap()
    assert picture.deviceIndependentSize().toSize() == bench.panel.stack.size()


@pytest.mark.parametrize(
    ("first_s", "start_s"), [(1000.0, 880.0), (900.0, 880.0), (700.0, 700.0), (100.0, 400.0)]
)
def test_the_live_view_of_a_new_server_begins_at_its_first_sample(first_s, start_s):
    assert live_start_s(np.array([first_s, 1000.0]), 1000.0) == start_s


def test_the_live_view_of_a_server_without_a_sample_is_the_whole_live_range():
    assert live_start_s(np.array([]), 1000.0) == 400.0
