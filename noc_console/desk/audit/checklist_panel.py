"""The tab of the checklist: the matrix, and the findings of the cell that was opened.

GUI thread only.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.audit.check import Step
from noc_console.audit.checklist import ChecklistRow
from noc_console.audit.checklist_lines import Line, Scope
from noc_console.audit.checklist_reading import ReadChecklist
from noc_console.audit.decision import Key
from noc_console.desk.audit.audit_look import legend
from noc_console.desk.audit.findings_panel import FindingsPanel
from noc_console.desk.audit.found_lines import Opened
from noc_console.desk.audit.matrix import MatrixModel, MatrixView
from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.deed import Deed, Deeds
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert


class ChecklistPanel(QWidget):
    """Arrows go through the cells, Enter opens one, Esc leads back."""

    changed = Signal()
    """Something was decided or looked at again: it is to be read."""
    line_chosen = Signal(object)
    """The `Line` that is shown; None in the matrix."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QWidget) -> None:
        """Show no row yet."""
        super().__init__(parent)
        self._context = context
        self._read: ReadChecklist | None = None
        self.setAccessibleName("Checklist")
        self.model = MatrixModel(lambda: context.theme().look, self)
        self.matrix = MatrixView(self.model)
        self.findings = FindingsPanel(context, now, self)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Server or group (Ctrl+F)")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Show only servers and groups with this in their name")
        self.filter.setFixedWidth(220)
        self.open_only = QCheckBox("&Only what is open")
        self.legend = plain_label(name="faint")
        self.cell_words = plain_label()
        self.stack = QStackedWidget()
        self.whole = QWidget()
        self.deeds = Deeds(self.whole, self.matrix)
        self._add_deeds()
        self._lay_out()
        self._join()

    def _add_deeds(self) -> None:
        for key, words, keys, act in (
            ("next", "Go to the next open cell", "N", partial(self.matrix.step_to_open, 1)),
            ("previous", "Go to the open cell before", "P", partial(self.matrix.step_to_open, -1)),
            ("all", "Go through all that is open", "A", self.open_all),
            ("only open", "Show only what is open", "O", self.open_only.toggle),
        ):
            deed = Deed(key=key, words=words, keys=keys, act=act, on_table=True, has_button=False)
            self.deeds.add(deed)
        self.deeds.add(
            Deed(
                key="filter",
                words="Show only servers and groups with something in their name",
                keys="Ctrl+F",
                act=self.filter.setFocus,
                has_button=False,
            )
        )

    def _lay_out(self) -> None:
        box = QVBoxLayout(self.whole)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(self.filter)
        line.addWidget(self.open_only)
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self.matrix, 1)
        box.addWidget(self.cell_words)
        box.addWidget(self.legend)
        self.legend.setText(legend(self._context.theme().look))
        self.stack.addWidget(self.whole)
        self.stack.addWidget(self.findings)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.setFocusProxy(self.matrix)

    def _join(self) -> None:
        self.filter.textChanged.connect(lambda _: self._filter())
        self.filter.returnPressed.connect(self.matrix.setFocus)
        self.open_only.toggled.connect(lambda _: self._filter())
        self.matrix.selectionModel().currentChanged.connect(lambda *_: self._tell_cell())
        self.model.dataChanged.connect(lambda *_: self._tell_cell())
        self.matrix.cell_opened.connect(self.open_cell)
        self.findings.left.connect(self.show_matrix)
        self.findings.other_wanted.connect(self._open_other)
        self.findings.changed.connect(self.changed)
        self.findings.line_chosen.connect(self.line_chosen)

    @property
    def is_settled(self) -> bool:
        """Whether all of it is there."""
        return self.findings.is_settled

    @property
    def chosen_line(self) -> Line | None:
        """The finding that is chosen; None in the matrix."""
        is_open = self.stack.currentWidget() is self.findings
        return self.findings.chosen_line if is_open else None

    def show_checklist(self, read: ReadChecklist) -> None:
        """Show a checklist; another audit begins with its matrix."""
        is_other = self._read is None or self._read.checklist.audit.id != read.checklist.audit.id
        self._read = read
        self.matrix.show_rows(read.rows)
        if is_other:
            self.findings.close_scope()
            self.show_matrix()
        else:
            self.findings.show_read(read)

    def show_matrix(self) -> None:
        """Go back to the matrix."""
        had_focus = self.findings.isAncestorOf(self.focusWidget() or self)
        self.findings.close_scope()
        self.stack.setCurrentWidget(self.whole)
        self.setFocusProxy(self.matrix)
        if had_focus:
            self.matrix.setFocus()
        self.line_chosen.emit(None)

    def open_cell(self) -> None:
        """Go through the findings of the chosen cell."""
        row = self.matrix.chosen_row
        if row is not None:
            self._open(_scope_of(row, self.matrix.chosen_step, self.model.rows_of(row.group)))

    def open_all(self) -> None:
        """Go through everything that is open, over all servers."""
        self._open(Opened(scope=Scope(is_open_only=True), title="All servers"))

    def open_finding(self, key: Key) -> bool:
        """Go to a finding, or to a server's whole list; tell whether the server is there."""
        rows = self._read.by_server if self._read is not None else {}
        row = rows.get(key[0])
        if row is None:
            return False
        self._open(_scope_of(row, None, ()), key)
        return True

    def repaint_all(self) -> None:
        """Paint in the colours of the theme now shown."""
        self.legend.setText(legend(self._context.theme().look))
        self.matrix.viewport().update()
        self.findings.table.viewport().update()

    def _open(self, opened: Opened, wanted: Key | None = None) -> None:
        if self._read is not None:
            self.findings.open(self._read, opened, wanted)
            self.stack.setCurrentWidget(self.findings)
            self.setFocusProxy(self.findings)
            self.findings.setFocus()

    def _open_other(self, by: int) -> None:
        if self.matrix.step_to_open(by):
            self.open_cell()
        else:
            words = "after" if by > 0 else "before"
            self._context.navigator.say(f"Nothing is open {words} this one; Esc leads back.")

    def _tell_cell(self) -> None:
        """Say the chosen cell in words: a tip is there for the mouse only."""
        words = self.matrix.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        self.cell_words.setText(str(words or ""))

    def _filter(self) -> None:
        self.matrix.keep_choice(
            lambda: self.model.filter(self.filter.text(), is_open_only=self.open_only.isChecked())
        )


def _scope_of(row: ChecklistRow, step: Step | None, group: tuple[int, ...]) -> Opened:
    ids = frozenset(group) if row.server_id is None else frozenset({row.server_id})
    name = inert(row.name)
    if row.server_id is None:
        name = f"Group {name}" if row.group else "Servers in no group"
    title = f"{name}  ›  {step.value}" if step is not None else name
    return Opened(scope=Scope(server_ids=ids, step=step), title=title)
