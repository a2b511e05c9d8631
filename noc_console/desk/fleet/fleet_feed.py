"""Brings the live fleet into the columns of the fleet's model: servers, states, samples, readings.

GUI thread only. What needs the store or much thought runs in the background; what must be done here
is done in slices of a few milliseconds, so that 50,000 servers never hold the window up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.fleet_change import FleetChange, fleet_change
from noc_console.desk.fleet.fleet_columns import SLOT_S, SLOTS
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.past_load import PastLoad, past_load
from noc_console.desk.fleet.slices import Slices
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState
from noc_console.store.journal import Reading
from noc_console.telemetry.summaries import Summaries

AT_ONCE = 300
"""So many servers are compared in a few milliseconds."""
_TICK_MS = 1000
_ROWS_IN_ONE_GO = 24
_BETWEEN_PAINTS_MS = 10
_SEEN = {QEvent.Type.Show: True, QEvent.Type.Hide: False}
_READ_AFTER_MS = 2000
"""Slow readings come many a second in a large fleet; they are read together."""


class FleetFeed(QObject):
    """Keeps the model as the live fleet is, and lets its ages grow with the clock."""

    changed = Signal()
    """Verdicts, servers or the engine may be others now; at most a few times a second."""

    def __init__(
        self,
        context: DeskContext,
        model: FleetModel,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """Begin with what the live fleet knows."""
        super().__init__(parent)
        self._context = context
        self._model = model
        self._columns = model.columns
        self._now = now
        self._slices = Slices(self)
        self._slices.done.connect(self._tell)
        self._touched: set[int] = set()
        self._wanted: Sequence[Server] | None = None
        self._is_comparing = False
        self._found: FleetChange | None = None
        """What waits until rows may move."""
        self._read_since: datetime | None = None
        self._reading = OneAtATime(context.background, self._read_summaries, self)
        self._read_timer = QTimer(self)
        self._read_timer.setSingleShot(True)
        self._read_timer.setInterval(_READ_AFTER_MS)
        self._read_timer.timeout.connect(self._read_summaries)
        self._is_seen = True
        if parent is not None:
            parent.installEventFilter(self)
        self._unpainted: set[int] = set()
        self._paint_timer = QTimer(self)
        self._paint_timer.setInterval(_BETWEEN_PAINTS_MS)
        self._paint_timer.timeout.connect(self._paint_next)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self._join()

    def _join(self) -> None:
        live = self._context.live
        self._columns.advance(self._now())
        self._columns.is_watched = live.engine is not None
        live.fleet_changed.connect(self._take_fleet)
        live.states_changed.connect(self._take_states)
        live.samples_arrived.connect(self._take_samples)
        live.engine_changed.connect(self._take_engine)
        live.readings_changed.connect(self._want_summaries)
        live.recordings_changed.connect(self._take_recordings)
        self._take_recordings()
        self._model.released.connect(self._go_on)
        if live.is_loaded:
            self._take_fleet(live.servers)

    def tick(self) -> None:
        """Move on with the clock: ages grow, rows go where they belong now.

        While nobody sees the page only the curves move on.
        """
        self._columns.advance(self._now())
        if not self._is_seen:
            return
        self._model.arrange()
        self._paint_anew(self._model.seen)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow whether somebody sees the page; who comes back sees it as it is now."""
        if watched is self.parent() and event.type() in _SEEN:
            self._is_seen = _SEEN[event.type()]
            self.tick()
        return False

    def _paint_anew(self, rows: Iterable[int]) -> None:
        """Have rows painted, few at a time: a whole table in one go holds the window up."""
        if not self._is_seen:
            return
        self._unpainted.update(rows)
        if not self._paint_timer.isActive():
            self._paint_timer.start()
            self._paint_next()

    def _paint_next(self) -> None:
        some = [row for row in self._model.seen if row in self._unpainted][:_ROWS_IN_ONE_GO]
        self._model.touch(some)
        self._unpainted.difference_update(some)
        if len(some) < _ROWS_IN_ONE_GO:
            self._unpainted.clear()
            self._paint_timer.stop()

    def _take_recordings(self) -> None:
        before, self._columns.recordings = self._columns.recordings, self._context.live.recordings
        rows = self._columns.rows_of([*before, *self._columns.recordings])
        self._paint_anew(int(row) for row in rows)

    def _take_fleet(self, servers: Sequence[Server]) -> None:
        self._wanted = servers
        self._compare()

    def _compare(self) -> None:
        """Find what is different, one list of servers at a time, while rows may move."""
        if self._wanted is None or self._is_comparing or self._model.is_held:
            return
        self._is_comparing = True
        wanted, self._wanted = self._wanted, None
        before = self._columns.by_id()
        if len(before) + len(wanted) <= AT_ONCE:
            self._apply(fleet_change(before, wanted))
            return
        self._context.background.call(
            lambda: fleet_change(before, wanted), self._apply, self._refuse, self
        )

    def _apply(self, change: FleetChange) -> None:
        if self._model.is_held:
            self._found = change
        else:
            self._slices.add(self._parts_of(change))

    def _go_on(self) -> None:
        """Rows may move again."""
        found, self._found = self._found, None
        if found is not None:
            self._apply(found)
        self._compare()

    def _parts_of(self, change: FleetChange) -> Iterator[None]:
        known = self._columns.row_of
        has_new = any(server.id not in known for server, _ in change.changed)
        self._columns.reserve(len(change.ids))
        yield
        for part in change.parts(AT_ONCE * 3):
            self._model.take_change(part)
            yield
        live = self._context.live
        yield from self._states(live.states)
        yield from self._samples(list(live.latest.values()))
        self._is_comparing = False
        self._model.arrange()
        self.changed.emit()
        if has_new:
            self._read_since = None
            self._read_past()
            self._read_summaries()
        self._compare()

    def _take_states(self, states: Mapping[int, ServerState]) -> None:
        self._slices.add(self._states(states))

    def _take_samples(self, readings: Sequence[Reading]) -> None:
        self._slices.add(self._samples(readings))

    def _states(self, states: Mapping[int, ServerState]) -> Iterator[None]:
        return self._touching(map(self._columns.take_state, list(states.values())))

    def _samples(self, readings: Iterable[Reading]) -> Iterator[None]:
        return self._touching(map(self._columns.take_sample, readings))

    def _touching(self, rows: Iterable[int]) -> Iterator[None]:
        for row in rows:
            if row >= 0:
                self._touched.add(row)
            yield

    def _take_engine(self, engine: object) -> None:
        self._columns.is_watched = engine is not None
        self.tick()

    @property
    def is_settled(self) -> bool:
        """Whether every server of the live fleet is among the rows, with what is known of it."""
        return self._slices.are_done and len(self._columns.there()) == len(
            self._context.live.servers
        )

    def _tell(self) -> None:
        touched, self._touched = self._touched, set()
        self._paint_anew(touched)

    def _read_past(self) -> None:
        now = self._now()
        since = now - timedelta(seconds=SLOTS * SLOT_S)
        readings = self._context.readings()

        def read() -> PastLoad:
            return past_load(readings.load(since), now.timestamp())

        self._context.background.call(read, self._take_past, self._refuse, self)

    def _take_past(self, past: PastLoad) -> None:
        self._slices.add(self._slots_of(past))

    def _slots_of(self, past: PastLoad) -> Iterator[None]:
        row_of = self._columns.row_of
        here = np.array([one in row_of for one in past.ids.tolist()], dtype=bool)
        rows = np.array([row_of[one] for one in past.ids[here].tolist()], dtype=np.intp)
        for place, load in enumerate(past.load):
            self._columns.take_past(past.first_slot + place, rows, load[here])
            yield

    def _want_summaries(self) -> None:
        if not self._read_timer.isActive():
            self._read_timer.start()

    def _read_summaries(self) -> None:
        readings, since = self._context.readings(), self._read_since
        self._reading.call(lambda: readings.summaries(since), self._take_summaries, self._refuse)

    def _take_summaries(self, found: Summaries) -> None:
        self._read_since = found.newest
        columns = self._columns
        self._slices.add(self._touching(columns.take_mount(*pair) for pair in found.mounts.items()))
        self._slices.add(
            self._touching(columns.take_services(*pair) for pair in found.services.items())
        )

    def _refuse(self, _failure: ConsoleError) -> None:
        """Go on without: the window tells what is wrong with the store, and it changes again."""
