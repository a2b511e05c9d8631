"""The lines of a checklist: each finding, and each check that found nothing, with what it wants.

Pure: no I/O, no clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from noc_console.audit.check import Check, Privilege, Step
from noc_console.audit.checklist import (
    WHOLE_NAME,
    Checklist,
    Mark,
    Need,
    ServerPart,
    answer_to,
    is_unasked,
    mark_of_finding,
    mark_of_result,
    mark_of_unasked,
    need_of_finding,
    need_of_result,
)
from noc_console.audit.decision import WHOLE_AUDIT, Decision, DecisionKind, Key
from noc_console.audit.finding import CheckResult, Finding, Result
from noc_console.audit.month import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which lines are gone through; what is None is not narrowed by."""

    server_ids: frozenset[int] | None = None
    step: Step | None = None
    check_id: str | None = None
    """Empty: the whole servers that could not be asked."""
    item: str | None = None
    is_open_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: a finding, or a check as a whole, or a whole server that could not be asked.

    `check` is None for a whole server, and for a check that left the catalogue. `result` is None
    where nothing was asked. `change` is None where there is no month before to compare with.
    """

    key: Key
    server_name: str
    step: Step | None
    check: Check | None
    result: Result | None
    mark: Mark
    need: Need
    sentence: str
    marks: tuple[int, ...] = ()
    decision: Decision | None = None
    is_of_before: bool = False
    """Whether the decision is an exception of an earlier month that still holds."""
    change: Change | None = None
    before: Finding | None = None
    decided_before: Decision | None = None
    at: datetime | None = None
    is_old: bool = False
    """Whether it is from an earlier run: in the newest the server could not be asked."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person."""
        return self.need is not Need.NOTHING

    @property
    def is_question(self) -> bool:
        """Whether people are asked, not the server."""
        return self.check is not None and self.check.privilege is Privilege.PERSON

    @property
    def title(self) -> str:
        """Give what was looked at."""
        return self.check.title if self.check is not None else self.key[1] or "The whole server"

    def takes(self, kind: DecisionKind) -> bool:
        """Whether it can be decided so."""
        is_bad = self.result is not None and self.result.needs_decision
        is_unknown = self.result in {None, Result.NOT_MEASURED} and not self._is_unasked
        if kind is DecisionKind.REOPENED:
            return self.decision is not None
        if kind is DecisionKind.ANSWERED:
            return is_unknown
        if kind is DecisionKind.ACCEPTED:
            return is_bad or is_unknown
        return is_bad

    @property
    def _is_unasked(self) -> bool:
        """Whether the check is still to be asked: there is nothing yet to be said of it."""
        return self.mark is Mark.UNASKED


def lines_of(checklist: Checklist, scope: Scope) -> list[Line]:
    """Give the lines of a scope, the worst first."""
    parts = checklist.parts
    ids = parts.keys() if scope.server_ids is None else scope.server_ids & parts.keys()
    wants_whole = scope.server_ids is None or WHOLE_AUDIT in scope.server_ids
    found = [line for line in _of_whole(checklist) if wants_whole and _fits(line, scope)]
    found += [
        line
        for key in ids
        for line in _of_server(checklist, parts[key], scope)
        if _fits(line, scope)
    ]
    return _in_order(found)


def _fits(line: Line, scope: Scope) -> bool:
    return (
        (scope.step is None or line.step is scope.step)
        and (scope.check_id is None or line.key[1] == scope.check_id)
        and (scope.item is None or line.key[2] == scope.item)
        and (line.is_open or not scope.is_open_only)
    )


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """Give the worst first. Sorted by heaps: while Python sorts a long list no thread runs."""
    heaps: dict[tuple[int, int, str], list[Line]] = {}
    for one in lines:
        severity = one.check.severity.urgency if one.check is not None else -1
        heaps.setdefault((one.mark.urgency, severity, one.key[1]), []).append(one)
    return [
        one
        for heap in sorted(heaps)
        for one in sorted(heaps[heap], key=lambda one: (one.server_name.casefold(), one.key[2]))
    ]


def _of_server(checklist: Checklist, part: ServerPart, scope: Scope) -> Iterator[Line]:
    wanted = scope.check_id
    decisions = checklist.decisions_by_server.get(part.row.server_id, {})
    if is_unasked(part) and wanted in {None, ""}:
        yield _whole_server(checklist, part, decisions)
    findings = [one for one in part.findings if wanted in {None, one.check_id}]
    told = {one.check_id for one in findings if not _is_unmeasured(part, one)}
    whole = {one.check_id: one for one in findings if not one.item and one.check_id not in told}
    for finding in findings:
        if whole.get(finding.check_id) is not finding:  # else the line of the check says it
            yield _of_finding(checklist, part, finding, decisions)
    for check_id, result in part.results.items():
        if wanted in {None, check_id} and check_id not in told:
            yield _of_result(checklist, part, result, decisions, whole.get(check_id))
    for check in checklist.checks.values():
        if wanted in {None, check.id} and not check.is_off and check.id not in part.results:
            yield _unasked(checklist, part, check, decisions)


