"""Shift+D on the findings: all that is as last month, decided as it was then. GUI thread only."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget

from noc_console.audit.as_before import NEW_TASK, AsBefore, are_due_anew, as_before
from noc_console.audit.checklist import Checklist
from noc_console.audit.checklist_lines import Line
from noc_console.audit.decision import Wanted
from noc_console.audit.decision_records import decide_all
from noc_console.desk.audit.chosen_audit import ChosenAudit
from noc_console.desk.audit.findings_panel import FindingsPanel
from noc_console.desk.audit.long_words import broken_up
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.fleet.inert import inert

_SHOWN = 8
_NOTHING = (
    "Nothing open here is as last month and was decided then; what is new or changed, an exception"
    " that ended and questions asked of people want a look each."
)


class AsBeforeKeys:
    """Puts the key on the findings of the chosen audit."""

    def __init__(self, chosen: ChosenAudit, findings: FindingsPanel) -> None:
        """Put it on."""
        self._chosen = chosen
        self._findings = findings
        findings.deeds.add(
            Deed(
                key="all as before",
                words="Decide all that is as last month as it was then",
                keys="Shift+D",
                act=self.ask,
                has_button=False,
            )
        )

    def ask(self) -> "AsBeforeDialog | None":
        """Say what would be decided how, of the chosen lines or of all that are shown; then do."""
        read, say = self._chosen.read, self._chosen.context.navigator.say
        if read is None or not read.is_open:
            say("This audit is signed, or none is shown.")
            return None
        lines: Sequence[Line] = self._findings.chosen_lines
        if len(lines) < 2:
            lines = list(self._findings.model.rows)
        today = self._chosen.now().date()
        if not as_before(lines, today).again:
            say(_NOTHING)
            return None
        dialog = AsBeforeDialog(lines, today, self._findings)
        checklist = read.checklist
        dialog.decided.connect(lambda: self._decide(dialog, checklist))
        dialog.show_fitting()
        return dialog

    def _decide(self, dialog: "AsBeforeDialog", checklist: Checklist) -> None:
        context, wanted = self._chosen.context, dialog.wanted()
        store, by, now = context.store, context.asked_by, self._chosen.now()
        seen = max((one.id for one in checklist.taken), default=0)

        def work() -> None:
            decide_all(store, checklist.audit.id, wanted.again, by=by, now=now, seen=seen)

        def done(_done: None) -> None:
            dialog.accept()
            context.navigator.say(f"Decided as last month: {wanted.keys:,}.")
            self._chosen.feed.read_now()

        context.background.call(
            work, done, lambda failure: dialog.show_trouble(failure.sentence), dialog
        )


class AsBeforeDialog(FormDialog):
    """Says what was decided how; asks until when tasks are due whose day is past."""

    def __init__(self, lines: Sequence[Line], today: date, parent: QWidget | None) -> None:
        """Ask."""
        self._lines, self._today = lines, today
        super().__init__(
            "As last month", about_words(as_before(lines, today)), "&Decide so", parent
        )
        self.day = QDateEdit(self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        due = today + NEW_TASK
        self.day.setMinimumDate(QDate(today.year, today.month, today.day))
        self.day.setDate(QDate(due.year, due.month, due.day))
        anew = are_due_anew(lines, today)
        if anew:
            self.add_field(
                "Tasks are &due", self.day, f"{anew:,} were due before; now on this day."
            )

    def wanted(self) -> AsBefore:
        """Give what is to be decided, with the day that was chosen."""
        day = self.day.date().toPython()
        return as_before(self._lines, self._today, day if isinstance(day, date) else None)


def about_words(found: AsBefore) -> str:
    """Say what will be decided how, and how many a person looks at."""
    said = [f"{len(one.keys):,}  {_how(one)}" for one in found.again[:_SHOWN]]
    rest = sum(len(one.keys) for one in found.again[_SHOWN:])
    said += [f"{rest:,}  in other words of last month"] if rest else []
    left = f"{found.left:,} more that are open want a look each." if found.left else ""
    head = "These are as last month, and are decided as they were then:"
    return broken_up("\n".join(part for part in (head, *said, left) if part))


def _how(one: Wanted) -> str:
    owner = f", {inert(one.owner, 60)}" if one.owner else ""
    reason = f": “{inert(one.reason, 120)}”" if one.reason else ""
    return f"{one.kind.value}{owner}{reason}"
