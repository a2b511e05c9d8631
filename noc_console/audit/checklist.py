"""The checklist of an audit: what is open, of which server, at which step. Pure: no I/O, no clock.

What was not measured is a state of its own and never counts as passed; nor does a check that was
not asked yet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from noc_console.audit.audit import Audit, AuditServer, CollectState
from noc_console.audit.check import Check, Privilege, Step
from noc_console.audit.decision import WHOLE_AUDIT, Decision, DecisionKind, Key
from noc_console.audit.finding import CheckResult, Finding, Result, Severity

NO_GROUP = ""
"""The group of servers that are in none."""
WHOLE_NAME = "The whole audit"
_ANSWERS = frozenset({DecisionKind.ANSWERED, DecisionKind.ACCEPTED})


class Need(Enum):
    """What a line of the checklist wants of a person."""

    DECISION = "wants a decision"
    REASON = "wants a reason"
    """A critical check, or a whole server, that could not be looked at."""
    ANSWER = "wants an answer"
    """A question asked of people."""
    NOTHING = "wants nothing"


class Mark(Enum):
    """How a cell stands, the worst first."""

    CRITICAL = "critical fail"
    FAIL = "fail"
    WARN = "warn"
    ASKS = "wants an answer"
    NOT_MEASURED = "not measured"
    UNASKED = "not asked yet"
    DECIDED = "decided"
    PASS = "passed"  # noqa: S105 - a word of judgement, no secret
    NOT_APPLICABLE = "does not apply"
    NO_CHECK = "no check looks at this"

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the worst."""
        return _URGENCY[self]

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person."""
        return self in _OPEN


_URGENCY = {one: place for place, one in enumerate(Mark)}
_OPEN = frozenset({Mark.CRITICAL, Mark.FAIL, Mark.WARN, Mark.ASKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One server, or one group, at one step: its mark, and how many checks stand how.

    `open` counts what waits for a person; `counts` has findings where a check found some, else the
    check itself.
    """

    mark: Mark
    open: int
    counts: Mapping[Mark, int]
    is_old: bool = False
    """Whether the server could not be asked in the newest run: it is from before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPart:
    """What one server's checks came to."""

    row: AuditServer
    results: Mapping[str, CheckResult]
    findings: tuple[Finding, ...]

    @property
    def is_old(self) -> bool:
        """Whether what is there is of an earlier run: in the newest it could not be asked."""
        return self.row.state is CollectState.FAILED and bool(self.results)

    @property
    def group(self) -> str:
        """Give the group it stands under: of several, the first by name."""
        return min(self.row.groups, default=NO_GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One row: a server, or the group of those below it."""

    group: str
    server_id: int | None
    """None: the group as a whole. `WHOLE_AUDIT`: the steps that no check looked at."""
    name: str
    cells: tuple[Cell, ...]
    """One a step, in the order of the monthly list."""
    open: int
    decided: int
    state: str = ""
    """Why it was not asked, or how far its collecting is; empty when it is done."""
    collected: CollectState | None = None
    servers: int = 1

    @property
    def urgency(self) -> tuple[int, int, str]:
        """Give its place: the worst first, of those the one with most open."""
        worst = min((one.mark.urgency for one in self.cells), default=len(_URGENCY))
        return worst, -self.open, self.name.casefold()


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """An audit as it is gone through: what was found, decided, and how last month stood."""

    audit: Audit
    checks: Mapping[str, Check]
    parts: Mapping[int, ServerPart]
    decisions: Mapping[Key, Decision]
    """Those that hold, exceptions of earlier months among them."""
    taken: tuple[Decision, ...] = ()
    """Every decision of this audit, in order."""
    month_before: str = ""
    before: Mapping[Key, Finding] | None = None
    """What the month before found; None where there was none."""
    decided_before: Mapping[Key, Decision] | None = None

    @cached_property
    def decisions_by_server(self) -> dict[int, dict[Key, Decision]]:
        """Give the decisions that hold, by server."""
        found: dict[int, dict[Key, Decision]] = {}
        for key, one in self.decisions.items():
            found.setdefault(key[0], {})[key] = one
        return found

    @cached_property
    def checks_by_step(self) -> dict[Step, list[Check]]:
        """Give the checks of each step that are not switched off."""
        found: dict[Step, list[Check]] = {step: [] for step in Step}
        for one in self.checks.values():
            if not one.is_off:
                found[one.step].append(one)
        return found

    @cached_property
    def steps_unseen(self) -> tuple[Step, ...]:
        """Give the steps at which no check looked, on any server; none before any was asked."""
        asked = {check_id for part in self.parts.values() for check_id in part.results}
        seen = {one.step for one in self.checks.values() if one.id in asked and not one.is_off}
        return tuple(one for one in Step if one not in seen) if seen else ()

    def wants_to_be_asked(self, part: ServerPart, check: Check) -> bool:
        """Whether a check that was never asked of a server stands against signing."""
        return (
            check.severity is Severity.CRITICAL
            and part.row.state is CollectState.DONE
            and check.step not in self.steps_unseen
        )


def need_of_finding(one: Finding, key: Key, decisions: Mapping[Key, Decision]) -> Need:
    """Give what a finding wants."""
    is_wanted = one.result.needs_decision and key not in decisions
    return Need.DECISION if is_wanted else Need.NOTHING


def need_of_result(
    server_id: int, result: CheckResult, check: Check | None, decisions: Mapping[Key, Decision]
) -> Need:
    """Give what a check that was not measured wants; one that was wants nothing here."""
    if result.result is not Result.NOT_MEASURED or check is None:
        return Need.NOTHING
    is_question = check.privilege is Privilege.PERSON
    if not is_question and check.severity is not Severity.CRITICAL:
        return Need.NOTHING
    if answer_to(server_id, result.check_id, decisions) is not None:
        return Need.NOTHING
    return Need.ANSWER if is_question else Need.REASON


def answer_to(server_id: int, check_id: str, decisions: Mapping[Key, Decision]) -> Decision | None:
    """Give what was said of a check that was not measured: of itself, or of its whole server."""
    for key in ((server_id, check_id, ""), (server_id, "", "")):
        one = decisions.get(key)
        if one is not None and one.kind in _ANSWERS:
            return one
    return None


def server_row(checklist: Checklist, part: ServerPart) -> ChecklistRow:
    """Give the row of one server."""
    server_id = part.row.server_id
    decisions = checklist.decisions_by_server.get(server_id, {})
    counts: dict[Step, Counter[Mark]] = {step: Counter() for step in Step}
    for step, mark in _marks(checklist, part, decisions):
        counts[step][mark] += 1
    cells = tuple(_cell(counts[step], is_old=part.is_old) for step in Step)
    wants_reason = is_unasked(part) and answer_to(server_id, "", decisions) is None
    return ChecklistRow(
        group=part.group,
        server_id=server_id,
        name=part.row.server_name,
        cells=cells,
        open=sum(one.open for one in cells) + wants_reason,
        decided=sum(one.counts.get(Mark.DECIDED, 0) for one in cells),
        state=_state_words(part.row),
        collected=part.row.state,
    )


def is_unasked(part: ServerPart) -> bool:
    """Whether a server could not be asked at all: the whole of it wants a reason."""
    return part.row.state is CollectState.FAILED and not part.results


def _state_words(row: AuditServer) -> str:
    if row.state is CollectState.DONE:
        return row.why
    return f"{_COLLECTED[row.state]}{': ' if row.why else ''}{row.why}"


_COLLECTED = {
    CollectState.WAITING: "not asked yet",
    CollectState.RUNNING: "being asked now",
    CollectState.FAILED: "could not be asked",
}


def _marks(
    checklist: Checklist, part: ServerPart, decisions: Mapping[Key, Decision]
) -> Iterator[tuple[Step, Mark]]:
    server_id, checks = part.row.server_id, checklist.checks
    told: set[str] = set()
    for one in part.findings:
        check = checks.get(one.check_id)
        if check is None or not one.result.needs_decision:
            continue
        told.add(one.check_id)
        yield check.step, mark_of_finding(one, (server_id, *one.key), decisions)
    for check_id, result in part.results.items():
        check = checks.get(check_id)
        if check is not None and check_id not in told:
            need = need_of_result(server_id, result, check, decisions)
            is_answered = answer_to(server_id, check_id, decisions) is not None
            yield check.step, mark_of_result(result.result, need, is_answered=is_answered)
    for step, some in checklist.checks_by_step.items():
        for asked in some:
            if asked.id not in part.results:
                yield step, mark_of_unasked(checklist, part, asked, decisions)


def mark_of_unasked(
    checklist: Checklist, part: ServerPart, check: Check, decisions: Mapping[Key, Decision]
) -> Mark:
    """Give the mark of a check that was never asked of a server."""
    if not checklist.wants_to_be_asked(part, check):
        return Mark.UNASKED
    is_answered = answer_to(part.row.server_id, check.id, decisions) is not None
    return Mark.DECIDED if is_answered else Mark.ASKS


def whole_row(checklist: Checklist) -> ChecklistRow | None:
    """Give the row of the steps that no check looked at; None where there is no such step."""
    unseen = checklist.steps_unseen
    if not unseen:
        return None
    cells = []
    for step in Step:
        counts: Counter[Mark] = Counter()
        if step in unseen:
            answer = answer_to(WHOLE_AUDIT, step.value, checklist.decisions)
            counts[Mark.ASKS if answer is None else Mark.DECIDED] += 1
        cells.append(_cell(counts))
    return ChecklistRow(
        group=NO_GROUP,
        server_id=WHOLE_AUDIT,
        name=WHOLE_NAME,
        cells=tuple(cells),
        open=sum(one.open for one in cells),
        decided=sum(one.counts.get(Mark.DECIDED, 0) for one in cells),
    )


def mark_of_finding(one: Finding, key: Key, decisions: Mapping[Key, Decision]) -> Mark:
    """Give the mark of a fail or warn."""
    if key in decisions:
        return Mark.DECIDED
    if one.result is Result.WARN:
        return Mark.WARN
    return Mark.CRITICAL if one.severity is Severity.CRITICAL else Mark.FAIL


def mark_of_result(result: Result, need: Need, *, is_answered: bool) -> Mark:
    """Give the mark of a check that found nothing to decide."""
    if result is Result.NOT_MEASURED:
        if need is not Need.NOTHING:
            return Mark.ASKS
        return Mark.DECIDED if is_answered else Mark.NOT_MEASURED
    return Mark.NOT_APPLICABLE if result is Result.NOT_APPLICABLE else Mark.PASS


def _cell(counts: Counter[Mark], *, is_old: bool = False) -> Cell:
    return Cell(
        mark=min(counts, key=lambda one: one.urgency, default=Mark.NO_CHECK),
        open=sum(many for mark, many in counts.items() if mark.is_open),
        counts=dict(counts),
        is_old=is_old,
    )


def group_row(group: str, rows: Sequence[ChecklistRow]) -> ChecklistRow:
    """Give the sums of a group's servers."""
    cells = []
    for place in range(len(Step)):
        counts: Counter[Mark] = Counter()
        for row in rows:
            counts.update(row.cells[place].counts)
        cells.append(_cell(counts, is_old=any(row.cells[place].is_old for row in rows)))
    return ChecklistRow(
        group=group,
        server_id=None,
        name=group or "in no group",
        cells=tuple(cells),
        open=sum(row.open for row in rows),
        decided=sum(row.decided for row in rows),
        servers=len(rows),
    )


def arranged(rows: Iterable[ChecklistRow]) -> list[ChecklistRow]:
    """Give the groups, the worst first, each with its servers below it, the worst first.

    What is of the whole audit stands above them.
    """
    by_group: dict[str, list[ChecklistRow]] = {}
    found: list[ChecklistRow] = []
    for row in rows:
        if row.server_id == WHOLE_AUDIT:
            found.append(row)
        else:
            by_group.setdefault(row.group, []).append(row)
    heads = [group_row(group, some) for group, some in by_group.items()]
    for head in sorted(heads, key=lambda one: one.urgency):
        found.append(head)
        found += sorted(by_group[head.group], key=lambda one: one.urgency)
    return found


def arranged_as(
    before: Sequence[ChecklistRow], rows: Mapping[int, ChecklistRow]
) -> list[ChecklistRow]:
    """Give rows in the order they stand in: what is decided does not jump from under the hand."""
    by_group: dict[str, list[ChecklistRow]] = {}
    for one in before:
        if one.server_id:
            by_group.setdefault(one.group, []).append(rows[one.server_id])
    return [
        rows[one.server_id]
        if one.server_id is not None
        else group_row(one.group, by_group[one.group])
        for one in before
    ]