def _is_unmeasured(part: ServerPart, one: Finding) -> bool:
    """Whether a finding only tells of a check that as a whole was not measured."""
    result = part.results.get(one.check_id)
    is_whole = result is not None and result.result is Result.NOT_MEASURED
    return is_whole and not one.result.needs_decision


def _of_finding(
    checklist: Checklist, part: ServerPart, one: Finding, decisions: dict[Key, Decision]
) -> Line:
    key = (part.row.server_id, *one.key)
    check = checklist.checks.get(one.check_id)
    result = part.results.get(one.check_id)
    decision = decisions.get(key)
    before = (checklist.before or {}).get(key)
    if one.result.needs_decision:
        mark = mark_of_finding(one, key, decisions)
    else:
        mark = mark_of_result(one.result, Need.NOTHING, is_answered=False)
    return Line(
        key=key,
        server_name=part.row.server_name,
        step=check.step if check is not None else None,
        check=check,
        result=one.result,
        mark=mark,
        need=need_of_finding(one, key, decisions),
        sentence=one.sentence,
        marks=one.marks,
        decision=decision,
        is_of_before=decision is not None and decision.audit_id != checklist.audit.id,
        change=_change(checklist, one, before),
        before=before,
        decided_before=(checklist.decided_before or {}).get(key),
        at=result.at if result is not None else None,
        is_old=part.is_old,
    )


def _change(checklist: Checklist, one: Finding, before: Finding | None) -> Change | None:
    if checklist.before is None:
        return None
    if before is None:
        return Change.NEW
    is_same = (before.result, before.severity) == (one.result, one.severity)
    return Change.SAME if is_same else Change.CHANGED


def _of_result(
    checklist: Checklist,
    part: ServerPart,
    one: CheckResult,
    decisions: dict[Key, Decision],
    said: Finding | None = None,
) -> Line:
    """`said` is what the check as a whole found, where it found something to be told."""
    before = (checklist.before or {}).get((part.row.server_id, one.check_id, ""))
    server_id = part.row.server_id
    key = (server_id, one.check_id, "")
    check = checklist.checks.get(one.check_id)
    need = need_of_result(server_id, one, check, decisions)
    answer = answer_to(server_id, one.check_id, decisions)
    return Line(
        key=key,
        server_name=part.row.server_name,
        step=check.step if check is not None else None,
        check=check,
        result=one.result,
        mark=mark_of_result(one.result, need, is_answered=answer is not None),
        need=need,
        sentence=said.sentence if said is not None else one.why or _PLAIN[one.result],
        marks=said.marks if said is not None else (),
        decision=answer,
        is_of_before=answer is not None and answer.audit_id != checklist.audit.id,
        change=_change(checklist, said, before) if said is not None else None,
        before=before if said is not None else None,
        decided_before=(checklist.decided_before or {}).get(key),
        at=one.at,
        is_old=part.is_old,
    )


_PLAIN = {
    Result.FAIL: "It failed.",
    Result.WARN: "It wants a look.",
    Result.NOT_MEASURED: "It could not be looked at.",
    Result.INFO: "Nothing to say.",
    Result.PASS: "All is as it should be.",
    Result.NOT_APPLICABLE: "It does not apply here.",
}


def _unasked(
    checklist: Checklist, part: ServerPart, check: Check, decisions: dict[Key, Decision]
) -> Line:
    mark = mark_of_unasked(checklist, part, check, decisions)
    return Line(
        key=(part.row.server_id, check.id, ""),
        server_name=part.row.server_name,
        step=check.step,
        check=check,
        result=None,
        mark=mark,
        need=Need.REASON if mark is Mark.ASKS else Need.NOTHING,
        sentence="It was not asked yet: run the audit.",
        decision=answer_to(part.row.server_id, check.id, decisions),
    )


def _of_whole(checklist: Checklist) -> Iterator[Line]:
    for step in checklist.steps_unseen:
        answer = answer_to(WHOLE_AUDIT, step.value, checklist.decisions)
        yield Line(
            key=(WHOLE_AUDIT, step.value, ""),
            server_name=WHOLE_NAME,
            step=step,
            check=None,
            result=None,
            mark=Mark.ASKS if answer is None else Mark.DECIDED,
            need=Need.REASON if answer is None else Need.NOTHING,
            sentence=(
                f"No check looked at “{step.value}” on any server: say how people looked at it,"
                " or why nobody did."
            ),
            decision=answer,
            is_of_before=answer is not None and answer.audit_id != checklist.audit.id,
            decided_before=(checklist.decided_before or {}).get((WHOLE_AUDIT, step.value, "")),
        )


def _whole_server(checklist: Checklist, part: ServerPart, decisions: dict[Key, Decision]) -> Line:
    key = (part.row.server_id, "", "")
    answer = answer_to(part.row.server_id, "", decisions)
    return Line(
        key=key,
        server_name=part.row.server_name,
        step=None,
        check=None,
        result=None,
        mark=Mark.ASKS if answer is None else Mark.DECIDED,
        need=Need.REASON if answer is None else Need.NOTHING,
        sentence=f"The server could not be asked: {part.row.why}",
        decision=answer,
        is_of_before=answer is not None and answer.audit_id != checklist.audit.id,
        decided_before=(checklist.decided_before or {}).get(key),
        at=part.row.ended_at,
    )
