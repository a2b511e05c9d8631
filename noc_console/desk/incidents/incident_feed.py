"""Reads incidents for the page: the list with what is proposed, and all that is known of one.

GUI thread only; the store is read in the background, at most one reading of each kind at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.context import DeskContext
from noc_console.desk.incidents.incident_rows import IncidentDetails, details_of
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.errors import ConsoleError
from noc_console.incidents.incident.draft import Proposal
from noc_console.incidents.incident.drafting import read_proposals
from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.incident.incident_facts import read_facts
from noc_console.incidents.incident.incident_records import list_incidents

_SETTLE_MS = 250
_REST = 4
"""What took long is read again only after so many times as long: a storm changes without end."""
_PROPOSE_EVERY_MS = 15_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentList:
    """The incidents, and what may be worth one."""

    incidents: tuple[Incident, ...]
    proposals: tuple[Proposal, ...]


class IncidentFeed(QObject):
    """Follows the store while it is awake."""

    listed = Signal(object)
    """IncidentList"""
    told = Signal(object)
    """IncidentDetails of the wanted incident"""
    failed = Signal(str)
    """Why something could not be read; empty when it can again."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QObject) -> None:
        """Sleep until `wake`."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self._wanted: int | None = None
        self._is_awake = False
        self._listing = OneAtATime(context.background, self._list, self)
        self._reading = OneAtATime(context.background, self._read, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._read_all)
        self._slow = QTimer(self)
        self._slow.setInterval(_PROPOSE_EVERY_MS)
        self._slow.timeout.connect(self._list)
        live = context.live
        for signal in (live.incidents_changed, live.alarms_changed, live.orders_changed):
            signal.connect(self._stir)

    def wake(self) -> None:
        """Read now, and follow what changes."""
        self._is_awake = True
        self._slow.start()
        self._read_all()

    def sleep(self) -> None:
        """Follow nothing: nobody looks."""
        self._is_awake = False
        self._slow.stop()
        self._settle.stop()

    def want(self, incident_id: int | None) -> None:
        """Tell about this incident from now on."""
        self._wanted = incident_id
        self._read()

    def read_again(self) -> None:
        """Read all anew: a person asks for it."""
        self._read_all()

    def _stir(self) -> None:
        if self._is_awake and not self._settle.isActive():
            self._settle.start()

    def _read_all(self) -> None:
        self._list()
        self._read()

    def _list(self) -> None:
        store, now = self._context.store, self._now()
        alarms = [one for one in self._context.live.alarms.values() if one.is_open]

        def work() -> IncidentList:
            incidents = list_incidents(store)
            proposals = read_proposals(store, alarms, incidents, now)
            return IncidentList(incidents=tuple(incidents), proposals=tuple(proposals))

        self._listing.call(work, self._tell_list, self._fail)

    def _tell_list(self, found: IncidentList) -> None:
        self.failed.emit("")
        self.listed.emit(found)

    def _read(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        store, now = self._context.store, self._now()
        self._reading.call(
            lambda: details_of(read_facts(store, wanted, now)), self._tell_details, self._fail
        )

    def _tell_details(self, details: IncidentDetails) -> None:
        self._settle.setInterval(max(_SETTLE_MS, _REST * self._reading.took_ms))
        if details.incident.id == self._wanted:
            self.told.emit(details)

    def _fail(self, failure: ConsoleError) -> None:
        self.failed.emit(failure.sentence)
