"""The area of a graph: axes, curves, bands, marks, crosshair, in one pyqtgraph view.

GUI thread only. Making one takes some 15 ms. Importing this module imports pyqtgraph (about a
second): import it late.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems import DateAxisItem
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_events import EventMark, EventsItem
from noc_console.desk.widgets.graph_items import BandItem, SpansItem, TimeView
from noc_console.desk.widgets.graph_series import (
    GraphPlan,
    GraphSeries,
    Values,
    round_top,
    stack,
    value_text,
)
from noc_console.desk.widgets.graph_shades import Shade, ShadesItem
from noc_console.desk.widgets.rows_table import plain_tip
from noc_console.telemetry.metrics import Unit

_AXIS_WIDTH = 62
_LEAST_HEIGHT = 80
_LABEL_ROOM = 8
_NEAR_TOP = 0.8
_OVER, _UNDER = (0, 1), (0, 0)
"""Where the words of a mark stand: over its line, or under it where there is no room above."""
_BETWEEN_WORDS = 12
"""So many pixels to the right of the words of one mark stand those of the next."""
_DAYS_APART_S = 10 * DateAxisItem.DAY_SPACING
"""Where not even every tenth day has room, months are told."""
_DAYS = DateAxisItem.ZoomLevel(
    [
        DateAxisItem.TickSpec(
            DateAxisItem.DAY_SPACING,
            DateAxisItem.makeSStepper(DateAxisItem.DAY_SPACING),
            "%b %d",
            autoSkip=[1, 2, 5, 10],
        )
    ],
    "MMM 00",
)
_STACK_ALPHA = 190
_BAND_ALPHA = 70
_FILL_ALPHA = 20
_BEHIND_WORDS_ALPHA = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A level drawn across a graph, with its words: the number of cores, a cut-off.

    One that does not `scale` is seen only where the values come near it: a quiet server's graph
    stays readable.
    """

    value: float
    words: str
    colour: str
    scales: bool = True


