"""Everything a person can do on the fleet page, as actions with keys, and its context menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing: its key in `FleetActions`, its words, its keys, and what it needs to be chosen."""

    key: str
    words: str
    keys: str
    act: Callable[[], object]
    needs: str = "nothing"
    """`nothing`, `one` or `some` chosen servers."""
    is_of_page: bool = False
    """Whether its keys hold on the whole page, not only where the servers are."""


class FleetActions:
    """The actions, awake where they can do something."""

    def __init__(self, page: QWidget, servers: QWidget, deeds: Sequence[Deed]) -> None:
        """Put them on the page; keys without Ctrl hold only where the servers have the focus."""
        self._deeds = {deed.key: deed for deed in deeds}
        self.by_key: dict[str, QAction] = {}
        for deed in deeds:
            action = QAction(deed.words, page)
            action.setShortcuts([QKeySequence(keys) for keys in deed.keys.split()])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, act=deed.act: act())
            (page if deed.is_of_page else servers).addAction(action)
            self.by_key[deed.key] = action

    def show_chosen(self, count: int) -> None:
        """Wake what can be done with so many chosen servers."""
        for key, deed in self._deeds.items():
            fits = {"nothing": True, "one": count == 1, "some": count > 0}[deed.needs]
            self.by_key[key].setEnabled(fits)
        many = f" {count} servers" if count > 1 else ""
        self.by_key["edit"].setText(f"&Edit{many}…")
        self.by_key["delete"].setText(f"&Delete{many}…")

    def menu(self, parent: QWidget, groups: Sequence[Sequence[str]]) -> QMenu:
        """Give a menu of some actions, with a line between their groups."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in groups:
            for key in group:
                menu.addAction(self.by_key[key])
            menu.addSeparator()
        return menu
