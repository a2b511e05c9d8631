"""How wide the fleet's columns are, on screens of any width."""

import pytest

from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.desk.fleet.row_painter import _ROOM
from noc_console.fleet.server import Server
from tests.desk.fleet_bench import FleetBench
from tests.desk.qt_life import wait_until


@pytest.fixture
def page(application, tmp_path):
    opened = FleetBench(tmp_path)
    opened.keep(Server(name="web1", address="10.0.0.1"))
    yield opened.page()
    opened.close()


def test_a_wide_window_gives_names_room_until_a_person_sizes_a_column(page):
    name = COLUMNS.index(Column.NAME)
    narrow = page.table.columnWidth(name)

    page.resize(1900, 700)
    assert page.table.columnWidth(name) > narrow

    page.table.setColumnWidth(name, 120)
    page.resize(2000, 700)
    assert page.table.columnWidth(name) == 120


def hidden(page):
    return {column for place, column in enumerate(COLUMNS) if page.table.isColumnHidden(place)}


def test_a_narrow_window_leaves_columns_out_rather_than_scroll_sideways(page):
    page.resize(820, 500)
    page.show()

    wait_until(lambda: page.table.horizontalScrollBar().maximum() == 0)
    assert Column.LINK in hidden(page)
    assert page.table.columnWidth(COLUMNS.index(Column.WHY)) >= 200, "why, in more than two words"
    assert not hidden(page) & {Column.VERDICT, Column.NAME, Column.LOAD, Column.DANGER, Column.WHY}
    page.resize(1500, 500)
    wait_until(lambda: hidden(page) == set())


def test_columns_that_a_person_chose_stay_whatever_the_width(page):
    page.resize(1500, 500)
    page.show()
    wait_until(lambda: hidden(page) == set())
    page.table._show_column(COLUMNS.index(Column.MEMORY), shown=False)

    page.resize(820, 500)

    assert hidden(page) == {Column.MEMORY}


def test_the_shortest_danger_is_told_whole_with_its_shape(page):
    words = page.table.fontMetrics().horizontalAdvance("▲  under 1 min")

    assert page.table.columnWidth(COLUMNS.index(Column.DANGER)) >= words + 2 * _ROOM
