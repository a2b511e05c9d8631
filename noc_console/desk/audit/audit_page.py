"""The page of audits: the months, the checklist of the chosen one, and tabs about it.

GUI thread only.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.audit.audit import AuditState, CollectState
from noc_console.audit.decision import Key
from noc_console.desk.audit.as_before_keys import AsBeforeKeys
from noc_console.desk.audit.audit_feed import AuditFound
from noc_console.desk.audit.audit_look import audit_title, progress_words
from noc_console.desk.audit.changes_tab import ChangesTab
from noc_console.desk.audit.checklist_panel import ChecklistPanel
from noc_console.desk.audit.chosen_audit import ChosenAudit
from noc_console.desk.audit.letting_go import LettingGo
from noc_console.desk.audit.log_tabs import LogTabs
from noc_console.desk.audit.progress_tab import ProgressTab
from noc_console.desk.audit.run_band import RunBand
from noc_console.desk.audit.run_dialog import RunDialog
from noc_console.desk.audit.sign_keys import SignKeys
from noc_console.desk.audit.work_keys import WorkKeys
from noc_console.desk.context import DeskContext
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.deed import Deed, Deeds
from noc_console.desk.widgets.plain_label import plain_label

_EMPTY_TITLE = "No audit so far"
_EMPTY = (
    "Run the first one: every check is asked of every server, read-only, over the links that"
    " stand. It may take a while; this window need not stay open."
)
_NO_SERVER = "There is no server to look at yet. Add one first, then run the audit here."


class AuditPage(QWidget):
    """One month at a time; Ctrl+Page Up and Ctrl+Page Down lead through the tabs."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show nothing until the store was read."""
        super().__init__()
        self.setAccessibleName("Audit")
        self._context = context
        self._now = now
        self.chosen = ChosenAudit(context, now, self)
        self._found: AuditFound | None = None
        self._state: StatePanel | None = None
        self._asked_for: tuple[int, Key] | None = None
        """The audit and the finding that another page leads to, until it is read."""
        self._letting_go = LettingGo(self)
        self.months = QComboBox()
        self.months.setAccessibleName("The month's audit")
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.summary = plain_label()
        self.trouble = plain_label(name="troubleBand")
        self.trouble.hide()
        self.checklist = ChecklistPanel(context, now, self)
        self.changes = ChangesTab(context, self)
        self.progress = ProgressTab(context, self)
        self.band = RunBand(context, now, self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.checklist, "Checklist")
        self.tabs.addTab(self.changes, "Changes")
        self.tabs.addTab(self.progress, "Progress")
        self.deeds = Deeds(self, self)
        self.parts = QStackedWidget()
        self._add_deeds()
        findings = self.checklist.findings
        self.signing = SignKeys(self.chosen, self.deeds, self, self.show_finding)
        self.work = WorkKeys(self.chosen, self.tabs, findings, self.show_finding)
        self.as_before = AsBeforeKeys(self.chosen, findings)
        self.logs = LogTabs(self.chosen, self.tabs, self.show_finding)
        self._lay_out()
        self._join()
        self.show_state("Reading the audits …", "They are being read from the store.", {})

    def _add_deeds(self) -> None:
        self.deeds.add(
            Deed(key="run", words="&Run the audit…", keys="Ctrl+R", act=self.run),
            Deed(key="go on", words="Ask those that are left", keys="Ctrl+Shift+R", act=self.go_on),
            Deed(
                key="withdraw",
                words="Withdraw the run",
                keys="Ctrl+Shift+X",
                act=self.band.cancel,
                has_button=False,
            ),
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
        self.parts.addWidget(self.tabs)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 6)
        box.setSpacing(8)
        box.addWidget(self.trouble)
        box.addLayout(top)
        box.addLayout(self.buttons)
        box.addWidget(self.band)
        box.addWidget(self.parts, 1)
        self.setFocusProxy(self.checklist)

    def _join(self) -> None:
        self.chosen.feed.told.connect(self._take)
        self.chosen.feed.failed.connect(self._show_trouble)
        self.months.activated.connect(self._choose_month)
        self.checklist.changed.connect(self.chosen.feed.read_now)
        self.changes.finding_wanted.connect(self.show_finding)
        self.band.moved.connect(self._enable)
        self.band.begun.connect(self.chosen.feed.want)
        self.band.ended.connect(self.chosen.feed.read_anew)
        self._context.live.fleet_changed.connect(lambda _: self._enable())
        self._context.themes.changed.connect(lambda _: self.checklist.repaint_all())
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
        tabs = (self.checklist, self.changes, self.logs)
        return self._found is not None and all(one.is_settled for one in tabs)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the store while somebody looks."""
        super().showEvent(event)
        self.chosen.feed.wake()
        self.band.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.chosen.feed.sleep()

    def read_anew(self) -> None:
        """Read everything, and put the worst first again."""
        self.chosen.feed.read_anew()

    def run(self) -> RunDialog | None:
        """Ask what is to be collected, then have it done."""
        this = f"{self._now().astimezone():%Y-%m}"
        audits = self._found.audits if self._found is not None else ()
        open_ones = [one.month for one in audits if one.state is AuditState.OPEN]
        months = list(dict.fromkeys([this, *open_ones]))
        return self.band.ask(months, self._context.live.servers)

    def go_on(self) -> None:
        """Ask those servers that were not asked to the end."""
        left = self._left()
        audit = self.chosen.audit
        if audit is not None and left:
            self.band.go_on(audit.month, left, self._context.live.servers)

    def _left(self) -> list[int]:
        """Give the servers of the open audit that were not asked to the end, and are still ours."""
        read = self.chosen.read
        if read is None or not read.is_open:
            return []
        ours = {one.id for one in self._context.live.servers}
        parts = read.checklist.parts
        return [
            key
            for key, one in parts.items()
            if one.row.state is not CollectState.DONE and key in ours
        ]

    def _enable(self) -> None:
        is_free = not self.band.is_running
        left = self._left()
        self.deeds.enable(
            **{"run": is_free, "go on": is_free and bool(left), "withdraw": not is_free}
        )
        self.deeds.buttons["go on"].setVisible(is_free and bool(left))
        words = f"Ask the {len(left):,} that are left" if left else "Ask those that are left"
        self.deeds.reword("go on", words)

    def keys_told(self) -> list[tuple[str, str]]:
        """Give the keys that are no shortcuts: (words, keys)."""
        return [
            ("Open the chosen cell", "Return"),
            ("Fold the group, or unfold it", "Space"),
            ("Go to the next place that was found in the evidence", "Return"),
            ("Go to the place before that was found in the evidence", "Shift+Return"),
        ]

    def show_finding(self, key: Key) -> bool:
        """Go to a finding of the chosen audit; tell whether its server is there."""
        self.tabs.setCurrentWidget(self.checklist)
        return self.checklist.open_finding(key)

    def show_finding_of(self, audit_id: int, key: Key) -> None:
        """Go to a finding of an audit, now or when it was read."""
        self._asked_for = (audit_id, key)
        if self.chosen.audit is not None and self.chosen.audit.id == audit_id:
            self._show_asked_for()
        else:
            self.chosen.feed.want(audit_id)

    def _show_asked_for(self) -> None:
        """Show what was asked for once its audit is the one that is read."""
        audit = self.chosen.audit
        if self._asked_for is None or audit is None or audit.id != self._asked_for[0]:
            return
        (_, key), self._asked_for = self._asked_for, None
        if not self.show_finding(key):
            self._context.navigator.say("That server is not in this audit any more.")

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
        self, title: str, sentence: str, buttons: Mapping[str, Callable[[], object]]
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
            self.chosen.feed.want(self._found.audits[place].id)

    def _take(self, found: AuditFound) -> None:
        before, self._found = self.chosen.read, found
        if before is not None and found.read is not None:
            self._letting_go.take(before.checklist, found.read.checklist)
        self._show_months(found)
        if found.read is None:
            self.summary.setText("")
            self._show_empty()
        else:
            focus = QApplication.focusWidget()
            takes_focus = self._state is not None and (focus is None or self.isAncestorOf(focus))
            self._drop_state()
            self.parts.setCurrentWidget(self.tabs)
            if takes_focus:  # it went with what stood here before; without it no key is heard
                self.tabs.currentWidget().setFocus()
            self.checklist.show_checklist(found.read)
            self.changes.show_checklist(found.read)
            if found.progress is not None:
                state = found.read.checklist.audit.state
                self.summary.setText(progress_words(found.progress, state))
                self.progress.show_progress(found.progress)
        self.chosen.take(found.read)
        self._enable()
        self._show_asked_for()

    def _show_empty(self) -> None:
        if self._context.live.servers:
            self.show_state(_EMPTY_TITLE, _EMPTY, {"&Run the first audit…": self.run})
        else:
            add = {"&Add a server…": self._context.navigator.add_server}
            self.show_state(_EMPTY_TITLE, _NO_SERVER, add)

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
        self.trouble.setVisible(bool(sentence) and self._found is not None)
        if sentence and self._found is None:
            self.show_state("The audits cannot be read", sentence, {"&Try again": self.read_anew})

    def _step_tab(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
        self.tabs.currentWidget().setFocus()
