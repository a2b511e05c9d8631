"""The audit that the page of audits shows, for every part of that page.

GUI thread only. The page gives what was read; keys and tabs ask here and follow `changed`.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from noc_console.audit.audit import Audit
from noc_console.audit.checklist_reading import ReadChecklist
from noc_console.desk.audit.audit_feed import AuditFeed
from noc_console.desk.context import DeskContext


class ChosenAudit(QObject):
    """One audit at a time, as it was read last; `feed` reads it again, or another."""

    changed = Signal(object)
    """ReadChecklist of the chosen audit, newly read; None where there is no audit."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QObject) -> None:
        """Have none until the store was read."""
        super().__init__(parent)
        self.context = context
        self.now = now
        self.feed = AuditFeed(context, now, self)
        self.read: ReadChecklist | None = None

    @property
    def audit(self) -> Audit | None:
        """The audit itself."""
        return self.read.checklist.audit if self.read is not None else None

    def take(self, read: ReadChecklist | None) -> None:
        """Let every part follow what was read."""
        self.read = read
        self.changed.emit(read)
