"""The whole server page as a widget that is told everything: head, graphs, tables.

GUI thread only; it knows no store and no engine. Importing this module imports pyqtgraph.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from noc_console.desk.lines.line_rows import line_rows
from noc_console.desk.look import Look
from noc_console.desk.server.graphs_panel import GraphsPanel
from noc_console.desk.server.page_words import (
    connection_facts,
    head_facts,
    reasons_text,
    sample_age_text,
)
from noc_console.desk.server.server_header import ServerHeader
from noc_console.desk.server.tables_panel import TablesPanel
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_plot import Mark
from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkFacts, LinkState
from noc_console.fleet.server import Server
from noc_console.health.line_book import LineSet
from noc_console.health.measures import MEASURES, Pace
from noc_console.health.profiles import usual_lines
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.times import since_text
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.metrics import family
from noc_console.telemetry.service import CheckResult, ServiceState

_MISSED_TICKS = 3
_SELDOM_READ = frozenset(one.key for one in MEASURES.values() if one.pace is Pace.SLOW)
"""One sample in many holds them: between two they are what they were."""
_GRAPHS_SHARE = 58
"""Of a hundred parts of the height, unless two rows of graphs need more."""
_LEAST_TABLES = 190
"""The tabs, the titles and four rows."""
_MARKED = (("memory", "mem_used_percent"),)
"""Graphs whose main line is judged by itself, beside that of the load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerNow:
    """How a server stands at this moment, as far as the desk knows."""

    judgement: Judgement | None = None
    link: LinkState = LinkState.NOT_TRIED
    link_since: datetime | None = None
    failure: Failure | None = None
    last_sample_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerReadings:
    """What is read at a slow pace."""

    services: Sequence[ServiceState] = ()
    checks: Sequence[CheckResult] = ()
    mounts: Sequence[Mount] = ()
    processes: Sequence[Process] = ()
    facts: Facts | None = None
    link: LinkFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewColours:
    """All colours of the page, of one theme."""

    look: Look
    graphs: GraphColours


