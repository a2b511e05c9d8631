"""Asks what a decision needs: why, until when, by whom. GUI thread only."""

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from noc_console.audit.decision import LONGEST_REASON, Decision, DecisionKind, answer_words
from noc_console.desk.audit.long_words import broken_up
from noc_console.desk.widgets.form_dialog import FormDialog, TextBox

_EXCEPTION = timedelta(days=90)
_TASK = timedelta(days=14)
_TITLES = {
    DecisionKind.FIXED: ("Fixed", "Say so"),
    DecisionKind.ACCEPTED: ("Accept until a day", "Accept it"),
    DecisionKind.FALSE: ("The check is wrong here", "Say so"),
    DecisionKind.TASK: ("Make it a task", "Make it a task"),
    DecisionKind.ANSWERED: ("Say what holds", "Answer"),
}
_REASONS = {
    DecisionKind.FIXED: ("&What was done", "optional; such as: closed in the firewall"),
    DecisionKind.ACCEPTED: ("&Reason", "such as: only the office reaches it, by VPN"),
    DecisionKind.FALSE: ("&Reason", "such as: this port is the customer's own, by contract"),
    DecisionKind.TASK: ("&What is to be done", "optional"),
    DecisionKind.ANSWERED: ("&Reason", "why it could not be looked at, and what holds instead"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A decision as a person wants it."""

    kind: DecisionKind
    reason: str = ""
    until: date | None = None
    owner: str = ""


class DecideDialog(FormDialog):
    """Asks about one kind of decision. Fields begin with what was decided last."""

    def __init__(
        self,
        kind: DecisionKind,
        about: str,
        *,
        last: Decision | None,
        person: str,
        today: date,
        is_question: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Ask; `about` says which findings are meant, and how many."""
        title, deed = _TITLES[kind]
        super().__init__(title, broken_up(about), deed, parent)
        self._kind = kind
        self._today = today
        self._is_question = is_question and kind is DecisionKind.ANSWERED
        self.owner = QLineEdit(last.owner if last is not None and last.owner else "")
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.reason = TextBox(last.reason if last is not None else "")
        if self._is_question:
            self._ask_people(person, today)
        elif kind is DecisionKind.TASK:
            self.owner.setText(self.owner.text() or person)
            self.add_field("&Who does it", self.owner)
            self._add_day("&Due", today + _TASK, today)
        words, hint = _REASONS[kind]
        if self._is_question:
            words, hint = "&What was found", "such as: a file of shop1 restored, whole, in 4 min"
        self.reason.setPlaceholderText(hint)
        self.add_field(words, self.reason)
        if kind is DecisionKind.ACCEPTED:
            self._add_day("&Until", self._last_day(last, today), today)

    def _last_day(self, last: Decision | None, today: date) -> date:
        if last is not None and last.until is not None and last.until > today:
            return last.until
        return today + _EXCEPTION

    def _ask_people(self, person: str, today: date) -> None:
        self.reason.setPlainText("")
        self.owner.setText(self.owner.text() or person)
        self.add_field("&Who looked", self.owner)
        self._add_day("Whe&n", today, None)
        self.day.setMaximumDate(_qdate(today))

    def _add_day(self, words: str, day: date, least: date | None) -> None:
        if least is not None:
            self.day.setMinimumDate(_qdate(least))
        self.day.setDate(_qdate(day))
        self.add_field(words, self.day)

    def wanted(self) -> Wanted:
        """Give the decision as it is filled in."""
        reason = " ".join(self.reason.toPlainText().split())[:LONGEST_REASON]
        day = self.day.date().toPython()
        until = day if isinstance(day, date) else None
        owner = " ".join(self.owner.text().split())
        if self._is_question:
            is_told = until is not None and reason and owner
            said = answer_words(until, owner, reason, self._today) if until and is_told else ""
            return Wanted(kind=self._kind, reason=said, owner=owner)
        if self._kind is DecisionKind.TASK:
            return Wanted(kind=self._kind, reason=reason, until=until, owner=owner)
        if self._kind is DecisionKind.ACCEPTED:
            return Wanted(kind=self._kind, reason=reason, until=until)
        return Wanted(kind=self._kind, reason=reason)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
