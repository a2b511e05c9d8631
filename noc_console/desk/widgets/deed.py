"""What a person can do on a panel: its words, its keys, when it is possible, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from noc_console.desk.widgets.flow_row import FlowRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One deed. `on_table`: its keys, such as Enter, mean something else outside of the table."""

    key: str
    words: str
    keys: str
    act: Callable[[], object]
    on_table: bool = False
    has_button: bool = True


class Deeds:
    """Deeds as actions with keys and as buttons in a row, always in step."""

    def __init__(self, panel: QWidget, table: QWidget) -> None:
        """Have none yet."""
        self.actions: dict[str, QAction] = {}
        self.buttons: dict[str, QPushButton] = {}
        self._panel = panel
        self._table = table

    def add(self, *deeds: Deed) -> None:
        """Put the keys of some deeds on the panel, or on its table."""
        for deed in deeds:
            action = QAction(deed.words, self._panel)
            action.setShortcuts([QKeySequence(one) for one in deed.keys.split()])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, act=deed.act: act())
            (self._table if deed.on_table else self._panel).addAction(action)
            self.actions[deed.key] = action
            if deed.has_button:
                self.buttons[deed.key] = _button(action)

    def enable(self, **possible: bool) -> None:
        """Say which can be done now."""
        for key, is_possible in possible.items():
            self.actions[key].setEnabled(is_possible)

    def reword(self, key: str, words: str) -> None:
        """Give a deed other words, such as Resume for Pause."""
        self.actions[key].setText(words)
        if key in self.buttons:
            self.buttons[key].setText(words)

    def row(self, *before: QWidget) -> FlowRow:
        """Give the buttons in a row, after some other parts."""
        return FlowRow([*before, *self.buttons.values()])


def _button(action: QAction) -> QPushButton:
    button = QPushButton(action.text())
    button.setAutoDefault(False)
    keys = action.shortcuts()
    name = action.text().replace("&", "").rstrip("…")
    button.setToolTip(f"{name} ({keys[0].toString()})" if keys else name)
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
