"""The key map tells every key there is, from the actions and shortcuts themselves."""

import pytest
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from noc_console.desk.key_map import KeyMapDialog, keys_of
from tests.desk.qt_life import end


@pytest.fixture
def page(application):
    page = QWidget()
    yield page
    end(page)


def test_actions_and_named_shortcuts_are_told_with_their_keys(page):
    action = QAction("&Add a server…", page)
    action.setShortcuts([QKeySequence("Ctrl+N"), QKeySequence("Ins")])
    inner = QWidget()
    QVBoxLayout(page).addWidget(inner)
    shortcut = QShortcut(QKeySequence("F2"), inner)
    shortcut.setWhatsThis("Edit the server")
    assert keys_of(page) == [("Add a server", "Ctrl+N or Ins"), ("Edit the server", "F2")]


def test_what_has_no_key_or_no_words_is_left_out(page):
    page.addAction(QAction("Only in the menu", page))
    QShortcut(QKeySequence("F9"), page)
    assert keys_of(page) == []


def test_an_action_of_the_widget_and_its_child_is_told_once(page):
    action = QAction("Quit", page)
    action.setShortcut("Ctrl+Q")
    page.addAction(action)
    assert keys_of(page) == [("Quit", "Ctrl+Q")]


def test_the_dialog_shows_each_part_that_has_keys(page):
    parts = {"In the window": [("Quit", "Ctrl+Q")], "On this page": []}
    dialog = KeyMapDialog(parts, page)
    rows = [
        tuple(dialog.table.item(row, column).text() for column in (0, 1))
        for row in range(dialog.table.rowCount())
    ]
    assert rows == [("In the window", ""), ("Quit", "Ctrl+Q")]
