"""The engine's one deciding thread: turns in, events out of one queue.

Every lane, the recorder and the fleet's picture are touched by this thread alone. Other threads
(paramiko's, the workers', the store's, the outside checks' loop) only post events, and this thread
waits for nothing but the next of them: never for a server, a disk or a database.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Event as StopFlag

from noc_console.engine import mending_watch
from noc_console.engine.agenda import Agenda
from noc_console.engine.alarms import SILENT_AFTER_S, AlarmWatch
from noc_console.engine.delivery import DeliveryWork
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
from noc_console.engine.flight_recorder import TURN_EVERY_S, FlightRecorder
from noc_console.engine.lane import Lane
from noc_console.engine.lease import Lease
from noc_console.engine.look_back import LookBack
from noc_console.engine.mailbox_work import MailboxWork
from noc_console.engine.notice_work import NoticeWork
from noc_console.engine.order_desk import OrderDesk
from noc_console.engine.pace import together_s
from noc_console.engine.recorder import Recorder
from noc_console.engine.roster import Roster
from noc_console.engine.standing_watch import StandingWatch
from noc_console.engine.store_work import StoreWork
from noc_console.engine.upkeep import Upkeep
from noc_console.engine.window_keeper import RELOAD_EVERY_S
from noc_console.engine.workers import Workers
from noc_console.store.changes import ChangeSignal
from noc_console.store.heartbeat import EngineAlreadyWatching
from noc_console.store.history import History
from noc_console.store.store import Store
from noc_console.telemetry.attention import attended

log = logging.getLogger(__name__)

FLUSH_EVERY_S = 0.5
"""A person sees no difference to a fifth of a second; each flush costs the disk and us a write."""

PAUSE_S = 0.05
"""From an event on, for those that follow, unless a turn is due: what hundreds of servers answer is
then taken many at a time. When it arrived was noted before. Measured on a processor that does other
work between: 0.26 ms an answer taken five at a time, 0.15 of 25, 0.13 of a hundred.
"""

CLOSE_WITHIN_S = 1.5
"""Of the two seconds in which an engine stops; the store may be away."""


@dataclass(slots=True)
class _Routine:
    """Something done every `every_s`, with whatever else is due in that quarter of a second: an
    engine of a small fleet is else woken for each by itself."""

    every_s: float
    do: Callable[[float], None]
    next_s: float = 0.0


class Conductor:
    """Runs the lanes of one store. `run` blocks until `stop` is set, then closes every link."""

    def __init__(self, store: Store, lease: Lease, this_machine_id: int) -> None:
        """Prepare for the store of which we hold the lease; `run` gives it back."""
        self._store = store
        self._lease = lease
        self._lost: EngineAlreadyWatching | None = None
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._agenda = Agenda()
        self._changes = ChangeSignal(store, with_journal=False)
        self._history = History(store)
        self._fleet_changed = self._lines_changed = False
        self._attended: Mapping[int, datetime] = {}
        self._store_work = StoreWork()
        self._background = Workers("background", 1)
        self._recorder = Recorder(_utc_now)
        self._roster = Roster(
            store,
            self._recorder,
            self._agenda,
            self._events.put,
            _utc_now,
            this_machine_id=this_machine_id,
        )
        self._alarms = AlarmWatch(store, self._events.put, _utc_now, time.monotonic)
        self._recorder.tell_judged(self._alarms.judged)
        self._standing = StandingWatch(
            store, lease.engine_id, self._roster, self._store_work, self._events.put, _utc_now
        )
        self._recorder.tell_judged(self._standing.judged)
        self._flight = FlightRecorder(
            store, lease.engine_id, self._roster, self._events.put, _utc_now
        )
        self._orders = OrderDesk(
            store, lease.engine_id, self._roster, self._events.put, self._flight
        )
        self._delivery = DeliveryWork(store)
        self._notices = NoticeWork(store)
        self._mailbox = MailboxWork(store)
        self._look_back = LookBack(store, self._roster.pictures, self._events.put, _utc_now)
        self._read_anew: Mapping[str, Callable[[], None]] = {
            "attention": self._look_for_attention,
            "order": self._orders.take_waiting,
            "setting": self._flight.read_settings,
            "window": self._standing.load_windows,
        }
        upkeep = Upkeep(store, self._background)
        self._routines = [
            _Routine(FLUSH_EVERY_S, self._flush),
            _Routine(1.0, lambda _: self._standing.pass_time()),
            _Routine(FLUSH_EVERY_S, lambda _: self._standing.write()),
            _Routine(
                RELOAD_EVERY_S,
                lambda _: self._store_work.start("reading window", self._standing.load_windows),
            ),
            _Routine(0.25, lambda _: self._store_work.start("changes", self._look_for_changes)),
            _Routine(1.0, lambda _: self._roster.judge_silent()),
            _Routine(1.0, self._look_back.turn),
            _Routine(TURN_EVERY_S, self._flight.turn),
            _Routine(FLUSH_EVERY_S, lambda _: self._write_evidence()),
            _Routine(
                60.0,
                lambda _: self._store_work.start("reading setting", self._flight.read_settings),
            ),
            _Routine(0.5, self._pass_alarm_time),
            _Routine(15.0, lambda _: self._alarms.expire()),
            _Routine(1.0, lambda _: self._look_at_attended()),
            _Routine(1.0, lambda _: self._lease.note_awake()),
            _Routine(5.0, lambda _: self._store_work.start("heartbeat", self._beat)),
            _Routine(5.0, lambda _: self._store_work.start("orders", self._orders.close_late)),
            _Routine(5.0, lambda _: self._delivery.look()),
            _Routine(1.0, lambda _: self._notices.turn()),
            _Routine(60.0, lambda _: self._mailbox.look()),
            _Routine(
                mending_watch.LOOK_EVERY_S,
                lambda _: self._store_work.start("planned work", self._ask_again),
            ),
            _Routine(60.0, upkeep.start_due),
        ]

    def run(self, stop: StopFlag) -> None:
        """Conduct until `stop` is set; then write what is known and close the links.

        Raises:
            EngineAlreadyWatching: we were away for too long and another engine watches now.
        """
        wait_s = 0.0
        try:
            while not stop.is_set() and self._lost is None:
                self._take_events(wait_s, stop)
                now_s = time.monotonic()
                self._take_turns(now_s)
                if self._recorder.is_urgent:
                    self._flush(now_s)
                next_s = min(self._run_routines(now_s), self._agenda.next_s())
                wait_s = max(0.0, next_s - time.monotonic())
        finally:
            self._close()
        if self._lost is not None:
            raise self._lost

    def _close(self) -> None:
        ends_s = time.monotonic() + CLOSE_WITHIN_S
        self._flight.close()
        self._roster.close_links()
        self._store_work.start("the last", self._write_the_last)
        self._background.stop()
        self._look_back.stop()
        self._orders.close()
        self._delivery.close()
        self._notices.close()
        self._mailbox.close()
        self._roster.stop()
        if not self._alarms.close(max(0.2, ends_s - time.monotonic())):
            log.warning("The store did not take what befell the last alarms in time.")
        if not self._store_work.finish(max(0.2, ends_s - time.monotonic())):
            log.warning("The store did not take the last samples in time.")

    def _write_the_last(self) -> None:
        """Runs on the store's thread when the conductor's records no more."""
        try:
            while (batch := self._recorder.last_batch()) is not None:
                batch.write(self._store, self._history, _utc_now())
            self._standing.write_the_last()
            self._flight.write()
        finally:
            self._changes.close()
            if self._lost is None:
                self._lease.give_back()

    def _take_turns(self, now_s: float) -> None:
        for turn in self._agenda.due(now_s):
            try:
                turn.act(time.monotonic())
            except Exception:  # a bug that one server brings out must not stop the others
                log.exception("%s: a bug; it is tried again in a minute", turn.label)
                turn.next_act_s = now_s + 60.0
            self._agenda.put(turn)

    def _run_routines(self, now_s: float) -> float:
        for routine in self._routines:
            if routine.next_s <= now_s:
                routine.next_s = together_s(max(routine.next_s + routine.every_s, now_s))
                try:
                    routine.do(now_s)
                except Exception:  # a bug in one must not stop the others
                    log.exception("a routine met a bug; it runs again in %s s", routine.every_s)
        return min(routine.next_s for routine in self._routines)

    def _take_events(self, wait_s: float, stop: StopFlag) -> None:
        """Take all that is there now, before anybody's silence is judged."""
        try:
            event = self._events.get(timeout=max(wait_s, 0.001))
        except Empty:
            return
        stop.wait(min(wait_s, PAUSE_S))
        self._take_safely(event)
        for _ in range(self._events.qsize()):
            self._take_safely(self._events.get_nowait())

    def _take_safely(self, event: Event) -> None:
        try:
            self._take(event)
        except Exception:  # as for turns: one server's bug stays with that server
            log.exception("a %s met a bug", type(event).__name__)

    def _take(self, event: Event) -> None:
        match event:
            case BytesArrived() | Opened() | OpenFailed() | StreamEnded():  # nearly all are bytes
                self._take_for_lane(event)
            case Said():
                event.act()
            case FleetLoaded():
                self._roster.take_fleet(event.servers)
                self._alarms.take_fleet(self._roster.watched())
                self._standing.keep_only(server.id for server in self._roster.watched())
            case CheckFinished():
                self._roster.take_check(event.server_id, event.result)

    def _take_for_lane(self, event: Opened | OpenFailed | BytesArrived | StreamEnded) -> None:
        lane = self._roster.lane(event.server_id)
        if not isinstance(lane, Lane) or lane.generation != event.generation:
            if isinstance(event, Opened):
                self._roster.close_link(event.link)
            return
        now_s, turn_s = time.monotonic(), lane.next_act_s
        match event:
            case BytesArrived():
                lane.take_bytes(event)
            case Opened():
                lane.take_opened(event, now_s)
            case OpenFailed():
                lane.take_failed(event, now_s)
            case StreamEnded():
                lane.take_end(event, now_s)
        if lane.next_act_s != turn_s:
            self._agenda.put(lane)

    def _flush(self, now_s: float) -> None:
        batch = self._recorder.batch(now_s)
        if batch is not None:
            self._store_work.start(
                "recording", lambda: batch.write(self._store, self._history, _utc_now())
            )

    def _pass_alarm_time(self, _now_s: float) -> None:
        self._alarms.pass_time(self._roster.silent_for(SILENT_AFTER_S))

    def _write_evidence(self) -> None:
        if self._flight.has_news:
            self._store_work.start("evidence", self._flight.write)

    def _look_for_changes(self) -> None:
        """Runs on the store's thread."""
        nouns = self._changes.poll()
        self._fleet_changed |= "fleet" in nouns
        self._lines_changed |= "line" in nouns
        if self._lines_changed:  # before the fleet: each server begins with its lines
            pictures = self._roster.pictures
            self._events.put(Said(self._roster.lines.load(lambda: pictures().values())))
            self._lines_changed = False
        if "host_key" in nouns:
            self._events.put(Said(self._roster.try_waiting))
        if nouns & {"alarm", "delivery"}:
            self._delivery.look()
        self._notices.heed(nouns)
        for noun in nouns & self._read_anew.keys():
            self._store_work.start(f"reading {noun}", self._read_anew[noun])
        if self._fleet_changed:
            self._events.put(self._roster.load())
            self._fleet_changed = False

    def _look_for_attention(self) -> None:
        """Runs on the store's thread."""
        found = attended(self._store, _utc_now())
        self._events.put(Said(lambda: self._take_attention(found)))

    def _take_attention(self, found: Mapping[int, datetime]) -> None:
        self._attended = found
        self._look_at_attended()

    def _look_at_attended(self) -> None:
        """Also of a desk that died, which lets go of nothing."""
        now = _utc_now()
        self._roster.look_at({one for one, until in self._attended.items() if until > now})

    def _ask_again(self) -> None:
        """Runs on the store's thread."""
        mending_watch.ask_again(self._store, _utc_now())

    def _beat(self) -> None:
        """Runs on the store's thread."""
        try:
            self._lease.renew()
        except EngineAlreadyWatching as error:
            self._lost = error


def _utc_now() -> datetime:
    return datetime.now(UTC)
