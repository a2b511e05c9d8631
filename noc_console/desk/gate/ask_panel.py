"""What a person sees and is asked before a server is rebooted or a service restarted.

GUI thread only; it is told everything and asks nobody.
"""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import ActKind, Affected, GateAct, Snapshot, some_of
from noc_console.incidents.gate.gate_asking import Known, Wish
from noc_console.incidents.gate.gate_comparison import RUNNING, lost_by_reboot
from noc_console.incidents.times import age_text, since_text

_SHOWN_NAMES = 8
_LONGEST_REASON = 300
_LABEL_WIDTH = 440
"""From it Qt reckons how high wrapped words are at most."""


class AskPanel(QWidget):
    """Affected, recorded, lost; then evidence, reason and the server's name."""

    changed = Signal()
    """What was typed is another; `is_complete` may be."""

    def __init__(self, server: Server, kind: ActKind) -> None:
        """Ask about one server; what is known of it comes later."""
        super().__init__()
        self._server = server
        self._kind = kind
        self.headline = _label(self._headline(), "headline")
        self.headline.setStyleSheet("font-size: 18px; font-weight: 700;")
        self.affected = _label("Reading …", "affected")
        self.recorded = _label("Reading …", "recorded")
        self.lost = _label("The server is being looked at …", "lost")
        self.earlier = _label("", "earlier")
        self.service = QComboBox()
        self.takes_evidence = QCheckBox("Take the &evidence first (about 20 seconds)")
        self.why_none, self.reason, self.typed_name = QLineEdit(), QLineEdit(), QLineEdit()
        self._dress()
        self._lay_out()

    def _headline(self) -> str:
        name = inert(self._server.name)
        if self._kind is ActKind.REBOOT:
            return f"▲  Reboot {name}?"
        return f"▲  Restart a service on {name}?"

    def _dress(self) -> None:
        name = inert(self._server.name)
        self.takes_evidence.setChecked(True)
        self.service.setAccessibleName("Service to restart")
        self.service.addItems([inert(one) for one in self._server.expected_services])
        self.service.setMinimumWidth(240)
        for field, words, hint in (
            (self.why_none, "Why no evidence is taken", "why no evidence is to be taken"),
            (self.reason, "Reason", "such as: load 212, no login possible"),
            (self.typed_name, f"Type {name} to agree", name),
        ):
            field.setAccessibleName(words)
            field.setPlaceholderText(hint)
            field.setMaxLength(_LONGEST_REASON)
            field.textChanged.connect(lambda _: self.changed.emit())
        self.why_none.setVisible(False)
        self.takes_evidence.toggled.connect(self._take_choice)
        self.service.currentTextChanged.connect(lambda _: self.changed.emit())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.addRow("Affected", self.affected)
        form.addRow("Recorded so far", self.recorded)
        is_reboot = self._kind is ActKind.REBOOT
        form.addRow("Would be lost" if is_reboot else "As it is", self.lost)
        form.addRow("Last time", self.earlier)
        if self._kind is ActKind.RESTART_SERVICE:
            form.addRow("&Service", self.service)
        form.addRow("Evidence", self.takes_evidence)
        form.addRow("", self.why_none)
        form.addRow("&Reason", self.reason)
        form.addRow(f"Type {inert(self._server.name, 60)}", self.typed_name)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self.headline.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.addWidget(self.headline)
        box.addLayout(form)
        box.addStretch(1)
        self.setFocusProxy(self.reason)

    @property
    def is_complete(self) -> bool:
        """Whether all that the gate asks for was typed."""
        has_reason = bool(self.reason.text().strip())
        has_name = self.typed_name.text().strip() == self._server.name
        has_why = self.takes_evidence.isChecked() or bool(self.why_none.text().strip())
        needs_service = self._kind is ActKind.RESTART_SERVICE
        return has_reason and has_name and has_why and (self._service() != "" or not needs_service)

    @property
    def lacks(self) -> str:
        """What is still to be typed, in words; empty when nothing is."""
        if self._kind is ActKind.RESTART_SERVICE and not self._service():
            return "Choose a service."
        if not self.takes_evidence.isChecked() and not self.why_none.text().strip():
            return "Say why no evidence is to be taken."
        if not self.reason.text().strip():
            return "Give the reason in one line."
        return "" if self.is_complete else f"Type {inert(self._server.name, 60)} to agree."

    def wish(self) -> Wish:
        """Give what is to be asked of the gate."""
        return Wish(
            kind=self._kind,
            reason=self.reason.text().strip(),
            typed_name=self.typed_name.text().strip(),
            service=self._service() if self._kind is ActKind.RESTART_SERVICE else "",
            without_evidence=(
                "" if self.takes_evidence.isChecked() else self.why_none.text().strip()
            ),
        )

    def show_known(self, known: Known, now: datetime) -> None:
        """Show what the store knows."""
        self.affected.setText(affected_text(known.affected))
        self.recorded.setText(recorded_text(known, now))
        self.earlier.setText(earlier_text(known.acts, now))

    def show_look(self, look: Snapshot | None, why_not: str = "") -> None:
        """Show what was seen of the server, or why nothing was."""
        if look is None:
            self.lost.setText(
                f"Not known: {inert(why_not) or 'the server could not be looked at.'}"
            )
            return
        lines = ["; ".join(lost_by_reboot(look)) or "Not known."]
        if self._kind is ActKind.RESTART_SERVICE:
            lines = [self._as_it_is(look)]
            self._offer(look)
        if look.missing:
            lines.append(f"Not seen: {some_of(look.missing, 3)}.")
        self.lost.setText("\n".join(lines))

    def choose_service(self, name: str) -> None:
        """Choose a service, where it is one that is offered."""
        place = self.service.findText(inert(name))
        if place >= 0:
            self.service.setCurrentIndex(place)

    def _as_it_is(self, look: Snapshot) -> str:
        services = look.services or {}
        running = sum(word == RUNNING for word in services.values())
        bad = sorted(name for name, word in services.items() if word == "failed")
        failed = f"; failed: {some_of(bad)}" if bad else ""
        return f"{running} services run{failed}"

    def _offer(self, look: Snapshot) -> None:
        """Offer what the server lists, after what is expected on it."""
        known = {self.service.itemText(row) for row in range(self.service.count())}
        bare = {name.removesuffix(".service") for name in known}
        self.service.addItems([one for one in sorted(look.services or {}) if one not in bare])

    def _service(self) -> str:
        return self.service.currentText().strip()

    def _take_choice(self, takes: bool) -> None:
        self.why_none.setVisible(not takes)
        if not takes:
            self.why_none.setFocus()
        self.changed.emit()


