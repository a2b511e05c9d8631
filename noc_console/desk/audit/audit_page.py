"""The page of audits: the months, the checklist of the chosen one, and tabs about it.

GUI thread only. Every tab follows `chosen`, which comes whenever something of the audit is newer.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.audit.audit import Audit
from noc_console.audit.checklist_reading import ReadChecklist
from noc_console.audit.decision import Key
from noc_console.desk.audit.audit_feed import AuditFeed, AuditFound
from noc_console.desk.audit.audit_look import audit_title
from noc_console.desk.audit.checklist_panel import ChecklistPanel
from noc_console.desk.context import DeskContext
from noc_console.desk.sending.deed import Deed, Deeds, plain_label
from noc_console.desk.state_panel import StatePanel

_EMPTY_TITLE = "No audit so far"
_EMPTY = (
    "Run the first one: every check is asked of every server, read-only, over the links that"
    " stand. It may take a while; this window need not stay open."
)


class AuditPage(QWidget):
    """One month at a time; Ctrl+Page Up and Ctrl+Page Down lead through the tabs."""

    chosen = Signal(object)
    """ReadChecklist of the chosen audit, newly read; None where there is no audit."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show nothing until the store was read."""
        super().__init__()
        self.setAccessibleName("Audit")
        self.context = context
        self.now = now
        self.read: ReadChecklist | None = None
        self._found: AuditFound | None = None
        self._state: StatePanel | None = None
        self.feed = AuditFeed(context, now, self)
        self.months = QComboBox()
        self.months.setAccessibleName("The month's audit")
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.summary = plain_label()
        self.trouble = plain_label(name="troubleBand")
        self.trouble.hide()
        self.checklist = ChecklistPanel(context, now, self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.checklist, "Checklist")
        self.deeds = Deeds(self, self)
        self.parts = QStackedWidget()
        self._add_deeds()
        self._lay_out()
        self._join()
        self.show_state("Reading the audits …", "They are being read from the store.", {})

    @property
    def audit(self) -> Audit | None:
        """The chosen audit."""
        return self.read.checklist.audit if self.read is not None else None

    def _add_deeds(self) -> None:
        self.deeds.add(
            Deed(key="read", words="Read again", keys="F5", act=self.read_anew, has_button=False),
            Deed(
                key="older",
                words="Go to the month before",
                keys="Ctrl+Down",
                act=partial(self.step_month, 1),
                has_button=False,
            ),
            Deed(
                key="newer",
                words="Go to the month after",
                keys="Ctrl+Up",
                act=partial(self.step_month, -1),
                has_button=False,
            ),
        )

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.months)
        top.addWidget(self.summary, 1)
        self.buttons = self.deeds.row()
        self.top = top
        self.parts.addWidget(self.tabs)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 6)
        box.setSpacing(8)
        box.addWidget(self.trouble)
        box.addLayout(top)
        box.addLayout(self.buttons)
        box.addWidget(self.parts, 1)
        self.setFocusProxy(self.checklist)

    def _join(self) -> None:
        self.feed.told.connect(self._take)
        self.feed.failed.connect(self._show_trouble)
        self.months.activated.connect(self._choose_month)
        self.checklist.changed.connect(self.feed.read_now)
        self.context.themes.changed.connect(lambda _: self.checklist.repaint_all())
        for keys, words, by in (
            ("Ctrl+PgDown", "Go to the next tab", 1),
            ("Ctrl+PgUp", "Go to the tab before", -1),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, partial(self._step_tab, by))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setWhatsThis(words)

    @property
    def is_settled(self) -> bool:
        """Whether all of it is there."""
        return self._found is not None and self.checklist.is_settled

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the store while somebody looks."""
        super().showEvent(event)
        self.feed.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.feed.sleep()

    def read_anew(self) -> None:
        """Read everything, and put the worst first again."""
        self.feed.read_anew()

    def show_finding(self, key: Key) -> bool:
        """Go to a finding of the chosen audit; tell whether its server is there."""
        self.tabs.setCurrentWidget(self.checklist)
        return self.checklist.open_finding(key)

    def show_tab(self, title: str) -> bool:
        """Show the tab of a title; tell whether there is one."""
        for place in range(self.tabs.count()):
            if self.tabs.tabText(place).casefold().startswith(title.casefold()):
                self.tabs.setCurrentIndex(place)
                return True
        return False

    def step_month(self, by: int) -> None:
        """Go to the audit before or after in the list."""
        place = self.months.currentIndex() + by
        if 0 <= place < self.months.count():
            self.months.setCurrentIndex(place)
            self._choose_month(place)

    def show_state(
        self, title: str, sentence: str, buttons: dict[str, Callable[[], object]]
    ) -> None:
        """Show a title, a sentence and buttons where the tabs would be."""
        self._drop_state()
        self._state = StatePanel(title, sentence, buttons)
        self.parts.addWidget(self._state)
        self.parts.setCurrentWidget(self._state)

    def _drop_state(self) -> None:
        if self._state is not None:
            self.parts.removeWidget(self._state)
            self._state.deleteLater()
            self._state = None

    def _choose_month(self, place: int) -> None:
        if self._found is not None and place < len(self._found.audits):
            self.feed.want(self._found.audits[place].id)

    def _take(self, found: AuditFound) -> None:
        self._found, self.read = found, found.read
        self._show_months(found)
        if found.read is None:
            self.summary.setText("")
            self.show_state(_EMPTY_TITLE, _EMPTY, {})
        else:
            self._drop_state()
            self.parts.setCurrentWidget(self.tabs)
            self.checklist.show_checklist(found.read)
        self.chosen.emit(found.read)

    def _show_months(self, found: AuditFound) -> None:
        titles = [audit_title(one) for one in found.audits]
        if titles != [self.months.itemText(one) for one in range(self.months.count())]:
            self.months.clear()
            self.months.addItems(titles)
        self.months.setVisible(bool(titles))
        if found.read is not None:
            ids = [one.id for one in found.audits]
            self.months.setCurrentIndex(ids.index(found.read.checklist.audit.id))

    def _show_trouble(self, sentence: str) -> None:
        self.trouble.setText(f"▲  {sentence}  F5 tries again.")
        self.trouble.setVisible(bool(sentence))
        if sentence and self._found is None:
            self.show_state("The audits cannot be read", sentence, {"&Try again": self.read_anew})

    def _step_tab(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
