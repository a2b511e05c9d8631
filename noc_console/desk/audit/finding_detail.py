"""All that is known of the chosen line: its sentence, the months before, how to mend, evidence.

GUI thread only; what it shows was read in the background.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from noc_console.audit.checklist_lines import Line
from noc_console.audit.checklist_reading import MonthSeen
from noc_console.desk.audit.audit_look import colour_of
from noc_console.desk.audit.evidence_panel import EvidencePanel, MarkedText
from noc_console.desk.audit.line_words import facts_of, mark_words
from noc_console.desk.audit.long_words import broken_up
from noc_console.desk.look import Look
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert

_LONGEST = 2000


class FindingDetail(QSplitter):
    """One line at a time; several chosen ones are only counted."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__(Qt.Orientation.Vertical)
        self.setAccessibleName("The chosen finding")
        self.title = plain_label(name="sectionTitle")
        self.sentence = plain_label()
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(12)
        self.facts.setVerticalSpacing(4)
        self.facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.evidence = EvidencePanel()
        self._shown: list[tuple[str, str]] = []
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(2, 0, 6, 0)
        box.setSpacing(6)
        for part in (self.title, self.sentence):
            box.addWidget(part)
        box.addLayout(self.facts)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setAccessibleName("What is known of it")
        self.addWidget(area)
        self.addWidget(self.evidence)
        self.setChildrenCollapsible(False)
        self.turn(Qt.Orientation.Vertical)

    def turn(self, orientation: Qt.Orientation) -> None:
        """Put the evidence below what is known, or beside it where that is wide and low."""
        self.setOrientation(orientation)
        self.setSizes([300, 400] if orientation is Qt.Orientation.Vertical else [430, 570])

    def show_nothing(self, words: str) -> None:
        """Show a sentence in place of a line."""
        self.title.setText(words)
        self.sentence.setText("")
        self._show_facts(())
        self.evidence.hide()

    def show_line(
        self, line: Line, months: tuple[MonthSeen, ...], shown: MarkedText | None, look: Look
    ) -> None:
        """Show a line with what was read of it."""
        check_id, item = line.key[1], line.key[2]
        parts = (check_id, inert(line.title), inert(item, 300), inert(line.server_name))
        self.title.setText(broken_up("  ·  ".join(part for part in parts if part)))
        sentence = broken_up(inert(line.sentence, _LONGEST))
        self.sentence.setText(f"{mark_words(line, look)}:  {sentence}")
        self._show_facts(facts_of(line, months))
        self.evidence.setVisible(not line.is_question and line.result is not None)
        self.evidence.show_evidence(shown, colour_of(line.mark, look) or look.faint)

    def _show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        if list(facts) == self._shown:
            return
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for name, words in facts:
            self.facts.addRow(
                plain_label(name, name="faint", wraps=False), plain_label(broken_up(words))
            )
        self._shown = list(facts)
