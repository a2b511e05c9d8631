"""Planned work is shaded in a server's graphs, and named."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from noc_console.desk.widgets.graph_shades import Shade
from noc_console.desk.windows.server_windows import ServerWindows, shades_of
from noc_console.incidents.windows.window import Occurrence, Run, Window
from noc_console.incidents.windows.window_records import add_window
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

HOUR = timedelta(hours=1)


@pytest.fixture
def bench(application, tmp_path: Path) -> Iterator[PageBench]:
    bench = PageBench(tmp_path / "store")
    yield bench
    bench.close()


def window(**fields) -> Window:
    usual = {
        "title": "kernel",
        "servers": (1,),
        "starts_at": NOW - HOUR,
        "minutes": 60,
        "entered_at": NOW - 2 * HOUR,
    }
    return Window(**(usual | fields))


def test_the_windows_of_a_server_are_shaded_and_followed(bench):
    add_window(bench.store, window(servers=(bench.server.id,)))
    add_window(bench.store, window(servers=(99,), title="another's"))
    shaded: list[list[Shade]] = []
    owner = QObject()
    ServerWindows(bench.context, bench.server.id, shaded.append, lambda: NOW, owner)
    wait_until(lambda: len(shaded) == 1)
    add_window(bench.store, window(servers=(bench.server.id,), services=("nginx",), title="tls"))
    bench.live.windows_changed.emit()
    wait_until(lambda: len(shaded) == 2)

    assert [one.words for one in shaded[0]] == ["window: kernel"]
    assert [one.words for one in shaded[1]] == ["window: kernel", "window for nginx: tls"]
    end(owner)


def test_a_shade_ends_where_a_person_ended_the_work_and_a_cancelled_window_has_none():
    run = Run(window_id=1, planned_at=NOW - HOUR, ended_at=NOW - HOUR / 2, ended_by="ann")
    held = Occurrence(window=window(), planned_start=NOW - HOUR, run=run)
    off = Occurrence(window=window(cancelled_at=NOW - 2 * HOUR), planned_start=NOW - HOUR)

    (shade,) = shades_of(held)

    assert shade.end_s == (NOW - HOUR / 2).timestamp()
    assert shades_of(off) == []


def test_a_shade_is_painted_behind_the_curve_and_named_where_the_pointer_is(application):
    from noc_console.desk.server.graph_plans import GRAPH_PLANS
    from noc_console.desk.widgets.graph import Graph
    from tests.desk.page_bench import theme

    graph = Graph(GRAPH_PLANS[0], theme("#ffffff").graph_colours, "not watched")
    graph.resize(600, 240)
    graph.show()
    graph.show_window(0.0, 100.0)
    graph.make_plot()
    plain = graph.grab().toImage()

    graph.set_shades([Shade(start_s=40.0, end_s=80.0, words="window: kernel")])
    wait_until(lambda: graph.grab().toImage() != plain)

    assert graph.plot._shades.words_at(50.0) == "window: kernel"
    assert graph.plot._shades.words_at(80.0) == ""
    end(graph)
