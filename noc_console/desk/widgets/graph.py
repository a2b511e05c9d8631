"""One graph over time: its title, the values at one moment, and the area with lines under them.

GUI thread only. Importing this module imports pyqtgraph (about a second): import it late.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_events import EventMark
from noc_console.desk.widgets.graph_legend import GraphLegend, LegendEntry
from noc_console.desk.widgets.graph_plot import GraphPlot, Mark
from noc_console.desk.widgets.graph_series import GraphPlan, GraphSeries, value_text
from noc_console.desk.widgets.graph_shades import Shade


class Graph(QWidget):
    """One graph. Every graph of a page gets the same series and the same span of time.

    Its area is made by `make_plot`, or when it is first asked for: until then the frame stands.
    """

    pointed_at = Signal(float)
    pointer_left = Signal()
    span_chosen = Signal(float, float)
    reset_wanted = Signal()
    part_chosen = Signal(str)

    def __init__(self, plan: GraphPlan, colours: GraphColours, unwatched_words: str) -> None:
        """Make the empty graph, its area not yet."""
        super().__init__()
        self.plan = plan
        self.part = ""
        self._colours = colours
        self._unwatched_words = unwatched_words
        self._series = GraphSeries.empty()
        self._marks: tuple[Mark, ...] = ()
        self._events: Sequence[EventMark] = ()
        self._shades: Sequence[Shade] = ()
        self._window = (0.0, 1.0)
        self._moment: float | None = None
        self._made: GraphPlot | None = None
        self.setAccessibleName(plan.title)
        self._title = QLabel(plan.title)
        font = self._title.font()
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self._parts = QComboBox()
        self._parts.setAccessibleName(f"{plan.title}: which {plan.by_part}")
        self._parts.setVisible(False)
        self._legend = GraphLegend(QColor(colours.text), QColor(colours.faint))
        self._legend.setAccessibleName(f"{plan.title}: values")
        self._room = QWidget()
        self._lay_out()
        self._parts.activated.connect(self._choose_part)
        self.set_colours(colours)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._parts)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(10, 6, 8, 2)
        self._box.setSpacing(2)
        self._box.addLayout(head)
        self._box.addWidget(self._legend)
        self._box.addWidget(self._room, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame. A style sheet for it would be read anew for each graph that is made."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._colours.grid))
        painter.setBrush(QColor(self._colours.ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    @property
    def has_plot(self) -> bool:
        """Whether the area is made."""
        return self._made is not None

    @property
    def plot(self) -> GraphPlot:
        """The area, made now where it was not."""
        return self._made or self.make_plot()

    def make_plot(self) -> GraphPlot:
        """Make the area and show in it all that was told until now."""
        plot = GraphPlot(self.plan, self._colours, self._unwatched_words)
        self._made = plot
        plot.view.span_chosen.connect(self.span_chosen)
        plot.view.reset_wanted.connect(self.reset_wanted)
        plot.pointed_at.connect(self.pointed_at)
        plot.pointer_left.connect(self.pointer_left)
        self._box.replaceWidget(self._room, plot)
        self._box.setStretchFactor(plot, 1)
        self._room.deleteLater()
        plot.set_marks(self._marks)
        plot.set_events(self._events)
        plot.set_shades(self._shades)
        plot.show_series(self._series, self.metrics())
        plot.show_window(*self._window)
        plot.point_at(self._moment)
        return plot

    def set_colours(self, colours: GraphColours) -> None:
        """Paint in another theme from now on."""
        self._colours = colours
        palette = self._title.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours.text))
        self._title.setPalette(palette)
        self.update()
        self._legend.set_colours(QColor(colours.text), QColor(colours.faint))
        if self._made is not None:
            self._made.set_colours(colours)
        self._show_legend()

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Draw other levels across the graph."""
        self._marks = marks
        if self._made is not None:
            self._made.set_marks(marks)

    def set_events(self, marks: Sequence[EventMark]) -> None:
        """Mark other events on the time line."""
        self._events = marks
        if self._made is not None:
            self._made.set_events(marks)

    def set_shades(self, shades: Sequence[Shade]) -> None:
        """Shade other spans of planned work."""
        self._shades = shades
        if self._made is not None:
            self._made.set_shades(shades)

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
        if self._made is not None:
            self._made.show_series(series, self.metrics())
        self._show_legend()

    def show_window(self, start_s: float, end_s: float) -> None:
        """Show another span of time."""
        self._window = (start_s, end_s)
        if self._made is not None:
            self._made.show_window(start_s, end_s)

    def point_at(self, moment_s: float | None) -> None:
        """Put the crosshair at a moment and read the values there; None takes it away."""
        self._moment = moment_s
        if self._made is not None:
            self._made.point_at(moment_s)
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

    def _show_legend(self) -> None:
        self._legend.show_entries(self.legend())

    def _choose_part(self, place: int) -> None:
        self.part = str(self._parts.itemData(place))
        self.show_series(self._series)
        self.part_chosen.emit(self.part)
