"""The fleet as Qt's views see it: which rows are shown, in which order. It sorts itself.

GUI thread only. Orders are numpy arrays, so that 50,000 servers sort in milliseconds (decision
0010). Persistent indexes move with their server; `dataChanged` is told for what a view shows only.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
from PySide6.QtCore import (
    SIGNAL,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from noc_console.desk.fleet.fleet_cells import (
    COLUMNS,
    HEADER_TIPS,
    NUMERIC,
    TEXTS,
    Column,
    is_fresh,
    sort_keys,
    tip_text,
)
from noc_console.desk.fleet.fleet_change import FleetChange
from noc_console.desk.fleet.fleet_columns import FleetColumns, Rows
from noc_console.desk.fleet.fleet_severity import FIGURES, severity_of
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import plain_tip
from noc_console.health.verdict import Verdict

Index = QModelIndex | QPersistentModelIndex
Kept = Callable[[FleetColumns, datetime], "np.ndarray[Any, np.dtype[np.bool_]]"]

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The server's row in the columns, for delegates."""

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CALM = frozenset(
    {Column.VERDICT, Column.GROUPS, Column.SINCE, Column.DANGER, Column.LINK, Column.AGE}
)
"""Columns that draw no eye while all is well."""
_NO_INDEX = QModelIndex()
_ARGUMENTS = "(QList<QPersistentModelIndex>,QAbstractItemModel::LayoutChangeHint)"
_ABOUT_TO_MOVE = SIGNAL(f"layoutAboutToBeChanged{_ARGUMENTS}")
_MOVED = SIGNAL(f"layoutChanged{_ARGUMENTS}")
"""PySide6's own attributes of these names take no hint; without it Qt remembers each cell."""
_BY_ROW = QAbstractTableModel.LayoutChangeHint.VerticalSortHint


