"""The report of an audit: one value made of all that stands in it, for every form it is written in.

Pure: no I/O, no clock.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.audit.audit import Audit, AuditServer, Signature
from noc_console.audit.check import Check, Step
from noc_console.audit.decision import WHOLE_AUDIT, Decision, DecisionKind
from noc_console.audit.finding import CheckResult, Finding, Result
from noc_console.audit.month import AuditMonth, Change, compare
from noc_console.audit.report_graphs import Trend
from noc_console.audit.report_performance import MonthOfMetric
from noc_console.audit.whole import WholeAudit

_OPEN = {None, DecisionKind.TASK}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFinding:
    """One finding with all that is said of it. `lines` are those of the evidence that show it."""

    server_name: str
    title: str
    finding: Finding
    change: Change | None
    since: str
    decision: Decision | None
    mend: str
    lines: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be mended or decided."""
        kind = self.decision.kind if self.decision is not None else None
        return self.finding.result.needs_decision and kind in _OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """One check that could not be made on a server, why, and what a person said of it."""

    server_name: str
    check_id: str
    title: str
    why: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What an earlier month found and this one did not."""

    server_name: str
    check_id: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCounts:
    """One check over all servers of the report: how many came to what."""

    check_id: str
    title: str
    step: str
    counts: Mapping[Result, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a server answered to a check that found something: the annex of a report.

    `sha256` is of all that it printed; `lines` are what was kept of it, none where it aged out.
    """

    server_name: str
    check_id: str
    title: str
    at: datetime
    sha256: str
    lines: tuple[str, ...]
    marks: frozenset[int]
    has_aged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A step of the monthly list that no check looked at, and what a person said of it."""

    step: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Everything a report says; findings stand in the order in which people read them."""

    audit: Audit
    of: str
    """In words: the whole audit, or which servers of it."""
    made_at: datetime
    servers: tuple[AuditServer, ...]
    counts: Mapping[Result, int]
    by_server: Mapping[str, Mapping[Result, int]]
    findings: tuple[ReportedFinding, ...]
    not_measured: tuple[NotMeasured, ...]
    gone: tuple[Gone, ...]
    before: str
    """The month it is compared with; empty where there is none."""
    months: tuple[tuple[str, int, int], ...]
    """Fails and warns of this month and those before, the oldest first."""
    trends: tuple[Trend, ...]
    """Fails and warnings of the same months, step by step, where there were any."""
    performance: tuple[MonthOfMetric, ...]
    checks: tuple[CheckCounts, ...]
    pieces: tuple[Piece, ...]
    signatures: tuple[Signature, ...]
    evidence_aged: int
    """How many pieces of evidence were let go by age: their hashes stay."""
    unseen: tuple[Unseen, ...]
    """The steps of the monthly list that no check looked at."""

    @property
    def open(self) -> tuple[ReportedFinding, ...]:
        """Give what is still to be mended or decided."""
        return tuple(one for one in self.findings if one.is_open)

    @property
    def undecided(self) -> int:
        """Count what asks for a decision and has none."""
        return sum(
            one.finding.result.needs_decision and one.decision is None for one in self.findings
        )


def make_report(
    whole: WholeAudit,
    checks: Mapping[str, Check],
    earlier: Sequence[AuditMonth],
    evidence: Mapping[tuple[int, str], Sequence[str]],
    signatures: Sequence[Signature],
    *,
    server_ids: Collection[int],
    of: str,
    unseen: Sequence[Step],
    aged: Collection[tuple[int, str]],
    performance: Sequence[MonthOfMetric],
    now: datetime,
) -> AuditReport:
    """Make the report of some servers of an audit.

    `earlier` are the months before, the newest first; `evidence` the lines of each result's.
    """
    wanted = set(server_ids)
    names = whole.names
    this = _month(whole, wanted)
    months = [_only(one, wanted) for one in earlier]
    compared = {}
    if months:
        compared = {
            (one.server_id, one.check_id, one.item): one
            for one in compare(months[0], this, months[1:])
        }
    findings = [
        ReportedFinding(
            server_name=names[server_id],
            title=_title(checks, one.check_id),
            finding=one,
            change=compared[key].change if (key := (server_id, *one.key)) in compared else None,
            since=compared[key].since if key in compared else whole.audit.month,
            decision=whole.decisions.get(key),
            mend=checks[one.check_id].mend if one.check_id in checks else "",
            lines=_lines(evidence.get((server_id, one.check_id), ()), one.marks),
        )
        for server_id, one in whole.findings
        if server_id in wanted
    ]
    results = {key: one for key, one in whole.results.items() if key[0] in wanted}
    by_server: dict[str, Counter[Result]] = {
        one.server_name: Counter() for one in whole.servers if one.server_id in wanted
    }
    for (server_id, _), result in results.items():
        by_server[names[server_id]][result.result] += 1
    return AuditReport(
        audit=whole.audit,
        of=of,
        made_at=now,
        servers=tuple(one for one in whole.servers if one.server_id in wanted),
        counts=Counter(one.result for one in results.values()),
        by_server=by_server,
        findings=tuple(sorted(findings, key=_order)),
        not_measured=tuple(
            _not_measured(whole, checks, key, one)
            for key, one in sorted(results.items())
            if one.result is Result.NOT_MEASURED
        ),
        gone=tuple(
            Gone(
                server_name=names[one.server_id],
                check_id=one.check_id,
                sentence=one.before.sentence if one.before is not None else "",
            )
            for one in compared.values()
            if one.change is Change.GONE
        ),
        before=months[0].month if months else "",
        months=tuple(_bad(one) for one in (*reversed(months), this)),
        trends=tuple(_trends(checks, [*reversed(months), this])),
        performance=tuple(performance),
        checks=tuple(_check_counts(checks, results)),
        pieces=tuple(_pieces(whole, checks, results, evidence, aged)),
        signatures=tuple(signatures),
        evidence_aged=sum(key in aged for key in results),
        unseen=tuple(Unseen(step=one.value, answer=_said(whole, one)) for one in unseen),
    )


