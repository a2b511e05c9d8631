"""Graphs on a (virtual) screen: one time axis, one crosshair, one zoom; gaps and marks."""

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from noc_console.desk.server.graph_plans import GRAPH_PLANS, MOST_LINES, Range, parts_in
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_plot import Mark
from noc_console.desk.widgets.graph_series import GraphSeries
from noc_console.desk.widgets.graph_stack import GraphStack
from noc_console.telemetry.metrics import METRICS
from tests.desk.qt_life import end

COLOURS = GraphColours(
    ground="#ffffff",
    text="#111111",
    faint="#666666",
    grid="#cccccc",
    accent="#0072b2",
    series=("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
)
START = 1_700_000_000.0


@pytest.fixture
def stack(application: QApplication) -> Iterator[GraphStack]:
    widget = GraphStack(GRAPH_PLANS, COLOURS)
    widget.resize(1200, 420)
    widget.show()
    application.processEvents()
    yield widget
    end(widget)


def series(times: np.ndarray, **lines: np.ndarray) -> GraphSeries:
    return GraphSeries(times_s=times, average=lines, longest_gap_s=15.0)


def ten_minutes() -> GraphSeries:
    times = START + np.arange(0, 600, 5.0)
    return series(
        times,
        load1=np.linspace(0.5, 3.0, times.size),
        cpu_user_percent=np.full(times.size, 40.0),
        cpu_system_percent=np.full(times.size, 20.0),
    )


def test_every_metric_of_a_graph_is_in_the_catalogue() -> None:
    wanted = {line.metric for plan in GRAPH_PLANS for line in plan.lines}

    assert wanted <= set(METRICS)
    assert len(COLOURS.series) >= MOST_LINES


def test_the_legend_reads_the_newest_value_and_a_missing_one_as_a_dash(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())

    assert [entry.value for entry in stack.graph("load").legend()] == ["3.00", "–", "–"]


def test_the_crosshair_reads_all_graphs_at_one_moment(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())
    stack.show_window(START, START + 600)
    moments: list[object] = []
    stack.moment_changed.connect(moments.append)

    stack.point_at(START + 1)

    assert stack.graph("load").legend()[0].value == "0.50"
    assert stack.graph("cpu").legend()[1].value == "20.0 %"
    assert moments == [START + 1]


def test_the_crosshair_reads_nothing_in_a_gap(stack: GraphStack) -> None:
    stack.show_series(
        series(np.array([START, START + 5, START + 300]), load1=np.array([1.0, 2.0, 3.0]))
    )

    stack.point_at(START + 150)

    assert stack.graph("load").legend()[0].value == "–"


def test_a_drag_in_one_graph_zooms_all_of_them(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())
    stack.show_window(START, START + 600)
    chosen: list[tuple[float, float]] = []
    stack.window_changed.connect(lambda start, end: chosen.append((start, end)))
    plot = stack.graph("cpu").plot
    view = stack.graph("cpu").plot.view
    left = plot.mapFromScene(view.mapViewToScene(QPointF(START + 100, 50)))
    right = plot.mapFromScene(view.mapViewToScene(QPointF(START + 400, 50)))

    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=left)
    for step in range(1, 11):
        QTest.mouseMove(plot.viewport(), left + (right - left) * step / 10)
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=right)

    assert len(chosen) == 1
    start, end = chosen[0]
    assert start == pytest.approx(START + 100, abs=5)
    assert end == pytest.approx(START + 400, abs=5)
    for graph in stack.graphs:
        assert graph.plot.view.viewRange()[0] == pytest.approx([start, end])


def test_a_double_click_and_home_ask_for_the_whole_range(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())
    stack.show_window(START, START + 600)
    asked: list[bool] = []
    stack.reset_wanted.connect(lambda: asked.append(True))
    plot = stack.graph("cpu").plot
    middle = plot.mapFromScene(
        stack.graph("cpu").plot.view.mapViewToScene(QPointF(START + 300, 50))
    )

    QTest.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.keyClick(stack, Qt.Key.Key_Home)

    assert asked == [True, True]


def test_keys_move_the_crosshair_and_zoom(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())
    stack.show_window(START, START + 600)
    moments: list[float | None] = []
    stack.moment_changed.connect(moments.append)

    QTest.keyClick(stack, Qt.Key.Key_Left)
    QTest.keyClick(stack, Qt.Key.Key_Left)
    QTest.keyClick(stack, Qt.Key.Key_Plus)
    QTest.keyClick(stack, Qt.Key.Key_Escape)

    assert moments == [START + 595, START + 590, None]
    start, end = stack.visible_span
    assert end - start == pytest.approx(300)


def test_the_scale_holds_the_cut_off_line(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())
    stack.show_window(START, START + 600)

    stack.set_marks("load", (Mark(value=16.0, words="cut-off", colour="#d55e00"),))

    assert stack.graph("load").plot.top() >= 16.0


def test_the_words_of_a_line_stand_under_it_where_there_is_no_room_above(
    stack: GraphStack,
) -> None:
    marks = [Mark(value=level, words="a line", colour="#777777") for level in (4.0, 19.0)]
    stack.set_marks("load", tuple(marks))
    low, high = (line.label.anchors[0] for line in stack.graph("load").plot.mark_items)

    assert (low, high) == ((0, 1), (0, 0))


