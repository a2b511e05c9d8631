"""Reads audits for the page: which there are, and the checklist of the chosen one.

GUI thread only; the store is read in the background, at most one reading of each kind at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.audit.audit import Audit
from noc_console.audit.audit_records import list_audits
from noc_console.audit.catalogue import Catalogue, checks_folder, load_catalogue
from noc_console.audit.checklist_progress import Progress, progress_of
from noc_console.audit.checklist_reading import ReadChecklist, read_checklist
from noc_console.desk.context import DeskContext
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.errors import ConsoleError

_SETTLE_MS = 250
_REST = 4
"""What took long is read again only after so many times as long: a run changes it all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFound:
    """The audits there are, the newest first, and the checklist of the chosen one."""

    audits: tuple[Audit, ...]
    catalogue: Catalogue
    read: ReadChecklist | None
    """None where there is no audit yet."""
    progress: Progress | None


class AuditFeed(QObject):
    """Follows the store while it is awake."""

    told = Signal(object)
    """AuditFound"""
    failed = Signal(str)
    """Why it could not be read; empty when it can again."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QObject) -> None:
        """Sleep until `wake`."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self._wanted: int | None = None
        self._read: ReadChecklist | None = None
        self._catalogue: Catalogue | None = None
        self._is_awake = False
        self._asked = 0
        self._reading = OneAtATime(context.background, self._begin, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._begin)
        context.live.audits_changed.connect(self._stir)

    def wake(self) -> None:
        """Read now, and follow what changes."""
        self._is_awake = True
        self._begin()

    def sleep(self) -> None:
        """Follow nothing: nobody looks."""
        self._is_awake = False
        self._settle.stop()

    def want(self, audit_id: int | None) -> None:
        """Read this audit from now on; None: the newest."""
        self._wanted = audit_id
        self.read_now()

    def read_anew(self) -> None:
        """Read everything, and put the worst first again."""
        self._read = None
        self.read_now()

    def read_now(self) -> None:
        """Read what moved, without waiting for a pause: a person did something."""
        self._asked += 1
        self._begin()

    def _stir(self) -> None:
        if self._is_awake and not self._settle.isActive():
            self._settle.start()

    def _begin(self) -> None:
        store, wanted, before = self._context.store, self._wanted, self._read
        today, asked, known = self._now().date(), self._asked, self._catalogue

        def work() -> AuditFound:
            audits = tuple(list_audits(store))
            catalogue = load_catalogue(checks_folder(store.location))
            if known is not None and known.sha256 == catalogue.sha256:
                catalogue = known  # the same one: rows made with it are not made again
            chosen = next((one for one in audits if one.id == wanted), None)
            chosen = chosen or (audits[0] if audits else None)
            read = (
                read_checklist(store, chosen.id, catalogue, today, before)
                if chosen is not None
                else None
            )
            progress = progress_of(read.checklist, read.rows, today) if read is not None else None
            return AuditFound(audits=audits, catalogue=catalogue, read=read, progress=progress)

        self._reading.call(work, lambda found: self._tell(found, asked), self._fail)

    def _tell(self, found: AuditFound, asked: int) -> None:
        self._settle.setInterval(max(_SETTLE_MS, _REST * self._reading.took_ms))
        if asked == self._asked:
            self._read, self._catalogue = found.read, found.catalogue
            if found.read is not None:  # a newer month that somebody begins does not come between
                self._wanted = found.read.checklist.audit.id
            self.failed.emit("")
            self.told.emit(found)

    def _fail(self, failure: ConsoleError) -> None:
        self.failed.emit(failure.sentence)
