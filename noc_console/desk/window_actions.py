"""Everything the window itself can do, as actions with keys, and its menus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from noc_console.desk.context import Settings
from noc_console.desk.page import OffersActions
from noc_console.desk.settings.declared import BY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing the window does: its menu, its words, its key, and whether it needs the store."""

    menu: str
    words: str
    keys: str
    act: Callable[[], object]
    needs_store: bool = True


def offered_by(page: QWidget | None) -> Sequence[QAction]:
    """Give what a page offers to the window's menu."""
    return page.actions_offered() if isinstance(page, OffersActions) else ()


class WindowActions:
    """The window's menus. Deeds that need the store are asleep until it is open."""

    def __init__(self, window: QMainWindow, deeds: list[Deed], settings: Settings) -> None:
        """Make the menus in the order of the deeds, and that of the themes."""
        self._asleep: list[QAction] = []
        self.all: list[QAction] = []
        menus: dict[str, QMenu] = {}
        for deed in deeds:
            if deed.menu not in menus:
                menus[deed.menu] = window.menuBar().addMenu(deed.menu)
            action = QAction(deed.words, window)
            action.setShortcuts([QKeySequence(keys) for keys in deed.keys.split() if keys])
            action.triggered.connect(lambda _=False, act=deed.act: act())
            if deed.needs_store:
                action.setEnabled(False)
                self._asleep.append(action)
            menus[deed.menu].addAction(action)
            window.addAction(action)
            self.all.append(action)
        self._menus = menus
        themes = menus["&View"].addMenu("&Theme")
        self._theme_actions = QActionGroup(window)
        for value, words in (BY_KEY["theme"].choices or {}).items():
            action = self._theme_actions.addAction(QAction(words, window))
            action.setCheckable(True)
            action.setData(value)
            themes.addAction(action)
        self._theme_actions.triggered.connect(lambda action: settings.put("theme", action.data()))
        self._settings = settings
        settings.changed.connect(lambda _: self._mark_theme())
        self._mark_theme()

    @property
    def themes(self) -> list[QAction]:
        """An action for each theme there is to choose."""
        return self._theme_actions.actions()

    def offer(self, menu: str, offered: Callable[[], Sequence[QAction]]) -> None:
        """Let a menu have what can be done elsewhere when it opens, above its last action."""
        of_page: list[QAction] = []

        def renew() -> None:
            for action in of_page:
                self._menus[menu].removeAction(action)
            dividers = [QAction(self._menus[menu]) for _ in range(2)]
            for divider in dividers:
                divider.setSeparator(True)  # two in a row are shown as one
            of_page[:] = [dividers[0], *offered(), dividers[1]]
            self._menus[menu].insertActions(self._menus[menu].actions()[-1], of_page)

        self._menus[menu].aboutToShow.connect(renew)

    def wake(self) -> None:
        """Let everything be done: the store is open."""
        for action in self._asleep:
            action.setEnabled(True)

    def _mark_theme(self) -> None:
        chosen = self._settings.get("theme")
        for action in self.themes:
            action.setChecked(action.data() == chosen)
