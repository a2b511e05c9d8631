"""The rail leads to pages and open servers by mouse and by arrow keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from noc_console.desk.page import PageKind
from noc_console.desk.page_rail import OpenServer, PageRail
from tests.desk.qt_life import end


@pytest.fixture
def rail(application):
    rail = PageRail(
        [
            PageKind(key=key, title=key.title(), keys="Ctrl+1", make=lambda _: QWidget())
            for key in ("fleet", "settings")
        ]
    )
    rail.told = []
    rail.page_chosen.connect(rail.told.append)
    rail.server_chosen.connect(rail.told.append)
    rail.mark("fleet")
    yield rail
    end(rail)


def server(server_id, name="web1", colour=None):
    return OpenServer(id=server_id, name=name, shape="■", word="down", colour=colour)


def texts(rail):
    return [rail.item(row).text() for row in range(rail.count())]


def test_the_arrows_lead_through_pages_and_open_servers(rail):
    rail.show_servers([server(7)])
    for _ in range(2):
        QTest.keyClick(rail, Qt.Key.Key_Down)
    assert rail.told == ["settings", 7]


def test_what_the_window_marks_is_not_told_back(rail):
    rail.show_servers([server(7)])
    rail.mark(7)
    assert rail.currentRow() == 2
    assert rail.told == []


def test_a_closed_server_leaves_and_the_others_stay(rail):
    rail.show_servers([server(7), server(8, "mail")])
    rail.show_servers([server(8, "mail")])
    assert texts(rail) == ["Fleet", "Settings", "■  mail"]
    assert rail.told == []


def test_a_verdict_is_a_shape_a_colour_and_a_word(rail):
    rail.show_servers([server(7, colour=QColor("#d55e00"))])
    item = rail.item(2)
    assert (item.text(), item.toolTip()) == ("■  web1", "web1: down")
    assert item.foreground().color() == QColor("#d55e00")


def test_a_name_cannot_draw_over_the_rail(rail):
    rail.show_servers([server(7, name="web\u202e1")])
    assert "\u202e" not in rail.item(2).text()
