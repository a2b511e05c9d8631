"""The fleet table's baseline, Qt's own way: a model in Python and a proxy that asks it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QTableView

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class PythonRows(QAbstractTableModel):
    """Names and loads."""

    def __init__(self, cells: Sequence[tuple[str, float]]) -> None:
        """Show these."""
        super().__init__()
        self._cells = cells

    def rowCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802
        """Give the number of columns."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Give a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][index.column()]
        return None


class ProxiedTable:
    """A table over such rows, sorted and filtered by Qt."""

    def __init__(self, cells: Sequence[tuple[str, float]]) -> None:
        """Show them."""
        self._rows = PythonRows(cells)
        self._proxy = QSortFilterProxyModel()
        self._proxy.setSourceModel(self._rows)
        self._view = QTableView()
        self._view.setModel(self._proxy)
        self._view.show()

    def sort_by_load(self) -> None:
        """Sort by the figures."""
        self._proxy.sort(1)

    def keep_named(self, text: str) -> None:
        """Keep the rows whose name holds the text."""
        self._proxy.setFilterFixedString(text)
