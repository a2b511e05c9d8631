"""The palette is driven by keys alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from noc_console.desk.command_palette.entries import SHOWN, EverythingThereIs
from noc_console.desk.command_palette.palette import CommandPalette, Entry
from noc_console.fleet.server import Server
from tests.desk.qt_life import end


@pytest.fixture
def window(application):
    window = QWidget()
    window.resize(800, 600)
    window.show()
    yield window
    end(window)


@pytest.fixture
def done():
    return []


@pytest.fixture
def palette(window, done):
    entries = [
        Entry(title=title, beside=beside, act=lambda title=title: done.append(title))
        for title, beside in (("web1", "server"), ("Settings", "page"), ("Add a server", "Ctrl+N"))
    ]
    palette = CommandPalette(EverythingThereIs(entries, [], int).find, QColor("#888888"), window)
    palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    palette.open_over(window)
    yield palette
    end(palette)


def shown(palette):
    return [palette.found.item(row).text() for row in range(palette.found.count())]


def test_it_opens_with_the_first_things_and_the_first_chosen(palette):
    assert shown(palette) == ["web1", "Settings", "Add a server"]
    assert palette.found.currentRow() == 0


def test_enter_does_the_best_match_and_closes(palette, done):
    QTest.keyClicks(palette.typed, "add")
    QTest.keyClick(palette.typed, Qt.Key.Key_Return)
    assert done == ["Add a server"]
    assert not palette.isVisible()


def test_the_arrows_choose_while_the_letters_keep_the_focus(palette, done):
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Up):
        QTest.keyClick(palette.typed, key)
    QTest.keyClick(palette.typed, Qt.Key.Key_Enter)
    assert done == ["Settings"]


def test_escape_does_nothing_and_closes(palette, done):
    QTest.keyClick(palette.typed, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert done == []


def test_a_click_does_what_is_under_it(palette, done):
    middle = palette.found.visualItemRect(palette.found.item(1)).center()
    QTest.mouseClick(palette.found.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert done == ["Settings"]


def test_nothing_found_says_what_to_do(palette, done):
    QTest.keyClicks(palette.typed, "zzzz")
    QTest.keyClick(palette.typed, Qt.Key.Key_Return)
    assert palette.nothing.isVisible()
    assert done == []


def test_a_screen_reader_is_told_what_an_entry_is(palette):
    item = palette.found.item(2)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Add a server, Ctrl+N"


def test_a_very_large_fleet_shows_only_the_best_at_once(window):
    many = [Server(id=one, name=f"web{one}", address="10.0.0.1") for one in range(1, 50_001)]
    opened = []
    palette = CommandPalette(
        EverythingThereIs([], many, opened.append).find, QColor("#888888"), window
    )
    palette.search("web4999")
    QTest.keyClick(palette.typed, Qt.Key.Key_Return)

    assert shown(palette)[0] == "web4999"
    assert palette.found.count() <= SHOWN
    assert opened == [4999]
    end(palette)
