"""What is painted inside a graph: filled bands, spans nobody watched, and the zoom by dragging.

GUI thread only. Importing this module imports pyqtgraph: import it late.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from noc_console.desk.widgets.graph_series import Values

_LABEL_MARGIN = 6
_HATCH_ALPHA = 110
_UPWARDS = -90
_AT_THE_FOOT = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
_STRIP = 24
"""Samples in one path: the time to fill a path grows with the square of its points."""


class BandItem(pg.GraphicsObject):  # type: ignore[misc]
    """The area between a lower and an upper edge; a nan in either leaves it open there."""

    def __init__(self, colour: QColor) -> None:
        """Start empty."""
        super().__init__()
        self._brush = QBrush(colour)
        self._strips: list[QPainterPath] = []
        self._bounds = QRectF()

    def set_colour(self, colour: QColor) -> None:
        """Fill with another colour from now on."""
        self._brush = QBrush(colour)
        self.update()

    def set_edges(self, times_s: Values, low: Values, high: Values) -> None:
        """Show another band."""
        strips: list[QPainterPath] = []
        there = np.isfinite(low) & np.isfinite(high)
        borders = np.flatnonzero(np.diff(np.concatenate(([0], there.view(np.int8), [0]))))
        for start, end in zip(borders[::2], borders[1::2], strict=True):
            for first in range(start, max(end - 1, start + 1), _STRIP):
                run = slice(first, min(first + _STRIP + 1, end))
                xs = np.concatenate((times_s[run], times_s[run][::-1]))
                ys = np.concatenate((high[run], low[run][::-1]))
                strips.append(pg.arrayToQPath(xs, ys, finiteCheck=False))
        self.prepareGeometryChange()
        self._strips = strips
        self._bounds = QRectF()
        for strip in strips:
            self._bounds = self._bounds.united(strip.boundingRect())
        self.update()

    def boundingRect(self) -> QRectF:
        """Give the area in graph coordinates."""
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill the band without an outline; smooth edges would show where two strips meet."""
        del option, widget
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for strip in self._strips:
            painter.fillPath(strip, self._brush)


class TopToBottomItem(pg.GraphicsObject):  # type: ignore[misc]
    """What reaches from the bottom of a view to its top and never widens its scale.

    It is drawn in device pixels, so that patterns, shapes and words keep their size at any zoom.
    """

    def viewRangeChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()

    def dataBounds(self, *_: object, **__: object) -> None:
        """Never widen the scale."""

    def boundingRect(self) -> QRectF:
        """Give all that is visible."""
        return QRectF(self.viewRect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw what is within the view."""
        del option, widget
        to_device = painter.transform()
        painter.save()
        painter.resetTransform()
        self.draw(painter, to_device, self.boundingRect())
        painter.restore()

    def draw(self, painter: QPainter, to_device: QTransform, view: QRectF) -> None:
        """Draw in device pixels; `to_device` leads there from the view's own places."""
        raise NotImplementedError


def area_of(start_s: float, end_s: float, to_device: QTransform, view: QRectF) -> QRectF | None:
    """Give where a span of time lies on the device; None where it is not within the view."""
    if end_s <= view.left() or start_s >= view.right():
        return None
    left = max(start_s, view.left())
    span = QRectF(left, view.top(), min(end_s, view.right()) - left, view.height())
    return QRectF(to_device.mapRect(span).normalized())


class SpansItem(TopToBottomItem):
    """Times in which the console itself did not watch: hatched from top to bottom, and named."""

    def __init__(self, colour: QColor, words: str) -> None:
        """Start without a span; `words` name each one that is wide enough."""
        super().__init__()
        self._colour = colour
        self._words = words
        self._spans: tuple[tuple[float, float], ...] = ()

    def set_colour(self, colour: QColor) -> None:
        """Hatch with another colour from now on."""
        self._colour = colour
        self.update()

    def set_spans(self, spans: tuple[tuple[float, float], ...]) -> None:
        """Show other spans (seconds since 1970)."""
        if spans != self._spans:
            self._spans = spans
            self.prepareGeometryChange()
            self.update()

    def draw(self, painter: QPainter, to_device: QTransform, view: QRectF) -> None:
        """Hatch each span and name it."""
        soft = QColor(self._colour)
        soft.setAlpha(_HATCH_ALPHA)
        brush = QBrush(soft, Qt.BrushStyle.BDiagPattern)
        for start, end in self._spans:
            area = area_of(start, end, to_device, view)
            if area is not None:
                painter.fillRect(area, brush)
                self._name(painter, area)

    def _name(self, painter: QPainter, area: QRectF) -> None:
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(self._words) + 2 * _LABEL_MARGIN
        painter.setPen(QPen(self._colour))
        if area.width() >= width:  # at the foot, for the words of the lines stand above
            foot = area.adjusted(0, 0, 0, -_LABEL_MARGIN)
            painter.drawText(foot, int(_AT_THE_FOOT), self._words)
        elif area.width() >= metrics.height() and area.height() >= width:
            painter.save()
            painter.translate(area.center())
            painter.rotate(_UPWARDS)
            upright = QRectF(-area.height() / 2, -area.width() / 2, area.height(), area.width())
            painter.drawText(upright, int(Qt.AlignmentFlag.AlignCenter), self._words)
            painter.restore()


class TimeView(pg.ViewBox):  # type: ignore[misc]
    """The area of a graph: a drag chooses a span of time, nothing else moves it."""

    span_chosen = Signal(float, float)
    reset_wanted = Signal()

    def __init__(self, colour: QColor) -> None:
        """Start without a choice; `colour` marks the span while it is dragged."""
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=False, y=False)
        self._choice = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        self._choice.setZValue(50)
        self._choice.hide()
        self.addItem(self._choice, ignoreBounds=True)
        self.set_colour(colour)

    def set_colour(self, colour: QColor) -> None:
        """Mark the dragged span with another colour from now on."""
        soft = QColor(colour)
        soft.setAlpha(60)
        self._choice.setBrush(QBrush(soft))

    def mouseDragEvent(self, event: object, axis: int | None = None) -> None:
        """Choose the span between the press and the release of the left button."""
        del axis
        drag: pg.GraphicsScene.mouseEvents.MouseDragEvent = event
        if drag.button() != Qt.MouseButton.LeftButton:
            drag.ignore()
            return
        drag.accept()
        start, end = sorted(
            self.mapToView(QPointF(place)).x() for place in (drag.buttonDownPos(), drag.pos())
        )
        if drag.isFinish():
            self._choice.hide()
            if end > start:
                self.span_chosen.emit(start, end)
            return
        self._choice.setRegion((start, end))
        self._choice.show()

    def mouseClickEvent(self, event: object) -> None:
        """Ask for the whole range again on a double click."""
        click: pg.GraphicsScene.mouseEvents.MouseClickEvent = event
        if click.double():
            click.accept()
            self.reset_wanted.emit()

    def wheelEvent(self, event: object, axis: int | None = None) -> None:
        """Leave the wheel to the page, which scrolls."""
        del axis
        wheel: pg.QtWidgets.QGraphicsSceneWheelEvent = event
        wheel.ignore()
