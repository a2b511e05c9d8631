"""One graph over time: lines or stacked areas, marks, gaps, and the values at one moment.

GUI thread only. Importing this module imports pyqtgraph (about a second): import it late.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_events import EventMark, EventsItem
from noc_console.desk.widgets.graph_items import BandItem, SpansItem, TimeView
from noc_console.desk.widgets.graph_legend import GraphLegend, LegendEntry
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
_LABEL_ROOM = 8
_NEAR_TOP = 0.8
_OVER, _UNDER = (0, 1), (0, 0)
"""Where the words of a mark stand: over its line, or under it where there is no room above."""
_NEXT_WORDS = 0.17
"""How far the words of one mark stand to the right of those of the mark before it."""
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


class Graph(QWidget):
    """One graph. Every graph of a page gets the same series and the same span of time."""

    pointed_at = Signal(float)
    pointer_left = Signal()
    span_chosen = Signal(float, float)
    reset_wanted = Signal()
    part_chosen = Signal(str)

    def __init__(self, plan: GraphPlan, colours: GraphColours, unwatched_words: str) -> None:
        """Make the empty graph."""
        super().__init__()
        self.plan = plan
        self.part = ""
        self._colours = colours
        self._series = GraphSeries.empty()
        self._marks: tuple[Mark, ...] = ()
        self._mark_items: list[pg.InfiniteLine] = []
        self._window = (0.0, 1.0)
        self._moment: float | None = None
        self.setAccessibleName(plan.title)

        self._title = QLabel(plan.title)
        self._parts = QComboBox()
        self._parts.setAccessibleName(f"{plan.title}: which {plan.by_part}")
        self._parts.setVisible(False)
        self._legend = GraphLegend(QColor(colours.text), QColor(colours.faint))
        self._legend.setAccessibleName(f"{plan.title}: values")
        self._view = TimeView(QColor(colours.accent))
        self._plot = pg.PlotWidget(
            viewBox=self._view,
            axisItems={"bottom": pg.DateAxisItem("bottom"), "left": _ValueAxis(plan.unit)},
        )
        self._make_items(unwatched_words)
        self._lay_out()
        self._join()
        self.set_colours(colours)

    def _make_items(self, unwatched_words: str) -> None:
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        self._plot.setMinimumHeight(96)
        # Its own wish (640x480) would make the page scroll where there is room enough.
        self._plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.layout.setContentsMargins(0, _LABEL_ROOM, 8, 0)
        item.showGrid(x=True, y=True, alpha=0.35)
        self._spans = SpansItem(QColor(self._colours.faint), unwatched_words)
        self._spans.setZValue(-20)
        self._plot.addItem(self._spans, ignoreBounds=True)
        self._shades = ShadesItem(QColor(self._colours.accent))
        self._shades.setZValue(-10)
        self._plot.addItem(self._shades, ignoreBounds=True)
        self._events = EventsItem()
        self._events.setZValue(35)
        self._plot.addItem(self._events, ignoreBounds=True)
        self._bands = [BandItem(QColor()) for _ in self.plan.lines]
        self._curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in self.plan.lines]
        for band, curve in zip(self._bands, self._curves, strict=True):
            self._plot.addItem(band, ignoreBounds=True)
            self._plot.addItem(curve, ignoreBounds=True)
        self._hair = pg.InfiniteLine(angle=90, movable=False)
        self._hair.setZValue(40)
        self._hair.hide()
        self._plot.addItem(self._hair, ignoreBounds=True)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._parts)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 8, 2)
        box.setSpacing(2)
        box.addLayout(head)
        box.addWidget(self._legend)
        box.addWidget(self._plot, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _join(self) -> None:
        self._view.span_chosen.connect(self.span_chosen)
        self._view.reset_wanted.connect(self.reset_wanted)
        self._plot.scene().sigMouseMoved.connect(self._follow_pointer)
        self._plot.viewport().installEventFilter(self)
        self._parts.activated.connect(self._choose_part)

    def set_colours(self, colours: GraphColours) -> None:
        """Paint in another theme from now on."""
        self._colours = colours
        self.setStyleSheet(
            f"Graph {{ background: {colours.ground}; border: 1px solid {colours.grid};"
            f" border-radius: 6px; }}"
        )
        self._title.setStyleSheet(f"color: {colours.text}; font-weight: 600;")
        self._legend.set_colours(QColor(colours.text), QColor(colours.faint))
        self._plot.setBackground(colours.ground)
        self._spans.set_colour(QColor(colours.faint))
        self._view.set_colour(QColor(colours.accent))
        self._shades.set_colour(QColor(colours.accent))
        self._hair.setPen(pg.mkPen(colours.text, width=1, style=Qt.PenStyle.DashLine))
        for axis_name in ("left", "bottom"):
            axis = self._plot.getPlotItem().getAxis(axis_name)
            axis.setPen(pg.mkPen(colours.grid))
            axis.setTextPen(pg.mkPen(colours.faint))
            axis.setTickFont(self.font())
        alpha = _STACK_ALPHA if self.plan.stacked else _FILL_ALPHA
        for place, (band, curve) in enumerate(zip(self._bands, self._curves, strict=True)):
            fill = QColor(colours.series[place])
            fill.setAlpha(alpha)
            band.set_colour(fill)
            curve.setPen(pg.mkPen(colours.series[place], width=1))
        self._show_legend()

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Draw other levels across the graph."""
        if marks == self._marks:
            return
        self._marks = marks
        for item in self._mark_items:
            self._plot.removeItem(item)
        self._mark_items = []
        for place, mark in enumerate(marks):
            line = pg.InfiniteLine(
                pos=mark.value,
                angle=0,
                pen=pg.mkPen(mark.colour, width=1, style=Qt.PenStyle.DashLine),
                label=mark.words,
                labelOpts={
                    "position": 0.02 + _NEXT_WORDS * place,
                    "color": mark.colour,
                    "fill": self._behind_words(),
                    "anchors": [_OVER, _OVER],
                },
            )
            line.setZValue(30)
            self._plot.addItem(line, ignoreBounds=True)
            self._mark_items.append(line)
        self._scale()

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

    def set_parts(self, parts: tuple[str, ...]) -> None:
        """Offer devices or interfaces to choose from; fewer than two leave nothing to choose."""
        known = tuple(str(self._parts.itemData(place)) for place in range(1, self._parts.count()))
        if parts == known:
            return
        self._parts.clear()
        self._parts.addItem(f"All {self.plan.by_part}s", "")
        for part in parts:
            self._parts.addItem(part, part)
        chosen = self._parts.findData(self.part)
        self._parts.setCurrentIndex(max(chosen, 0))
        self._parts.setVisible(len(parts) > 1)

    @property
    def series(self) -> GraphSeries:
        """The values now shown."""
        return self._series

    def show_series(self, series: GraphSeries) -> None:
        """Show other values."""
        self._series = series
        self._spans.set_spans(series.not_watched)
        opened = series.with_gaps()
        missing = np.full(opened.times_s.size, np.nan)
        lines = [opened.average.get(name, missing) for name in self.metrics()]
        if self.plan.stacked:
            self._show_stack(opened.times_s, lines)
        else:
            self._show_lines(opened, lines)
        self._scale()
        self._show_legend()

    def _show_stack(self, times_s: Values, lines: list[Values]) -> None:
        below = np.zeros(times_s.size)
        for place, edge in enumerate(stack(lines)):
            self._bands[place].set_edges(times_s, below, edge)
            self._curves[place].setData(times_s, edge)
            below = edge

    def _show_lines(self, series: GraphSeries, lines: list[Values]) -> None:
        ground = np.zeros(series.times_s.size)
        for place, (name, line) in enumerate(zip(self.metrics(), lines, strict=True)):
            low, high = series.minimum.get(name), series.maximum.get(name)
            banded = low is not None and high is not None
            fill = QColor(self._colours.series[place])
            fill.setAlpha(_BAND_ALPHA if banded else _FILL_ALPHA)
            self._bands[place].set_colour(fill)
            self._bands[place].set_edges(
                series.times_s,
                low if low is not None else ground,
                high if high is not None else line,
            )
            self._curves[place].setData(series.times_s, line)

    def show_window(self, start_s: float, end_s: float) -> None:
        """Show another span of time."""
        if (start_s, end_s) != self._window:
            self._window = (start_s, end_s)
            self._view.setXRange(start_s, end_s, padding=0)
            self._scale()

    def point_at(self, moment_s: float | None) -> None:
        """Put the crosshair at a moment and read the values there; None takes it away."""
        self._moment = moment_s
        self._hair.setVisible(moment_s is not None)
        if moment_s is not None:
            self._hair.setPos(moment_s)
        self._show_legend()

    def metrics(self) -> tuple[str, ...]:
        """Give the names of the metrics now shown, with the chosen part."""
        tail = f":{self.part}" if self.part else ""
        return tuple(line.metric + tail for line in self.plan.lines)

    def legend(self) -> tuple[LegendEntry, ...]:
        """Give what the legend says: at the crosshair, else the newest value."""
        moment = self._moment
        if moment is None:
            moment = float(self._series.times_s[-1]) if self._series.times_s.size else 0.0
        found = self._series.at(moment)
        values = found[1] if found else {}
        return tuple(
            LegendEntry(
                title=line.title,
                value=value_text(values.get(name, float("nan")), self.plan.unit),
                colour=self._colours.series[place],
            )
            for place, (line, name) in enumerate(zip(self.plan.lines, self.metrics(), strict=True))
        )

    def top(self) -> float:
        """Give the top of the scale."""
        return float(self._view.viewRange()[1][1])

    def _show_legend(self) -> None:
        self._legend.show_entries(self.legend())

    def _scale(self) -> None:
        top = self.plan.fixed_top
        if top is None:
            binary = self.plan.unit in {Unit.BYTES, Unit.BYTES_PER_S}
            top = round_top(self._highest(), self.plan.least_top, binary=binary)
            if self.plan.unit is Unit.PERCENT:
                top = min(top, 100.0)
        if self._view.viewRange()[1] != [0.0, top]:
            self._view.setYRange(0.0, top, padding=0)
        for line in self._mark_items:
            side = _UNDER if line.value() > _NEAR_TOP * top else _OVER
            if line.label.anchors[0] != side:
                line.label.anchors = [side, side]
                line.label.updatePosition()

    def _highest(self) -> float:
        series = self._series
        seen = (series.times_s >= self._window[0]) & (series.times_s <= self._window[1])
        highest = [mark.value for mark in self._marks if mark.scales]
        for name in self.metrics():
            values = series.maximum.get(name, series.average.get(name))
            shown = values[seen] if values is not None else np.empty(0)
            shown = shown[np.isfinite(shown)]
            if shown.size:
                highest.append(float(shown.max()))
        return max(highest, default=0.0) * 1.05

    def _follow_pointer(self, place: QPointF) -> None:
        if self._view.sceneBoundingRect().contains(place):
            moment_s = self._view.mapSceneToView(place).x()
            told = (self._events.words_near(moment_s), self._shades.words_at(moment_s))
            self._plot.setToolTip(plain_tip("\n".join(words for words in told if words)))
            self.pointed_at.emit(moment_s)
        else:
            self.pointer_left.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Take the crosshair away when the pointer leaves the graph."""
        if event.type() == QEvent.Type.Leave:
            self.pointer_left.emit()
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _choose_part(self, place: int) -> None:
        self.part = str(self._parts.itemData(place))
        self.show_series(self._series)
        self.part_chosen.emit(self.part)
