"""A report of an audit as HTML, CSV and JSON."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from noc_console.audit.bundle import proving_command
from noc_console.audit.decision import Decision, DecisionKind
from noc_console.audit.finding import Result, Severity
from noc_console.audit.month import Change
from noc_console.audit.report import AuditReport, NotMeasured, Piece, ReportedFinding
from noc_console.audit.report_graphs import Graph, Trend, days_graph, months_graph, steps_graph
from noc_console.fleet.importing.cells import guarded
from noc_console.fleet.inert import inert
from noc_console.incidents.report_templates import render

MOST_LINES = 4
"""So many lines of evidence stand in a document beside a finding; the annex has more."""
_ANNEX_LINES = 30
_ANNEX_PIECES = 400
"""So much of the evidence stands in the annex of a document; the audit has all."""
_LONGEST_LINE = 200
_LONGEST = 2000
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})")
_OWNERS = 4
_SERVERS = 8
_CHECKS = 12

_COLUMNS = (
    *("server", "check", "title", "item", "result", "severity", "sentence", "change", "since"),
    *("decision", "reason", "until", "owner", "decided_by"),
)


def as_html(report: AuditReport) -> str:
    """Give the report as one page that needs nothing else."""
    return render(
        "audit.html.j2",
        report=report,
        verdict=verdict_text(report),
        changed=_changed_text(report),
        counts=[(one.value, report.counts.get(one, 0)) for one in Result],
        open=[_row(one) for one in report.open],
        rest=[_row(one) for one in report.findings if _is_told(one)],
        servers=[
            (one, [report.by_server[one.server_name].get(result, 0) for result in Result])
            for one in report.servers
        ],
        results=[one.value for one in Result],
        severities=_severities(report),
        unmeasured=_unmeasured(report),
        graph=_graph(report),
        steps=steps_graph([one for one, _, _ in report.months], report.trends)
        if report.trends
        else None,
        performance=[(one, days_graph(one.servers)) for one in report.performance],
        checks=[(one, [one.counts.get(result, 0) for result in Result]) for one in report.checks],
        pieces=[_piece(one) for one in report.pieces[:_ANNEX_PIECES]],
        pieces_more=max(0, len(report.pieces) - _ANNEX_PIECES),
        commands=[proving_command(one.role) for one in report.signatures],
    )


def as_csv(report: AuditReport) -> str:
    """Give every finding as a line; no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in report.findings:
        row = finding_json(one)
        del row["lines"], row["mend"]
        decision = row.pop("decision") or {}
        decided = {
            "decision": decision.get("kind", ""),
            "reason": decision.get("reason", ""),
            "until": decision.get("until", ""),
            "owner": decision.get("owner", ""),
            "decided_by": decision.get("by", ""),
        }
        writer.writerow({key: guarded(inert(text, 4000)) for key, text in (row | decided).items()})
    return out.getvalue()


def as_json(report: AuditReport) -> dict[str, Any]:
    """Give the report as plain values."""
    audit = report.audit
    return {
        "audit": audit.id,
        "month": audit.month,
        "revision": audit.revision,
        "state": audit.state.value,
        "of": report.of,
        "made_at": report.made_at.isoformat(),
        "verdict": verdict_text(report),
        "results": {one.value: report.counts.get(one, 0) for one in Result},
        "servers": [
            {
                "name": one.server_name,
                "system": one.system,
                "state": one.state.value,
                "results": {
                    result.value: report.by_server[one.server_name].get(result, 0)
                    for result in Result
                },
            }
            for one in report.servers
        ],
        "findings": [finding_json(one) for one in report.findings],
        "not_measured": [
            {"server": one.server_name, "check": one.check_id, "why": one.why, "answer": one.answer}
            for one in report.not_measured
        ],
        "not_looked_at": [{"step": one.step, "answer": one.answer} for one in report.unseen],
        "evidence_aged": report.evidence_aged,
        "compared_with": report.before,
        "gone": [
            {"server": one.server_name, "check": one.check_id, "sentence": one.sentence}
            for one in report.gone
        ],
        "months": [{"month": one, "fail": fail, "warn": warn} for one, fail, warn in report.months],
        "signatures": [
            {
                "role": one.role,
                "by": one.by,
                "at": one.at.isoformat(),
                "public_key": one.public_key,
                "statement": one.statement,
                "signature": one.signature,
            }
            for one in report.signatures
        ],
    }


def verdict_text(report: AuditReport) -> str:
    """Give in a sentence or two how it stands."""
    fail, warn = report.counts.get(Result.FAIL, 0), report.counts.get(Result.WARN, 0)
    missing = report.counts.get(Result.NOT_MEASURED, 0)
    seen = (
        f"{_count(len(report.servers), 'server')}, {_count(sum(report.counts.values()), 'check')}"
    )
    words = [f"{seen}: {fail} failed, {warn} with a warning, {missing} not measured."]
    if report.undecided:
        verb = "has" if report.undecided == 1 else "have"
        words.append(f"{_count(report.undecided, 'finding')} {verb} no decision yet.")
    tasks = len(report.open) - report.undecided
    if tasks:
        words.append(f"{_count(tasks, 'task')} somebody works on.")
    if report.unseen:
        words.append(f"No check looked at: {', '.join(one.step for one in report.unseen)}.")
    elif not report.open and not missing:
        words.append("Nothing is open.")
    return " ".join(words)