def affected_text(affected: Affected) -> str:
    """Give who is affected, in lines."""
    lists = (affected.customers, affected.sites)
    lines = [affected.words, *(inert(some_of(names, _SHOWN_NAMES)) for names in lists if names)]
    if affected.reached_through:
        lines.append(f"Reached through it: {inert(some_of(affected.reached_through))}")
    if affected.partner:
        lines.append(f"Its partner {inert(affected.partner)} may take over.")
    return "\n".join(lines)


def recorded_text(known: Known, now: datetime) -> str:
    """Give what evidence there is, in one line."""
    if not known.recordings:
        return "Nothing yet. The evidence goes with the reboot unless it is taken first."
    newest = known.recordings[0]
    age = age_text(now - newest.last_at)
    return (
        f"Recording {newest.id} ({newest.state.value}): {newest.exhibits} exhibits,"
        f" the newest {age} old"
    )


def earlier_text(acts: Sequence[GateAct], now: datetime) -> str:
    """Give what was done to the server last."""
    if not acts:
        return "Never rebooted or restarted from here."
    last = acts[0]
    came_to = {True: "all well", False: "not all well", None: last.state.value}[last.is_well]
    deed = "reboot" if last.kind is ActKind.REBOOT else f"restart of {inert(last.service, 60)}"
    return (
        f"{deed.capitalize()} by {inert(last.asked_by, 60)}, {since_text(last.asked_at, now)}:"
        f" {came_to}. Reason: {inert(last.reason, 120)}"
    )


def _label(words: str, name: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    label.setMinimumWidth(_LABEL_WIDTH)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
