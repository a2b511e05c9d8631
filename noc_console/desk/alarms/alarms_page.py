"""The page of alarms: what is open, what was missed while away, how good the alarms are.

GUI thread only.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from noc_console.desk.alarms.missed_panel import MissedPanel
from noc_console.desk.alarms.open_alarms import OpenAlarms
from noc_console.desk.alarms.presence import desk_person
from noc_console.desk.alarms.quality_panel import QualityPanel
from noc_console.desk.context import DeskContext

_MISSED = "Missed while away"


class AlarmsPage(QWidget):
    """Tabs; Ctrl+Page Up and Ctrl+Page Down lead through them."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show what is open."""
        super().__init__()
        self.setAccessibleName("Alarms")
        self.open_alarms = OpenAlarms(context, now)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.missed = MissedPanel(context, desk_person(context), now)
        self.quality = QualityPanel(context, now)
        self.tabs.addTab(self.open_alarms, "Open")
        self.tabs.addTab(self.missed, _MISSED)
        self.tabs.addTab(self.quality, "Quality")
        self.missed.counted.connect(self._show_missed)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 4)
        box.addWidget(self.tabs)
        for keys, words, by in (
            ("Ctrl+PgDown", "Go to the next tab", 1),
            ("Ctrl+PgUp", "Go to the tab before", -1),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, lambda by=by: self._step(by))
            shortcut.setWhatsThis(words)
        self.setFocusProxy(self.open_alarms)

    def show_missed(self) -> None:
        """Show what was missed while away."""
        self.tabs.setCurrentWidget(self.missed)

    def show_alarms(self, ids: Sequence[int]) -> None:
        """Show what is open, with some alarms chosen."""
        self.tabs.setCurrentWidget(self.open_alarms)
        self.open_alarms.choose(ids)

    def _show_missed(self, count: int) -> None:
        place = self.tabs.indexOf(self.missed)
        self.tabs.setTabText(place, f"{_MISSED} ({count})" if count else _MISSED)

    def _step(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
