"""The line at the window's foot: who watches, where the store is, how many servers, how fresh."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStatusBar

from noc_console.desk.context import Live
from noc_console.desk.server.page_words import sample_age_text
from noc_console.desk.widgets.eliding_label import ElidingLabel
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation

_TICK_MS = 1000
_KEPT, _KEPT_OF_PROMISE = 160, 360
_TIGHT = 1100


class DeskStatusBar(QStatusBar):
    """Follows the live fleet."""

    def __init__(
        self,
        live: Live,
        location: StoreLocation,
        own_engine_pid: Callable[[], int | None],
        now: Callable[[], datetime],
    ) -> None:
        """Show what is known now; `own_engine_pid` gives the engine this window started."""
        super().__init__()
        self._live = live
        self._own_engine_pid = own_engine_pid
        self._now = now
        self._newest_ms = 0
        self.engine, self.store = ElidingLabel(), ElidingLabel(f"Store: {location}")
        # Figures are whole or not there: half a time is a wrong time.
        self.alarms, self.servers, self.sample, self.clock = QLabel(), QLabel(), QLabel(), QLabel()
        for name, label in (("Engine", self.engine), ("Store", self.store)):
            label.setAccessibleName(name)
            self.addWidget(label)
        self.promise = ElidingLabel()
        self.promise.setAccessibleName("Promised update")
        self.promise.hide()
        self.addPermanentWidget(self.promise)
        for name, figure in (
            ("Alarms", self.alarms),
            ("Servers", self.servers),
            ("Newest sample", self.sample),
            ("Time", self.clock),
        ):
            figure.setAccessibleName(name)
            self.addPermanentWidget(figure)
        live.samples_arrived.connect(self._take_samples)
        for signal in (live.fleet_changed, live.engine_changed, live.alarms_changed):
            signal.connect(lambda _: self.refresh())
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self._take_samples(list(live.latest.values()))
        self.refresh()

    def refresh(self) -> None:
        """Show what holds now."""
        live, now = self._live, self._now()
        count = len(live.servers)
        self.engine.setText(self._engine_words())
        # Whether anybody watches is read whole; the store's place gives way first.
        self.engine.setMinimumWidth(min(self.engine.sizeHint().width(), _KEPT))
        self.servers.setText(f"{count} server{'s' if count != 1 else ''}" if live.is_loaded else "")
        waiting = sum(alarm.needs_person for alarm in live.alarms.values())
        self.alarms.setText(f"{waiting:,} alarm{'s' if waiting != 1 else ''} to look at")
        self.alarms.setVisible(waiting > 0)
        self.sample.setText(self._sample_words(now))
        self.clock.setText(f"{now.astimezone():%Y-%m-%d %H:%M:%S %Z}")

    def show_promise(self, words: str) -> None:
        """Show that customers wait for an update, or soon will; nothing for no words."""
        self.promise.setText(words)
        self.promise.setMinimumWidth(min(self.promise.sizeHint().width(), _KEPT_OF_PROMISE))
        self.promise.setVisible(bool(words))
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what can be seen elsewhere where a promise needs its room."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        is_tight = not self.promise.isHidden() and self.width() < _TIGHT
        for label in (self.store, self.servers, self.sample):
            label.setHidden(is_tight)

    def minimumSizeHint(self) -> QSize:
        """Let the window be made as narrow as what stays needs."""
        giving = [one for one in (self.store, self.servers, self.sample) if not one.isHidden()]
        room = sum(one.minimumSizeHint().width() for one in giving)
        return super().minimumSizeHint() - QSize(room, 0)

    def _engine_words(self) -> str:
        engine = self._live.engine
        if not self._live.is_loaded:
            return "Reading the store …"
        if engine is None:
            is_starting = self._live.is_starting_to_watch
            return "Starting to watch …" if is_starting else "No engine is watching"
        if engine.pid == self._own_engine_pid():
            return "Watching"
        return f"The engine on {engine.host} (process {engine.pid}) is watching"

    def _sample_words(self, now: datetime) -> str:
        if not self._newest_ms:  # no sample is recent, but one may have been
            times = (state.last_sample_at for state in self._live.states.values())
            newest_s = max((at.timestamp() for at in times if at is not None), default=0.0)
            self._newest_ms = int(newest_s * 1000)
        at = datetime.fromtimestamp(self._newest_ms / 1000, UTC) if self._newest_ms else None
        return f"Newest {sample_age_text(at, now)}" if at else "No sample yet"

    def _take_samples(self, samples: Sequence[Reading]) -> None:
        self._newest_ms = max([self._newest_ms, *(sample.at_ms for sample in samples)])
