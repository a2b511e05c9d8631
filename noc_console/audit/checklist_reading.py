"""Reads the checklist of an audit, and reads again only what moved since.

A big audit has a hundred thousand results: after each decision only the decisions are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from noc_console.audit.audit import AuditServer, AuditState
from noc_console.audit.audit_records import (
    evidence_of,
    findings_of,
    get_audit,
    results_of,
    servers_of,
)
from noc_console.audit.catalogue import Catalogue
from noc_console.audit.checklist import (
    Checklist,
    ChecklistRow,
    ServerPart,
    arranged,
    arranged_as,
    server_row,
    whole_row,
)
from noc_console.audit.decision import WHOLE_AUDIT, Decision, Key, standing
from noc_console.audit.decision_records import decisions_of, earlier_decisions
from noc_console.audit.finding import CheckResult, Finding, Result
from noc_console.audit.month_records import audits_before
from noc_console.store.store import Store

MOST_MONTHS = 6
"""So many months are looked back at for one finding."""
_FEW = 40
"""So many servers are read one by one; more of them all at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChecklist:
    """A checklist with its rows as they are shown, and what is needed to read it again."""

    checklist: Checklist
    rows: tuple[ChecklistRow, ...]
    earlier: tuple[Decision, ...]
    """The decisions of the audits before."""

    @property
    def is_open(self) -> bool:
        """Whether something in it may still change: nobody signed it."""
        return self.checklist.audit.state is AuditState.OPEN

    @property
    def by_server(self) -> dict[int, ChecklistRow]:
        """Give the rows of servers, by id."""
        return {one.server_id: one for one in self.rows if one.server_id is not None}


def read_checklist(
    store: Store,
    audit_id: int,
    catalogue: Catalogue,
    today: date,
    before: ReadChecklist | None = None,
) -> ReadChecklist:
    """Read it, or what moved since `before`, whose order of rows is then kept.

    Raises:
        UnknownAudit: there is none of that number.
    """
    if before is not None and before.checklist.audit.id != audit_id:
        before = None
    audit = get_audit(store, audit_id)
    earlier = before.earlier if before is not None else tuple(earlier_decisions(store, audit_id))
    taken = tuple(decisions_of(store, audit_id))
    parts = _parts(store, audit_id, before.checklist.parts if before is not None else {})
    if before is None:
        checklist = _with_month_before(
            store, Checklist(audit=audit, checks=catalogue.checks, parts=parts, decisions={})
        )
    else:
        checklist = before.checklist
    checklist = replace(
        checklist,
        audit=audit,
        checks=catalogue.checks,
        parts=parts,
        decisions=standing(taken, earlier, today),
        taken=taken,
    )
    return ReadChecklist(checklist=checklist, rows=_rows(checklist, before), earlier=earlier)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSeen:
    """How a finding stood in an earlier month. `result` is None where it was not there."""

    month: str
    result: Result | None
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDetail:
    """What else is known of a line; `evidence` is None where none was kept."""

    evidence: bytes | None
    months: tuple[MonthSeen, ...]
    """Those before, the newest first."""


def read_detail(store: Store, read: ReadChecklist, key: Key) -> LineDetail:
    """Read what a server printed, and how a finding stood in the months before."""
    audit, (server_id, check_id, item) = read.checklist.audit, key
    months = []
    for one in audits_before(store, audit)[:MOST_MONTHS]:
        found = {other.key: other for _, other in findings_of(store, one.id, server_id)}
        finding = found.get((check_id, item))
        result = results_of(store, one.id, server_id).get((server_id, check_id))
        decided = standing(decision for decision in read.earlier if decision.audit_id == one.id)
        if finding is None and result is None and key not in decided:
            continue
        told = finding.result if finding is not None else None
        if finding is None and result is not None and (not item or result.result in _TELLING):
            told = result.result
        months.append(MonthSeen(month=one.month, result=told, decision=decided.get(key)))
    evidence = evidence_of(store, audit.id, server_id, check_id) if check_id else None
    return LineDetail(evidence=evidence, months=tuple(months))


_TELLING = frozenset({Result.NOT_MEASURED, Result.NOT_APPLICABLE})
"""What a check that did not look says of each of its items."""


def _parts(
    store: Store, audit_id: int, known: Mapping[int, ServerPart]
) -> Mapping[int, ServerPart]:
    rows = {one.server_id: one for one in servers_of(store, audit_id)}
    moved = {
        key
        for key, row in rows.items()
        if key not in known or _stamp(known[key].row) != _stamp(row)
    }
    if not moved and rows.keys() == known.keys():
        return known
    if len(moved) > _FEW:
        results, findings = results_of(store, audit_id), findings_of(store, audit_id)
    else:
        results, findings = {}, []
        for server_id in moved:
            results |= results_of(store, audit_id, server_id)
            findings += findings_of(store, audit_id, server_id)
    by_server: dict[int, dict[str, CheckResult]] = {}
    for (server_id, check_id), result in results.items():
        by_server.setdefault(server_id, {})[check_id] = result
    found: dict[int, list[Finding]] = {}
    for server_id, finding in findings:
        found.setdefault(server_id, []).append(finding)
    return {
        key: ServerPart(row=row, results=by_server.get(key, {}), findings=tuple(found.get(key, ())))
        if key not in known or key in moved
        else known[key]
        for key, row in rows.items()
    }


def _stamp(row: AuditServer) -> tuple[object, ...]:
    """Give what changes whenever something of a server was collected, or looked at again."""
    return row.state, row.why, row.started_at, row.ended_at


def _with_month_before(store: Store, checklist: Checklist) -> Checklist:
    audits = audits_before(store, checklist.audit)
    if not audits:
        return checklist
    last = audits[0]
    return replace(
        checklist,
        month_before=last.month,
        before={(key, *one.key): one for key, one in findings_of(store, last.id)},
        decided_before=standing(decisions_of(store, last.id)),
    )


def _rows(checklist: Checklist, before: ReadChecklist | None) -> tuple[ChecklistRow, ...]:
    old = before.checklist if before is not None else None
    known = before.by_server if before is not None else {}
    rows: dict[int, ChecklistRow] = {}
    is_same = old is not None and _states(old) == _states(checklist)
    for key, part in checklist.parts.items():
        is_known = (
            old is not None
            and key in known
            and old.parts.get(key) is part
            and old.checks is checklist.checks
            and old.decisions_by_server.get(key) == checklist.decisions_by_server.get(key)
        )
        rows[key] = known[key] if is_known else server_row(checklist, part)
    whole = whole_row(checklist)
    if whole is not None:
        rows[WHOLE_AUDIT] = whole
    if is_same and before is not None and (WHOLE_AUDIT in known) == (whole is not None):
        return tuple(arranged_as(before.rows, rows))
    return tuple(arranged(rows.values()))


def _states(checklist: Checklist) -> dict[int, tuple[object, ...]]:
    """Give what decides the order of rows anew; a decision or a second look does not."""
    return {key: (one.row.state, one.group) for key, one in checklist.parts.items()}
