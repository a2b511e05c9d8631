"""How rows of the fleet table are painted: text with room at both sides, the load as a curve.

All rows that need it are painted in one go, straight from the model, with words that are laid out
once: Qt's own way, cell by cell through a delegate, takes five times as long.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QStaticText, QTextOption

from noc_console.desk.fleet.fleet_cells import NUMERIC, Column
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.load_curve import CUT_OFF, paint_curve, paint_line
from noc_console.desk.fleet.row_curve import row_curve
from noc_console.health.verdict import Verdict

_ROOM = 8
_CURVE_ROOM = 4
_NEAR_THE_LINE = 0.8
_EDGE = 3
_TINT = 0.14
_MOST_WORDS = 2500
"""How many texts stay laid out, some kB each: more than a screen of any size shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownColumn:
    """Where a column stands in the viewport."""

    column: Column
    left: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row of the columns, and where it stands in the viewport."""

    row: int
    top: int
    height: int
    is_chosen: bool
    focused: Column | None
    """The column with the focus, where it is in this row."""


class RowPainter:
    """Paints the rows of a `FleetModel`."""

    def __init__(self, model: FleetModel) -> None:
        """Have no text laid out yet."""
        self._model = model
        self._words: dict[tuple[str, int, bool], tuple[QStaticText, float]] = {}

    def forget(self) -> None:
        """Lay every text out anew: the letters are others now."""
        self._words.clear()

    def paint(
        self,
        painter: QPainter,
        palette: QPalette,
        columns: Sequence[ShownColumn],
        rows: Iterable[ShownRow],
        *,
        is_right_to_left: bool,
    ) -> None:
        """Paint the rows' cells; the ground is painted already."""
        metrics = painter.fontMetrics()
        ink = palette.color(QPalette.ColorRole.Text)
        accent = palette.color(QPalette.ColorRole.Highlight)
        tint = tinted(palette)
        words = [
            (one, (one.column in NUMERIC) is not is_right_to_left)
            for one in columns
            if one.column is not Column.CURVE
        ]
        curves = [one for one in columns if one.column is Column.CURVE]
        for at in rows:
            if at.is_chosen:
                self._paint_chosen(painter, columns, at, tint, accent)
            for one, is_right in words:
                self._paint_words(painter, metrics, one, at, ink, is_right=is_right)
            for one in curves:
                self._paint_curve(painter, one, at, ink)
            for one in columns:
                if one.column is at.focused:
                    painter.setPen(accent)
                    painter.drawRect(one.left, at.top, one.width - 1, at.height - 1)

    def _paint_chosen(
        self,
        painter: QPainter,
        columns: Sequence[ShownColumn],
        at: ShownRow,
        tint: QColor,
        accent: QColor,
    ) -> None:
        for one in columns:
            painter.fillRect(QRect(one.left, at.top, one.width, at.height), tint)
            if one.column is Column.VERDICT:
                painter.fillRect(QRect(one.left, at.top, _EDGE, at.height), accent)

    def _paint_words(
        self,
        painter: QPainter,
        metrics: QFontMetrics,
        one: ShownColumn,
        at: ShownRow,
        usual: QColor,
        *,
        is_right: bool,
    ) -> None:
        text, ink = self._model.cell(at.row, one.column)
        room = one.width - 2 * _ROOM
        if not text or room <= 0:
            return
        words, width = self._laid_out(text, metrics, room, is_name=one.column is Column.NAME)
        painter.setPen(ink or usual)
        left = one.left + _ROOM + (room - width if is_right else 0)
        top = at.top + (at.height - metrics.height()) / 2
        painter.drawStaticText(QPointF(left, top), words)

    def _laid_out(
        self, text: str, metrics: QFontMetrics, room: int, *, is_name: bool
    ) -> tuple[QStaticText, float]:
        """A long name gives way in its middle, where it says least; other text at its end."""
        key = (text, room, is_name)
        found = self._words.get(key)
        if found is None:
            elide = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
            words = QStaticText(metrics.elidedText(text, elide, room))
            words.setTextFormat(Qt.TextFormat.PlainText)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.NoWrap)
            option.setTextDirection(Qt.LayoutDirection.LeftToRight)  # else 1 / 2 reads 2 / 1
            words.setTextOption(option)
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            found = self._words[key] = words, words.size().width()
        return found

    def _paint_curve(
        self, painter: QPainter, one: ShownColumn, at: ShownRow, usual: QColor
    ) -> None:
        cell = QRectF(one.left, at.top, one.width, at.height)
        room = cell.adjusted(_CURVE_ROOM, _CURVE_ROOM, -_CURVE_ROOM, -_CURVE_ROOM)
        curve, look = row_curve(self._model.columns, at.row), self._model.look
        ink = usual if look is None or self._model.is_live(at.row) else look.faint
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if np.fmax.reduce(curve.per_core, initial=0.0) >= CUT_OFF * _NEAR_THE_LINE:
            paint_line(painter, room, CUT_OFF, look.colours[Verdict.CUT_OFF] if look else ink)
        paint_curve(painter, room, curve.per_core, ink, curve.longest_gap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def tinted(palette: QPalette) -> QColor:
    """Give the ground of what is chosen: so light a tint that the colours of verdicts stay read."""
    ground = palette.color(QPalette.ColorRole.Base)
    accent = palette.color(QPalette.ColorRole.Highlight)

    def mix(under: int, over: int) -> int:
        return round(under + (over - under) * _TINT)

    return QColor(
        mix(ground.red(), accent.red()),
        mix(ground.green(), accent.green()),
        mix(ground.blue(), accent.blue()),
    )
