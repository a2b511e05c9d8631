"""A table of values that cannot change: columns are declared, rows are replaced as a whole.

For tens to thousands of rows (services, mounts, an import's preview); the fleet has its own model.
GUI thread only.
"""

import html
from collections.abc import Callable, Collection, Mapping, Sequence
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
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QResizeEvent
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
_LEAST_STRETCH = 140
_ROW_ROOM = 10
_LEAST_WORDS = 132
"""A verdict, a state, a day with its time: what is shorter is always whole."""
_COLUMNS_OF_A_WIDE_TABLE = 6
_ROWS_MEASURED = 100
"""For the width of a column: each row costs the window some time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column: its title, and how a row's cell reads.

    `colour` and `icon` are for severity, which always comes with its word in `text`. A column with
    `stretch` takes the room that is left; an `is_sentence` too long for it is cut at its end, other
    text, such as a name, in its middle. A `spare` one is left out where others need its room.
    """

    title: str
    text: Callable[[Row], str]
    numeric: bool = False
    stretch: bool = False
    spare: bool = False
    is_sentence: bool = False
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
        model = index.model()
        if isinstance(model, RowsModel) and model.columns[index.column()].is_sentence:
            inside.textElideMode = Qt.TextElideMode.ElideRight
        if inside.state & QStyle.StateFlag.State_Selected:
            # the row says it; the focus frame of one cell only veils its text
            inside.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, inside, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for the room too."""
        return super().sizeHint(option, index) + QSize(2 * _ROOM, 0)


class RowsView(QTableView):
    """A table whose columns share the room: words give way before a number or a bar does.

    What a person sized stays so.
    """

    def __init__(self) -> None:
        """Wish for nothing yet."""
        super().__init__()
        self._wishes: dict[int, int] = {}
        self._left_alone: set[int] = set()

    def wish_for(self, widths: Mapping[int, int]) -> None:
        """Give columns these widths, or less where there is little room."""
        self._wishes |= {
            place: width for place, width in widths.items() if place not in self._left_alone
        }
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the other room."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        model, header = self.model(), self.horizontalHeader()
        if not isinstance(model, RowsModel) or not self._wishes:
            return
        stretched = [place for place, column in enumerate(model.columns) if column.stretch]
        room = self.viewport().width() - len(stretched) * _LEAST_STRETCH
        spare = [place for place in self._wishes if model.columns[place].spare]
        wishes = {
            place: width
            for place, width in self._wishes.items()
            if place in spare or not header.isSectionHidden(place)
        }
        numbers = {place for place in wishes if model.columns[place].numeric}
        left_out = too_much(wishes, numbers, spare, room)
        if any(header.isSectionHidden(place) is not (place in left_out) for place in spare):
            self._stretch(stretched, is_room=False)  # else Qt keeps a hidden column's room
            for place in spare:
                header.setSectionHidden(place, place in left_out)
        shown = {place: width for place, width in wishes.items() if place not in left_out}
        widths = share_room(shown, numbers, room)
        self._stretch(stretched, is_room=sum(widths.values()) <= room)
        for place, width in widths.items():
            if self.columnWidth(place) != width:
                self.setColumnWidth(place, width)

    def _stretch(self, places: Sequence[int], *, is_room: bool) -> None:
        """Give columns the rest, or what they need at least: Qt would leave them nothing."""
        modes = QHeaderView.ResizeMode
        header = self.horizontalHeader()
        for place in places:
            mode = modes.Stretch if is_room else modes.Interactive
            if header.sectionResizeMode(place) is not mode:
                header.setSectionResizeMode(place, mode)
            if not is_room and place not in self._left_alone:
                self.setColumnWidth(place, _LEAST_STRETCH)

    def leave_alone(self, place: int) -> None:
        """Leave a column's width to the person who set it."""
        self._left_alone.add(place)
        self._wishes.pop(place, None)


def too_much(
    wishes: Mapping[int, int], whole: Collection[int], spare: Sequence[int], room: int
) -> frozenset[int]:
    """Give the spare columns to leave out, the last first, until the rest has room. Pure."""
    least = {
        place: width if place in whole else min(width, _LEAST_WORDS)
        for place, width in wishes.items()
    }
    over = sum(least.values()) - room
    left_out = set()
    for place in reversed(spare):
        if over > 0:
            left_out.add(place)
            over -= least[place]
    return frozenset(left_out)


def share_room(wishes: Mapping[int, int], whole: Collection[int], room: int) -> dict[int, int]:
    """Give each column its wish; in too little room those not `whole` get at most the same width.

    None is made narrower than `_LEAST_WORDS`: then the table scrolls. Pure.
    """
    soft = {place: width for place, width in wishes.items() if place not in whole}
    left = room - sum(width for place, width in wishes.items() if place in whole)
    most = max(soft.values(), default=0)
    for waiting, width in enumerate(sorted(soft.values())):
        fair = left // (len(soft) - waiting)
        if width > fair:
            most = max(fair, _LEAST_WORDS)
            break
        left -= width
    return {**wishes, **{place: min(width, most) for place, width in soft.items()}}


def quieten(view: QTableView, accessible_name: str) -> None:
    """Make a table one to read: no grid, no editing, no wasted height; Tab leads out of it."""
    view.setAccessibleName(accessible_name)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + _ROW_ROOM)


def table_of(model: RowsModel[Any], accessible_name: str) -> RowsView:
    """Give a quiet table that shows the model in whole rows."""
    view = RowsView()
    view.setModel(model)
    view.setItemDelegate(RoomyDelegate(view))
    quieten(view, accessible_name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setAlternatingRowColors(True)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setResizeContentsPrecision(_ROWS_MEASURED)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for place, column in enumerate(model.columns):
        if column.stretch:
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
    header.sectionResized.connect(lambda place, *_: _keep_persons_width(view, place))
    return view


def _keep_persons_width(view: RowsView, place: int) -> None:
    if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
        view.leave_alone(place)


def fit_columns(view: RowsView, *, widest: int = 320) -> None:
    """Give each column the width its contents need, within reason: in a wide table more."""
    header = view.horizontalHeader()
    widest = max(widest, view.viewport().width() // _COLUMNS_OF_A_WIDE_TABLE)
    wishes = {}
    for place in range(header.count()):
        if not is_stretched(view, place):
            wanted = max(_width_of(view, place), header.sectionSizeHint(place))
            wishes[place] = min(wanted + 4, widest)
    view.wish_for(wishes)


def is_stretched(view: QTableView, place: int) -> bool:
    """Whether a column takes the room that is left."""
    model = view.model()
    return isinstance(model, RowsModel) and model.columns[place].stretch


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
