"""Reads what changed in the store on threads of its own, and keeps it until the window takes it.

No Qt here. The store is looked at four times a second, and for alarms more often, because an alarm
must be on the screen within 300 ms. A look at an unchanged store costs microseconds, on PostgreSQL
one small SELECT.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.alarm_records import alarms_since
from noc_console.health.records import ServerState, states_since
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.evidence.evidence_records import open_recordings
from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.incident.incident_records import list_incidents
from noc_console.store.changes import ChangeSignal
from noc_console.store.failures import StoreFull
from noc_console.store.heartbeat import EngineRecord, last_engine
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.store import Store

LOOK_EVERY_S = 0.25
LOOK_FOR_ALARMS_EVERY_S = 0.05
LOOK_FOR_SHARED_ALARMS_EVERY_S = 0.1
TRY_AGAIN_AFTER_S = 2.0
TRY_AGAIN_AFTER_BUG_S = 30.0
STARTS_FROM = timedelta(minutes=10)
"""How old the newest sample of a server may be to be shown at the start."""

_ROWS_AT_ONCE = 500
_SIGNS_OF_A_SAMPLE = ("load1", "uptime_s")
"""A reading without either holds only what is counted apart, such as outside checks."""
_BUG = "What you see may be old: a bug keeps the window from reading the store; start it again."


@dataclass(slots=True, kw_only=True)
class News:
    """What changed since the window took the last news; None or empty where nothing did."""

    servers: list[Server] | None = None
    states: dict[int, ServerState] = field(default_factory=dict)
    """Those that changed, by server id."""
    samples: list[Reading] = field(default_factory=list)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    """Those that changed, the cleared among them."""
    has_all_alarms: bool = False
    """Whether every open alarm is among them: any other one is cleared."""
    readings: bool = False
    orders: bool = False
    engine: tuple[EngineRecord | None] | None = None
    """The engine that was there last, alive or not."""
    settings: bool = False
    deliveries: bool = False
    incidents: list[Incident] | None = None
    """Those that are not closed."""
    windows: bool = False
    lines: bool = False
    notices: bool = False
    postings: bool = False
    channels: bool = False
    contacts: bool = False
    audits: bool = False
    recordings: dict[int, Recording] | None = None
    """What is being recorded now, by server id; None where that did not change."""
    trouble: str | None = None
    """Why the store cannot be read; empty when it can be read again."""


class LiveReader:
    """The threads that read. `take` may be called from any thread."""

    def __init__(
        self,
        store: Store,
        tell_of_bug: Callable[[Exception], None],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; `start` starts. `wake` is called from the thread when news cannot wait."""
        self._store = store
        self._wake = wake
        self._tell_of_bug = tell_of_bug
        self._history = History(store)
        self._last_row = -1
        self._states_read = 0
        self._alarms_read = -1
        self._alarms_lock = threading.Lock()
        self._alarms_are_known = threading.Event()
        self._lock = threading.Lock()
        self._news = News()
        self._has_trouble = False
        self._lacks_room = ""
        self._is_closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name="live-reader", daemon=True),
            threading.Thread(target=self._run_alarms, name="live-alarms", daemon=True),
        ]

    def start(self) -> None:
        """Look at the store from now on."""
        for thread in self._threads:
            thread.start()

    def take(self) -> News:
        """Give the news since the last call."""
        with self._lock:
            news, self._news = self._news, News()
        return news

    def close(self, wait_s: float = 2.0) -> None:
        """Look no more."""
        self._is_closing.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(wait_s)

    def _run(self) -> None:
        while not self._is_closing.is_set():
            signal = ChangeSignal(self._store)
            try:
                self._follow(signal)
            except ConsoleError as failure:
                self._tell_trouble(failure.sentence)
                self._is_closing.wait(TRY_AGAIN_AFTER_S)
            except Exception as bug:  # noqa: BLE001 - the last place: told, and tried again
                self._tell_of_bug(bug)
                self._tell_trouble(_BUG)
                self._is_closing.wait(TRY_AGAIN_AFTER_BUG_S)
            finally:
                signal.close()

    def _follow(self, signal: ChangeSignal) -> None:
        """Read what changed until closed; the signal's first look gives everything."""
        self._states_read = 0
        self._alarms_are_known.clear()
        self._read_alarms(anew=True)
        while not self._is_closing.is_set():
            changed = signal.poll()
            if changed:
                self._read(changed)
                self._alarms_are_known.set()
            self._look_at_room()
            self._is_closing.wait(LOOK_EVERY_S)

    def _look_at_room(self) -> None:
        """A store that takes nothing more changes no more: only this says why all grows old."""
        before = self._lacks_room
        try:
            self._store.guard_free_space()
            self._lacks_room = ""
        except StoreFull as failure:
            self._lacks_room = failure.sentence
        if self._lacks_room != before:
            self._tell_trouble(self._lacks_room)

    def _run_alarms(self) -> None:
        """Alarms have a thread of their own: what else is new may be much, and they cannot wait."""
        while not self._is_closing.is_set():
            if not self._alarms_are_known.wait(LOOK_EVERY_S):
                continue
            signal = ChangeSignal(self._store)
            try:
                self._follow_alarms(signal)
            except ConsoleError:  # the other thread says so, and reads all of them anew
                self._is_closing.wait(TRY_AGAIN_AFTER_S)
            except Exception as bug:  # noqa: BLE001 - the last place: told, and tried again
                self._tell_of_bug(bug)
                self._is_closing.wait(TRY_AGAIN_AFTER_BUG_S)
            finally:
                signal.close()

    def _follow_alarms(self, signal: ChangeSignal) -> None:
        is_near = self._store.is_embedded
        every_s = LOOK_FOR_ALARMS_EVERY_S if is_near else LOOK_FOR_SHARED_ALARMS_EVERY_S
        while not self._is_closing.is_set() and self._alarms_are_known.is_set():
            if "alarm" in signal.poll() and self._read_alarms():
                self._wake()
            self._is_closing.wait(every_s)

    def _tell_trouble(self, sentence: str) -> None:
        self._has_trouble = True
        with self._lock:
            self._news.trouble = sentence

    def _read(self, changed: frozenset[str]) -> None:
        servers = list_servers(self._store) if "fleet" in changed else None
        states = self._new_states() if "state" in changed else {}
        engine = (last_engine(self._store),) if "engine" in changed else None
        samples = self._new_samples() if "journal" in changed else []
        recordings = (
            open_recordings(self._store, datetime.now(UTC)) if "evidence" in changed else None
        )
        incidents = (
            list_incidents(self._store, with_closed=False) if "incident" in changed else None
        )
        with self._lock:
            news = self._news
            news.servers = news.servers if servers is None else servers
            news.states |= states
            news.engine = news.engine if engine is None else engine
            news.samples += samples
            news.readings |= "reading" in changed
            news.orders |= "order" in changed
            news.settings |= "setting" in changed
            news.deliveries |= "delivery" in changed
            news.incidents = news.incidents if incidents is None else incidents
            news.windows |= "window" in changed
            news.lines |= "line" in changed
            news.notices |= "notice" in changed
            news.postings |= "posting" in changed
            news.channels |= "channel" in changed
            news.contacts |= "contact" in changed
            news.audits |= "audit" in changed
            news.recordings = news.recordings if recordings is None else recordings
            if self._has_trouble:
                news.trouble = self._lacks_room
        self._has_trouble = False

    def _read_alarms(self, *, anew: bool = False) -> bool:
        """Read those that changed, or all that are open; tell whether there were any."""
        with self._alarms_lock:
            since = -1 if anew else self._alarms_read
            self._alarms_read, alarms = alarms_since(self._store, since)
            with self._lock:
                if anew:
                    self._news.has_all_alarms = True
                    self._news.alarms = alarms
                else:
                    self._news.alarms |= alarms
        return bool(alarms)

    def _new_states(self) -> dict[int, ServerState]:
        self._states_read, states = states_since(self._store, self._states_read)
        return states

    def _new_samples(self) -> list[Reading]:
        if self._last_row < 0:
            self._last_row, found = self._history.latest(datetime.now(UTC) - STARTS_FROM)
            return [reading for reading in found if _is_sample(reading)]
        samples: list[Reading] = []
        while not self._is_closing.is_set():
            before = self._last_row
            self._last_row, found = self._history.after(before, _ROWS_AT_ONCE)
            samples += [reading for reading in found if _is_sample(reading)]
            if self._last_row == before:
                break
        return samples


def _is_sample(reading: Reading) -> bool:
    return any(sign in reading.values for sign in _SIGNS_OF_A_SAMPLE)
