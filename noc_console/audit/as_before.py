"""What of a checklist may be decided as it was the month before. Pure: no I/O, no clock.

Only what is still the same: what is new or changed is looked at by a person; so is what was said
to be fixed, an exception that ended, and a question that people answer anew each month.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from noc_console.audit.checklist_lines import Line
from noc_console.audit.decision import Decision, DecisionKind, Key, Wanted
from noc_console.audit.month import Change

NEW_TASK = timedelta(days=14)
_AGAIN = frozenset({DecisionKind.FALSE, DecisionKind.TASK, DecisionKind.ANSWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AsBefore:
    """What can be decided as before, the most first, and how many open ones a person looks at."""

    again: tuple[Wanted, ...]
    """Each decision of the month before that is taken again."""
    left: int

    @property
    def keys(self) -> int:
        """How many findings."""
        return sum(len(one.keys) for one in self.again)


def as_before(lines: Iterable[Line], today: date, due: date | None = None) -> AsBefore:
    """Give what may be decided as before. A task whose day is past is due anew on `due`."""
    opened = [one for one in lines if one.is_open]
    found: dict[tuple[DecisionKind, str, str, date | None], list[Key]] = {}
    for line in opened:
        before = line.decided_before
        if before is not None and _holds_again(line, before):
            until = _until(before, today, due or today + NEW_TASK)
            kind = (before.kind, before.reason, before.owner, until)
            found.setdefault(kind, []).append(line.key)
    again = [
        Wanted(kind=kind, reason=reason, owner=owner, until=until, keys=tuple(keys))
        for (kind, reason, owner, until), keys in found.items()
    ]
    again.sort(key=lambda one: -len(one.keys))
    return AsBefore(again=tuple(again), left=len(opened) - sum(len(one.keys) for one in again))


def are_due_anew(lines: Iterable[Line], today: date) -> int:
    """Count the tasks that may be given again and whose day is past."""
    past = Counter(
        before.until is not None and before.until <= today
        for line in lines
        if line.is_open
        and (before := line.decided_before) is not None
        and before.kind is DecisionKind.TASK
        and _holds_again(line, before)
    )
    return past[True]


def _holds_again(line: Line, before: Decision) -> bool:
    is_same = line.change in {None, Change.SAME} and not line.is_question
    return is_same and before.kind in _AGAIN and line.takes(before.kind)


def _until(before: Decision, today: date, due: date) -> date | None:
    if before.kind is not DecisionKind.TASK:
        return None
    return before.until if before.until is not None and before.until > today else due
