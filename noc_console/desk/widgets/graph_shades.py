"""Spans of planned work shaded in a graph from top to bottom, and named.

GUI thread only. Importing this module imports pyqtgraph: import it late.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from noc_console.desk.widgets.graph_items import TopToBottomItem, area_of

_ALPHA = 30
_MARGIN = 4
_LEAST_WORDS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A span (seconds since 1970) and what it is."""

    start_s: float
    end_s: float
    words: str


class ShadesItem(TopToBottomItem):
    """The shades within the span shown, behind the curves."""

    def __init__(self, colour: QColor) -> None:
        """Start without a shade."""
        super().__init__()
        self._colour = colour
        self._shades: tuple[Shade, ...] = ()

    def set_colour(self, colour: QColor) -> None:
        """Shade with another colour from now on."""
        self._colour = colour
        self.update()

    def set_shades(self, shades: Sequence[Shade]) -> None:
        """Show other shades."""
        if tuple(shades) != self._shades:
            self._shades = tuple(shades)
            self.prepareGeometryChange()
            self.update()

    def words_at(self, at_s: float) -> str:
        """Give what is planned at a moment, a line each."""
        return "\n".join(one.words for one in self._shades if one.start_s <= at_s < one.end_s)

    def draw(self, painter: QPainter, to_device: QTransform, view: QRectF) -> None:
        """Shade each span, with its edges where it begins and ends, and name it."""
        soft = QColor(self._colour)
        soft.setAlpha(_ALPHA)
        for shade in self._shades:
            area = area_of(shade.start_s, shade.end_s, to_device, view)
            if area is None:
                continue
            painter.fillRect(area, soft)
            painter.setPen(QPen(self._colour))
            if shade.start_s >= view.left():
                painter.drawLine(area.topLeft(), area.bottomLeft())
            if shade.end_s <= view.right():
                painter.drawLine(area.topRight(), area.bottomRight())
            self._name(painter, area, shade.words)

    def _name(self, painter: QPainter, area: QRectF, words: str) -> None:
        """Write the words at the foot, as far as there is room; the tip of a moment has all."""
        room = area.adjusted(_MARGIN, 0, -_MARGIN, -_MARGIN)
        if room.width() < _LEAST_WORDS:
            return
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(room.width())
        )
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(room, int(side), shown)
