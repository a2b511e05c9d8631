"""Watching a reboot or restart: each step as it happens, then before and after side by side.

GUI thread only; it is told everything.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import short_tip
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.gate.gate import Finding, GateAct, Step
from noc_console.incidents.gate.gate_asking import Progress

_ROW_HEIGHT = 24
_COLUMNS = ("", "What", "Before", "After")
_SHAPES: Mapping[bool | None, str] = {True: "✔", False: "✖", None: "…"}
_SPOKEN: Mapping[bool | None, str] = {True: "well", False: "not well", None: "not judged"}


class WatchPanel(QWidget):
    """One act, from its first step to its sentence."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__()
        self._look = look
        self.headline, self.sentence = QLabel(), QLabel()
        self.headline.setStyleSheet("font-size: 18px; font-weight: 700;")
        for label in (self.headline, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.steps = QListWidget()
        self.steps.setAccessibleName("Steps")
        self.steps.setWordWrap(True)
        self.steps.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table = QTableWidget(0, len(_COLUMNS))
        self._dress_table()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self.headline)
        box.addWidget(self.sentence)
        box.addWidget(self.steps, 2)
        box.addWidget(self.table, 3)
        self.table.hide()
        self.setFocusProxy(self.steps)

    def _dress_table(self) -> None:
        self.table.setAccessibleName("Before and after")
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.verticalHeader().setMinimumSectionSize(_ROW_HEIGHT)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def clear(self) -> None:
        """Show nothing, before another act."""
        self.steps.clear()
        self.table.setRowCount(0)
        self.headline.clear()
        self.sentence.clear()

    def show_progress(self, progress: Progress) -> None:
        """Show how it stands."""
        act = progress.act
        if act is not None:
            self.show_act(act)
        elif progress.is_over:
            self._say(progress.sentence, well=False)
        else:
            self._say("The engine is asked …", well=None)

    def show_act(self, act: GateAct) -> None:
        """Show one act."""
        deed = inert(act.deed)
        self.headline.setText(f"{deed[:1].upper()}{deed[1:]}")
        self._show_steps(act.steps)
        if act.state.is_closed:
            self._say(act.sentence, well=act.is_well if act.findings else False)
        else:
            self._say(
                f"Asked by {inert(act.asked_by)}: {inert(act.reason, 200)}. Closing this window"
                " stops nothing.",
                well=None,
            )
        self._show_findings(act.findings)

    def say_trouble(self, sentence: str) -> None:
        """Show that it could not be asked for."""
        self._say(sentence, well=False)

    def _say(self, sentence: str, *, well: bool | None) -> None:
        colour = self._colour(well)
        self.sentence.setText(f"{_SHAPES[well]}  {inert(sentence, 700)}")
        self.sentence.setAccessibleName(inert(sentence, 700))
        style = "font-size: 15px; font-weight: 600;"
        self.sentence.setStyleSheet(style + (f" color: {colour.name()};" if colour else ""))

    def _show_steps(self, steps: Sequence[Step]) -> None:
        for place, step in enumerate(steps):
            is_last = place == len(steps) - 1
            # a step is over when the next one has begun, though it was told without an end
            shape = _SHAPES[step.ok] if step.ok is not None or is_last else "·"
            words = f"{shape}  {step.at.astimezone():%H:%M:%S}   {inert(step.words, 600)}"
            if place >= self.steps.count():
                self.steps.addItem(QListWidgetItem())
            item = self.steps.item(place)
            if item.text() != words:
                item.setText(words)
                colour = self._colour(step.ok) if step.ok is False else None
                if colour is not None:
                    item.setForeground(colour)
                self.steps.scrollToBottom()

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        self.table.setVisible(bool(findings))
        if self.table.rowCount() == len(findings):
            return
        self.table.setRowCount(len(findings))
        for row, finding in enumerate(findings):
            shape = _SHAPES[finding.is_well] if finding.is_well is not None else "–"
            cells = (shape, finding.title, inert(finding.before), inert(finding.after))
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                spoken = f"{finding.title}: {_SPOKEN[finding.is_well]}"
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken if not column else words)
                item.setToolTip(short_tip(words))
                colour = self._colour(finding.is_well) if finding.is_well is False else None
                if colour is not None:
                    item.setForeground(colour)
                self.table.setItem(row, column, item)

    def _colour(self, well: bool | None) -> QColor | None:
        if well is None:
            return None
        return self._look.colours[Verdict.OK if well else Verdict.DOWN]
