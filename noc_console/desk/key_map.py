"""Every key of the window and of the page that is shown, and the dialog that tells them (F1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.rows_table import RoomyDelegate

_COLUMNS = ("What it does", "Keys")
_ROW_HEIGHT = 24


def action_words(action: QAction) -> str:
    """Give an action's words without the mark of its menu key."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def as_text(keys: Sequence[QKeySequence]) -> str:
    """Give keys as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(one.toString(native) for one in keys)


def keys_of_actions(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """Give what each action that has a key does: (words, keys), in their order."""
    return [
        (action_words(action), as_text(action.shortcuts()))
        for action in actions
        if action.shortcuts() and action.isVisible()
    ]


def keys_of(page: QWidget) -> list[tuple[str, str]]:
    """Give what each key of a widget and its parts does: (words, keys), in their order."""
    actions = keys_of_actions((*page.actions(), *page.findChildren(QAction)))
    return list(dict.fromkeys((*actions, *_of_shortcuts(page))))


def _of_shortcuts(page: QWidget) -> Iterator[tuple[str, str]]:
    for shortcut in page.findChildren(QShortcut):
        if shortcut.whatsThis():
            yield shortcut.whatsThis(), as_text(shortcut.keys())


class KeyMapDialog(QDialog):
    """Tells the keys by part: that of the window, that of the page."""

    def __init__(self, parts: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget) -> None:
        """Show each part under its title."""
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setAccessibleName("Keys")
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setItemDelegate(RoomyDelegate(self.table))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for title, keys in parts.items():
            if keys:
                self._add_part(title, keys)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(self.table)
        box.addWidget(buttons)
        self.table.setFocus()  # the keys that scroll it; Enter and Esc close
        fit_to_screen(self)

    def sizeHint(self) -> QSize:
        """Give room for two dozen keys."""
        return QSize(560, 640)

    def _add_part(self, title: str, keys: Sequence[tuple[str, str]]) -> None:
        font = self.font()
        font.setBold(True)
        head = self._add_row(title, "")
        head.setFont(font)
        for words, typed in keys:
            self._add_row(words, typed)

    def _add_row(self, words: str, typed: str) -> QTableWidgetItem:
        row = self.table.rowCount()
        first = QTableWidgetItem(words)
        self.table.insertRow(row)
        self.table.setItem(row, 0, first)
        self.table.setItem(row, 1, QTableWidgetItem(typed))
        return first
