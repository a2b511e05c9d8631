"""A small table a person types into, with buttons (and keys) to add and to remove a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.fleet_edit.field_rows import plain_button

_WIDEST = 200
"""Pixels that what stands in a column may ask for: what is longer is read by widening it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorColumn:
    """One column: its title and, where there is a choice, the words to choose from."""

    title: str
    choices: tuple[str, ...] = ()
    stretch: bool = False


class RowsEditor(QWidget):
    """Rows of text. Insert adds a row, Delete removes the current one."""

    typed = Signal(int, int, str)
    """A row, a column and the text that now stands there."""

    def __init__(self, columns: Sequence[EditorColumn], noun: str) -> None:
        """Start without a row; `noun` names one row on the buttons."""
        super().__init__()
        self._columns = tuple(columns)
        self.table = QTableWidget(0, len(self._columns))
        self.table.setHorizontalHeaderLabels([column.title for column in self._columns])
        self.table.setAccessibleName(f"{noun}s")
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.setMinimumHeight(120)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, column in enumerate(self._columns):
            if column.stretch:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.add_button = plain_button(f"Add {noun}")
        self.remove_button = plain_button(f"Remove {noun}")
        self.add_button.setToolTip("Insert")
        self.remove_button.setToolTip("Delete")
        self.table.itemChanged.connect(
            lambda item: self.typed.emit(item.row(), item.column(), item.text())
        )
        self.add_button.clicked.connect(self.add_empty_row)
        self.remove_button.clicked.connect(self.remove_current)
        self._lay_out()
        self._bind(QKeySequence(Qt.Key.Key_Insert), self.add_button.click)
        self._bind(QKeySequence(Qt.Key.Key_Delete), self.remove_button.click)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.table)
        box.addLayout(buttons)

    def _bind(self, keys: QKeySequence, act: object) -> None:
        shortcut = QShortcut(keys, self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.table.setRowCount(0)
        for row in rows:
            self.add_row(row)
        self._fit()
        if self.table.rowCount():
            self.table.setCurrentCell(0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns anew: only now the window's style says how wide their words are."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        header = self.table.horizontalHeader()
        for place, column in enumerate(self._columns):
            if not column.stretch:
                asked = min(self.table.sizeHintForColumn(place), _WIDEST)
                self.table.setColumnWidth(place, max(header.sectionSizeHint(place), asked))

    def rows(self) -> list[tuple[str, ...]]:
        """Give the rows that hold anything typed, without outer spaces."""
        found = []
        for place in range(self.table.rowCount()):
            row = tuple(self._text(place, column) for column in range(len(self._columns)))
            if any(
                text for text, column in zip(row, self._columns, strict=True) if not column.choices
            ):
                found.append(row)
        return found

    def add_empty_row(self) -> None:
        """Add a row to type into at the end and go there."""
        self.add_row(("",) * len(self._columns))
        self._fit()
        first = next(i for i, column in enumerate(self._columns) if not column.choices)
        self.table.setCurrentCell(self.table.rowCount() - 1, first)
        self.table.setFocus()

    def add_row(self, row: Sequence[str]) -> None:
        """Add a row at the end."""
        place = self.table.rowCount()
        self.table.insertRow(place)
        for column, declared in enumerate(self._columns):
            text = row[column]
            if declared.choices:
                self.table.setCellWidget(place, column, self._chooser(declared, text))
            else:
                self.table.setItem(place, column, QTableWidgetItem(text))

    def choose(self, row: int, column: int, words: str) -> None:
        """Choose one of a column's words."""
        chooser = self.table.cellWidget(row, column)
        if isinstance(chooser, QComboBox):
            chooser.setCurrentText(words)

    def remove_current(self) -> None:
        """Remove the current row."""
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())

    def _chooser(self, column: EditorColumn, text: str) -> QComboBox:
        chooser = QComboBox()
        chooser.addItems(list(column.choices))
        chooser.setCurrentText(text or column.choices[0])
        chooser.setAccessibleName(column.title)
        return chooser

    def _text(self, row: int, column: int) -> str:
        chooser = self.table.cellWidget(row, column)
        if isinstance(chooser, QComboBox):
            return chooser.currentText()
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""