def test_no_scale_of_percent_goes_beyond_100(stack: GraphStack) -> None:
    stack.show_series(
        series(np.array([START, START + 5]), pressure_cpu_some_percent=np.array([98.7, 99.9]))
    )
    stack.show_window(START, START + 600)

    assert stack.graph("pressure").plot.top() == 100.0


def test_a_percentage_always_has_the_scale_from_0_to_100(stack: GraphStack) -> None:
    stack.show_series(ten_minutes())
    stack.show_window(START, START + 600)

    assert stack.graph("cpu").plot.top() == 100.0


def test_a_chosen_interface_is_what_the_graph_asks_for(stack: GraphStack) -> None:
    chosen: list[str] = []
    network = stack.graph("network")
    network.part_chosen.connect(chosen.append)
    stack.set_parts("network", ("eth0", "eth1"))

    network._parts.setCurrentIndex(2)
    network._parts.activated.emit(2)

    assert chosen == ["eth1"]
    assert "net_rx_bytes_per_s:eth1" in stack.metrics()


def test_a_gap_is_painted_as_a_gap_and_a_span_nobody_watched_is_hatched(stack: GraphStack) -> None:
    load = stack.graph("load")
    times = np.array([START, START + 5, START + 300, START + 305])
    stack.show_series(
        GraphSeries(
            times_s=times,
            average={"load1": np.array([1.0, 1.0, 1.0, 1.0])},
            longest_gap_s=15.0,
            not_watched=((START + 5, START + 300),),
        )
    )
    stack.show_window(START, START + 305)

    strips = load.plot.bands[0]._strips
    assert not any(strip.contains(QPointF(START + 150, 0.5)) for strip in strips)
    assert any(strip.contains(QPointF(START + 2, 0.5)) for strip in strips)
    assert load.plot.spans._spans == ((START + 5, START + 300),)


def test_a_long_band_is_filled_without_a_seam(stack: GraphStack) -> None:
    times = START + np.arange(200.0)
    band = stack.graph("load").plot.bands[0]
    band.set_edges(times, np.zeros(200), np.ones(200))

    assert len(band._strips) > 1
    for at in np.arange(START + 0.5, START + 199, 0.5):
        assert any(strip.contains(QPointF(at, 0.5)) for strip in band._strips)


@pytest.mark.parametrize(("width", "columns"), [(1200, 3), (700, 2), (420, 1)])
def test_the_columns_follow_the_width(stack: GraphStack, width: int, columns: int) -> None:
    stack.resize(width, 900)
    QApplication.processEvents()

    tops = {graph.y() for graph in stack.graphs}
    assert len(tops) == -(-len(stack.graphs) // columns)


def test_the_parts_of_a_graph_are_those_the_server_has() -> None:
    network = next(plan for plan in GRAPH_PLANS if plan.key == "network")
    load = next(plan for plan in GRAPH_PLANS if plan.key == "load")
    names = ("net_rx_bytes_per_s:eth1", "net_rx_bytes_per_s:eth0", "disk_read_bytes_per_s:sda")

    assert parts_in(network, names) == ("eth0", "eth1")
    assert parts_in(load, names) == ()


def test_a_longer_range_is_renewed_less_often() -> None:
    renewals = [span.renewal for span in (Range.HOUR, Range.DAY, Range.WEEK, Range.MONTH)]

    assert renewals == sorted(renewals)
    assert renewals[0] < renewals[1]


@pytest.mark.parametrize(
    ("key", "top", "ticks"),
    [
        ("network", 4 * 2.0**20, ["0", "1 MiB", "2 MiB", "3 MiB", "4 MiB"]),
        ("pressure", 30.0, ["0.0 %", "7.5 %", "15.0 %", "22.5 %", "30.0 %"]),
        ("memory", 100.0, ["0 %", "25 %", "50 %", "75 %", "100 %"]),
    ],
)
def test_the_ticks_of_an_axis_are_exact_and_narrow_enough_to_be_drawn(
    stack: GraphStack, key: str, top: float, ticks: list[str]
) -> None:
    axis = stack.graph(key).plot.getPlotItem().getAxis("left")
    (spacing,) = (size for size, _ in axis.tickSpacing(0.0, top, 100.0))
    texts = axis.tickStrings([spacing * place for place in range(5)], 1.0, spacing)

    assert texts == ticks
    widest = max(stack.fontMetrics().horizontalAdvance(text) for text in texts)
    assert widest < axis.width()


def test_the_words_of_lines_stand_beside_each_other_at_any_width(stack: GraphStack) -> None:
    words = ("64 cores", "early", "cut-off")
    stack.set_marks("load", tuple(Mark(value=5.0, words=one, colour="#777777") for one in words))
    plot = stack.graph("load").plot

    for width in (1200, 700):
        stack.resize(width, 420)
        QApplication.processEvents()
        areas = [line.label.mapRectToScene(line.label.boundingRect()) for line in plot.mark_items]

        assert all(one.right() < next_.left() + 12 for one, next_ in pairwise(areas))
        assert areas[0].left() < areas[1].left() < areas[2].left()


def test_days_are_told_with_their_month(stack: GraphStack) -> None:
    axis = stack.graph("load").plot.getPlotItem().getAxis("bottom")
    axis.fontMetrics = stack.fontMetrics()  # pyqtgraph has them when it paints

    (ticks,) = axis.tickValues(START, START + 30 * 86_400, 300)
    words = axis.tickStrings(ticks[1], 1.0, ticks[0])

    assert len(words) > 2
    assert all(re.fullmatch(r"(Nov|Dec) \d\d", one) for one in words)
