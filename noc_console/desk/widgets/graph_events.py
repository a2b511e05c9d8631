"""Events on the time line of a graph: a thin line for each, a shape at its top, its words on hover.

GUI thread only. Importing this module imports pyqtgraph: import it late.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from noc_console.desk.widgets.graph_items import TopToBottomItem

_LINE_ALPHA = 150
_NEAR_PIXELS = 6.0
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark:
    """Something that happened: when (seconds since 1970), in words, as a shape in a colour."""

    at_s: float
    words: str
    shape: str
    colour: str


class EventsItem(TopToBottomItem):
    """The events within the span shown."""

    def __init__(self) -> None:
        """Start without an event."""
        super().__init__()
        self._marks: tuple[EventMark, ...] = ()

    def set_marks(self, marks: Sequence[EventMark]) -> None:
        """Show other events."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self.prepareGeometryChange()
            self.update()

    def words_near(self, at_s: float) -> str:
        """Give what happened within a few pixels of a moment, a line each; empty when nothing."""
        view = self.viewRect()
        pixel_s = self.pixelLength(pg.Point(1, 0)) or view.width() / 1000
        near = [one.words for one in self._marks if abs(one.at_s - at_s) <= _NEAR_PIXELS * pixel_s]
        more = [f"and {len(near) - _MOST_WORDS} more"] if len(near) > _MOST_WORDS else []
        return "\n".join(near[:_MOST_WORDS] + more)

    def draw(self, painter: QPainter, to_device: QTransform, view: QRectF) -> None:
        """Draw each event's shape and its line."""
        height = painter.fontMetrics().height()
        for mark in self._marks:
            if not view.left() <= mark.at_s <= view.right():
                continue
            ends = [to_device.map(QPointF(mark.at_s, y)) for y in (view.top(), view.bottom())]
            top, foot = sorted(ends, key=QPointF.y)
            colour = QColor(mark.colour)
            room = QRectF(top.x() - height, top.y(), 2 * height, height)
            painter.setPen(colour)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), mark.shape)
            colour.setAlpha(_LINE_ALPHA)
            painter.setPen(QPen(colour, 0))
            painter.drawLine(QPointF(top.x(), top.y() + height), foot)
