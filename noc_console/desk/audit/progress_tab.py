"""How far people are with an audit: by step, and by person. GUI thread only."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from noc_console.audit.checklist import Mark
from noc_console.audit.checklist_progress import PersonProgress, Progress, StepProgress
from noc_console.desk.audit.audit_look import colour_of, shape_of
from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict

_MARKS = (
    Mark.CRITICAL,
    Mark.FAIL,
    Mark.WARN,
    Mark.ASKS,
    Mark.NOT_MEASURED,
    Mark.UNASKED,
    Mark.DECIDED,
    Mark.PASS,
)
_LEAST_OF_PEOPLE = 90


class ProgressTab(QWidget):
    """Steps above, people below; servers and groups are on the checklist."""

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.setAccessibleName("Progress")
        self._context = context
        self._progress: Progress | None = None
        self._is_shared = False
        self.steps: RowsModel[StepProgress] = RowsModel(self._step_columns(), self)
        self.people: RowsModel[PersonProgress] = RowsModel(self._person_columns(), self)
        self.step_table = table_of(self.steps, "Progress by step")
        self.people_table = table_of(self.people, "Progress by person")
        self.nobody = plain_label("Nobody has decided anything yet.", name="faint")
        below = QWidget()
        box = QVBoxLayout(below)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(plain_label("By person", name="sectionTitle"))
        box.addWidget(self.nobody)
        box.addWidget(self.people_table, 1)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.addWidget(self.step_table)
        whole.addWidget(below)
        whole.setChildrenCollapsible(False)
        whole.setStretchFactor(0, 1)
        whole.setStretchFactor(1, 0)
        self._whole = whole
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 8, 0, 0)
        outer.addWidget(whole)
        self.setFocusProxy(self.step_table)

    def _step_columns(self) -> list[Column[StepProgress]]:
        def counted(mark: Mark) -> Column[StepProgress]:
            return Column(
                title=mark.value.capitalize(),
                text=lambda one: (
                    f"{shape_of(mark, self._context.theme().look)} {one.counts[mark]:,}"
                    if one.counts.get(mark)
                    else "–"
                ),
                numeric=True,
                colour=lambda one: colour_of(
                    mark if one.counts.get(mark) else Mark.PASS, self._context.theme().look
                ),
            )

        return [
            Column(title="Step", text=lambda one: one.step.value, stretch=True),
            Column(
                title="Open", text=lambda one: f"{one.open:,}" if one.open else "–", numeric=True
            ),
            *(counted(mark) for mark in _MARKS),
        ]

    def _person_columns(self) -> list[Column[PersonProgress]]:
        return [
            Column(title="Person", text=lambda one: inert(one.name), stretch=True),
            Column(title="Decided", text=lambda one: f"{one.decided:,}", numeric=True),
            Column(title="Tasks", text=lambda one: f"{one.tasks:,}", numeric=True),
            Column(
                title="Overdue",
                text=lambda one: (
                    self._context.theme().look.worded(Verdict.EARLY, f"{one.overdue:,}")
                    if one.overdue
                    else "–"
                ),
                numeric=True,
                colour=lambda one: (
                    self._context.theme().look.colour(Verdict.EARLY) if one.overdue else None
                ),
            ),
            Column(title="Next due", text=lambda one: _day(one.next_due)),
        ]

    def showEvent(self, event: QShowEvent) -> None:
        """Show it when somebody looks."""
        super().showEvent(event)
        self._show()

    def show_progress(self, progress: Progress) -> None:
        """Show how far they are, now or when somebody looks."""
        self._progress = progress
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        progress = self._progress
        if progress is None:
            return
        self.steps.show_rows(progress.steps)
        self.people.show_rows(progress.people)
        self.nobody.setVisible(not progress.people)
        self.people_table.setVisible(bool(progress.people))
        fit_columns(self.step_table)
        fit_columns(self.people_table)
        if not self._is_shared:
            self._is_shared = True
            self._share()

    def _share(self) -> None:
        """Give the steps the room they need, and the people the rest, though never too little."""
        table = self.step_table
        wanted = table.horizontalHeader().height() + table.verticalHeader().length()
        wanted += 2 * table.frameWidth()
        room = self._whole.height()
        steps = min(wanted, room - _LEAST_OF_PEOPLE)
        self._whole.setSizes([steps, room - steps])


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day is not None else "–"
