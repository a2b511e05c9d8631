"""Follows what happens to one server while its timeline is seen, and leads to what a line is about.

GUI thread only; read in the background.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from noc_console.desk.alarms.opening import show_alarms
from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.opening import open_evidence
from noc_console.desk.server.timeline_panel import TimelinePanel
from noc_console.errors import ConsoleError
from noc_console.health.alarm import Alarm
from noc_console.incidents.incident.server_timeline import read_server_timeline
from noc_console.incidents.incident.timeline import Moment, Timeline

LOOKS_BACK = timedelta(hours=24)
_SETTLE_MS = 500
_RENEW_MS = 20_000
"""Boots and turning points are told by nothing but the figures."""


class TimelineFeed(QObject):
    """Reads while the panel is in sight, at once when it comes into sight."""

    def __init__(
        self,
        context: DeskContext,
        server_id: int,
        panel: Callable[[], TimelinePanel],
        now: Callable[[], datetime],
        page: QWidget,
    ) -> None:
        """`panel` gives the one that is shown now: another theme brings another."""
        super().__init__(page)
        self._context = context
        self._server_id = server_id
        self._panel = panel
        self._now = now
        self._page = page
        self._is_reading = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.read)
        self._renew = QTimer(self)
        self._renew.setInterval(_RENEW_MS)
        self._renew.timeout.connect(self.read)
        self._renew.start()
        live = context.live
        live.alarms_changed.connect(self._take_alarms)
        for changed in (live.orders_changed, live.incidents_changed, live.recordings_changed):
            changed.connect(self._settle.start)

    def read(self) -> None:
        """Read what happened, where somebody looks and it is not being read already."""
        server = self._context.live.by_id.get(self._server_id)
        if server is None or self._is_reading or not self._panel().isVisible():
            return
        self._is_reading = True
        store, now = self._context.store, self._now()
        self._context.background.call(
            lambda: read_server_timeline(store, server, now - LOOKS_BACK, now),
            self._take,
            self._refuse,
            self,
        )

    def follow(self, moment: Moment) -> None:
        """Show what a moment is about; one that is only words says so."""
        kind, _, number = moment.link.partition(":")
        navigator = self._context.navigator
        if kind == "evidence":
            open_evidence(self._context, self._server_id, self._page, int(number))
        elif kind == "incident":
            navigator.open_incident(int(number))
        elif kind == "window":
            navigator.open_window(int(number), moment.at)
        elif kind == "alarm" and int(number) in self._context.live.alarms:
            show_alarms(navigator, self._page.window(), [int(number)])
        else:
            navigator.say("There is no more to see of this than its line says.")

    def _take_alarms(self, changed: Sequence[Alarm]) -> None:
        if any(one.server_id in {self._server_id, None} for one in changed):
            self._settle.start()

    def _take(self, told: Timeline) -> None:
        self._is_reading = False
        self._panel().show_timeline(told)

    def _refuse(self, failure: ConsoleError) -> None:
        self._is_reading = False
        self._panel().show_trouble(failure.sentence)