def _order(one: ReportedFinding) -> tuple[object, ...]:
    finding = one.finding
    return (
        finding.result.urgency,
        finding.severity.urgency,
        finding.check_id,
        one.server_name,
        finding.item,
    )


def _month(whole: WholeAudit, wanted: set[int]) -> AuditMonth:
    return AuditMonth(
        month=whole.audit.month,
        audit_id=whole.audit.id,
        findings={
            (server_id, *one.key): one for server_id, one in whole.findings if server_id in wanted
        },
        measured=frozenset(
            key
            for key, one in whole.results.items()
            if key[0] in wanted and one.result is not Result.NOT_MEASURED
        ),
    )


def _only(month: AuditMonth, wanted: set[int]) -> AuditMonth:
    return AuditMonth(
        month=month.month,
        audit_id=month.audit_id,
        findings={key: one for key, one in month.findings.items() if key[0] in wanted},
        measured=frozenset(key for key in month.measured if key[0] in wanted),
    )


def _bad(month: AuditMonth) -> tuple[str, int, int]:
    results = Counter(one.result for one in month.findings.values())
    return month.month, results[Result.FAIL], results[Result.WARN]


def _said(whole: WholeAudit, step: Step) -> str:
    answer = whole.decisions.get((WHOLE_AUDIT, step.value, ""))
    return answer.reason if answer is not None else ""


def _trends(checks: Mapping[str, Check], months: Sequence[AuditMonth]) -> Iterator[Trend]:
    sums = [
        Counter(
            (checks[one.check_id].step, one.result)
            for one in month.findings.values()
            if one.check_id in checks
        )
        for month in months
    ]
    for step in Step:
        fails = tuple(one[step, Result.FAIL] for one in sums)
        warns = tuple(one[step, Result.WARN] for one in sums)
        if any((*fails, *warns)):
            yield Trend(name=step.value, fails=fails, warns=warns)


def _check_counts(
    checks: Mapping[str, Check], results: Mapping[tuple[int, str], CheckResult]
) -> Iterator[CheckCounts]:
    counts: dict[str, Counter[Result]] = {}
    for (_, check_id), one in results.items():
        counts.setdefault(check_id, Counter())[one.result] += 1
    order = {check_id: place for place, check_id in enumerate(checks)}
    for check_id in sorted(counts, key=lambda one: (order.get(one, len(order)), one)):
        yield CheckCounts(
            check_id=check_id,
            title=_title(checks, check_id),
            step=checks[check_id].step.value if check_id in checks else "",
            counts=counts[check_id],
        )


def _pieces(
    whole: WholeAudit,
    checks: Mapping[str, Check],
    results: Mapping[tuple[int, str], CheckResult],
    evidence: Mapping[tuple[int, str], Sequence[str]],
    aged: Collection[tuple[int, str]],
) -> Iterator[Piece]:
    """Give the evidence of all that fails or warns, by server and check."""
    marks: dict[tuple[int, str], set[int]] = {}
    for server_id, one in whole.findings:
        if one.result.needs_decision and (server_id, one.check_id) in results:
            marks.setdefault((server_id, one.check_id), set()).update(one.marks)
    for key in sorted(marks, key=lambda one: (whole.names[one[0]], one[1])):
        lines = tuple(evidence.get(key, ()))
        yield Piece(
            server_name=whole.names[key[0]],
            check_id=key[1],
            title=_title(checks, key[1]),
            at=results[key].at,
            sha256=results[key].sha256,
            lines=lines,
            marks=frozenset(marks[key]),
            has_aged=key in aged,
        )


def _title(checks: Mapping[str, Check], check_id: str) -> str:
    return checks[check_id].title if check_id in checks else check_id


def _lines(lines: Sequence[str], marks: Sequence[int]) -> tuple[str, ...]:
    return tuple(lines[mark - 1] for mark in marks if 0 < mark <= len(lines))


def _not_measured(
    whole: WholeAudit, checks: Mapping[str, Check], key: tuple[int, str], one: CheckResult
) -> NotMeasured:
    server_id, check_id = key
    answer = whole.decisions.get((server_id, check_id, "")) or whole.decisions.get(
        (server_id, "", "")
    )
    return NotMeasured(
        server_name=whole.names[server_id],
        check_id=check_id,
        title=_title(checks, check_id),
        why=one.why,
        answer=answer.reason if answer is not None else "",
    )
