"""A table of values that cannot change: columns are declared, rows are replaced as a whole.

For tens to thousands of rows (services, mounts, an import's preview); the fleet has its own model.
GUI thread only.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

VALUE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The column's own value (a percentage for a bar), for a delegate and for sorting."""

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_NO_INDEX = QModelIndex()
_ROOM = 5
_ROWS_MEASURED = 100
"""For the width of a column: each row costs the window some time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column: its title, and how a row's cell reads.

    `colour` and `icon` are for severity, which always comes with its word in `text`. A column with
    `stretch` takes the room that is left.
    """

    title: str
    text: Callable[[Row], str]
    numeric: bool = False
    stretch: bool = False
    tip: Callable[[Row], str] | None = None
    colour: Callable[[Row], QColor | None] | None = None
    icon: Callable[[Row], QIcon | None] | None = None
    value: Callable[[Row], float | None] | None = None


class RowsModel(QAbstractTableModel, Generic[Row]):
    """The rows of a table, in the order given."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        """Start without a row."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; where only values changed, the selection stays where it was."""
        new = tuple(rows)
        old = self.rows
        if new == old:
            return
        if len(new) != len(old):
            self.beginResetModel()
            self.rows = new
            self.endResetModel()
            return
        self.rows = new
        last = len(self.columns) - 1
        for place, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        """Give the titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self.columns[section].numeric else _LEFT
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Give what a cell shows."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.numeric else _LEFT
        asked = {
            int(Qt.ItemDataRole.ToolTipRole): lambda row: plain_tip(
                (column.tip or column.text)(row)
            ),
            int(Qt.ItemDataRole.ForegroundRole): column.colour,
            int(Qt.ItemDataRole.DecorationRole): column.icon,
            VALUE_ROLE: column.value,
        }.get(role)
        return None if asked is None else asked(row)


def plain_tip(text: str) -> str:
    """Give a tip that shows the text as it is: left alone, Qt reads text like HTML as HTML."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""


def short_tip(text: str) -> str:
    """Give a tip of one line as it is; only what Qt could read as HTML is written otherwise."""
    return plain_tip(text) if "<" in text else text


class RoomyDelegate(QStyledItemDelegate):
    """Cells with room at both sides, so that a number does not touch the text after it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the whole cell's ground, then its text further inside."""
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        ground.widget.style().drawPrimitive(panel, ground, painter, ground.widget)
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(_ROOM, 0, -_ROOM, 0)
        inside.direction = Qt.LayoutDirection.LeftToRight  # else 1 / 2 reads 2 / 1
        if inside.state & QStyle.StateFlag.State_Selected:
            # the row says it; the focus frame of one cell only veils its text
            inside.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, inside, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for the room too."""
        return super().sizeHint(option, index) + QSize(2 * _ROOM, 0)


def table_of(model: RowsModel[Any], accessible_name: str) -> QTableView:
    """Give a quiet read-only table that shows the model: whole rows, no grid, no wasted height."""
    view = QTableView()
    view.setModel(model)
    view.setItemDelegate(RoomyDelegate(view))
    view.setAccessibleName(accessible_name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setAlternatingRowColors(True)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 10)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setResizeContentsPrecision(_ROWS_MEASURED)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for place, column in enumerate(model.columns):
        if column.stretch:
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
    return view


def fit_columns(view: QTableView, *, widest: int = 320) -> None:
    """Give each column the width its contents need, within reason."""
    header = view.horizontalHeader()
    for place in range(header.count()):
        if header.sectionResizeMode(place) is not QHeaderView.ResizeMode.Stretch:
            wanted = max(_width_of(view, place), header.sectionSizeHint(place))
            view.setColumnWidth(place, min(wanted + 4, widest))


def _width_of(view: QTableView, place: int) -> int:
    """Give the width a column's contents need: of plain text only the longest is asked of Qt."""
    model = view.model()
    if (
        not isinstance(model, RowsModel)
        or not model.rows
        or model.columns[place].icon is not None
        or view.itemDelegateForColumn(place) is not None
    ):
        return view.sizeHintForColumn(place)
    first = max(view.rowAt(0), 0)
    some = model.rows[first : first + _ROWS_MEASURED]
    text, advance = model.columns[place].text, view.fontMetrics().horizontalAdvance
    widths = [advance(text(row)) for row in some]
    longest = model.index(first + widths.index(max(widths)), place)
    return view.sizeHintForIndex(longest).width() + view.showGrid()
