"""The wallboard over the whole window: live, in pages, left with Esc.

GUI thread only; the store is read in the background. It never blinks: pages follow one another, and
what changes is painted as it is.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.load_curve import Line
from noc_console.desk.wallboard.board import Board, board_of
from noc_console.desk.wallboard.board_painter import BoardPainter, Curve, tiles_a_page
from noc_console.fleet.inert import inert
from noc_console.incidents.incident.incident import Incident, in_order_of_need
from noc_console.incidents.incident.incident_rows import list_incidents
from noc_console.store.history import History

TICK_MS = 1000
PAGE_EVERY_S = 12
CURVES_EVERY_S = 30
_HOUR = timedelta(hours=1)
_POINTS = 240
_LEAVE = "Esc leaves"


class Wallboard(QWidget):
    """Covers the window it is a part of."""

    left = Signal()
    """A person leaves it."""

    def __init__(
        self,
        context: DeskContext,
        window: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Cover `window` and follow the live fleet."""
        super().__init__(window)
        self._context = context
        self._now = now
        self._history = History(context.store)
        self._incidents: list[Incident] = []
        self._curves: dict[int, Curve] = {}
        self._curves_of: tuple[int, ...] = ()
        self._page = 0
        self._ticks = 0
        self.board: Board = board_of(context.live, (), now())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self._join(window)
        self._read_incidents()
        self.tick()

    def _join(self, window: QWidget) -> None:
        live = self._context.live
        live.incidents_changed.connect(self._read_incidents)
        live.engine_changed.connect(lambda _: self.refresh())
        live.alarms_changed.connect(lambda _: self.refresh())
        self._context.themes.changed.connect(lambda _: self.update())
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        for keys, words, act in (
            ("Esc", "Leave the wallboard", self.left.emit),
            ("Space", "Show the next page of the wallboard", lambda: self.step(1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @property
    def pages(self) -> int:
        """How many pages the tiles fill."""
        across, down = tiles_a_page(QRectF(self.rect()))
        return max(1, -(-len(self.board.tiles) // (across * down)))

    @property
    def page(self) -> int:
        """Which page is shown, from 0 on."""
        return min(self._page, self.pages - 1)

    def step(self, by: int) -> None:
        """Show another page."""
        self._page = (self.page + by) % self.pages
        self._ticks = 0
        self.update()

    def tick(self) -> None:
        """Move on with the clock: ages grow, and the next page comes in its time."""
        self._ticks += 1
        if self._ticks > PAGE_EVERY_S:
            self.step(1)
        self.refresh()

    def refresh(self) -> None:
        """Show what holds now."""
        self.board = board_of(self._context.live, self._incidents, self._now())
        self._page = self.page
        self._want_curves()
        self._tell()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the board."""
        del event
        painter = QPainter(self)
        look = self._context.theme().look
        board = BoardPainter(painter, QRectF(self.rect()), self.palette(), look)
        board.paint(self.board, self.page, self.pages, self._curves, _LEAVE)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys and Page keys turn the pages."""
        forward = {Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown}
        back = {Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp}
        if event.key() in forward | back:
            self.step(1 if event.key() in forward else -1)
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window whatever its size."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.raise_()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        """Say the board to a screen reader."""
        board = self.board
        counts = ", ".join(f"{count} {verdict.value}" for verdict, count in board.counts.items())
        worst = "; ".join(f"{one.name} {one.verdict.value}: {one.what}" for one in board.tiles[:3])
        self.setAccessibleName("Wallboard")
        self.setAccessibleDescription(f"{board.warning} {counts}. {worst}".strip())

    def _read_incidents(self) -> None:
        store, now = self._context.store, self._now()

        def read() -> list[Incident]:
            found = list_incidents(store, with_closed=False)
            return in_order_of_need([one for one in found if one.is_open], now)

        self._context.background.call(read, self._take_incidents, lambda _: None, self)

    def _take_incidents(self, found: list[Incident]) -> None:
        self._incidents = found
        self.refresh()

    def _want_curves(self) -> None:
        """Read the curves when other servers are the sickest, and anew now and then."""
        wanted = self.board.curves
        due = self._ticks % CURVES_EVERY_S == 0
        if wanted == self._curves_of and not due:
            return
        self._curves_of = wanted
        names = {one.server_id: one for one in self.board.tiles if one.server_id in wanted}
        history, end = self._history, self._now()

        def read() -> dict[int, Curve]:
            return {
                one.server_id: Curve(
                    name=inert(one.name, 40),
                    load=one.load,
                    per_core=_load_of(history, one.server_id, end),
                )
                for one in names.values()
            }

        self._context.background.call(read, self._take_curves, lambda _: None, self)

    def _take_curves(self, found: Mapping[int, Curve]) -> None:
        self._curves = dict(found)
        self.update()


def _load_of(history: History, server_id: int, end: datetime) -> Line:
    """Give an hour of load per core in even slots; nan where there was no sample."""
    found = history.read(server_id, ("load1", "cores"), end - _HOUR, end)
    line = np.full(_POINTS, np.nan, dtype=np.float32)
    start_ms = (end - _HOUR).timestamp() * 1000
    slots = ((found.times_ms - start_ms) / _HOUR.total_seconds() / 1000 * _POINTS).astype(np.int64)
    cores = np.fmax(np.nan_to_num(found.average["cores"], nan=1.0), 1.0)
    fits = (slots >= 0) & (slots < _POINTS)
    line[slots[fits]] = (found.average["load1"] / cores)[fits]
    return line
