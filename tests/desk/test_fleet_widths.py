"""How wide the fleet's columns are, on screens of any width."""

import pytest

from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.fleet.server import Server
from tests.desk.fleet_bench import FleetBench


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
