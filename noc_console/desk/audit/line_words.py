"""What is said of a line of the checklist, in words. Pure: no I/O, no clock."""

from noc_console.audit.checklist import Mark, Need
from noc_console.audit.checklist_lines import Line
from noc_console.audit.checklist_reading import MonthSeen
from noc_console.audit.decision import Decision, DecisionKind
from noc_console.audit.finding import Result
from noc_console.audit.month import Change
from noc_console.desk.audit.audit_look import day_words, shape_of
from noc_console.desk.look import Look
from noc_console.fleet.inert import inert

_LONGEST = 2000


def mark_words(line: Line, look: Look) -> str:
    """Give the shape and word of a line: `◆ fail`."""
    return f"{shape_of(line.mark, look)} {_word(line)}"


def _word(line: Line) -> str:
    if line.need in {Need.ANSWER, Need.REASON}:
        return "asks you"
    if line.mark is Mark.PASS and line.result is Result.INFO:
        return "info"
    if line.mark is Mark.DECIDED and line.result is not None:
        return f"{line.result.value}, decided"
    return line.mark.value


def change_words(line: Line) -> str:
    """Give what became of it since the month before; nothing where there is none."""
    if line.change is None:
        return ""
    if line.change is Change.CHANGED and line.before is not None:
        return f"changed, was {line.before.result.value}"
    return line.change.value


def short_decision(one: Decision | None) -> str:
    """Give a decision for a cell: `task, bob, 2026-12-04`."""
    if one is None:
        return ""
    until = f"{one.until:%Y-%m-%d}" if one.until is not None else ""
    return ", ".join(part for part in (one.kind.value, inert(one.owner, 40), until) if part)


def decision_words(one: Decision) -> str:
    """Give a decision as a sentence."""
    until = f"{one.until:%Y-%m-%d}" if one.until is not None else ""
    said = {
        DecisionKind.FIXED: "fixed",
        DecisionKind.ACCEPTED: f"accepted until {until}",
        DecisionKind.FALSE: "the check is wrong here",
        DecisionKind.TASK: f"a task of {inert(one.owner, 80)}, due {until}",
        DecisionKind.ANSWERED: "answered",
        DecisionKind.REOPENED: "taken back",
    }[one.kind]
    reason = f": “{inert(one.reason, _LONGEST)}”" if one.reason else ""
    return f"{said}{reason} ({inert(one.by, 80)}, {day_words(one.at)})"


def facts_of(line: Line, months: tuple[MonthSeen, ...]) -> list[tuple[str, str]]:
    """Give what is told of a line below its sentence: what it is, and in words."""
    facts: list[tuple[str, str]] = []
    if line.decision is not None:
        before = " It was decided in an earlier month and still holds." if line.is_of_before else ""
        facts.append(("Decided", f"{decision_words(line.decision)}.{before}"))
    elif line.is_open:
        facts.append(("Open", f"It {line.need.value}: {_keys_of(line)}."))
    if line.change is not None:
        facts.append(("Since the month before", f"{change_words(line).capitalize()}."))
    facts += [(one.month, _month_words(one)) for one in months]
    if line.check is not None:
        facts.append(("Why it matters", line.check.rationale))
        if line.check.mend:
            facts.append(("To mend it", line.check.mend))
        told = ", ".join((line.check.severity.value, *line.check.references))
        facts.append(("Severity, sources", told))
    facts.append(("Looked at", _looked_words(line)))
    return facts


def _keys_of(line: Line) -> str:
    if line.need is Need.DECISION:
        return "F fixed, A accepted, X false, T a task"
    return "W says what holds, A accepts it until a day"


def _month_words(one: MonthSeen) -> str:
    found = one.result.value if one.result is not None else "not found"
    return f"{found}; {decision_words(one.decision)}." if one.decision else f"{found}."


def _looked_words(line: Line) -> str:
    if line.at is None:
        return "Not yet."
    old = " It is from before: in the newest run the server could not be asked." * line.is_old
    return f"{day_words(line.at)}.{old}"