class _ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """The left axis: values written with their unit, at a width that never changes."""

    def __init__(self, unit: Unit) -> None:
        super().__init__("left")
        self._unit = unit
        self.setWidth(_AXIS_WIDTH)
        self.setStyle(tickLength=0)
        self.enableAutoSIPrefix(False)

    def boundingRect(self) -> QRectF:
        """Leave room above and below for the labels of the lowest and the highest tick."""
        return QRectF(super().boundingRect()).adjusted(0, -_LABEL_ROOM, 0, _LABEL_ROOM)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write each tick shortly: bytes without `/s`, which the legend has, and no needless digit.

        A text wider than the axis is not drawn at all.
        """
        del scale
        if self._unit in {Unit.BYTES, Unit.BYTES_PER_S}:
            return [_byte_tick(value) for value in values]
        digits = 0 if float(spacing).is_integer() else 1 if spacing >= 0.1 else 2
        return [f"{value:.{digits}f} {self._unit.value}".rstrip() for value in values]

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N803
        """Give two to five ticks; for bytes at halves of a power of two."""
        del size
        parts = 4 if self._unit in {Unit.BYTES, Unit.BYTES_PER_S, Unit.PERCENT} else 5
        return [((maxVal - minVal) / parts or 1.0, 0.0)]


def _byte_tick(value: float) -> str:
    return "0" if value == 0 else value_text(value, Unit.BYTES).replace(".0 ", " ")


class _TimeAxis(pg.DateAxisItem):  # type: ignore[misc]
    """The lower axis: a day is told with its month, where pyqtgraph writes a bare number."""

    zoomLevels: OrderedDict[float, Any]  # noqa: N815

    def __init__(self) -> None:
        super().__init__("bottom")
        self.zoomLevels = OrderedDict(
            (_DAYS_APART_S, _DAYS) if level is DateAxisItem.MONTH_DAY_ZOOM_LEVEL else (apart, level)
            for apart, level in self.zoomLevels.items()
        )


class GraphPlot(pg.PlotWidget):  # type: ignore[misc]
    """What a `Graph` draws; it is told everything and remembers only what it draws."""

    pointed_at = Signal(float)
    pointer_left = Signal()

    def __init__(self, plan: GraphPlan, colours: GraphColours, unwatched_words: str) -> None:
        """Make the empty area."""
        view = TimeView(QColor(colours.accent))
        super().__init__(
            viewBox=view,
            axisItems={"bottom": _TimeAxis(), "left": _ValueAxis(plan.unit)},
        )
        self.view = view
        self._plan = plan
        self._colours = colours
        self._series = GraphSeries.empty()
        self._metrics: tuple[str, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self.mark_items: list[pg.InfiniteLine] = []
        self._window = (0.0, 1.0)
        self._make_items(unwatched_words)
        self.scene().sigMouseMoved.connect(self._follow_pointer)
        self.viewport().installEventFilter(self)
        self.set_colours(colours)

    def _make_items(self, unwatched_words: str) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hideButtons()
        self.setMinimumHeight(_LEAST_HEIGHT)
        # Its own wish (640x480) would make the page scroll where there is room enough.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.layout.setContentsMargins(0, _LABEL_ROOM, 8, 0)
        item.showGrid(x=True, y=True, alpha=0.35)
        self.spans = SpansItem(QColor(self._colours.faint), unwatched_words)
        self.spans.setZValue(-20)
        self.addItem(self.spans, ignoreBounds=True)
        self._shades = ShadesItem(QColor(self._colours.accent))
        self._shades.setZValue(-10)
        self.addItem(self._shades, ignoreBounds=True)
        self._events = EventsItem()
        self._events.setZValue(35)
        self.addItem(self._events, ignoreBounds=True)
        self.bands = [BandItem(QColor()) for _ in self._plan.lines]
        self.curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in self._plan.lines]
        for band, curve in zip(self.bands, self.curves, strict=True):
            self.addItem(band, ignoreBounds=True)
            self.addItem(curve, ignoreBounds=True)
        self._hair = pg.InfiniteLine(angle=90, movable=False)
        self._hair.setZValue(40)
        self._hair.hide()
        self.addItem(self._hair, ignoreBounds=True)

    def set_colours(self, colours: GraphColours) -> None:
        """Paint in another theme from now on."""
        self._colours = colours
        self.setBackground(colours.ground)
        self.spans.set_colour(QColor(colours.faint))
        self.view.set_colour(QColor(colours.accent))
        self._shades.set_colour(QColor(colours.accent))
        self._hair.setPen(pg.mkPen(colours.text, width=1, style=Qt.PenStyle.DashLine))
        for axis_name in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(axis_name)
            axis.setPen(pg.mkPen(colours.grid))
            axis.setTextPen(pg.mkPen(colours.faint))
            axis.setTickFont(self.font())
        alpha = _STACK_ALPHA if self._plan.stacked else _FILL_ALPHA
        for place, (band, curve) in enumerate(zip(self.bands, self.curves, strict=True)):
            fill = QColor(colours.series[place])
            fill.setAlpha(alpha)
            band.set_colour(fill)
            curve.setPen(pg.mkPen(colours.series[place], width=1))

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Draw other levels across the graph."""
        if marks == self._marks:
            return
        self._marks = marks
        for item in self.mark_items:
            self.removeItem(item)
        self.mark_items = []
        for mark in marks:
            line = pg.InfiniteLine(
                pos=mark.value,
                angle=0,
                pen=pg.mkPen(mark.colour, width=1, style=Qt.PenStyle.DashLine),
                label=mark.words,
                labelOpts={
                    "color": mark.colour,
                    "fill": self._behind_words(),
                    "anchors": [_OVER, _OVER],
                },
            )
            line.setZValue(30)
            self.addItem(line, ignoreBounds=True)
            self.mark_items.append(line)
        self._place_words()
        self._scale()

    def _place_words(self) -> None:
        """Put the words of the marks beside each other: lines that lie close share no room."""
        wide, left = max(self.view.width(), 1.0), _BETWEEN_WORDS / 2
        for mark, line in zip(self._marks, self.mark_items, strict=True):
            line.label.setPosition(min(left / wide, 1.0))
            left += self.fontMetrics().horizontalAdvance(mark.words) + _BETWEEN_WORDS

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of the marks apart."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph asks once before there is anything
            self._place_words()

    def set_events(self, marks: Sequence[EventMark]) -> None:
        """Mark other events on the time line."""
        self._events.set_marks(marks)

    def set_shades(self, shades: Sequence[Shade]) -> None:
        """Shade other spans of planned work."""
        self._shades.set_shades(shades)

    def _behind_words(self) -> QColor:
        """The ground, so that words are read where they cross a line or a curve."""
        ground = QColor(self._colours.ground)
        ground.setAlpha(_BEHIND_WORDS_ALPHA)
        return ground

    def show_series(self, series: GraphSeries, metrics: tuple[str, ...]) -> None:
        """Show other values, of these metrics."""
        self._series, self._metrics = series, metrics
        self.spans.set_spans(series.not_watched)
        opened = series.with_gaps()
        missing = np.full(opened.times_s.size, np.nan)
        lines = [opened.average.get(name, missing) for name in metrics]
        if self._plan.stacked:
            self._show_stack(opened.times_s, lines)
        else:
            self._show_lines(opened, lines)
        self._scale()

    def _show_stack(self, times_s: Values, lines: list[Values]) -> None:
        below = np.zeros(times_s.size)
        for place, edge in enumerate(stack(lines)):
            self.bands[place].set_edges(times_s, below, edge)
            self.curves[place].setData(times_s, edge)
            below = edge

    def _show_lines(self, series: GraphSeries, lines: list[Values]) -> None:
        ground = np.zeros(series.times_s.size)
        for place, (name, line) in enumerate(zip(self._metrics, lines, strict=True)):
            low, high = series.minimum.get(name), series.maximum.get(name)
            banded = low is not None and high is not None
            fill = QColor(self._colours.series[place])
            fill.setAlpha(_BAND_ALPHA if banded else _FILL_ALPHA)
            self.bands[place].set_colour(fill)
            self.bands[place].set_edges(
                series.times_s,
                low if low is not None else ground,
                high if high is not None else line,
            )
            self.curves[place].setData(series.times_s, line)

    def show_window(self, start_s: float, end_s: float) -> None:
        """Show another span of time."""
        if (start_s, end_s) != self._window:
            self._window = (start_s, end_s)
            self.view.setXRange(start_s, end_s, padding=0)
            self._scale()

    def point_at(self, moment_s: float | None) -> None:
        """Put the crosshair at a moment; None takes it away."""
        self._hair.setVisible(moment_s is not None)
        if moment_s is not None:
            self._hair.setPos(moment_s)

    def top(self) -> float:
        """Give the top of the scale."""
        return float(self.view.viewRange()[1][1])

    def _scale(self) -> None:
        top = self._plan.fixed_top
        if top is None:
            binary = self._plan.unit in {Unit.BYTES, Unit.BYTES_PER_S}
            top = round_top(self._highest(), self._plan.least_top, binary=binary)
            if self._plan.unit is Unit.PERCENT:
                top = min(top, 100.0)
        if self.view.viewRange()[1] != [0.0, top]:
            self.view.setYRange(0.0, top, padding=0)
        for line in self.mark_items:
            side = _UNDER if line.value() > _NEAR_TOP * top else _OVER
            if line.label.anchors[0] != side:
                line.label.anchors = [side, side]
                line.label.updatePosition()

    def _highest(self) -> float:
        series = self._series
        seen = (series.times_s >= self._window[0]) & (series.times_s <= self._window[1])
        highest = [mark.value for mark in self._marks if mark.scales]
        for name in self._metrics:
            values = series.maximum.get(name, series.average.get(name))
            shown = values[seen] if values is not None else np.empty(0)
            shown = shown[np.isfinite(shown)]
            if shown.size:
                highest.append(float(shown.max()))
        return max(highest, default=0.0) * 1.05

    def _follow_pointer(self, place: QPointF) -> None:
        if self.view.sceneBoundingRect().contains(place):
            moment_s = self.view.mapSceneToView(place).x()
            told = (self._events.words_near(moment_s), self._shades.words_at(moment_s))
            self.setToolTip(plain_tip("\n".join(words for words in told if words)))
            self.pointed_at.emit(moment_s)
        else:
            self.pointer_left.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Take the crosshair away when the pointer leaves the graph."""
        if event.type() == QEvent.Type.Leave:
            self.pointer_left.emit()
        return bool(super().eventFilter(watched, event))
