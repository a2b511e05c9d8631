"""The engine's one deciding thread: turns in, events out of one queue, a flush a fifth of a second.

Every lane, the recorder and the fleet's picture are touched by this thread alone. Other threads
(paramiko's, the workers', the outside checks' loop) only post events.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Event as StopFlag

from noc_console.engine.agenda import Agenda
from noc_console.engine.events import (
    BytesArrived,
    CheckFinished,
    Event,
    FleetLoaded,
    Opened,
    OpenFailed,
    Said,
    StreamEnded,
)
from noc_console.engine.lane import Lane
from noc_console.engine.order_desk import OrderDesk
from noc_console.engine.recorder import Recorder
from noc_console.engine.roster import Roster
from noc_console.engine.upkeep import Upkeep
from noc_console.engine.workers import Workers
from noc_console.store.changes import ChangeSignal
from noc_console.store.heartbeat import beat
from noc_console.store.history import History
from noc_console.store.store import Store
from noc_console.telemetry.attention import attended

log = logging.getLogger(__name__)

MAX_EVENTS_A_ROUND = 500


@dataclass(slots=True)
class _Routine:
    """Something done every `every_s`."""

    every_s: float
    do: Callable[[], None]
    next_s: float = 0.0


class Conductor:
    """Runs the lanes of one store. `run` blocks until `stop` is set, then closes every link."""

    def __init__(self, store: Store, engine_id: int, this_machine_id: int) -> None:
        """Prepare for the store whose lease engine `engine_id` holds."""
        self._store = store
        self._engine_id = engine_id
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._agenda = Agenda()
        self._changes = ChangeSignal(store)
        self._loading = False
        self._background = Workers("background", 2)
        self._recorder = Recorder(store, History(store), _utc_now)
        self._roster = Roster(
            store,
            self._recorder,
            self._agenda,
            self._events.put,
            _utc_now,
            this_machine_id=this_machine_id,
        )
        self._orders = OrderDesk(store, engine_id, self._roster, self._events.put)
        self._upkeep = Upkeep(store, self._background)
        self._routines = [
            _Routine(0.2, self._recorder.flush),
            _Routine(0.25, self._follow_changes),
            _Routine(1.0, self._roster.judge_silent),
            _Routine(1.0, self._follow_attention),
            _Routine(5.0, self._beat),
            _Routine(60.0, self._upkeep.start_due),
        ]

    def run(self, stop: StopFlag) -> None:
        """Conduct until `stop` is set; then write what is known and close the links."""
        try:
            while not stop.is_set():
                now_s = time.monotonic()
                self._take_turns(now_s)
                wait_s = self._run_routines(now_s)
                self._take_events(min(wait_s, max(0.0, self._agenda.next_s() - now_s)))
        finally:
            self._recorder.flush()
            self._roster.close()
            self._background.stop()
            self._orders.close()

    def _take_turns(self, now_s: float) -> None:
        for turn in self._agenda.due(now_s):
            try:
                turn.act(now_s)
            except Exception:  # a bug that one server brings out must not stop the others
                log.exception("server %s: its turn failed", turn.server_id)
                turn.next_act_s = now_s + 60.0
            self._agenda.put(turn)

    def _run_routines(self, now_s: float) -> float:
        for routine in self._routines:
            if routine.next_s <= now_s:
                routine.next_s = now_s + routine.every_s
                try:
                    routine.do()
                except Exception:  # the store may be away for a while; the links go on
                    log.exception("a routine failed; it is tried again in %s s", routine.every_s)
        return max(0.0, min(routine.next_s for routine in self._routines) - now_s)

    def _take_events(self, timeout_s: float) -> None:
        try:
            event = self._events.get(timeout=max(timeout_s, 0.001))
        except Empty:
            return
        for _ in range(MAX_EVENTS_A_ROUND):
            try:
                self._take(event)
            except Exception:  # as above: one server's bug stays with that server
                log.exception("an event could not be taken: %s", type(event).__name__)
            try:
                event = self._events.get_nowait()
            except Empty:
                return
        self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Said():
                event.act()
            case FleetLoaded():
                self._loading = False
                self._roster.take_fleet(event.servers)
            case CheckFinished():
                self._roster.take_check(event.server_id, event.result)
            case Opened() | OpenFailed() | BytesArrived() | StreamEnded():
                self._take_for_lane(event)

    def _take_for_lane(self, event: Opened | OpenFailed | BytesArrived | StreamEnded) -> None:
        lane = self._roster.lane(event.server_id)
        if not isinstance(lane, Lane) or lane.generation != event.generation:
            if isinstance(event, Opened):
                self._roster.close_link(event.link)
            return
        now_s = time.monotonic()
        match event:
            case Opened():
                lane.take_opened(event, now_s)
            case OpenFailed():
                lane.take_failed(event, now_s)
            case BytesArrived():
                lane.take_bytes(event)
            case StreamEnded():
                lane.take_end(event, now_s)
        self._agenda.put(lane)

    def _follow_changes(self) -> None:
        nouns = self._changes.poll()
        if "fleet" in nouns and not self._loading:
            self._loading = True
            self._background.submit(self._load_fleet)
        if "host_key" in nouns:
            self._roster.try_waiting()
        if "order" in nouns:
            self._orders.take_waiting()

    def _load_fleet(self) -> None:
        """Runs on a worker: fifty thousand rows take longer than a tick."""
        self._events.put(self._roster.load())

    def _follow_attention(self) -> None:
        self._roster.look_at(attended(self._store, _utc_now()))

    def _beat(self) -> None:
        beat(self._store, self._engine_id, _utc_now())


def _utc_now() -> datetime:
    return datetime.now(UTC)
