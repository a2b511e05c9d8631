"""What became of the findings since the month before. GUI thread only; compared in the background.

Enter goes to the finding on the checklist.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from noc_console.audit.checklist import mark_of_finding
from noc_console.audit.checklist_changes import changes_of
from noc_console.audit.checklist_reading import ReadChecklist
from noc_console.audit.finding import Finding
from noc_console.audit.month import Change, Compared
from noc_console.desk.audit.audit_look import colour_of, shape_of
from noc_console.desk.audit.letting_go import LettingGo
from noc_console.desk.context import DeskContext
from noc_console.desk.look import Look
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.deed import Deed, Deeds
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert

_ALL = "All that changed"
_MANY = 300


class ChangesTab(QWidget):
    """New, changed, not looked at again, gone; and, where it is asked for, the same."""

    finding_wanted = Signal(object)
    """The key of a finding."""

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.setAccessibleName("Changes")
        self._context = context
        self._read: ReadChecklist | None = None
        self._shown: ReadChecklist | None = None
        self._names: dict[int, str] = {}
        self._changes: list[Compared] = []
        self._letting_go = LettingGo(self)
        self._asked = 0
        self._is_reading = False
        self.kind = QComboBox()
        self.kind.setAccessibleName("Which changes")
        self.kind.addItem(_ALL, None)
        for one in Change:
            self.kind.addItem(one.value.capitalize(), one)
        self.summary = plain_label(name="faint", wraps=False)
        self.model: RowsModel[Compared] = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "Changes since the month before")
        self.stack = QStackedWidget()
        self._panel: StatePanel | None = None
        self.deeds = Deeds(self, self.table)
        self.deeds.add(
            Deed(
                key="open",
                words="Go to the chosen finding",
                keys="Return Enter",
                act=self._open,
                on_table=True,
                has_button=False,
            )
        )
        line = QHBoxLayout()
        line.addWidget(self.kind)
        line.addWidget(self.summary, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.addLayout(line)
        self.stack.addWidget(self.table)
        box.addWidget(self.stack, 1)
        self.kind.currentIndexChanged.connect(lambda _: self._show_rows())
        self.table.doubleClicked.connect(lambda _: self._open())
        self.setFocusProxy(self.table)

    def _columns(self) -> list[Column[Compared]]:
        def look() -> Look:
            return self._context.theme().look

        def name(one: Compared) -> str:
            return inert(self._names.get(one.server_id, f"server {one.server_id}"))

        return [
            Column(title="Change", text=lambda one: one.change.value),
            Column(
                title="Before",
                text=partial(_said, look, _before),
                colour=lambda one: _colour(look(), one.before),
            ),
            Column(
                title="Now",
                text=partial(_said, look, _after),
                colour=lambda one: _colour(look(), one.after),
            ),
            Column(title="Check", text=lambda one: one.check_id),
            Column(title="Server", text=name),
            Column(title="Finding", text=_sentence, stretch=True),
        ]

    @property
    def is_settled(self) -> bool:
        """Whether all of it is there."""
        return not self._is_reading

    def showEvent(self, event: QShowEvent) -> None:
        """Compare when somebody looks."""
        super().showEvent(event)
        self._compare()

    def show_checklist(self, read: ReadChecklist | None) -> None:
        """Compare this audit with the month before, now or when it is looked at."""
        self._read = read
        if self.isVisible():
            self._compare()

    def _compare(self) -> None:
        read, shown = self._read, self._shown
        if read is None:
            return
        if shown is not None and _is_same(shown, read):
            return
        self._asked += 1
        self._is_reading, self._shown = True, read
        self._context.background.call(
            lambda: changes_of(read.checklist),
            partial(self._take, self._asked, read),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _take(self, asked: int, read: ReadChecklist, changes: list[Compared]) -> None:
        if asked != self._asked:
            return
        self._is_reading = False
        self._letting_go.hold(self._changes)
        self._changes = changes
        self._names = {key: part.row.server_name for key, part in read.checklist.parts.items()}
        self._show_rows()

    def _show_rows(self) -> None:
        read = self._shown
        if read is None:
            return
        wanted = self.kind.currentData()
        shown = [
            one
            for one in self._changes
            if (one.change is wanted or (wanted is None and one.change is not Change.SAME))
        ]
        if len(shown) > _MANY:
            self.model.show_rows(())  # to tell of each row that changed would hold the window up
        self.model.show_rows(shown)
        fit_columns(self.table, widest=220)
        self._show_state(read, is_empty=not shown)
        before = read.checklist.month_before
        self.summary.setText(f"{len(shown):,} beside {before}" if before else "")
        if shown and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _show_state(self, read: ReadChecklist, *, is_empty: bool) -> None:
        if self._panel is not None:
            self.stack.removeWidget(self._panel)
            self._panel.deleteLater()
            self._panel = None
        if not is_empty:
            self.stack.setCurrentWidget(self.table)
            return
        if read.checklist.before is None:
            words = (
                "There is no earlier month to hold it against",
                "From the second month on, this tab shows what is new, changed and gone.",
            )
        else:
            before = read.checklist.month_before
            words = ("Nothing of this kind", f"Choose another kind above; it is beside {before}.")
        self._panel = StatePanel(*words)
        self.stack.addWidget(self._panel)
        self.stack.setCurrentWidget(self._panel)

    def _open(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.model.rows):
            one = self.model.rows[place]
            self.finding_wanted.emit((one.server_id, one.check_id, one.item))


def _is_same(one: ReadChecklist, other: ReadChecklist) -> bool:
    """Whether nothing was collected between: decisions change no comparison."""
    return (
        one.checklist.audit.id == other.checklist.audit.id
        and one.checklist.parts is other.checklist.parts
    )


def _before(one: Compared) -> Finding | None:
    return one.before


def _after(one: Compared) -> Finding | None:
    return one.after


def _said(
    look: Callable[[], Look], which: Callable[[Compared], Finding | None], one: Compared
) -> str:
    found = which(one)
    if found is None:
        return "–"
    if not found.result.needs_decision:
        return found.result.value
    return f"{shape_of(mark_of_finding(found, (0, *found.key), {}), look())} {found.result.value}"


def _colour(look: Look, one: Finding | None) -> QColor | None:
    if one is None or not one.result.needs_decision:
        return look.faint
    return colour_of(mark_of_finding(one, (0, *one.key), {}), look)


def _sentence(one: Compared) -> str:
    found = one.after or one.before
    return inert(found.sentence) if found is not None else ""
