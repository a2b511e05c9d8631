"""The rail leads to pages and open servers by mouse and by arrow keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from noc_console.desk.page import PageKind
from noc_console.desk.page_rail import OpenServer, PageRail
from noc_console.health.verdict import Verdict
from tests.desk.fleet_bench import LOOK
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


def test_a_name_like_html_is_shown_in_the_tip_as_it_is(rail):
    rail.show_servers([server(7, name="<b>web1</b>")])
    assert rail.item(2).toolTip() == "<qt>&lt;b&gt;web1&lt;/b&gt;: down</qt>"


def test_a_name_cannot_draw_over_the_rail(rail):
    rail.show_servers([server(7, name="web\u202e1")])
    assert "\u202e" not in rail.item(2).text()


def test_the_rail_counts_what_waits_on_a_page_with_the_shape_of_the_worst(rail):
    title = rail.item(1).text()
    key = rail.item(1).data(Qt.ItemDataRole.UserRole)

    rail.show_waiting(key, 1234, Verdict.CUT_OFF, LOOK)
    assert rail.item(1).text() == f"{title}   {LOOK.shapes[Verdict.CUT_OFF]} 1,234"
    told = rail.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == f"{title}: 1,234 wait for a person, the worst cut-off"

    rail.show_waiting(key, 0, None, LOOK)
    assert rail.item(1).text() == title
