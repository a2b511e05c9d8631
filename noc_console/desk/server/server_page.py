"""The page of one server: joins the view to the live fleet, the history and the engine.

GUI thread only; the store is read in the background. Import this module late: it brings pyqtgraph.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from noc_console.desk.alarms.server_alarms import TOGGLE_KEY, ServerAlarms
from noc_console.desk.context import Colours, DeskContext
from noc_console.desk.evidence.evidence_keys import EvidenceKeys
from noc_console.desk.fleet_edit.key_review import review_host_key
from noc_console.desk.gate.gate_keys import add_gate
from noc_console.desk.incidents.opening import add_incident_key
from noc_console.desk.lines.line_deeds import LineDeeds
from noc_console.desk.server.attention_keeper import AttentionKeeper
from noc_console.desk.server.graphs_panel import WantedSpan
from noc_console.desk.server.history_series import series_of
from noc_console.desk.server.server_view import (
    ServerNow,
    ServerReadings,
    ServerView,
    ViewColours,
)
from noc_console.desk.server.timeline_feed import TimelineFeed
from noc_console.desk.ssh_copying import SSH_COMMAND_KEYS, copy_ssh_command
from noc_console.desk.widgets.graph_series import GraphSeries
from noc_console.desk.windows.server_windows import ServerWindows
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkState
from noc_console.health.records import ServerState
from noc_console.health.rules import verdict_now
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.telemetry import records

_TICK_MS = 1000
_MISSED_TICKS = 3
GRAPH_KEYS = (
    ("In the graphs: move the crosshair", "Left or Right"),
    ("In the graphs: move the span", "Shift+Left or Shift+Right"),
    ("In the graphs: zoom in and out", "+ or -"),
    ("In the graphs: show the whole range", "Home"),
    ("In the graphs: take the crosshair away", "Escape"),
    ("Go back to where you came from", "Escape"),
)
_NO_ENGINE = "No engine is running on this store: what you see is from the time it last watched."


class ServerPage(QWidget):
    """What is known of one server, live while the page is open."""

    def __init__(
        self,
        context: DeskContext,
        server_id: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Make the page of a server that is in the live fleet.

        Raises:
            LookupError: the live fleet has no such server.
        """
        super().__init__()
        self._context = context
        self._server_id = server_id
        self._now = now
        self._history = History(context.store)
        server = context.live.by_id.get(server_id)
        if server is None:
            raise LookupError(server_id)
        self._server = server
        self._failure: Failure | None = None
        self._readings = records.ServerReadings()
        self._last_sample_at: datetime | None = None
        self._is_painted = True
        self.view = ServerView(server, _colours(context.theme()), now)
        self._keeper = AttentionKeeper(context.store, context.background, server_id, now, self)
        self.lines = LineDeeds(context, server, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self.alarms = ServerAlarms(context, server_id, self.view.graphs.set_events, now)
        self.windows = ServerWindows(context, server_id, self.view.graphs.set_shades, now, self)
        self.timeline = TimelineFeed(
            context, server_id, lambda: self.view.tables.timeline, now, self
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.view.put_above_graphs(self.alarms)
        box.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._join()
        latest = context.live.latest.get(server_id)
        self._take_samples([] if latest is None else [latest])
        self._show_state()
        self.view.graphs.begin()

    @property
    def title(self) -> str:
        """The name under which the page is found."""
        return self._server.name

    @property
    def is_settled(self) -> bool:
        """Whether every graph is there."""
        return self.view.graphs.stack.is_settled

    def keys_told(self) -> Sequence[tuple[str, str]]:
        """Give the keys of the graphs, which are theirs while they have the focus."""
        return GRAPH_KEYS

    @property
    def server_id(self) -> int:
        """Which server it is."""
        return self._server_id

    def _join(self) -> None:
        live, view = self._context.live, self.view
        live.fleet_changed.connect(self._take_fleet)
        live.states_changed.connect(self._take_states)
        live.engine_changed.connect(lambda _: self._follow_state())
        live.samples_arrived.connect(self._take_samples)
        live.readings_changed.connect(self._read_readings)
        self._context.themes.changed.connect(self._paint)
        view.graphs.span_wanted.connect(self._read_span)
        view.edit_wanted.connect(lambda: self._context.navigator.edit_server(self._server_id))
        view.key_review_wanted.connect(self._review_key)
        lines = self.lines
        lines.lines_read.connect(view.show_lines)
        lines.refused.connect(view.show_line_trouble)
        lines.undo_changed.connect(view.show_undo)
        view.line_change_wanted.connect(lines.change)
        view.line_reset_wanted.connect(lines.take_back)
        view.profile_wanted.connect(lines.choose_profile)
        view.undo_wanted.connect(lines.undo)
        view.timeline_wanted.connect(self.timeline.read)
        view.moment_wanted.connect(self.timeline.follow)
        self.recorder = EvidenceKeys(
            self._context, self._server_id, self, view.header.add_action, self._now
        )
        parts = (view.header, view.graphs, view.tables)
        add_incident_key(self._context, self._server_id, parts)
        add_gate(self._context, self._server, self, view.header.add_action)
        strip = QShortcut(QKeySequence(TOGGLE_KEY), self, self.alarms.toggle)
        strip.setWhatsThis("Open the alarms above the graphs, or shrink them to one line")
        strip.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        login = QShortcut(QKeySequence(SSH_COMMAND_KEYS), self, self._copy_login)
        login.setWhatsThis("Copy the SSH login, to paste it into a terminal")
        login.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._timer.timeout.connect(self._tick)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask the engine for a quicker tick while somebody looks."""
        super().showEvent(event)
        if not self._is_painted:
            self._paint(self._context.theme())
        self.view.graphs.draw_what_came()
        self._keeper.start()
        self._timer.start()
        self._tick()
        self._read_readings()
        self.lines.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the engine go back to the server's own tick."""
        super().hideEvent(event)
        self._timer.stop()
        self._keeper.stop()

    def _take_fleet(self, _servers: object) -> None:
        server = self._context.live.by_id.get(self._server_id)
        if server is not None and server != self._server:
            self._server = server
            self.view.show_server(server)
            self.lines.show_server(server)

    def _take_samples(self, readings: Sequence[Reading]) -> None:
        for reading in readings:
            if reading.server_id == self._server_id:
                at = datetime.fromtimestamp(reading.at_ms / 1000, UTC)
                self._last_sample_at = at
                self.view.take_sample(at, reading.values)
                self._follow_state()

    def _take_states(self, changed: Mapping[int, ServerState]) -> None:
        if self._server_id in changed:
            self._follow_state()

    def _follow_state(self) -> None:
        """Show how it stands, while somebody looks."""
        if self.isVisible():
            self._show_state()

    def _tick(self) -> None:
        self._show_state()
        self.view.tick()

    def _show_state(self) -> None:
        live = self._context.live
        self.view.show_notice(_NO_ENGINE if live.is_unwatched else "")
        state: ServerState | None = live.states.get(self._server_id)
        self._failure = state.failure if state else None
        stored_at = state.last_sample_at if state else None
        known = [at for at in (stored_at, self._last_sample_at) if at is not None]
        last_sample_at = max(known, default=None)
        judgement = verdict_now(
            state.judgement if state else None,
            last_sample_at,
            self._server.tick_s,
            self._now(),
            is_watched=live.engine is not None,
        )
        self.view.show_state(
            ServerNow(
                judgement=judgement,
                link=state.link if state else LinkState.NOT_TRIED,
                link_since=state.link_since if state else None,
                failure=self._failure,
                last_sample_at=last_sample_at,
            )
        )

    def _read_readings(self) -> None:
        if not self.isVisible():
            return
        self._context.background.call(
            lambda: self._context.readings().of_server(self._server_id),
            self._take_readings,
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _take_readings(self, found: records.ServerReadings) -> None:
        if found == self._readings:
            return
        self._readings = found
        self.view.show_readings(
            ServerReadings(
                services=found.services,
                checks=found.checks,
                mounts=found.mounts,
                processes=found.processes,
                facts=found.facts,
                link=found.link,
            )
        )

    def _copy_login(self) -> None:
        copy_ssh_command(self._context, self._server_id)

    def _review_key(self) -> None:
        if self._failure is not None:
            review_host_key(self._context, self._server, self._failure, self)

    def _paint(self, theme: Colours) -> None:
        """What nobody sees is painted anew when it is seen."""
        if self.isVisible():
            self.view.set_colours(_colours(theme))
        self._is_painted = self.isVisible()

    def _read_span(self, wanted: WantedSpan) -> None:
        raw_gap_s = float(_MISSED_TICKS * self._server.tick_s)

        def read() -> GraphSeries:
            start, end = (datetime.fromtimestamp(at, UTC) for at in (wanted.start_s, wanted.end_s))
            found = self._history.read(self._server_id, wanted.metrics, start, end)
            return series_of(found, raw_gap_s)

        def refuse(failure: ConsoleError) -> None:
            self.view.graphs.show_trouble(wanted, failure.sentence)

        self._context.background.call(
            read, lambda series: self.view.graphs.show_history(wanted, series), refuse, self
        )


def _colours(theme: Colours) -> ViewColours:
    return ViewColours(look=theme.look, graphs=theme.graph_colours)
