"""Decides about findings: asked, then written at once in the background, with who and when.

GUI thread only. `written` tells which lines were decided and how, before they are read again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from noc_console.audit.checklist import Checklist
from noc_console.audit.checklist_lines import Line
from noc_console.audit.decision import Decision, DecisionKind
from noc_console.audit.decision_records import decide
from noc_console.desk.audit.decide_dialogs import DecideDialog, Wanted
from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

_DONE = {
    DecisionKind.FIXED: "Fixed",
    DecisionKind.ACCEPTED: "Accepted",
    DecisionKind.FALSE: "The check is wrong",
    DecisionKind.TASK: "A task",
    DecisionKind.ANSWERED: "Answered",
    DecisionKind.REOPENED: "Taken back",
}
_REFUSED = {
    DecisionKind.FIXED: "Only a fail or a warn can be fixed; W answers what was not measured.",
    DecisionKind.FALSE: "Only a fail or a warn can be wrong; W answers what was not measured.",
    DecisionKind.TASK: "Only a fail or a warn becomes a task; W answers what was not measured.",
    DecisionKind.ACCEPTED: "There is nothing here to be accepted.",
    DecisionKind.ANSWERED: "Only what was not measured, or is asked of people, can be answered.",
    DecisionKind.REOPENED: "There is no decision here that could be taken back.",
}


class DecideDeeds(QObject):
    """Writes decisions of one audit at a time under this person's name."""

    written = Signal(object, object)
    """The keys, as a list, and the `Wanted` they were decided by."""

    def __init__(self, context: DeskContext, panel: QWidget, now: Callable[[], datetime]) -> None:
        """Have decided nothing yet."""
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._now = now

    def decide(
        self, checklist: Checklist, lines: Sequence[Line], kind: DecisionKind
    ) -> DecideDialog | None:
        """Decide about some lines; what needs words, or is about many, is asked first.

        What another person decides after this checklist was read is not decided over.
        """
        meant = [one for one in lines if one.takes(kind)]
        if not meant:
            self._context.navigator.say(_REFUSED[kind])
            return None
        is_quick = kind is DecisionKind.REOPENED or (kind is DecisionKind.FIXED and len(meant) == 1)
        if is_quick:
            self._write(checklist, meant, Wanted(kind=kind), None)
            return None
        dialog = DecideDialog(
            kind,
            about_words(meant, len(lines) - len(meant)),
            last=_last_of(meant, kind),
            person=self._context.asked_by,
            today=self._now().date(),
            is_question=all(one.is_question for one in meant),
            parent=self._panel,
        )
        dialog.decided.connect(lambda: self._write(checklist, meant, dialog.wanted(), dialog))
        dialog.show_fitting()
        return dialog

    def _write(
        self,
        checklist: Checklist,
        lines: Sequence[Line],
        wanted: Wanted,
        dialog: DecideDialog | None,
    ) -> None:
        audit_id, taken = checklist.audit.id, checklist.taken
        seen = max((one.id for one in taken), default=0)
        keys = [one.key for one in lines]
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> None:
            decide(
                store,
                audit_id,
                keys,
                wanted.kind,
                reason=wanted.reason,
                until=wanted.until,
                owner=wanted.owner,
                by=by,
                now=now,
                seen=seen,
            )

        def finish(_done: None) -> None:
            if dialog is not None:
                dialog.accept()
            self._context.navigator.say(f"{_DONE[wanted.kind]}: {which_words(lines)}.")
            self.written.emit(keys, wanted)

        def refuse(failure: ConsoleError) -> None:
            if dialog is not None:
                dialog.show_trouble(failure.sentence)
            else:
                self._context.navigator.say(failure.sentence)

        owner: QObject = dialog if dialog is not None else self
        self._context.background.call(work, finish, refuse, owner)


def _last_of(lines: Sequence[Line], kind: DecisionKind) -> Decision | None:
    found = [
        one
        for line in lines
        for one in (line.decision, line.decided_before)
        if one is not None and one.kind is kind
    ]
    return found[0] if found else None


def which_words(lines: Sequence[Line]) -> str:
    """Say which lines are meant: the one, or how many on how many servers."""
    servers = {one.key[0] for one in lines}
    first = lines[0]
    name = " ".join(part for part in (first.key[1], inert(first.key[2], 80)) if part)
    if len(lines) == 1:
        return f"{name or 'all of it'} on {inert(first.server_name)}"
    is_same = len({one.key[1:] for one in lines}) == 1
    what = (name or "all of it") if is_same else f"{len(lines):,} findings"
    return f"{what} on {len(servers):,} server{'' if len(servers) == 1 else 's'}"


def about_words(lines: Sequence[Line], left_out: int) -> str:
    """Say what a decision will be about, and what of the chosen it will not be about."""
    sentence = f": {inert(lines[0].sentence)}" if len(lines) == 1 else "."
    left = f" {left_out:,} more that are chosen do not take this, and stay." if left_out else ""
    return f"{which_words(lines)}{sentence}{left}"
