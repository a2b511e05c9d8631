"""The fleet as it is now, for every page: what the reader found, told on the GUI thread."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal

from noc_console.desk.live_reader import LiveReader, News
from noc_console.desk.live_signals import LiveSignals
from noc_console.desk.standing import told_of
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.records import ServerState
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.incident.incident import Incident
from noc_console.store.heartbeat import EngineRecord
from noc_console.store.journal import Reading
from noc_console.store.store import Store

TELL_EVERY_MS = 100


class BugReports(Protocol):
    """Where a bug of the reading thread goes (`desk.background.Background`)."""

    def report(self, bug: Exception) -> None:
        """Log it and tell the person."""


class LiveFleet(LiveSignals):
    """Servers, states, newest samples and the engine; each signal comes after its attribute.

    `states_changed` and `samples_arrived` give what is new, `states` and `latest` hold all.
    """

    _woken = Signal()

    def __init__(
        self,
        store: Store,
        bugs: BugReports,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare; `start` starts."""
        super().__init__()
        self.servers: list[Server] = []
        self.by_id: dict[int, Server] = {}
        self.states: dict[int, ServerState] = {}
        self.told: Counter[Verdict] = Counter()
        """How many servers have each verdict: kept, for to count 50,000 would be felt."""
        self.latest: dict[int, Reading] = {}
        self.alarms: dict[int, Alarm] = {}
        self.recordings: dict[int, Recording] = {}
        self.incidents: list[Incident] = []
        self.engine: EngineRecord | None = None
        self.trouble = ""
        self.is_loaded = False
        self._last_engine: EngineRecord | None = None
        self._now = now
        self._reader = LiveReader(store, bugs.report, self._woken.emit)
        self._woken.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(TELL_EVERY_MS)
        self._timer.timeout.connect(self._tell)

    def start(self) -> None:
        """Follow the store from now on."""
        self._reader.start()
        self._timer.start()

    def close(self) -> None:
        """Follow it no more."""
        self._timer.stop()
        self._reader.close()

    def _tell(self) -> None:
        news = self._reader.take()
        self._tell_fleet(news)
        self._tell_alarms(news)
        if news.samples:
            self.latest.update((sample.server_id, sample) for sample in news.samples)
            self.samples_arrived.emit(news.samples)
        self._tell_engine(news)
        self._tell_recordings(news)
        if news.trouble is not None and news.trouble != self.trouble:
            self.trouble = news.trouble
            self.trouble_changed.emit(self.trouble)
        self.incidents = self.incidents if news.incidents is None else news.incidents
        for changed, signal in (
            (news.readings, self.readings_changed),
            (news.orders, self.orders_changed),
            (news.settings, self.settings_changed),
            (news.deliveries, self.deliveries_changed),
            (news.incidents is not None, self.incidents_changed),
            (news.windows, self.windows_changed),
            (news.lines, self.lines_changed),
            (news.notices, self.notices_changed),
            (news.postings, self.postings_changed),
            (news.channels, self.channels_changed),
            (news.contacts, self.contacts_changed),
            (news.audits, self.audits_changed),
        ):
            if changed:
                signal.emit()

    def _tell_fleet(self, news: News) -> None:
        """States are told after servers, so that a page knows the server a state is of."""
        self._count(news.states)
        self.states |= news.states
        if news.servers is not None:
            self.servers = news.servers
            self.by_id = {server.id: server for server in news.servers}
            self.told = told_of(self.servers, self.states)
            self.is_loaded = True
            self.latest = {key: one for key, one in self.latest.items() if key in self.by_id}
            self.fleet_changed.emit(self.servers)
        if news.states:
            self.states_changed.emit(news.states)

    def _count(self, changed: Mapping[int, ServerState]) -> None:
        for server_id in changed.keys() & self.by_id.keys():
            before = self.states.get(server_id)
            self.told[before.judgement.verdict if before else Verdict.UNKNOWN] -= 1
            self.told[changed[server_id].judgement.verdict] += 1

    def _tell_alarms(self, news: News) -> None:
        """Alarms are told after servers, for the same reason."""
        changed = list(news.alarms.values())
        if news.has_all_alarms:
            self.alarms = {}
        self.alarms |= {alarm.id: alarm for alarm in changed if alarm.is_open}
        for alarm in changed:
            if not alarm.is_open:
                self.alarms.pop(alarm.id, None)
        if changed or news.has_all_alarms:
            self.alarms_changed.emit(changed)

    def _tell_recordings(self, news: News) -> None:
        """Without an engine nothing is recorded, whatever the store says of one that died."""
        recordings = self.recordings if news.recordings is None else news.recordings
        if self.engine is None:
            recordings = {}
        if news.recordings is not None or recordings != self.recordings:
            self.recordings = recordings
            self.recordings_changed.emit()

    def _tell_engine(self, news: News) -> None:
        """An engine that was killed says nothing: its lease running out is seen here."""
        if news.engine is not None:
            (self._last_engine,) = news.engine
        last = self._last_engine
        engine = last if last is not None and last.is_alive(self._now()) else None
        before, self.engine = self.engine, engine
        if (engine is None) != (before is None) or (
            engine is not None and before is not None and engine.id != before.id
        ):
            self.engine_changed.emit(engine)
