"""Several graphs that share one time axis, one crosshair and one zoom.

GUI thread only. Importing this module imports pyqtgraph: import it late.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from noc_console.desk.widgets.graph import Graph
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_events import EventMark
from noc_console.desk.widgets.graph_plot import Mark
from noc_console.desk.widgets.graph_series import GraphPlan, GraphSeries
from noc_console.desk.widgets.graph_shades import Shade

NOT_WATCHED = "not watched"
_THREE_COLUMNS = 960
_TWO_COLUMNS = 600
_SPACING = 8
_ROW_HEIGHT = 158
_ZOOM_STEP = 0.5
_PAN_STEP = 0.25
_SHORTEST_SPAN_S = 5.0
_BETWEEN_GRAPHS_MS = 10
_BEFORE_GRAPHS_MS = 30
"""The page itself is painted first."""


class GraphStack(QWidget):
    """The graphs of one page.

    Keys: Left and Right move the crosshair from sample to sample (with Shift: the view), Plus and
    Minus zoom, Home shows the whole range, Esc takes the crosshair away.
    """

    window_changed = Signal(float, float)
    """The visible span, seconds since 1970, after a zoom or a move by a person."""
    moment_changed = Signal(object)
    """The crosshair's moment (seconds since 1970), or None."""
    reset_wanted = Signal()

    def __init__(self, plans: Sequence[GraphPlan], colours: GraphColours) -> None:
        """Make one graph for each plan."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Graphs")
        self.setAccessibleDescription(
            "Left and Right move the crosshair, Plus and Minus zoom, Home shows the whole range."
        )
        self.graphs = tuple(Graph(plan, colours, NOT_WATCHED) for plan in plans)
        self.series = GraphSeries.empty()
        self._window = (0.0, 1.0)
        self._moment: float | None = None
        self._columns = 0
        self._behind: list[Graph] = []
        self._catch_up = QTimer(self)
        self._catch_up.setInterval(_BETWEEN_GRAPHS_MS)
        self._catch_up.timeout.connect(self._follow_next)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_SPACING)
        self._make = QTimer(self)
        self._make.setInterval(_BETWEEN_GRAPHS_MS)
        self._make.timeout.connect(self._make_next)
        self._unseen: list[Graph] = []
        self._reveal = QTimer(self)
        self._reveal.setInterval(_BETWEEN_GRAPHS_MS)
        self._reveal.timeout.connect(self._reveal_next)
        for graph in self.graphs:
            graph.pointed_at.connect(self.point_at)
            graph.pointer_left.connect(lambda: self.point_at(None))
            graph.span_chosen.connect(self._choose_span)
            graph.reset_wanted.connect(self.reset_wanted)
        self._arrange(self.width())

    def _make_next(self) -> None:
        """Make one graph after the other: all at once they hold the window up."""
        missing = [graph for graph in self.graphs if not graph.has_plot]
        for graph in missing[:1]:
            graph.make_plot()
        if len(missing) <= 1:
            self._make.stop()

    def _reveal_next(self) -> None:
        """Paint one graph after the other, for the same reason."""
        if self._unseen:
            self._unseen.pop(0).setUpdatesEnabled(True)
        if not self._unseen:
            self._reveal.stop()

    def _reveal_all(self) -> None:
        while self._unseen:
            self._reveal_next()

    def set_colours(self, colours: GraphColours) -> None:
        """Paint all graphs in another theme."""
        for graph in self.graphs:
            graph.set_colours(colours)
            graph.show_series(self.series)

    def set_marks(self, key: str, marks: tuple[Mark, ...]) -> None:
        """Draw levels across the graph of that key."""
        self.graph(key).set_marks(marks)

    def set_events(self, marks: Sequence[EventMark]) -> None:
        """Mark events on the time line of every graph."""
        for graph in self.graphs:
            graph.set_events(marks)

    def set_shades(self, shades: Sequence[Shade]) -> None:
        """Shade spans of planned work in every graph."""
        for graph in self.graphs:
            graph.set_shades(shades)

    def set_parts(self, key: str, parts: tuple[str, ...]) -> None:
        """Offer devices or interfaces in the graph of that key."""
        self.graph(key).set_parts(parts)

    def graph(self, key: str) -> Graph:
        """Give the graph of a key.

        Raises:
            KeyError: for a key no plan has.
        """
        for graph in self.graphs:
            if graph.plan.key == key:
                return graph
        raise KeyError(key)

    def metrics(self) -> tuple[str, ...]:
        """Give the names of all metrics now shown."""
        return tuple(name for graph in self.graphs for name in graph.metrics())

    def show_series(self, series: GraphSeries) -> None:
        """Show other values in all graphs."""
        self._be_up_to_date()
        self.series = series
        for graph in self.graphs:
            graph.show_series(series)

    def show_window(self, start_s: float, end_s: float) -> None:
        """Show another span of time in all graphs."""
        self._be_up_to_date()
        self._window = (start_s, end_s)
        for graph in self.graphs:
            graph.show_window(start_s, end_s)

    def follow(self, series: GraphSeries, start_s: float, end_s: float) -> None:
        """Show newer values in one graph after the other.

        Painted in one go they hold the window up for as long as all of them take.
        """
        self.series, self._window = series, (start_s, end_s)
        self._behind += [graph for graph in self.graphs if graph not in self._behind]
        self._catch_up.start()

    def _follow_next(self) -> None:
        graph = self._behind.pop(0)
        if not self._behind:
            self._catch_up.stop()
        if graph.series is not self.series:
            graph.show_series(self.series)
        graph.show_window(*self._window)

    def _be_up_to_date(self) -> None:
        """Show at once what some graphs are still behind with."""
        while self._behind:
            self._follow_next()

    @property
    def is_settled(self) -> bool:
        """Whether every graph is made and shows the newest values."""
        is_whole = all(graph.has_plot for graph in self.graphs)
        return is_whole and not self._behind and not self._unseen

    @property
    def visible_span(self) -> tuple[float, float]:
        """The visible span, seconds since 1970."""
        return self._window

    @property
    def moment(self) -> float | None:
        """Where the crosshair is, seconds since 1970; None when there is none."""
        return self._moment

    def point_at(self, moment_s: float | None) -> None:
        """Put the crosshair of all graphs at a moment, or take it away."""
        if moment_s == self._moment:
            return
        self._moment = moment_s
        for graph in self.graphs:
            graph.point_at(moment_s)
        self.moment_changed.emit(moment_s)

    def picture(self) -> QPixmap:
        """Give all graphs as one picture, as they are on the screen."""
        for graph in self.graphs:
            if not graph.has_plot:
                graph.make_plot()
        self._reveal_all()
        self._be_up_to_date()
        return self.grab()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the crosshair or the view."""
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Home:
                self.reset_wanted.emit()
            case Qt.Key.Key_Escape if self._moment is not None:
                self.point_at(None)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(_ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self._zoom(1 / _ZOOM_STEP)
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                direction = -1 if key == Qt.Key.Key_Left else 1
                self._pan(direction) if shifted else self._step(direction)
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose as many columns as the width allows."""
        self._arrange(event.size().width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the scroll area the height now wanted: Qt tells no change of a hidden widget."""
        super().showEvent(event)
        self.updateGeometry()
        if not all(graph.has_plot for graph in self.graphs):
            QTimer.singleShot(_BEFORE_GRAPHS_MS, self, self._make.start)
        else:
            self._unseen = list(self.graphs)
            for graph in self._unseen:
                graph.setUpdatesEnabled(False)
            self._reveal.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hold back no graph that nobody sees."""
        super().hideEvent(event)
        self._reveal_all()

    def _arrange(self, width: int) -> None:
        columns = 3 if width >= _THREE_COLUMNS else 2 if width >= _TWO_COLUMNS else 1
        if columns == self._columns:
            return
        self._columns = columns
        for place, graph in enumerate(self.graphs):
            self._grid.addWidget(graph, place // columns, place % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-len(self.graphs) // columns)
        self.setMinimumHeight(rows * (_ROW_HEIGHT + _SPACING))

    def _choose_span(self, start_s: float, end_s: float) -> None:
        if end_s - start_s < _SHORTEST_SPAN_S:
            middle = (start_s + end_s) / 2
            start_s, end_s = middle - _SHORTEST_SPAN_S / 2, middle + _SHORTEST_SPAN_S / 2
        self.follow(self.series, start_s, end_s)
        self.window_changed.emit(start_s, end_s)

    def _zoom(self, factor: float) -> None:
        start, end = self._window
        middle = self._moment if self._moment is not None else (start + end) / 2
        self._choose_span(middle - (middle - start) * factor, middle + (end - middle) * factor)

    def _pan(self, direction: int) -> None:
        start, end = self._window
        way = (end - start) * _PAN_STEP * direction
        self._choose_span(start + way, end + way)

    def _step(self, direction: int) -> None:
        start, end = self._window
        seen = [float(at) for at in self.series.times_s if start <= at <= end]
        if not seen:
            return
        moment = self._moment
        if moment is None:
            self.point_at(seen[-1])
            return
        beyond = _on_one_side(seen, moment, direction)
        if beyond is not None:
            self.point_at(beyond)


def _on_one_side(times: Iterable[float], moment: float, direction: int) -> float | None:
    if direction < 0:
        return max((at for at in times if at < moment), default=None)
    return min((at for at in times if at > moment), default=None)


def moment_text(moment_s: float) -> str:
    """Give a moment in the local zone, with the zone's name and offset."""
    local = datetime.fromtimestamp(moment_s, UTC).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S} {zone_text(local)}"


def zone_text(local: datetime) -> str:
    """Give the zone of a local time: `CET (UTC+01:00)`, or `UTC`."""
    offset = f"{local:%z}"
    name = local.tzname() or ""
    return name if offset == "+0000" else f"{name} (UTC{offset[:3]}:{offset[3:5]})"
