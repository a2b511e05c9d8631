"""What a person can do on a page with a table, as actions with keys, and its context menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing: its key in `PageActions`, its words, its keys, and what it does."""

    key: str
    words: str
    keys: str
    act: Callable[[], object]
    is_of_page: bool = False
    """Whether its keys hold on the whole page, not only where the rows are."""


class PageActions:
    """The actions, by the key of each."""

    def __init__(self, page: QWidget, rows: QWidget, deeds: Sequence[Deed]) -> None:
        """Put them on the page; keys without Ctrl hold only where the rows have the focus."""
        self.by_key: dict[str, QAction] = {}
        for deed in deeds:
            action = QAction(deed.words, page)
            action.setShortcuts([QKeySequence(keys) for keys in deed.keys.split()])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, act=deed.act: act())
            (page if deed.is_of_page else rows).addAction(action)
            self.by_key[deed.key] = action

    def menu(self, parent: QWidget, groups: Sequence[Sequence[str]]) -> QMenu:
        """Give a menu of some actions, with a line between their groups."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in groups:
            for key in group:
                menu.addAction(self.by_key[key])
            menu.addSeparator()
        return menu
