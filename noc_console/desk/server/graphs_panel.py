"""The graphs of the server page: live from the feed, or a span of the history, zoomed together.

GUI thread only; it never reads the store: it says which span it wants and is given the series.
Importing this module imports pyqtgraph: import it late.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea, QToolButton, QVBoxLayout, QWidget

from noc_console.desk.server.graph_plans import GRAPH_PLANS, Range, parts_in
from noc_console.desk.server.range_bar import RangeBar
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_events import EventMark
from noc_console.desk.widgets.graph_plot import Mark
from noc_console.desk.widgets.graph_series import GraphSeries, LiveTail, series_csv
from noc_console.desk.widgets.graph_shades import Shade
from noc_console.desk.widgets.graph_stack import GraphStack

_SETTLE_MS = 200
"""After the last turn of the wheel: only then is the zoomed span read."""
_SHORTEST_LIVE_S = 120.0
_NO_VALUES = "No samples in this span"
_ZOOMED = "Zoomed: Home shows the whole range"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSpan:
    """What the graphs want to be given; `start_s` and `end_s` are seconds since 1970."""

    range: Range
    start_s: float
    end_s: float
    metrics: tuple[str, ...]


class GraphsPanel(QWidget):
    """The range bar and under it the graphs."""

    span_wanted = Signal(object)
    """A `WantedSpan`: read it and call `show_history` with the same one."""

    def __init__(
        self,
        server_name: str,
        colours: GraphColours,
        now: Callable[[], datetime],
        longest_gap_s: float,
    ) -> None:
        """Start with the live range, empty; `longest_gap_s` is how long a live line is joined."""
        super().__init__()
        self.server_name = server_name
        self.stack = GraphStack(GRAPH_PLANS, colours)
        self.bar = RangeBar(now())
        self._now = now
        self._longest_gap_s = longest_gap_s
        self._tail = LiveTail(Range.LIVE.span.total_seconds())
        self._not_watched: tuple[tuple[float, float], ...] = ()
        self._wanted: WantedSpan | None = None
        self._asked_at_s = 0.0
        self._is_zoomed = self._is_behind = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._scroll = QScrollArea()
        self._lay_out()
        self._join()

    def _lay_out(self) -> None:
        for words, keys, act in (
            ("Copy picture", "Ctrl+C", self.copy_picture),
            ("Copy CSV", "Ctrl+Shift+C", self.copy_csv),
        ):
            button = QToolButton()
            button.setText(words)
            button.setToolTip(f"{words} of what is shown ({keys})")
            button.clicked.connect(act)
            self.bar.add_action(button)
        scroll = self._scroll
        scroll.setWidget(self.stack)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusProxy(self.stack)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.bar)
        box.addWidget(scroll, 1)
        self.setFocusProxy(self.stack)

    def _join(self) -> None:
        self.bar.range_chosen.connect(self._choose_range)
        self.stack.window_changed.connect(self._zoom)
        self.stack.reset_wanted.connect(self.show_whole_range)
        self.stack.moment_changed.connect(lambda _: self._say())
        self._settle.timeout.connect(self._ask_for_visible)
        for graph in self.stack.graphs:
            graph.part_chosen.connect(lambda _: self._part_chosen())

    @property
    def range(self) -> Range:
        """The range now chosen."""
        return self.bar.chosen

    def whole_height(self) -> int:
        """Give the height at which no graph is cut off."""
        return self.height() - self._scroll.viewport().height() + self.stack.minimumHeight()

    def begin(self) -> None:
        """Ask for what the history knows of the live span."""
        self._choose_range(self.range)

    def take_sample(self, at_s: float, values: Mapping[str, float]) -> None:
        """Take a sample from the feed; it is drawn at once in the live range."""
        if not self._tail.append(at_s, values):
            return
        for plan in GRAPH_PLANS:
            if plan.by_part:
                self.stack.set_parts(plan.key, parts_in(plan, tuple(values)))
        if self.range is Range.LIVE and self.isVisible():
            self._draw_live()
        else:
            self._is_behind = True

    def draw_what_came(self) -> None:
        """Draw what came while nobody saw it."""
        if self._is_behind and self.range is Range.LIVE:
            self._draw_live()
        self._is_behind = False

    def show_history(self, wanted: WantedSpan, series: GraphSeries) -> None:
        """Show what was read for a wanted span; one that is no longer wanted is left out."""
        if wanted != self._wanted:
            return
        if wanted.range is Range.LIVE:
            self._tail.fill_before(series)
            self._not_watched = series.not_watched
            self._draw_live()
            return
        self.stack.follow(series, wanted.start_s, wanted.end_s)
        self._say()

    def show_trouble(self, wanted: WantedSpan, sentence: str) -> None:
        """Say why a wanted span could not be read."""
        if wanted == self._wanted:
            self.bar.show_moment(None, sentence)

    def set_marks(self, key: str, marks: tuple[Mark, ...]) -> None:
        """Draw levels across the graph of that key."""
        self.stack.set_marks(key, marks)

    def set_events(self, marks: Sequence[EventMark]) -> None:
        """Mark events on the time line of every graph."""
        self.stack.set_events(marks)

    def set_shades(self, shades: Sequence[Shade]) -> None:
        """Shade spans of planned work in every graph."""
        self.stack.set_shades(shades)

    def set_colours(self, colours: GraphColours) -> None:
        """Paint in another theme."""
        self.stack.set_colours(colours)

    def tick(self) -> None:
        """Move on with the clock: the live view slides, a range is read anew when it is due."""
        if self._is_zoomed or self.range is Range.CUSTOM:
            return
        if self.range is Range.LIVE:
            self._slide(self.stack.series)
        elif self._now().timestamp() - self._asked_at_s >= self.range.renewal.total_seconds():
            self._ask(*self._whole_span())

    def show_whole_range(self) -> None:
        """Leave the zoom."""
        self._choose_range(self.range)

    def copy_picture(self) -> None:
        """Put the graphs on the clipboard as one picture."""
        QGuiApplication.clipboard().setPixmap(self.stack.picture())
        self.bar.show_moment(None, "Picture copied")

    def copy_csv(self) -> None:
        """Put the values that are visible on the clipboard as CSV."""
        shown = visible_part(self.stack.series, *self.stack.visible_span)
        QGuiApplication.clipboard().setText(series_csv(shown, None, self.server_name))
        self.bar.show_moment(None, f"{shown.times_s.size} rows copied")

    def _choose_range(self, span: Range) -> None:
        self._is_zoomed = False
        if span is Range.LIVE:
            self._draw_live()
        self._ask(*self._whole_span())

    def _whole_span(self) -> tuple[float, float]:
        if self.range is Range.CUSTOM:
            start, end = self.bar.custom_span()
            return start.timestamp(), max(end.timestamp(), start.timestamp() + 60)
        end_s = self._now().timestamp()
        return end_s - self.range.span.total_seconds(), end_s

    def _ask(self, start_s: float, end_s: float) -> None:
        self._asked_at_s = self._now().timestamp()
        self._wanted = WantedSpan(
            range=self.range, start_s=start_s, end_s=end_s, metrics=self._metrics()
        )
        self.span_wanted.emit(self._wanted)

    def _metrics(self) -> tuple[str, ...]:
        every = {line.metric for plan in GRAPH_PLANS for line in plan.lines}
        return tuple(sorted(every | set(self.stack.metrics())))

    def _ask_for_visible(self) -> None:
        if self.range is not Range.LIVE:
            self._ask(*self.stack.visible_span)

    def _zoom(self, start_s: float, end_s: float) -> None:
        del start_s, end_s
        self._is_zoomed = True
        self._say()
        self._settle.start()

    def _part_chosen(self) -> None:
        if self.range is Range.LIVE:
            self._draw_live()
        self._ask_for_visible()

    def _draw_live(self) -> None:
        self._slide(self._tail.series(self._metrics(), self._longest_gap_s, self._not_watched))
        self._say()

    def _slide(self, series: GraphSeries) -> None:
        """Go on with the newest values; a view that a person chose stays where it is."""
        end_s = self._now().timestamp()
        span = live_start_s(series.times_s, end_s), end_s
        self.stack.follow(series, *(self.stack.visible_span if self._is_zoomed else span))

    def _say(self) -> None:
        state = _ZOOMED if self._is_zoomed else ""
        if not state and self.stack.series.times_s.size == 0:
            state = _NO_VALUES
        self.bar.show_moment(self.stack.moment, state)


def live_start_s(times_s: npt.NDArray[np.float64], end_s: float) -> float:
    """Give where the live view begins: at the first sample, so that a new server fills it soon.

    It is never shorter than `_SHORTEST_LIVE_S` and never longer than the live range.
    """
    whole = end_s - Range.LIVE.span.total_seconds()
    first = float(times_s[0]) if times_s.size else whole
    return max(whole, min(first, end_s - _SHORTEST_LIVE_S))


def visible_part(series: GraphSeries, start_s: float, end_s: float) -> GraphSeries:
    """Give the samples between two moments, both included."""
    seen = (series.times_s >= start_s) & (series.times_s <= end_s)
    return GraphSeries(
        times_s=series.times_s[seen],
        average={name: values[seen] for name, values in series.average.items()},
        minimum={name: values[seen] for name, values in series.minimum.items()},
        maximum={name: values[seen] for name, values in series.maximum.items()},
        longest_gap_s=series.longest_gap_s,
        not_watched=series.not_watched,
    )