class FleetModel(QAbstractTableModel):
    """The shown rows of the columns, the worst first at the start."""

    released = Signal()
    """Rows may move again."""

    def __init__(
        self,
        columns: FleetColumns,
        look: Look | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """Show all rows there are."""
        super().__init__(parent)
        self.columns = columns
        self.look = look
        self.now = now
        self.shown: Rows = np.empty(0, dtype=np.intp)
        """The rows of the columns that are shown, in their order."""
        self.sorted_by = (Column.VERDICT, Qt.SortOrder.AscendingOrder)
        self._kept: Kept | None = None
        self._held = 0
        self._looked_at = (0, -1)
        self.arrange()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of shown rows."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        """Give the titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section] in NUMERIC else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return HEADER_TIPS[COLUMNS[section]]
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Give what a cell shows."""
        if not index.isValid():
            return None
        row, column = int(self.shown[index.row()]), COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in NUMERIC else _LEFT
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(tip_text(self.columns, row, self.now())).replace("\n", "<br>")
            case Qt.ItemDataRole.ForegroundRole if self.look:
                return self.ink(row, column)
            case _:
                return row if role == ROW_ROLE else None

    def text(self, row: int, column: Column) -> str:
        """Give what the cell of a row of the columns says."""
        return self.cell(row, column)[0]

    def ink(self, row: int, column: Column) -> QColor | None:
        """Give the colour of a cell of a row of the columns; None for that of all text."""
        return self.cell(row, column)[1]

    def cell(self, row: int, column: Column) -> tuple[str, QColor | None]:
        """Give what the cell of a row of the columns says, and in which colour."""
        words = TEXTS[column](self.columns, row, self.now())
        look = self.look
        if look is None:
            return words, None
        severity = severity_of(self.columns, row, column)
        if column is Column.VERDICT or severity is not Verdict.OK:
            words = look.worded(severity, words)
        return words, self._ink(row, column, severity, look)

    def _ink(self, row: int, column: Column, severity: Verdict, look: Look) -> QColor | None:
        if column is Column.AGE:
            is_old = self.columns.figures["sample_s"][row] > 0 and not self.is_live(row)
            return look.colour(Verdict.STALE) if is_old else look.faint
        if column in FIGURES and not self.is_live(row):
            return look.faint
        return look.colour(severity) or (look.faint if column in _CALM else None)

    def is_live(self, row: int) -> bool:
        """Whether the figures of a row of the columns are no more than a few ticks old."""
        return is_fresh(self.columns, row, self.now())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by verdict, ascending is the worst first."""
        if 0 <= column < len(COLUMNS) and self.sorted_by != (COLUMNS[column], order):
            self.sorted_by = (COLUMNS[column], order)
            self.arrange()

    def keep(self, kept: Kept | None) -> None:
        """Show only the rows for which `kept` is true; all where it is None."""
        self._kept = kept
        self.arrange()

    def take_change(self, change: FleetChange) -> None:
        """Take other servers. Call it while rows may move: see `is_held`."""
        gone = self.columns.rows_of(change.gone)
        self._show(self.shown[~np.isin(self.shown, gone)])
        self.columns.take_change(change)
        self.arrange()

    @property
    def is_held(self) -> bool:
        """Whether no row may move now."""
        return self._held > 0

    def hold(self) -> None:
        """Let no row move until `release`: a person has the mouse button down or a menu open."""
        self._held += 1

    def release(self) -> None:
        """Let rows move again, and move them where they belong now."""
        if not self._held:
            return
        self._held -= 1
        if self._held:
            return
        self.arrange()
        self.released.emit()

    def arrange(self) -> None:
        """Filter and sort again, unless the rows are held."""
        if not self._held:
            self._show(self._order())

    def look_at(self, first: int, last: int) -> None:
        """Say which shown rows a view shows, so that only of those changes are told."""
        self._looked_at = (first, last)

    @property
    def seen(self) -> list[int]:
        """The rows of the columns that a view shows, from above."""
        first, last = self._looked_at
        return [int(row) for row in self.shown[first : last + 1]]

    def touch(self, rows: Iterable[int]) -> None:
        """Tell that rows of the columns have other figures, those that lie together at once."""
        places = self._looked_at[0] + np.flatnonzero(np.isin(self.seen, list(rows)))
        for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
            if len(run):
                last = self.index(int(run[-1]), len(COLUMNS) - 1)
                self.dataChanged.emit(self.index(int(run[0]), 0), last)

    def place_of(self, row: int) -> int:
        """Give the place at which a row of the columns is shown, or -1."""
        found = np.flatnonzero(self.shown == row)
        return int(found[0]) if len(found) else -1

    def _order(self) -> Rows:
        """A stable order keeps those that are equal by name: half the time of sorting by both."""
        rows = self.columns.there()
        if self._kept is not None:
            rows = rows[self._kept(self.columns, self.now())[rows]]
        column, order = self.sorted_by
        keys = sort_keys(self.columns, column)[rows].astype(np.float64)
        if order is Qt.SortOrder.DescendingOrder:
            keys = -keys
        return rows[np.argsort(keys, kind="stable")]

    def _show(self, wanted: Rows) -> None:
        """Show these rows: first what stays is ordered, then rows leave, then rows come."""
        before = self.shown
        if np.array_equal(before, wanted):
            return
        stays = np.zeros(len(self.columns), dtype=bool)
        stays[wanted] = True
        gone = before[~stays[before]]
        stays[:] = False
        stays[before] = True
        kept, new = wanted[stays[wanted]], wanted[~stays[wanted]]
        self._reorder(np.concatenate((kept, gone)))
        if len(gone):
            self.beginRemoveRows(_NO_INDEX, len(kept), len(before) - 1)
            self.shown = kept
            self.endRemoveRows()
        if len(new):
            self.beginInsertRows(_NO_INDEX, len(kept), len(wanted) - 1)
            self.shown = np.concatenate((kept, new))
            self.endInsertRows()
            self._reorder(wanted)

    def _reorder(self, wanted: Rows) -> None:
        """Show the same rows in another order."""
        if np.array_equal(self.shown, wanted):
            return
        self._tell(_ABOUT_TO_MOVE)
        held = self.persistentIndexList()
        if held:
            place_of = np.empty(len(self.columns), dtype=np.intp)
            place_of[wanted] = np.arange(len(wanted))
            places = place_of[self.shown[[index.row() for index in held]]].tolist()
            moved = [
                self.index(place, index.column()) for place, index in zip(places, held, strict=True)
            ]
            self.changePersistentIndexList(held, moved)
        self.shown = wanted
        self._tell(_MOVED)

    def _tell(self, signal: str) -> None:
        self.emit(signal, [], _BY_ROW)  # type: ignore[arg-type]  # its stub takes no arguments
