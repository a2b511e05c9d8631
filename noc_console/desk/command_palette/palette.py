"""The command palette: type a few letters, choose with the arrows, Enter goes there or does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

_WIDTH = 560
_HEIGHT = 400
_BESIDE = Qt.ItemDataRole.UserRole
_MOVES: Mapping[int, int] = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to find: its title, what it is or its key (`beside`), and what choosing it does."""

    title: str
    beside: str
    act: Callable[[], None]


class CommandPalette(QDialog):
    """Shown over the window until something is chosen or Escape is typed."""

    def __init__(
        self, find: Callable[[str], Sequence[Entry]], faint: QColor, parent: QWidget
    ) -> None:
        """Show what `find` gives for what is typed, at first for nothing."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._find = find
        self._shown: Sequence[Entry] = []
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.typed = QLineEdit()
        self.typed.setPlaceholderText("Find a server, a page or an action")
        self.typed.setAccessibleName("Find a server, a page or an action")
        self.found = QListWidget()
        self.found.setObjectName("found")
        self.found.setAccessibleName("What was found")
        self.found.setUniformItemSizes(True)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setItemDelegate(_EntryDelegate(faint, self.found))
        self.nothing = QLabel("Nothing has these letters. Type fewer, or Escape to go back.")
        self.nothing.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.addWidget(self.typed)
        box.addWidget(self.found, 1)
        box.addWidget(self.nothing)
        self.typed.textChanged.connect(self.search)
        self.typed.installEventFilter(self)
        self.found.itemClicked.connect(lambda item: self._choose(self.found.row(item)))
        self.search("")

    def open_over(self, window: QWidget) -> None:
        """Show it below the window's upper edge, in the middle."""
        width = min(_WIDTH, window.width())
        self.resize(width, min(_HEIGHT, window.height()))
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 60)))
        self.show()
        self.typed.setFocus()

    def search(self, typed: str) -> None:
        """Show what matches, the best first and chosen."""
        self._shown = self._find(typed)
        self.found.clear()
        for entry in self._shown:
            item = QListWidgetItem(entry.title)
            item.setData(_BESIDE, entry.beside)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}, {entry.beside}")
            self.found.addItem(item)
        self.found.setCurrentRow(0)
        self.found.setVisible(bool(self._shown))
        self.nothing.setVisible(not self._shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move in the list, and Enter choose, while the letters are typed."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.found.currentRow())
                return True
            step = _MOVES.get(event.key())
            if step is not None:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        row = self.found.currentRow() + step
        self.found.setCurrentRow(max(0, min(row, len(self._shown) - 1)))

    def _choose(self, row: int) -> None:
        """Close first: what is chosen may open a dialog of its own."""
        if 0 <= row < len(self._shown):
            entry = self._shown[row]
            self.close()
            entry.act()


class _EntryDelegate(QStyledItemDelegate):
    """Draws what the entry is, or its key, at the far end of its line."""

    def __init__(self, faint: QColor, parent: QObject) -> None:
        """Write it in the faint colour."""
        super().__init__(parent)
        self._faint = faint

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the line."""
        super().paint(painter, option, index)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        chosen_ink = option.palette.color(QPalette.ColorRole.HighlightedText)
        far_end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.save()
        painter.setPen(chosen_ink if is_chosen else self._faint)
        painter.drawText(
            option.rect.adjusted(8, 0, -8, 0),
            QStyle.visualAlignment(option.direction, far_end),
            index.data(_BESIDE),
        )
        painter.restore()