class ServerView(QWidget):
    """One server. F2 edits it, F6 goes on to the next part of the page."""

    edit_wanted = Signal()
    line_change_wanted = Signal(str)
    line_reset_wanted = Signal(str)
    profile_wanted = Signal()
    undo_wanted = Signal()
    key_review_wanted = Signal()
    timeline_wanted = Signal()
    moment_wanted = Signal(object)
    """Moment of the timeline"""

    def __init__(
        self,
        server: Server,
        colours: ViewColours,
        now: Callable[[], datetime],
    ) -> None:
        """Show a server of which nothing is known yet."""
        super().__init__()
        self.server = server
        self._colours = colours
        self._now = now
        self._state = ServerNow()
        self._readings = ServerReadings()
        self._values: Mapping[str, float] = {}
        self._seldom: dict[str, float] = {}
        self.notice = QLabel()
        self.header = ServerHeader()
        self.graphs = GraphsPanel(
            server.name, colours.graphs, now, float(_MISSED_TICKS * server.tick_s)
        )
        self.tables = TablesPanel(colours.look, now)
        self.key_button = QPushButton("&Review host key…")
        self.edit_button = QPushButton("&Edit")
        self._lines: LineSet | None = None
        self._undo_words = ""
        self._is_persons_share = False
        self._lay_out()
        self._join_tables()
        self.show_server(server)

    def _lay_out(self) -> None:
        self.notice.setObjectName("notice")
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setWordWrap(True)
        self.notice.setVisible(False)
        self.key_button.setVisible(False)
        self.key_button.clicked.connect(self.key_review_wanted)
        self.edit_button.setToolTip("Edit this server (F2)")
        self.edit_button.clicked.connect(self.edit_wanted)
        self.header.add_action(self.key_button)
        self.header.add_action(self.edit_button)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("serverSplitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.graphs)
        self.splitter.addWidget(self.tables)
        self.splitter.installEventFilter(self)
        self.splitter.splitterMoved.connect(self._keep_persons_share)
        self.tables.setMinimumHeight(96)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(8)
        box.addWidget(self.notice)
        box.addWidget(self.header)
        box.addWidget(self.splitter, 1)
        for keys, words, act in (
            ("F2", "Edit this server", self.edit_wanted.emit),
            ("F6", "Go to the next part of the page", self._focus_next_part),
            ("Ctrl+C", "Copy the graphs as a picture", self.graphs.copy_picture),
            ("Ctrl+Shift+C", "Copy the graphs’ values as CSV", self.graphs.copy_csv),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setFocusProxy(self.graphs)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the height anew when there is more or less of it."""
        if watched is self.splitter and event.type() is QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._share_height)  # when all was laid out
        return super().eventFilter(watched, event)

    def _share_height(self) -> None:
        """Show whole rows of graphs where that leaves room for some rows of a table."""
        height = sum(self.splitter.sizes())  # without the handle, which a style may widen
        if self._is_persons_share or height < 2 * _LEAST_TABLES:
            return
        graphs = max(self.graphs.whole_height(), height * _GRAPHS_SHARE // 100)
        graphs = min(graphs, height - _LEAST_TABLES)
        self.splitter.setSizes([graphs, height - graphs])

    def _keep_persons_share(self) -> None:
        self._is_persons_share = True

    def show_server(self, server: Server) -> None:
        """Show other fields of the same server, after an edit."""
        self.server = server
        self.graphs.server_name = server.name
        self.header.show_name(server.name)
        self.setAccessibleName(f"Server {server.name}")
        self._write()

    def show_state(self, state: ServerNow) -> None:
        """Show how the server stands."""
        self._state = state
        failure = state.failure
        self.key_button.setVisible(failure is not None and failure.is_host_key)
        self._write()

    def put_above_graphs(self, part: QWidget) -> None:
        """Show a part of the page between the head and the graphs."""
        box = self.layout()
        if isinstance(box, QVBoxLayout):
            box.insertWidget(box.indexOf(self.splitter), part)

    def show_notice(self, sentence: str) -> None:
        """Show a sentence above all else; none takes it away."""
        self.notice.setText(f"▲  {sentence}")
        self.notice.setVisible(bool(sentence))

    def show_lines(self, lines: LineSet) -> None:
        """Show which lines hold: in their table, in the graphs, at the file systems."""
        self._lines = lines
        self._mark(self._values)
        self._write_lines()

    def show_line_trouble(self, sentence: str) -> None:
        """Say why the lines cannot be read."""
        self.tables.lines.show_trouble(sentence)

    def show_undo(self, words: str) -> None:
        """Offer to undo a change of lines; without words there is none."""
        self._undo_words = words
        self.tables.lines.set_undo(words)

    def take_sample(self, at: datetime, values: Mapping[str, float]) -> None:
        """Take a sample from the feed."""
        if self._values.get("cores") != values.get("cores"):
            self._mark(values)
        seldom = {key: value for key, value in values.items() if family(key) in _SELDOM_READ}
        self._seldom.update(seldom)
        self._values = {**self._seldom, **values}
        self.graphs.take_sample(at.timestamp(), values)

    def show_readings(self, readings: ServerReadings) -> None:
        """Show services, mounts, processes and facts."""
        self._readings = readings
        self.tables.show_services(readings.services, readings.checks)
        self.tables.show_mounts(readings.mounts)
        self.tables.show_processes(readings.processes)
        self._write_lines()
        self._write()

    def set_colours(self, colours: ViewColours) -> None:
        """Paint in another theme."""
        self._colours = colours
        self.graphs.set_colours(colours.graphs)
        self._mark(self._values)
        chosen, sizes = self.tables.currentIndex(), self.splitter.sizes()
        old = self.tables
        self.tables = TablesPanel(colours.look, self._now)
        self._join_tables()
        self.tables.setMinimumHeight(old.minimumHeight())
        self.splitter.replaceWidget(1, self.tables)
        old.deleteLater()
        self.splitter.setSizes(sizes)
        self.tables.setCurrentIndex(chosen)
        self.show_readings(self._readings)
        self.show_undo(self._undo_words)
        self._write_lines()

    def _join_tables(self) -> None:
        panel = self.tables.lines
        panel.change_wanted.connect(self.line_change_wanted)
        panel.reset_wanted.connect(self.line_reset_wanted)
        panel.profile_wanted.connect(self.profile_wanted)
        panel.undo_wanted.connect(self.undo_wanted)
        self.tables.timeline.came_into_sight.connect(self.timeline_wanted)
        self.tables.timeline.moment_wanted.connect(self.moment_wanted)

    def _write_lines(self) -> None:
        if self._lines is not None:
            rows = line_rows(
                self._lines, self._values, self._readings.mounts, self._state.judgement
            )
            self.tables.show_lines(self._lines, rows)

    def tick(self) -> None:
        """Move on with the clock, once a second: ages grow, the live graphs slide."""
        self.graphs.tick()
        self.tables.renew_ages()
        self._write()
        if self.tables.lines.isVisible():
            self._write_lines()

    def _write(self) -> None:
        now, state = self._now(), self._state
        judgement = state.judgement
        verdict = judgement.verdict if judgement else Verdict.UNKNOWN
        look = self._colours.look
        colour = look.colours[verdict]
        self.header.show_verdict(look.shapes[verdict], verdict.value, colour, ink_on(colour))
        since = judgement.since if judgement else None
        self.header.show_since(f"since {since_text(since, now)}" if since else "")
        self.header.show_reasons(reasons_text(judgement, now))
        age = sample_age_text(state.last_sample_at, now)
        self.header.show_facts(head_facts(self.server, self._readings.facts, self._values, age))
        self.header.setAccessibleName(self.header.words())
        self.tables.show_connection(
            connection_facts(
                self.server,
                state.link,
                state.link_since,
                state.failure,
                self._readings.facts,
                self._values,
                now,
                self._readings.link,
            )
        )

    def _mark(self, values: Mapping[str, float]) -> None:
        cores = values.get("cores")
        if cores:
            words = f"{cores:.0f} core{'s' if cores > 1 else ''}"
            full = Mark(value=cores, words=words, colour=self._colours.graphs.faint)
            self.graphs.set_marks("load", (full, *self._line_marks("load1", cores)))
        for graph, metric in _MARKED:
            self.graphs.set_marks(graph, self._line_marks(metric, 1.0))

    def _line_marks(self, metric: str, cores: float) -> tuple[Mark, ...]:
        lines = (
            usual_lines(metric, cores) if self._lines is None else self._lines.lines(metric, cores)
        )
        if lines is None:
            return ()
        return tuple(
            Mark(
                value=value,
                words=verdict.value,
                colour=self._colours.look.colours[verdict].name(),
                scales=False,
            )
            for value, verdict in ((lines.early, Verdict.EARLY), (lines.cut_off, Verdict.CUT_OFF))
            if value is not None
        )

    def _focus_next_part(self) -> None:
        parts = (self.graphs.stack, self.tables.tabBar(), self.edit_button)
        held = [part.hasFocus() for part in parts]
        place = held.index(True) + 1 if True in held else 0
        parts[place % len(parts)].setFocus(Qt.FocusReason.ShortcutFocusReason)


def ink_on(ground: QColor) -> QColor:
    """Give black or white, whichever is read better on a colour (WCAG relative luminance)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (ground.redF(), ground.greenF(), ground.blueF())
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#000000") if luminance > 0.179 else QColor("#ffffff")
