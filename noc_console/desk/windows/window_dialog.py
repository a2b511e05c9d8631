"""Plans a window: fields, what the proof-reader says of them, and quiet times. GUI thread only."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import short_tip
from noc_console.desk.windows.window_form import WindowForm
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.planning.plan_reading import (
    Proposal,
    covered_servers,
    propose,
    read_plan,
)
from noc_console.incidents.planning.proof_reader import Finding, Weight
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.incidents.windows.window_records import (
    add_window,
    edit_window,
    move_occurrence,
)
from noc_console.incidents.windows.window_words import span_words, when_text

_SETTLE_MS = 300
_DAYS_AHEAD = 14
_FORM_WIDTH, _SIDE_WIDTH = 520, 330
_SAVE = {(False, False): "Plan it", (True, False): "Save", (True, True): "Postpone"}
_NOTHING_READ = (
    "Weekday and date, changes of the clocks, partners and other windows at that time, busy hours"
    " and the month’s budget are read through as you type."
)
_NOTHING_FOUND = "Nothing to say against it."
_MARKS = {
    Weight.REFUSES: ("■", "Must be mended", Verdict.CUT_OFF),
    Weight.WARNS: ("▲", "Look", Verdict.EARLY),
    Weight.TELLS: ("○", "Note", Verdict.OK),
}


class WindowDialog(QDialog):
    """`entered` tells the window as it is in the store now."""

    entered = Signal(object)

    def __init__(
        self,
        context: DeskContext,
        now: Callable[[], datetime],
        before: Window | None = None,
        parent: QWidget | None = None,
        *,
        moving: Occurrence | None = None,
    ) -> None:
        """Plan a new window, change the one `before`, or put off only the occurrence `moving`."""
        super().__init__(parent)
        if moving is not None:
            before = replace(moving.window, starts_at=moving.planned_start, recurrence=None)
        self._context = context
        self._now = now
        self._before = before
        self._moving = moving
        self._serial = 0
        if before is None:
            self.setWindowTitle("Plan a window")
        elif moving is None:
            self.setWindowTitle(f"Window {before.id}")
        else:
            self.setWindowTitle(f"Postpone window {before.id} of {span_words(moving)}")
        self.form = WindowForm(context.live.servers, context.background)
        self.findings_title = QLabel("What the proof-reader says")
        self.findings_title.setObjectName("sectionTitle")
        self._findings_box = QVBoxLayout()
        self.findings: list[QLabel] = []
        self.quiet_button = QPushButton("Find a &quiet time")
        self.slots = QListWidget()
        self.slots.setAccessibleName("Quiet times: Enter takes one")
        self.basis = plain_label()
        self.trouble = plain_label()
        self.trouble.setObjectName("problem")
        self.save_button = QPushButton(_SAVE[before is not None, moving is not None])
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._lay_out()
        self._join()
        if before is not None:
            self.form.show_window(before)
        else:
            self.form.show_day((now() + timedelta(days=1)).date())
        self.form.setFocus()
        fit_to_screen(self)

    def _lay_out(self) -> None:
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.findings_title)
        inside = QWidget()
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(0, 0, 6, 0)
        holder.addLayout(self._findings_box)
        holder.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setAccessibleName("What the proof-reader says")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.addWidget(scroll, 3)
        right.addWidget(self.quiet_button)
        right.addWidget(self.slots, 2)
        right.addWidget(self.basis)
        self.slots.hide()
        self.basis.hide()
        side.setMinimumWidth(_SIDE_WIDTH)
        self.form.setMinimumWidth(_FORM_WIDTH)
        left = QScrollArea()
        left.setWidget(self.form)
        left.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are reached
        left.setWidgetResizable(True)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setMinimumWidth(_FORM_WIDTH + 20)
        left.setMinimumHeight(300)
        across = QHBoxLayout()
        across.setSpacing(20)
        across.addWidget(left, 3)
        across.addWidget(side, 2)
        buttons = answer_buttons(self, self.save_button, self._save)
        box = roomy_column(self)
        box.addLayout(across, 1)
        box.addWidget(self.trouble)
        box.addWidget(buttons)

    def _join(self) -> None:
        self.form.changed.connect(self._settle.start)
        self._settle.timeout.connect(self.read)
        self.quiet_button.clicked.connect(self.find_quiet_time)
        self.slots.itemActivated.connect(self._take_slot)

    def read(self) -> None:
        """Have the plan read through, unless it cannot be a window yet."""
        self._serial += 1
        serial, now, store = self._serial, self._now(), self._context.store
        try:
            draft = self._draft(now)
        except ConsoleError as failure:
            self._show_trouble(failure.sentence)
            self._show_findings(())
            return
        self._show_trouble("")
        self._context.background.call(
            lambda: read_plan(store, draft, "", now),
            lambda findings: self._take_findings(serial, findings),
            lambda failure: self._show_trouble(failure.sentence),
            self,
        )

    def find_quiet_time(self) -> None:
        """Have quiet times looked for in the servers' history."""
        now, store, live = self._now(), self._context.store, self._context.live
        try:
            ids, groups = self.form.server_ids(), self.form.groups.names
        except ConsoleError as failure:
            self._show_basis(failure.sentence)
            return
        servers = covered_servers(ids, groups, live.servers)
        minutes, zone = self.form.minutes.value(), self.form.zone.zone
        if not servers:
            self._show_basis("Name the servers first; their history tells quiet times.")
            return
        self.quiet_button.setEnabled(False)
        self._show_basis("Looking through the history …")
        self._context.background.call(
            lambda: propose(
                store,
                servers,
                minutes=minutes,
                earliest=now + timedelta(hours=1),
                days=_DAYS_AHEAD,
                zone_name=zone,
                now=now,
            ),
            self._show_slots,
            self._fail_slots,
            self,
        )

    def _draft(self, now: datetime) -> Window:
        draft = self.form.draft(self._context.asked_by, now)
        return draft if self._before is None else replace(draft, id=self._before.id)

    def _take_findings(self, serial: int, findings: Sequence[Finding]) -> None:
        if serial == self._serial:
            self._show_findings(findings)
            is_refused = any(one.weight is Weight.REFUSES for one in findings)
            self.save_button.setEnabled(not is_refused)

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        for label in self.findings:
            self._findings_box.removeWidget(label)
            label.deleteLater()
        look = self._context.theme().look
        self.findings = []
        if not findings:
            hint = plain_label(_NOTHING_FOUND if self.save_button.isEnabled() else _NOTHING_READ)
            hint.setObjectName("faint")
            self._findings_box.addWidget(hint)
            self.findings.append(hint)
        for finding in findings:
            shape, word, verdict = _MARKS[finding.weight]
            label = plain_label(f"{shape}  {word}: {inert(finding.words, 1000)}")
            colour = look.colour(verdict)
            if colour is not None:
                label.setStyleSheet(f"color: {colour.name()};")
            self._findings_box.addWidget(label)
            self.findings.append(label)

    def _show_slots(self, found: Proposal) -> None:
        self.quiet_button.setEnabled(True)
        self.slots.clear()
        zone = self.form.zone.zone
        for slot in found.slots:
            words = f"{when_text(slot.start, zone)}   {slot.load:.2f} of the mean load"
            item = QListWidgetItem(words)
            item.setData(int(Qt.ItemDataRole.UserRole), slot.start)
            busiest = f"{slot.busiest_load:.2f} of its mean on {inert(slot.busiest_server)}"
            item.setToolTip(short_tip(f"at most {busiest}"))
            self.slots.addItem(item)
        self.slots.setVisible(bool(found.slots))
        if found.slots:
            self.slots.setCurrentRow(0)
            self.slots.setFocus()
        self._show_basis(f"Enter takes one. {found.basis}" if found.slots else found.basis)

    def _fail_slots(self, failure: ConsoleError) -> None:
        self.quiet_button.setEnabled(True)
        self.slots.hide()
        self._show_basis(failure.sentence)

    def _take_slot(self, item: QListWidgetItem) -> None:
        self.form.show_start(item.data(int(Qt.ItemDataRole.UserRole)))
        self.form.start.setFocus()

    def _show_basis(self, sentence: str) -> None:
        self.basis.setText(inert(sentence, 1000))
        self.basis.setVisible(bool(sentence))

    def _show_trouble(self, sentence: str) -> None:
        self.trouble.setText(f"✖  {inert(sentence, 1000)}" if sentence else "")
        self.trouble.setVisible(bool(sentence))
        self.save_button.setEnabled(not sentence)

    def _save(self) -> None:
        now, store = self._now(), self._context.store
        try:
            draft = self._draft(now)
        except ConsoleError as failure:
            self._show_trouble(failure.sentence)
            return
        self.save_button.setEnabled(False)
        is_new, moving = self._before is None, self._moving

        def put() -> Window:
            if moving is not None:
                return move_occurrence(store, moving, draft, now)
            return add_window(store, draft) if is_new else edit_window(store, draft, now)

        self._context.background.call(
            put,
            self._accept,
            lambda failure: self._show_trouble(failure.sentence),
            self,
        )

    def _accept(self, window: Window) -> None:
        self.entered.emit(window)
        self.accept()