def _changed_text(report: AuditReport) -> str:
    changes = [one.change for one in report.findings]
    new, changed = changes.count(Change.NEW), changes.count(Change.CHANGED)
    return f"New: {new}. Changed: {changed}. Gone: {len(report.gone)}."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def decision_text(decision: Decision | None) -> str:
    """Give a decision in words."""
    if decision is None:
        return "not decided"
    words = decision.kind.value
    if decision.owner:
        words += f", {decision.owner}"
    if decision.until is not None:
        words += f", until {decision.until:%Y-%m-%d}"
    if decision.reason:
        words += f": {decision.reason}"
    return f"{words} ({decision.by}, {decision.at:%Y-%m-%d})"


def finding_json(one: ReportedFinding) -> dict[str, Any]:
    """Give one finding as plain values."""
    decision = one.decision
    return {
        "server": one.server_name,
        "check": one.finding.check_id,
        "title": one.title,
        "item": one.finding.item,
        "result": one.finding.result.value,
        "severity": one.finding.severity.value,
        "sentence": one.finding.sentence,
        "change": one.change.value if one.change is not None else "",
        "since": one.since,
        "lines": list(one.lines),
        "mend": one.mend,
        "decision": None
        if decision is None
        else {
            "kind": decision.kind.value,
            "reason": decision.reason,
            "until": decision.until.isoformat() if decision.until else "",
            "owner": decision.owner,
            "by": decision.by,
            "at": decision.at.isoformat(),
        },
    }


def _row(one: ReportedFinding) -> dict[str, Any]:
    return finding_json(one) | {
        "decided": _with_whole_days(decision_text(one.decision)),
        "shown": one.lines[:MOST_LINES],
        "more": max(0, len(one.lines) - MOST_LINES),
    }


def _with_whole_days(text: str) -> Markup:
    """Give a text as HTML in which no day is broken at its hyphens."""
    whole = Markup('<span class="id">{}</span>')
    pieces = _DAY.split(inert(text, _LONGEST))
    return Markup("").join(
        whole.format(one) if place % 2 else escape(one) for place, one in enumerate(pieces)
    )


def _severities(report: AuditReport) -> list[dict[str, Any]]:
    """Give for each severity what is open, whose it is, and when the next of it is due."""
    rows = []
    for severity in Severity:
        some = [one for one in report.open if one.finding.severity is severity]
        tasks = [one.decision for one in some if one.decision is not None]
        due = [one.until for one in tasks if one.kind is DecisionKind.TASK and one.until]
        owners = sorted({one.owner for one in tasks if one.owner})
        rows.append(
            {
                "severity": severity.value,
                "open": len(some),
                "undecided": len(some) - len(tasks),
                "tasks": len(tasks),
                "due": f"{min(due):%Y-%m-%d}" if due else "",
                "owners": ", ".join(owners[:_OWNERS]) + " …" * (len(owners) > _OWNERS),
            }
        )
    return rows


def _is_told(one: ReportedFinding) -> bool:
    """Whether a finding that is not open stands in a document: what is well and known does not."""
    result = one.finding.result
    return not one.is_open and (result.needs_decision or result is Result.INFO)


def _unmeasured(report: AuditReport) -> list[dict[str, str]]:
    """Give what was not measured, told once for all servers of which the same is true."""
    by_server: dict[tuple[str, str, str], list[NotMeasured]] = {}
    for one in report.not_measured:
        by_server.setdefault((one.server_name, one.why, one.answer), []).append(one)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for (server, why, answer), some in by_server.items():
        alike.setdefault((_checks_words(some), why, answer), []).append(server)
    return [
        {"servers": _some(servers, _SERVERS), "check": checks, "why": why, "answer": answer}
        for (checks, why, answer), servers in sorted(alike.items())
    ]


def _checks_words(some: Sequence[NotMeasured]) -> str:
    if len(some) == 1:
        return f"{some[0].check_id} {some[0].title}"
    ids = [one.check_id for one in some]
    return f"{_count(len(ids), 'check')}: {_some(ids, _CHECKS)}"


def _some(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _graph(report: AuditReport) -> Graph:
    fails = tuple(fail for _, fail, _ in report.months)
    warns = tuple(warn for _, _, warn in report.months)
    return months_graph(
        [month for month, _, _ in report.months], Trend(name="all", fails=fails, warns=warns)
    )


def _piece(one: Piece) -> dict[str, Any]:
    """Give a piece of evidence as far as a document holds it: the lines that count above all."""
    chosen = sorted(one.marks)[:_ANNEX_LINES]
    rest = (number for number in range(1, len(one.lines) + 1) if number not in one.marks)
    chosen += [number for number, _ in zip(rest, range(_ANNEX_LINES - len(chosen)), strict=False)]
    return {
        "piece": one,
        "lines": [
            (number, number in one.marks, one.lines[number - 1][:_LONGEST_LINE])
            for number in sorted(chosen)
            if number <= len(one.lines)
        ],
        "more": max(0, len(one.lines) - len(chosen)),
    }
